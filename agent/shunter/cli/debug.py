"""`shunter debug`."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from shunter.cli.options import Parser, add_workspace_options, open_workspace

if TYPE_CHECKING:
    from shunter.agent.past_call import PastCall


def _parser() -> Parser:
    parser = Parser(
        "debug",
        "Open a shell in the container of a step of a past run: the same root, inputs, environment, network\n"
        "and limits, but for those of time and disk. /work has what a step that failed has left there, and\n"
        "`sh /run/step` runs the step's own command. Nothing that is done there is kept.\n\n"
        "Secrets are left out, since whoever looks into a step needn't know them, and so are calls of other\n"
        "functions: they belong to a run. A note says so where the step had any.\n\n"
        "A COMMAND is run in place of a shell; where there is no terminal, the step's own command is.\n"
        "The exit code is the shell's, or the command's.",
        example="shunter debug last transcripts.2\n  shunter debug last answer -- cat /in/call.json",
    )
    parser.add_argument("run", metavar="RUN", help="a run's name, a part of it, or `last`")
    parser.add_argument(
        "step",
        metavar="STEP[.INDEX]",
        help="a step; of one with several calls, the first that failed or INDEX",
    )
    parser.usage = "shunter debug [options] RUN STEP[.INDEX] [-- COMMAND …]"
    add_workspace_options(parser)
    return parser


def execute(words: Sequence[str]) -> int:
    """Enter a container; the exit code of what ran in it."""
    cut = words.index("--") if "--" in words else len(words)
    options = _parser().parse_args(words[:cut])
    command = list(words[cut + 1 :]) or None
    from shunter.agent.debugging import enter
    from shunter.agent.past_call import past_call
    from shunter.cli.messages import safe
    from shunter.cli.progress import PlainProgress
    from shunter.engine.executors.streams import Streams, Way
    from shunter.engine.run.history import find_run

    way = Way.TERMINAL if sys.stdin.isatty() and sys.stdout.isatty() else Way.PIPES
    with open_workspace(options) as workspace:
        past = past_call(workspace, find_run(workspace.runs, options.run), options.step)
        lines = [f"note: {notice}" for notice in past.notices]
        lines += _greeting(past) if command is None and way is Way.TERMINAL else []
        for line in lines:
            print(safe(line), file=sys.stderr, flush=True)
        return enter(past, command, Streams(way), observer=PlainProgress(sys.stderr))


def _greeting(past: PastCall) -> list[str]:
    from shunter.cli.messages import call_name, in_one_line

    became = in_one_line(past.message) if past.message else past.outcome
    work = "has what it left" if past.left is not None else "is empty"
    return [
        f"{call_name(past.call.step, past.call.index)} of run {past.run}: {became}",
        f"inputs are in /in, /work {work}; `sh /run/step` runs its command, `exit` leaves, nothing is kept",
    ]
