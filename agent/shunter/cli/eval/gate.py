"""`shunter eval gate`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from shunter.cli.eval.results import add_results_options, results_path
from shunter.cli.exits import EXIT_HELP, Exit
from shunter.cli.options import Parser

if TYPE_CHECKING:
    from shunter.evals.report.gate import Comparison


def _parser() -> Parser:
    parser = Parser(
        "eval gate",
        "Compare results with a baseline, case by case. Worse is: a case that has no result, passes less\n"
        f"often, or has a plan that passes the checker less often.\n\n{EXIT_HELP}",
        example="shunter eval gate results.jsonl --baseline baseline.json",
    )
    add_results_options(parser)
    parser.add_argument(
        "--baseline", type=Path, required=True, metavar="FILE", help="what `shunter eval baseline` wrote"
    )
    parser.add_argument(
        "--tolerance",
        type=_share,
        default=0.0,
        metavar="SHARE",
        help="how much less often a case may pass, from 0 to 1, where answers vary (default: 0)",
    )
    parser.add_argument(
        "--json", action="store_true", help="print one JSON document and nothing else on stdout"
    )
    return parser


def execute(words: Sequence[str]) -> Exit:
    """Say what got worse."""
    options = _parser().parse_args(words)
    from shunter.evals.report.baseline import read_baseline
    from shunter.evals.report.gate import compare
    from shunter.evals.run.results import read_results

    baseline = read_baseline(options.baseline)
    results = read_results(results_path(options))
    if results.end is None:
        print("the results are of a run that was cut off: `--resume` goes on with it", file=sys.stderr)
    found = compare(results.records, baseline, tolerance=options.tolerance)
    if options.json:
        _print_document(found)
    else:
        _print(found)
    return Exit.DONE if found.passed else Exit.WORSE


def _print(found: Comparison) -> None:
    from shunter.cli.messages import safe

    for worse in found.worse:
        print(safe(f"✗ {worse.case}: {worse.what}" + (f"; now {worse.why}" if worse.why else "")))
    for case in found.better:
        print(safe(f"✓ {case}: better than the baseline"))
    for case in found.unknown:
        print(safe(f"  {case}: not in the baseline"))
    print(f"{len(found.worse)} worse, {len(found.better)} better, {found.same} as before")


def _print_document(found: Comparison) -> None:
    from shunter.cli.document import print_json

    print_json(
        {
            "status": "ok" if found.passed else "worse",
            "worse": [{"case": it.case, "what": it.what, "why": it.why} for it in found.worse],
            "better": list(found.better),
            "unknown": list(found.unknown),
            "same": found.same,
        }
    )


def _share(text: str) -> float:
    value = float(text)
    if not 0 <= value <= 1:
        raise argparse.ArgumentTypeError(f"expected a share from 0 to 1, got {text}")
    return value
