"""What commands share that start from a goal."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from shunter.cli.options import Parser, positive
from shunter.engine.errors import UsageError

if TYPE_CHECKING:
    from shunter.agent.planners.protocol import Planner
    from shunter.instructions.goal import Goal

PLAN_ENDINGS = (".yaml", ".yml", ".json")


def add_goal_options(parser: argparse.ArgumentParser) -> None:
    """`--input`, `--planner`, `--model`, `--only`, `--explain`."""
    parser.add_argument(
        "--input",
        "-i",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="text, a number, a path; a list by giving it again or by a pattern; a record as JSON or @FILE; "
        "a secret as env:NAME, file:PATH or cmd:COMMAND",
    )
    group = parser.add_argument_group("planning, for a goal")
    group.add_argument(
        "--planner",
        choices=("auto", "model", "embedded"),
        default="auto",
        help="who plans: a model (OPENAI_API_KEY, OPENAI_BASE_URL), the embedded planner, or what is there",
    )
    group.add_argument("--model", metavar="NAME", help="the model that plans (or SHUNTER_MODEL)")
    group.add_argument(
        "--only",
        action="append",
        metavar="MODULE",
        help="plan with this module alone (can be given again)",
    )
    group.add_argument("--explain", action="store_true", help="show which words led to which step")
    group.add_argument(
        "--max-steps", type=positive, default=30, metavar="N", help="steps in a plan, at most (default: 30)"
    )


def names_script(words: Sequence[str]) -> bool:
    """Whether the first word is a GPTScript file, whose arguments are options of the command then."""
    from shunter.instructions.gptscript.names import is_script

    return bool(words) and is_script(words[0])


def parse_words(parser: Parser, words: Sequence[str], target: str) -> argparse.Namespace:
    """The options; raises UsageError where a script stands behind them, as its own aren't known there."""
    from shunter.instructions.gptscript.names import is_script

    options, unknown = parser.parse_known_args(words)
    named = getattr(options, target)
    if named is not None and is_script(str(named)):
        raise UsageError(f"a script comes first: {parser.prog} {named} …")
    if unknown:
        parser.error(f"unrecognized arguments: {' '.join(unknown)}")
    return options


def is_plan(target: str) -> bool:
    """Whether the words are the path of a plan rather than a goal."""
    if not target:
        return False  # as a path it would be the current folder
    has_space = any(character.isspace() for character in target)
    return (target.endswith(PLAN_ENDINGS) and not has_space) or _exists(target)


def goal_of(text: str, options: argparse.Namespace, *, attempts: int = 1) -> Goal:
    """The goal that the options describe; raises UsageError where it can't be one."""
    from shunter.instructions.goal import Goal, GoalLimits

    if not text.strip():
        raise UsageError(
            "the goal is empty", hint='say what you want, as in: shunter run "Count the words" …'
        )
    limits = GoalLimits(steps=options.max_steps, attempts=attempts)
    modules = None if options.only is None else frozenset(options.only)
    return Goal(text, modules=modules, limits=limits)


def planner_of(options: argparse.Namespace) -> Planner:
    """The planner that the options ask for; says which one it is. Offline, no model is asked."""
    from shunter.agent.planners.choose import PlannerKind, choose_planner

    kind = PlannerKind(options.planner)
    if getattr(options, "offline", False):
        if kind is PlannerKind.MODEL:
            raise UsageError(
                "--offline asks nobody, and --planner model asks a model", hint="give one of the two"
            )
        kind = PlannerKind.EMBEDDED
    planner, said = choose_planner(kind, model=options.model)
    if not (options.json or getattr(options, "quiet", False)):
        print(said, file=sys.stderr)
    return planner


def split_inputs(texts: Sequence[str]) -> list[tuple[str, str]]:
    """`NAME=VALUE` as pairs; raises UsageError."""
    return [_split(text) for text in texts]


def _split(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise UsageError(f"--input {text}: expected NAME=VALUE")
    return name, value


def _exists(text: str) -> bool:
    try:
        return Path(text).exists()
    except OSError:  # a goal can be longer than a name may be
        return False
