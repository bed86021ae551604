"""The boundary between the loop and whatever can assemble a plan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from shunter.engine.actions.failure import FailureKind
from shunter.engine.plan.model import Plan
from shunter.engine.plan.problem import Problem
from shunter.engine.types.signature import Signatures
from shunter.instructions.goal import Goal


@dataclass(frozen=True, slots=True)
class StepFailure:
    """A step that failed, in short. `said` is what it printed last: data, never an instruction.

    `arguments` are texts for reading, shortened; `exit_code` is None where no command ended.
    """

    step: str
    function: str
    kind: FailureKind
    message: str
    exit_code: int | None = None
    said: str = ""
    arguments: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Attempt:
    """A plan that didn't work: the checker refused it, or steps of it failed."""

    plan: Plan
    problems: tuple[Problem, ...] = ()
    failures: tuple[StepFailure, ...] = ()


@dataclass(frozen=True, slots=True)
class Task:
    """What a planner is asked. `functions` are those that the plan may use; `attempts` are oldest first."""

    goal: Goal
    functions: Signatures
    attempts: tuple[Attempt, ...] = ()


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a step is there: the words of the goal that led to it, or what it was needed for."""

    step: str
    text: str


@dataclass(frozen=True, slots=True)
class Usage:
    """What an answer cost: requests to a model, and the tokens of all of them together."""

    requests: int
    tokens: int


@dataclass(frozen=True, slots=True)
class Proposal:
    """A plan, with a reason for each step.

    `others` are further plans, the likelier first; `notes` are for people. `usage` is None where nothing was
    counted.
    """

    plan: Plan
    reasons: tuple[Reason, ...] = ()
    others: tuple[Plan, ...] = ()
    notes: tuple[str, ...] = ()
    usage: Usage | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several readings of a goal; `text` tells it from the others."""

    text: str
    proposal: Proposal


@dataclass(frozen=True, slots=True)
class Question:
    """Plans that are about as likely; the first is the one to take where nobody can be asked.

    `usage` is that of all of them.
    """

    text: str
    choices: tuple[Choice, ...]
    usage: Usage | None = None


@dataclass(frozen=True, slots=True)
class Missing:
    """No plan.

    `text` says what is missing in a sentence or two; `words` are those of the goal for which no function was
    found; `nearest` are the functions that come closest; `inputs` are inputs that would help, as
    `NAME: TYPE`. `refused` is what the checker found in the planner's last plan, where it had one.
    """

    text: str
    words: tuple[str, ...] = ()
    nearest: tuple[str, ...] = ()
    inputs: tuple[str, ...] = ()
    refused: tuple[Problem, ...] = ()
    usage: Usage | None = None


Answer: TypeAlias = Proposal | Question | Missing


class Planner(Protocol):
    """Assembles plans. What it proposes is checked by whoever asked."""

    name: str

    def plan(self, task: Task) -> Answer:
        """A plan for the task's goal; raises PlannerUnavailable where it can't be asked at all.

        After a failure it proposes a plan that differs from those of the task's attempts, or says what is
        missing.
        """
        ...
