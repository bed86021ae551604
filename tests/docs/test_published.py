"""What `docs/` publishes is what the code says."""

from __future__ import annotations

import json
from pathlib import Path

from shunter.engine.actions.failure import FailureKind
from shunter.engine.plan.model import plan_schema
from shunter.engine.sessions.openapi import openapi
from shunter.engine.sessions.refusal import FAILED, STATUS
from shunter.tools.bundled import modules_folder
from shunter.tools.catalogue import Catalogue
from shunter.tools.specs.python_bindings import python_bindings

DOCS = Path(__file__).parents[2] / "docs"


def test_the_published_schema_of_plans_is_the_models_own() -> None:
    published = json.loads((DOCS / "plan.schema.json").read_text(encoding="utf-8"))
    assert published == plan_schema(), "run: shunter check --schema > docs/plan.schema.json"


def test_the_published_protocol_of_sessions_is_the_servers_own() -> None:
    published = json.loads((DOCS / "sessions.openapi.json").read_text(encoding="utf-8"))
    assert published == openapi(), "write json.dumps(openapi(), indent=2) to docs/sessions.openapi.json"


def test_the_page_of_the_protocol_names_every_kind_with_its_status() -> None:
    page = (DOCS / "sessions-protocol.md").read_text(encoding="utf-8")
    rows = [line for line in page.splitlines() if line.startswith(("| 4", "| 5"))]
    for kind, status in STATUS.items():
        assert any(str(status) in row and f"`{kind.value}`" in row for row in rows), kind
    (failed,) = [row for row in rows if row.startswith(f"| {FAILED} ")]
    for failure in FailureKind:
        assert f"`{failure.value}`" in failed, failure


def test_the_example_that_calls_functions_has_bindings_as_they_are_made_now() -> None:
    folder = DOCS / "examples/handbook"
    catalogue = Catalogue([modules_folder(), folder])
    used = {name: catalogue.module(name) for name in catalogue.module("handbook").uses}
    functions = [each.signature for module in used.values() for _, each in sorted(module.functions.items())]
    versions = {name: module.manifest.module.version for name, module in used.items()}
    made = python_bindings(functions, versions)
    assert (folder / "functions.py").read_text(encoding="utf-8") == made, "see the page on calling functions"


def test_every_link_in_the_documentation_leads_somewhere() -> None:
    import re

    root = DOCS.parent
    pages = [*root.glob("*.md"), *root.glob("*/README.md"), *DOCS.rglob("*.md")]
    missing = [
        f"{page.relative_to(root)}: {target}"
        for page in pages
        for target in re.findall(r"\]\(([^)#:\s]+)\)", page.read_text(encoding="utf-8"))
        if not (page.parent / target).exists()
    ]
    assert missing == []
