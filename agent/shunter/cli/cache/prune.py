"""`shunter cache prune`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from shunter.cli.exits import Exit
from shunter.cli.options import Parser, add_workspace_options, open_workspace

if TYPE_CHECKING:
    from shunter.engine.digest import JsonValue
    from shunter.engine.upkeep.prune import Pruned, PruneLimits


def _parser() -> Parser:
    from shunter.cli.amounts import age_option, size_option
    from shunter.engine.upkeep.prune import FLOOR, RUNS_KEPT

    parser = Parser(
        "cache prune",
        "Make room. What was used least recently goes first (results, handles, the folders of runs), then\n"
        "content that nothing refers to any more; with neither limit, only that. What live runs use stays,\n"
        f"and so does what was used within the floor, and the folders of the latest {RUNS_KEPT} runs.\n"
        "What is gone is made again when it is needed. Sizes are written 500MiB or 10GB, ages 12h or 30d.",
        example="shunter cache prune --max-size 10GB --older-than 30d --dry-run",
    )
    parser.add_argument(
        "--max-size", type=size_option, metavar="SIZE", help="what the home folder may take of the disk"
    )
    parser.add_argument(
        "--older-than", type=age_option, metavar="AGE", help="drop what wasn't used for so long"
    )
    parser.add_argument(
        "--floor",
        type=age_option,
        default=FLOOR,
        metavar="AGE",
        help="keep what was used within it, whatever else is asked (default: 1h, at least 2m)",
    )
    parser.add_argument("--dry-run", action="store_true", help="remove nothing, and say what would be")
    parser.add_argument(
        "--json", action="store_true", help="print one JSON document and nothing else on stdout"
    )
    add_workspace_options(parser)
    return parser


def execute(words: Sequence[str]) -> Exit:
    """Prune the cache."""
    options = _parser().parse_args(words)
    from shunter.cli.document import print_json
    from shunter.cli.messages import safe
    from shunter.engine.upkeep.prune import PruneLimits

    limits = PruneLimits(options.max_size, options.older_than, options.floor)
    with open_workspace(options) as workspace:
        pruned = workspace.cache.prune(limits, dry=options.dry_run)
    if options.json:
        print_json(_document(pruned, dry=options.dry_run))
    else:
        print(safe("\n".join(_lines(pruned, limits, dry=options.dry_run))))
    return Exit.DONE


def _lines(pruned: Pruned, limits: PruneLimits, *, dry: bool) -> Iterator[str]:
    from shunter.cli.amounts import bytes_text, counted
    from shunter.cli.page import filled, page_width
    from shunter.engine.upkeep.age import age_text

    gone = [counted(number, kind.value) for kind, number in pruned.holders.items() if number]
    gone += [counted(pruned.files, "file")] if pruned.files else []
    gone += [counted(pruned.folders, "folder")] if pruned.folders else []
    freed = bytes_text(max(0, pruned.before - pruned.after))
    if gone:
        yield f"{'would remove' if dry else 'removed'} {', '.join(gone)}: {freed}"
    else:
        yield "there is nothing to remove"
    yield f"the home folder {'would take' if dry else 'takes'} {bytes_text(pruned.after)}"
    if pruned.excess:
        yield filled(
            f"that is {bytes_text(pruned.excess)} more than was asked for: the rest is in use, "
            f"or was within {age_text(limits.floor)} (--floor)",
            page_width(),
            first="  ",
            rest="  ",
        )


def _document(pruned: Pruned, *, dry: bool) -> dict[str, JsonValue]:
    return {
        "status": "dry run" if dry else "done",
        "removed": {
            **{f"{kind.value}s": number for kind, number in pruned.holders.items()},
            "files": pruned.files,
            "folders": pruned.folders,
        },
        "bytes_before": pruned.before,
        "bytes_after": pruned.after,
        "bytes_in_excess": pruned.excess,
    }
