"""The form of a model's answer, strictly: what its schema asks for and nothing more."""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict, Field, JsonValue, ValidationError

from shunter.engine.plan.problem import Code, Problem

MAX_STEPS = 200


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class GivenReason(_Strict):
    """Why a step is there."""

    step: str
    why: str


class GivenOutput(_Strict):
    """A value that the plan gives, and which step makes it."""

    name: str
    step: str
    output: str = "*"


class GivenAnswer(_Strict):
    """An answer; each step is a record with one key, the function."""

    missing: str | None = None
    reasons: list[GivenReason] = []
    steps: list[dict[str, dict[str, JsonValue]]] = Field(default=[], max_length=MAX_STEPS)
    outputs: list[GivenOutput] = Field(default=[], max_length=MAX_STEPS)


@dataclass(frozen=True, slots=True)
class GivenStep:
    """A call, as the model wrote it."""

    id: str
    function: str
    arguments: dict[str, JsonValue]


class Malformed(ValueError):
    """The answer hasn't the form that was asked for."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(f"{len(problems)} problems of form")
        self.problems = tuple(problems)


def read_answer(data: object) -> GivenAnswer:
    """The answer that `data` holds; raises Malformed."""
    try:
        return GivenAnswer.model_validate(data)
    except ValidationError as error:
        found = error.errors(include_url=False, include_input=False)
    raise Malformed([_form_problem(item["loc"], item["msg"]) for item in found[:20]])


def read_steps(answer: GivenAnswer) -> list[GivenStep]:
    """The answer's steps; raises Malformed."""
    problems: list[Problem] = []
    steps: list[GivenStep] = []
    for index, given in enumerate(answer.steps):
        function, body = next(iter(given.items()), ("", {}))
        name = body.get("id")
        if len(given) != 1 or not isinstance(name, str):
            problems.append(_form_problem(("steps", index), "a step is {FUNCTION: {id, and its parameters}}"))
        else:
            arguments = {key: value for key, value in body.items() if key != "id"}
            steps.append(GivenStep(name, function, arguments))
    if problems:
        raise Malformed(problems)
    return steps


def _form_problem(location: tuple[str | int, ...], message: str) -> Problem:
    where = ".".join(str(part)[:60] for part in location) or "the answer"
    return Problem(Code.STRUCTURE, where, message[:200])
