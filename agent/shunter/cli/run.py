"""`shunter run`."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from shunter.cli.exits import EXIT_HELP, Exit
from shunter.cli.fresh_option import add_fresh_option, fresh_steps, settle_fresh
from shunter.cli.goal_options import (
    add_goal_options,
    goal_of,
    is_plan,
    names_script,
    parse_words,
    planner_of,
    split_inputs,
)
from shunter.cli.options import (
    Parser,
    add_running_options,
    add_workspace_options,
    open_workspace,
    positive,
)

if TYPE_CHECKING:
    from shunter.agent import Workspace
    from shunter.agent.approval import Allowed
    from shunter.agent.loop import Loop
    from shunter.agent.planners.protocol import Planner
    from shunter.agent.pursuit import Pursuit
    from shunter.agent.ready import ReadyPlan
    from shunter.engine.digest import JsonValue
    from shunter.engine.values import Value


def _parser() -> Parser:
    parser = Parser(
        "run",
        "Run a goal in plain words, a plan, or a GPTScript file, whose arguments are options here.\n"
        "All is checked before anything starts; steps that ran before\n"
        "come from the cache; after a failure, a goal is planned again.\n\n" + EXIT_HELP,
        example='shunter run "Transcribe the recording and answer: who founded Dagger?" '
        "--input recording=talk.wav --output out/\n"
        "  shunter run talk.yaml --input recording=talk.wav --input question=Who? --output out/\n"
        "  shunter run talk.gpt --recording talk.wav --output out/",
    )
    parser.add_argument(
        "target", metavar="GOAL|PLAN|FILE.gpt", help="what is wanted, a plan's YAML file, or a GPTScript file"
    )
    add_goal_options(parser)
    parser.add_argument(
        "--attempts", type=positive, default=3, metavar="N", help="plans to try for a goal (default: 3)"
    )
    parser.add_argument(
        "--output", "-o", type=Path, metavar="DIR", help="write each output under its name, and plan.yaml"
    )
    parser.add_argument(
        "--keep-going", action="store_true", help="after a failure, run what doesn't depend on it"
    )
    add_fresh_option(parser)
    add_running_options(parser)
    add_workspace_options(parser)
    return parser


def execute(words: Sequence[str]) -> Exit:
    """Run a goal, a plan or a script."""
    words = settle_fresh(words)
    if names_script(words):
        return _run_script(words)
    options = parse_words(_parser(), words, "target")
    given = split_inputs(options.input)
    from shunter.agent.approval import allowed_from_texts
    from shunter.agent.outputs import check_folder
    from shunter.cli.summary import show_pursuit

    allowed = allowed_from_texts(options.allow, everything=options.yes)
    if options.output is not None:
        check_folder(options.output)
    with open_workspace(options) as workspace:
        run = _run_plan if is_plan(options.target) else _run_goal
        pursuit = run(workspace, given, allowed, options)
        return show_pursuit(pursuit, output=options.output, as_json=options.json, quiet=options.quiet)


def _run_script(words: Sequence[str]) -> Exit:
    from shunter.agent.approval import allowed_from_texts
    from shunter.cli.script_options import script_command
    from shunter.cli.summary import show_pursuit
    from shunter.instructions.goal import GoalLimits

    with script_command(_parser, words) as command:
        options = command.options
        request = command.script.request(
            command.given, GoalLimits(steps=options.max_steps, attempts=options.attempts)
        )
        command.check_given()
        allowed = allowed_from_texts(options.allow, everything=options.yes)
        workspace = request.workspace
        if request.plan is not None:
            values = request.request.values_for(request.plan)
            pursuit = _run_ready(workspace, workspace.check(request.plan), values, allowed, options)
        else:
            planner = request.planner(planner_of(options))
            pursuit = _loop(workspace, planner, allowed, options).pursue(request.request)
        return show_pursuit(pursuit, output=options.output, as_json=options.json, quiet=options.quiet)


def _run_plan(
    workspace: Workspace, given: list[tuple[str, str]], allowed: Allowed, options: argparse.Namespace
) -> Pursuit:
    ready = workspace.load(options.target)
    inputs = workspace.bind(ready, given, flag="--input {name}=…")
    return _run_ready(workspace, ready, inputs, allowed, options)


def _run_ready(
    workspace: Workspace,
    ready: ReadyPlan,
    inputs: Mapping[str, Value],
    allowed: Allowed,
    options: argparse.Namespace,
) -> Pursuit:
    from shunter.agent.pursuit import Pursuit
    from shunter.cli.progress import choose_progress
    from shunter.cli.summary import show_plan
    from shunter.engine.run.scheduler import OnFailure

    if not (options.quiet or options.json):
        show_plan(ready, sys.stderr)
    run = workspace.run(
        ready,
        inputs,
        observer=choose_progress(quiet=options.quiet),
        on_failure=OnFailure.KEEP_GOING if options.keep_going else OnFailure.STOP,
        allowed=allowed,
        fresh=fresh_steps(options),
        about=_about(options),
    )
    return Pursuit(None, (run,))


def _about(options: argparse.Namespace) -> dict[str, JsonValue]:
    """What is kept with the run beyond what its plan says, for `shunter runs resume`."""
    return {"output": None if options.output is None else os.path.abspath(options.output)}


def _run_goal(
    workspace: Workspace, given: list[tuple[str, str]], allowed: Allowed, options: argparse.Namespace
) -> Pursuit:
    request = workspace.read_request(goal_of(options.target, options, attempts=options.attempts), given)
    return _loop(workspace, planner_of(options), allowed, options).pursue(request)


def _loop(workspace: Workspace, planner: Planner, allowed: Allowed, options: argparse.Namespace) -> Loop:
    from shunter.agent.loop import Loop
    from shunter.cli.person import Person
    from shunter.cli.progress import choose_progress
    from shunter.engine.run.scheduler import OnFailure

    return Loop(
        workspace,
        planner,
        about=_about(options),
        dialogue=Person(quiet=options.quiet or options.json, explain=options.explain),
        allowed=allowed,
        observer=choose_progress(quiet=options.quiet),
        on_failure=OnFailure.KEEP_GOING if options.keep_going else OnFailure.STOP,
        fresh=fresh_steps(options),
    )
