"""`shunter runs resume`."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from shunter.cli.exits import EXIT_HELP, Exit
from shunter.cli.options import Parser, add_running_options, add_workspace_options, open_workspace


def execute(words: Sequence[str]) -> Exit:
    """Go on with a run that ended early."""
    options = _parser().parse_args(words)
    from shunter.agent.approval import allowed_from_texts
    from shunter.agent.outputs import check_folder
    from shunter.agent.pursuit import Pursuit
    from shunter.agent.resume import interrupted_run, recorded_output
    from shunter.cli.progress import choose_progress
    from shunter.cli.summary import show_plan, show_pursuit

    allowed = allowed_from_texts(options.allow, everything=options.yes)
    with open_workspace(options) as workspace:
        interrupted = interrupted_run(workspace, options.run)
        output = options.output or recorded_output(interrupted.about)
        if output is not None:
            check_folder(output)
        if not (options.quiet or options.json):
            show_plan(interrupted.ready, sys.stderr)
        run = interrupted.resume(observer=choose_progress(quiet=options.quiet), allowed=allowed)
        planner = interrupted.about.get("planner")
        pursuit = Pursuit(str(planner) if planner is not None else None, (run,))
        return show_pursuit(pursuit, output=output, as_json=options.json, quiet=options.quiet)


def _parser() -> Parser:
    parser = Parser(
        "runs resume",
        "Go on with a run that was killed, was interrupted or failed: with its plan and its inputs as\n"
        "they were. What is done comes from the cache; what has acted on the world doesn't do so again.\n"
        "What was allowed then is allowed now, unless a module has changed since.\n\n" + EXIT_HELP,
        example="shunter runs resume last\n  shunter runs resume 20260727-0915 --output out/",
    )
    parser.add_argument("run", metavar="RUN", help="a run's name, a part of it, or `last`")
    parser.add_argument(
        "--output", "-o", type=Path, metavar="DIR", help="write the outputs there (default: as it was begun)"
    )
    add_running_options(parser)
    add_workspace_options(parser)
    return parser
