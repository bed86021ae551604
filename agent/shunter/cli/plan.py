"""`shunter plan`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from shunter.cli.exits import EXIT_HELP, Exit
from shunter.cli.goal_options import (
    add_goal_options,
    goal_of,
    names_script,
    parse_words,
    planner_of,
    split_inputs,
)
from shunter.cli.options import Parser, add_workspace_options, open_workspace

if TYPE_CHECKING:
    from shunter.agent import Workspace
    from shunter.agent.loop import Assembled
    from shunter.agent.request import Request
    from shunter.engine.plan.model import Plan
    from shunter.engine.types import Type


def _parser() -> Parser:
    parser = Parser(
        "plan",
        "Make a plan for a goal in plain words, and run nothing. An input may be given by its type alone:\n"
        "--input 'recording:File[audio/*]'.\n\n" + EXIT_HELP,
        example='shunter plan "Transcribe the recording, count its words" -i recording=talk.wav -o plan.yaml',
    )
    parser.add_argument("goal", metavar="GOAL|FILE.gpt", help="what is wanted, or a GPTScript file")
    add_goal_options(parser)
    parser.add_argument(
        "--output", "-o", type=Path, metavar="FILE", help="write the plan there instead of to standard output"
    )
    parser.add_argument(
        "--alternatives", type=int, default=0, metavar="N", help="give up to N other plans as well"
    )
    parser.add_argument(
        "--json", action="store_true", help="print one JSON document and nothing else on stdout"
    )
    add_workspace_options(parser)
    return parser


def execute(words: Sequence[str]) -> Exit:
    """Plan a goal or a script."""
    if names_script(words):
        return _plan_script(words)
    options = parse_words(_parser(), words, "goal")
    from shunter.agent.loop import Loop
    from shunter.cli.person import Person

    with open_workspace(options) as workspace:
        request = _request(workspace, options)
        planner = planner_of(options)
        person = Person(quiet=options.json, explain=options.explain)
        assembled = Loop(workspace, planner, dialogue=person).assemble(request)
        return _show(workspace, assembled, planner.name, options)


def _plan_script(words: Sequence[str]) -> Exit:
    from shunter.agent.loop import Assembled, Loop
    from shunter.agent.planners.protocol import Proposal
    from shunter.cli.person import Person
    from shunter.cli.script_options import script_command
    from shunter.instructions.goal import GoalLimits

    with script_command(_parser, words) as command:
        options = command.options
        request = command.script.request(command.given, GoalLimits(steps=options.max_steps))
        workspace, plan = request.workspace, request.plan
        if plan is not None:
            assembled, name = Assembled(workspace.check(plan), Proposal(plan)), None
        else:
            planner = request.planner(planner_of(options))
            person = Person(quiet=options.json, explain=options.explain)
            assembled = Loop(workspace, planner, dialogue=person).assemble(request.open_request)
            name = planner.name
        return _show(workspace, assembled, name, options)


def _show(
    workspace: Workspace, assembled: Assembled, planner: str | None, options: argparse.Namespace
) -> Exit:
    from shunter.cli.person import Person

    if options.explain:
        Person(quiet=options.json, explain=True).proposed(assembled.ready, assembled.proposal, 1)
    elif not options.json:
        _tell(assembled)
    plans = [workspace.pinned(assembled.ready), *_others(workspace, assembled, options.alternatives)]
    if options.json:
        _print_document(planner, assembled, plans)
    else:
        _write(plans, options.output)
    return Exit.DONE


def _request(workspace: Workspace, options: argparse.Namespace) -> Request:
    """The goal, whose inputs may be types alone, as nothing is going to run."""
    from dataclasses import replace

    from shunter.engine.types import TypeSyntaxError, parse_type

    types: dict[str, Type] = {}
    valued: list[str] = []
    for text in options.input:
        name, colon, written = text.partition(":")
        if not colon or "=" in name:
            valued.append(text)
            continue
        try:
            types[name.strip()] = parse_type(written.strip())
        except TypeSyntaxError as error:
            from shunter.engine.errors import UsageError

            raise UsageError(f"--input {text}: {error}") from None
    request = workspace.read_request(goal_of(options.goal, options), split_inputs(valued))
    return replace(request, goal=replace(request.goal, inputs={**types, **request.goal.inputs}))


def _tell(assembled: Assembled) -> None:
    from shunter.cli.messages import safe

    for note in assembled.proposal.notes:
        print(safe(f"note: {note}"), file=sys.stderr)


def _others(workspace: Workspace, assembled: Assembled, most: int) -> list[Plan]:
    others = assembled.proposal.others[: max(0, most)]
    return [workspace.pinned(workspace.check(plan)) for plan in others]


def _write(plans: list[Plan], output: Path | None) -> None:
    from shunter.engine.plan.write import plan_text

    if output is None:
        sys.stdout.write("---\n".join(plan_text(plan) for plan in plans))
        return
    for number, plan in enumerate(plans, 1):
        path = output if number == 1 else output.with_stem(f"{output.stem}-{number}")
        _save(path, plan_text(plan))
        print(path)


def _save(path: Path, text: str) -> None:
    from shunter.engine.errors import OutputError

    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise OutputError(f"can't write {path}: {error.strerror}") from None


def _print_document(planner: str | None, assembled: Assembled, plans: list[Plan]) -> None:
    from shunter.cli.document import print_json
    from shunter.engine.plan.write import plan_data

    print_json(
        {
            "status": "ok",
            "planner": planner,
            "plan": plan_data(plans[0]),
            "reasons": {reason.step: reason.text for reason in assembled.proposal.reasons},
            "notes": list(assembled.proposal.notes),
            "alternatives": [plan_data(plan) for plan in plans[1:]],
        }
    )
