"""`shunter explain`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from shunter.cli.exits import EXIT_HELP, Exit
from shunter.cli.goal_options import (
    add_goal_options,
    goal_of,
    is_plan,
    names_script,
    parse_words,
    planner_of,
    split_inputs,
)
from shunter.cli.options import Parser, add_workspace_options, open_workspace, positive

if TYPE_CHECKING:
    from shunter.agent import Workspace
    from shunter.agent.ready import ReadyPlan
    from shunter.engine.values import Value


def _parser() -> Parser:
    parser = Parser(
        "explain",
        "Say which steps the cache would answer, and for each that would run, which part of what it depends\n"
        "on is different from the nearest time that it ran, and when that was. No step is started. What a\n"
        "step needs of one that has yet to run isn't known, and that is said.\n\n" + EXIT_HELP,
        example="shunter explain talk.yaml --input recording=talk.wav --input question=Who?",
    )
    parser.add_argument(
        "target", metavar="PLAN|GOAL|FILE.gpt", help="a plan's YAML file, a goal, or a GPTScript file"
    )
    add_goal_options(parser)
    parser.add_argument("--all", action="store_true", help="show every call, and all that is different")
    parser.add_argument(
        "--json", action="store_true", help="print one JSON document and nothing else on stdout"
    )
    parser.add_argument("--attempts", type=positive, default=1, help=argparse.SUPPRESS)
    add_workspace_options(parser)
    return parser


def execute(words: Sequence[str]) -> Exit:
    """Explain a plan, a goal or a script."""
    if names_script(words):
        return _explain_script(words)
    options = parse_words(_parser(), words, "target")
    given = split_inputs(options.input)
    with open_workspace(options) as workspace:
        if is_plan(options.target):
            ready = workspace.load(options.target)
            values: Mapping[str, Value] = workspace.bind(ready, given, flag="--input {name}=…")
        else:
            from shunter.agent.loop import Loop

            request = workspace.read_request(goal_of(options.target, options), given)
            ready = Loop(workspace, planner_of(options)).assemble(request).ready
            values = request.values_for(ready.plan)
        return _explain(workspace, ready, values, options)


def _explain_script(words: Sequence[str]) -> Exit:
    from shunter.agent.loop import Loop
    from shunter.cli.script_options import script_command
    from shunter.instructions.goal import GoalLimits

    with script_command(_parser, words) as command:
        options = command.options
        request = command.script.request(command.given, GoalLimits(steps=options.max_steps))
        command.check_given()
        workspace = request.workspace
        if request.plan is not None:
            ready = workspace.check(request.plan)
        else:
            planner = request.planner(planner_of(options))
            ready = Loop(workspace, planner).assemble(request.request).ready
        return _explain(workspace, ready, request.request.values_for(ready.plan), options)


def _explain(
    workspace: Workspace, ready: ReadyPlan, values: Mapping[str, Value], options: argparse.Namespace
) -> Exit:
    from shunter.cli.document import print_json
    from shunter.cli.forecast import forecast_document, forecast_lines
    from shunter.cli.messages import safe

    steps = workspace.forecast(ready, values)
    if options.json:
        print_json(forecast_document(steps))
    else:
        for notice in ready.notices:
            print(safe(f"note: {notice}"), file=sys.stderr)
        for line in forecast_lines(steps, everything=options.all):
            print(safe(line))
    return Exit.DONE
