"""`shunter eval baseline`."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from shunter.cli.eval.results import add_results_options, results_path
from shunter.cli.exits import EXIT_HELP, Exit
from shunter.cli.options import Parser
from shunter.engine.errors import UsageError


def _parser() -> Parser:
    parser = Parser(
        "eval baseline",
        "Write what results say of each case as a baseline for `shunter eval gate`. The reasons for misses\n"
        f"come from a YAML file that people write, `SUITE/ID: why` for each.\n\n{EXIT_HELP}",
        example="shunter eval baseline results.jsonl --reasons misses.yaml --output baseline.json",
    )
    add_results_options(parser)
    parser.add_argument("--output", "-o", type=Path, required=True, metavar="FILE", help="where to write it")
    parser.add_argument("--reasons", type=Path, metavar="FILE", help="why each miss is one")
    return parser


def execute(words: Sequence[str]) -> Exit:
    """Write a baseline."""
    options = _parser().parse_args(words)
    from shunter.cli.messages import safe, safe_name
    from shunter.evals.report.baseline import baseline_of, read_reasons, write_baseline
    from shunter.evals.run.results import read_results

    path = results_path(options)
    results = read_results(path)
    if results.end is None:
        raise UsageError(
            f"{path}: the run was cut off, and a baseline is of a whole one",
            hint="`--resume` goes on with it",
        )
    reasons = {} if options.reasons is None else read_reasons(options.reasons)
    baseline = baseline_of(results, reasons)
    write_baseline(options.output, baseline)
    misses = {key: case for key, case in baseline.cases.items() if case.miss is not None}
    for key in [key for key, case in misses.items() if not case.reason]:
        print(safe(f"no reason is given for {key}: {misses[key].miss}"), file=sys.stderr)
    for key in [key for key in reasons if key not in misses]:
        print(safe(f"{key} has a reason and is no miss"), file=sys.stderr)
    print(f"{safe_name(str(options.output))}: {len(baseline.cases)} cases, {len(misses)} misses")
    return Exit.DONE
