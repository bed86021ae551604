"""`shunter doctor`."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from shunter.cli.exits import Exit
from shunter.cli.options import Parser, add_workspace_options, open_workspace
from shunter.engine.errors import ShunterError

if TYPE_CHECKING:
    from shunter.agent import Workspace


def _parser() -> Parser:
    parser = Parser(
        "doctor",
        "Say what the sandbox enforces on this machine and what it doesn't. Each line is tried, not assumed.",
        example="shunter doctor",
    )
    parser.add_argument(
        "--json", action="store_true", help="print one JSON document and nothing else on stdout"
    )
    add_workspace_options(parser)
    return parser


def execute(words: Sequence[str]) -> Exit:
    """Show what this machine allows."""
    options = _parser().parse_args(words)
    from shunter.cli.document import print_json
    from shunter.cli.messages import safe
    from shunter.cli.page import filled, page_width

    with open_workspace(options) as workspace:
        home = str(workspace.store.home)
        findings = workspace.executor.findings()
        executor = workspace.executor.name
    if options.json:
        rows = [
            {"subject": found.subject, "holds": found.holds, "detail": found.detail, "remedy": found.remedy}
            for found in findings
        ]
        print_json({"home": home, "executor": executor, "findings": rows})
    else:
        print(f"home      {home}\nexecutor  {executor}\n")
        width = max(len(found.subject) for found in findings)
        for found in findings:
            subject = f"{'✓' if found.holds else '✗'} {found.subject:{width}}  "
            print(safe(filled(found.detail, page_width(), first=subject, rest=" " * len(subject))))
            if found.remedy and not found.holds:
                print(safe(f"  {'':{width}}  → {found.remedy}"))
    sys.stdout.flush()
    return Exit.DONE if _starts_containers(workspace) else Exit.MACHINE


def _starts_containers(workspace: Workspace) -> bool:
    """Whether a container can be started; the reason is among the findings, and said once more."""
    from shunter.cli.messages import show_error

    try:
        workspace.executor.check()
    except ShunterError as error:
        show_error(error)
        return False
    return True
