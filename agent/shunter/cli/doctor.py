"""`shunter doctor`."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from shunter.cli.exits import Exit
from shunter.cli.options import Parser, add_executor_option, add_workspace_options, open_workspace

if TYPE_CHECKING:
    from shunter.agent import Workspace
    from shunter.engine.digest import JsonValue
    from shunter.engine.executors.promises import Finding

_MARKS = {"yes": "✓", "partly": "~", "no": "✗"}


def _parser() -> Parser:
    parser = Parser(
        "doctor",
        "Say what of each promise is enforced on this machine (✓), partly (~) or not (✗), and why.\n"
        "Each line is tried in containers, or known of the executor; docs/isolation.md has the tests.",
        example="shunter doctor",
    )
    parser.add_argument(
        "--json", action="store_true", help="print one JSON document and nothing else on stdout"
    )
    add_executor_option(parser)
    add_workspace_options(parser)
    return parser


def execute(words: Sequence[str]) -> Exit:
    """Show what this machine allows."""
    options = _parser().parse_args(words)
    from shunter.cli.document import print_json
    from shunter.cli.messages import safe

    with open_workspace(options) as workspace:
        home = str(workspace.store.home)
        findings = workspace.executor.findings()
        executor = workspace.executor.name
    if options.json:
        rows: list[JsonValue] = [_row(found) for found in findings]
        print_json({"home": home, "executor": executor, "findings": rows})
    else:
        print(f"home      {home}\nexecutor  {executor}\n")
        print(safe("\n".join(_lines(findings))))
    sys.stdout.flush()
    return Exit.DONE if _starts_containers(workspace) else Exit.MACHINE


def _row(found: Finding) -> dict[str, JsonValue]:
    from shunter.engine.executors.promises import PROMISED

    return {
        "promise": found.promise.value,
        "promised": PROMISED[found.promise],
        "enforced": found.enforced.value,
        "detail": found.detail,
        "remedy": found.remedy,
    }


def _lines(findings: Sequence[Finding]) -> Iterator[str]:
    """The promise; below it how it is enforced, or why not and what to do."""
    from shunter.cli.page import filled, page_width
    from shunter.engine.executors.promises import PROMISED, Enforced

    columns = page_width()
    width = max(len(found.promise.value) for found in findings)
    margin = " " * (width + 4)
    for found in findings:
        first = f"{_MARKS[found.enforced.value]} {found.promise.value:{width}}  "
        yield filled(PROMISED[found.promise], columns, first=first, rest=margin)
        if found.enforced is Enforced.YES:
            how = found.detail
        else:
            how = f"{'not' if found.enforced is Enforced.NO else 'only partly'}: {found.detail}"
        if how:
            yield filled(how, columns, first=f"{margin}· ", rest=f"{margin}  ")
        if found.remedy and found.enforced is not Enforced.YES:
            yield f"{margin}→ {found.remedy}"


def _starts_containers(workspace: Workspace) -> bool:
    """Whether a container can be started; the reason is among the findings, and said once more."""
    from shunter.cli.messages import show_error
    from shunter.engine.errors import ShunterError

    try:
        workspace.executor.check()
    except ShunterError as error:
        show_error(error)
        return False
    return True
