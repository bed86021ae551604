"""`shunter cache info`."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from shunter.cli.exits import Exit
from shunter.cli.options import Parser, add_workspace_options, open_workspace

if TYPE_CHECKING:
    from shunter.engine.upkeep.inventory import Inventory

_FUNCTIONS = 15


def _parser() -> Parser:
    parser = Parser(
        "cache info",
        "Say what the home folder holds, how much of the disk it takes, and which functions' results do.",
        example="shunter cache info",
    )
    parser.add_argument(
        "--all", action="store_true", help=f"show all functions, not the largest {_FUNCTIONS}"
    )
    parser.add_argument(
        "--json", action="store_true", help="print one JSON document and nothing else on stdout"
    )
    add_workspace_options(parser)
    return parser


def execute(words: Sequence[str]) -> Exit:
    """Show what there is."""
    options = _parser().parse_args(words)
    from shunter.cli.document import print_json
    from shunter.cli.messages import safe

    with open_workspace(options) as workspace:
        home, found = str(workspace.store.home), workspace.cache.info()
    if options.json:
        from dataclasses import asdict

        print_json({"home": home, **asdict(found)})
    else:
        print(safe("\n".join(_lines(home, found, len(found.functions) if options.all else _FUNCTIONS))))
    return Exit.DONE


def _lines(home: str, found: Inventory, most: int) -> Iterator[str]:
    from shunter.cli.amounts import ago, bytes_text

    yield f"home    {home}"
    yield f"size    {bytes_text(found.size)}; {bytes_text(found.free)} are free on its disk"
    yield "in use  " + ("by nobody" if found.in_use_since is None else f"since {ago(found.in_use_since)}")
    yield ""
    shares = [share for share in found.shares if share.count or share.size]
    names = max((len(share.name) for share in shares), default=0)
    for share in shares:
        count = "" if share.count is None else f"{share.count:,}"
        yield f"{share.name:{names}}  {count:>11}  {bytes_text(share.size):>12}".rstrip()
    if not found.functions:
        yield "no results yet: `shunter run PLAN` makes some"
        return
    yield ""
    yield from _functions(found, most)


def _functions(found: Inventory, most: int) -> Iterator[str]:
    from shunter.cli.amounts import ago, bytes_text
    from shunter.cli.messages import shortened

    now = time.time()
    shown = found.functions[:most]
    names = [shortened(share.function or "(unknown)", 36) for share in shown]
    width = max(len("function"), *map(len, names))
    yield f"{'function':{width}}  {'results':>9}  {'size':>12}  last used"
    for name, share in zip(names, shown, strict=True):
        used = ago(share.last_used, now)
        yield f"{name:{width}}  {share.results:>9,}  {bytes_text(share.size):>12}  {used}"
    if len(found.functions) > len(shown):
        yield f"… and {len(found.functions) - len(shown)} more functions: --all shows them"
