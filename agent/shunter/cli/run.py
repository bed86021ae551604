"""`shunter run`."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from shunter.cli.exits import EXIT_HELP, Exit
from shunter.cli.options import Parser, add_running_options, add_workspace_options, open_workspace
from shunter.engine.errors import UsageError


def _parser() -> Parser:
    parser = Parser(
        "run",
        "Check a plan, run it, and keep what it gives. Steps that ran before come from the cache.\n\n"
        + EXIT_HELP,
        example="shunter run talk.yaml --input recording=talk.wav --input question=Who? --output out/",
    )
    parser.add_argument("plan", type=Path, metavar="PLAN", help="the plan's YAML file")
    parser.add_argument(
        "--input",
        "-i",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="text, a number, a path; a list by giving it again or by a pattern; a record as JSON or @FILE",
    )
    parser.add_argument(
        "--output", "-o", type=Path, metavar="DIR", help="write each output under its name, and plan.yaml"
    )
    parser.add_argument(
        "--keep-going", action="store_true", help="after a failure, run what doesn't depend on it"
    )
    add_running_options(parser)
    add_workspace_options(parser)
    return parser


def execute(words: Sequence[str]) -> Exit:
    """Run a plan."""
    options = _parser().parse_args(words)
    from shunter.cli.progress import choose_progress
    from shunter.cli.summary import show_plan, show_run
    from shunter.engine.run.scheduler import OnFailure

    given = [_split(text) for text in options.input]
    with open_workspace(options) as workspace:
        ready = workspace.load(options.plan)
        inputs = workspace.bind(ready, given, flag="--input {name}=…")
        if not (options.quiet or options.json):
            show_plan(ready, sys.stderr)
        run = workspace.run(
            ready,
            inputs,
            observer=choose_progress(quiet=options.quiet),
            on_failure=OnFailure.KEEP_GOING if options.keep_going else OnFailure.STOP,
            allowed=ready.requires if options.yes else None,
        )
        return show_run(run, output=options.output, as_json=options.json, quiet=options.quiet)


def _split(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise UsageError(f"--input {text}: expected NAME=VALUE")
    return name, value
