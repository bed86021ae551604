"""What `docs/` publishes is what the code says."""

from __future__ import annotations

import json
from pathlib import Path

from shunter.engine.plan.model import plan_schema

DOCS = Path(__file__).parents[2] / "docs"


def test_the_published_schema_of_plans_is_the_models_own() -> None:
    published = json.loads((DOCS / "plan.schema.json").read_text(encoding="utf-8"))
    assert published == plan_schema(), "run: shunter check --schema > docs/plan.schema.json"


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
