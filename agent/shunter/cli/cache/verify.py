"""`shunter cache verify`."""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from shunter.cli.exits import Exit
from shunter.cli.options import Parser, add_workspace_options, open_workspace

if TYPE_CHECKING:
    from shunter.engine.digest import JsonValue
    from shunter.engine.upkeep.findings import Finding
    from shunter.engine.upkeep.verify import Verified

_SHOWN = 50


def _parser() -> Parser:
    parser = Parser(
        "cache verify",
        "Read everything that is kept, and say what isn't what its digest says and which results need it.\n"
        "--repair takes away what is damaged: whoever needs it next makes it again. Runs may be going on.\n\n"
        "exit codes:\n"
        "  0  nothing is damaged, or all that was is repaired\n"
        "  1  something is damaged\n"
        "  2  usage\n"
        "  5  the home folder can't be read or written",
        example="shunter cache verify --repair",
    )
    parser.add_argument("--repair", action="store_true", help="take away what is damaged")
    parser.add_argument(
        "--json", action="store_true", help="print one JSON document and nothing else on stdout"
    )
    add_workspace_options(parser)
    return parser


def execute(words: Sequence[str]) -> Exit:
    """Verify the cache."""
    options = _parser().parse_args(words)
    from shunter.cli.document import print_json
    from shunter.cli.messages import safe

    with open_workspace(options) as workspace:
        found = workspace.cache.verify(repair=options.repair, progress=_Progress())
    if options.json:
        print_json(_document(found))
    else:
        print(safe("\n".join(_lines(found))))
    return Exit.FAILED if found.findings and not options.repair else Exit.DONE


class _Progress:
    """How far it is, on a terminal."""

    def __init__(self) -> None:
        self._next = time.monotonic() + 0.5
        self._shown = sys.stderr.isatty()

    def __call__(self, done: int, total: int) -> None:
        from shunter.cli.amounts import bytes_text

        if self._shown and (time.monotonic() > self._next or done == total):
            self._next = time.monotonic() + 0.2
            text = "" if done == total else f"read {bytes_text(done)} of {bytes_text(total)}"
            print(f"\r\x1b[K{text}", end="", file=sys.stderr, flush=True)


def _lines(found: Verified) -> Iterator[str]:
    from shunter.cli.amounts import bytes_text, counted
    from shunter.engine.upkeep.findings import Mending

    for finding in found.findings[:_SHOWN]:
        yield from _finding(finding)
    if len(found.findings) > _SHOWN:
        yield f"… and {len(found.findings) - _SHOWN} more: --json names them all"
    looked = ", ".join(
        [
            f"{counted(found.files, 'file')} ({bytes_text(found.size)})",
            counted(found.folders, "folder"),
            counted(found.results, "result"),
        ]
    )
    if not found.findings:
        yield f"read {looked}: nothing is damaged"
        return
    yield f"read {looked}: {counted(len(found.findings), 'thing')} damaged"
    if any(finding.mending is Mending.LEFT for finding in found.findings):
        yield "  `shunter cache verify --repair` takes away what is damaged, and it is made again"


def _finding(finding: Finding) -> Iterator[str]:
    from shunter.cli.amounts import counted
    from shunter.engine.upkeep.findings import Mending

    yield f"✗ {finding.what}"
    yield f"    {finding.reason}"
    users = Counter(user.function or "an unknown function" for user in finding.dependents)
    for function, number in users.most_common(5):
        yield f"    needed by {counted(number, 'result')} of {function}"
    if len(users) > 5:
        yield f"    and by those of {len(users) - 5} more functions"
    if finding.mending is not Mending.LEFT:
        yield f"    → {finding.mending.value}"


def _document(found: Verified) -> dict[str, JsonValue]:
    return {
        "status": "damaged" if found.findings else "whole",
        "files": found.files,
        "folders": found.folders,
        "results": found.results,
        "bytes": found.size,
        "findings": [
            {
                "what": finding.what,
                "reason": finding.reason,
                "mending": finding.mending.value,
                "dependents": [
                    {"function": user.function, "created": user.created} for user in finding.dependents
                ],
            }
            for finding in found.findings
        ],
    }
