"""A few functions, answers to a goal about them, and planners whose waits take no time."""

from __future__ import annotations

from dataclasses import dataclass, field

from pydantic import SecretStr

from shunter.agent.endpoints import ScriptedEndpoint
from shunter.agent.planners.model.budget import Budget, Retries
from shunter.agent.planners.model.planner import ModelPlanner
from shunter.agent.planners.model.settings import ModelSettings
from shunter.agent.planners.protocol import Attempt, Missing, Proposal, Task
from shunter.engine.digest import JsonValue
from shunter.engine.plan.write import plan_data
from shunter.engine.types import Type, parse_type
from shunter.engine.types.signature import REQUIRED, NoDefault, Parameter, Signature
from shunter.engine.values import Value
from shunter.instructions.goal import Goal

KEY = "sk-test-4dB9x-unmistakable"


def function(name: str, returns: str, doc: str = "", **parameters: object) -> Signature:
    """A parameter is its type, or a pair of type and default."""
    return Signature(
        name, tuple(_parameter(*one) for one in parameters.items()), parse_type(returns), doc
    )  # fmt: skip


def _parameter(name: str, written: object) -> Parameter:
    default: Value | NoDefault = REQUIRED
    if isinstance(written, tuple):
        written, default = written
    return Parameter(name, parse_type(str(written)), default)


FUNCTIONS = {
    signature.name: signature
    for signature in (
        function("speech.transcribe", "File[text/plain]", "Transcribe a recording.", audio="File[audio/*]", language=("str", "en")),
        function("rag.answer", "{text: str, sources: list[File[text/plain]]}", "Answer a question.", documents="list[File[text/*]]", question="str"),
        function("text.upper", "str", "Write a text in capitals.", text="str"),
        function("table.rows", "int", "Count the rows of a table.", table="File[text/csv]"),
        function("notes.tag", "str", "Tag a note.", id="str", note="{title: str, size: int | None}", data=("Json", None)),
        function("net.fetch", "File", "Fetch a page.", url="str"),
        function("vault.send", "str", "Send a text to a server.", text="str"),
    )
}  # fmt: skip

GOAL = Goal("Transcribe every recording and answer who founded Dagger",
            inputs={"recordings": parse_type("list[File[audio/*]]")})  # fmt: skip

GOOD: dict[str, JsonValue] = {
    "missing": None,
    "reasons": [{"step": "s1", "why": "Transcribe every recording"}],
    "steps": [
        {"speech.transcribe": {"id": "s1", "audio": {"each_of_input": "recordings"}, "language": None}},
        {"rag.answer": {"id": "s2", "documents": {"step": "s1", "output": "*"}, "question": "Who founded Dagger?"}},
    ],
    "outputs": [{"name": "answer", "step": "s2", "output": "text"}],
}  # fmt: skip

WRONG: dict[str, JsonValue] = {
    **GOOD,
    "steps": [
        {"rag.answer": {"id": "s2", "documents": {"input": "recordings"}, "question": "Who founded Dagger?"}}
    ],
}

PLAN = {
    "version": 1,
    "goal": GOAL.text,
    "inputs": {"recordings": {"type": "list[File[audio/*]]"}},
    "steps": [
        {"id": "transcribe", "call": "speech.transcribe", "each": {"audio": {"from": "recordings"}}},
        {
            "id": "answer",
            "call": "rag.answer",
            "with": {"documents": {"from": "transcribe"}, "question": "Who founded Dagger?"},
        },
    ],
    "outputs": {"answer": {"from": "answer.text"}},
}


@dataclass
class Waits:
    """Stands where sleeping would: it remembers how long."""

    seconds: list[float] = field(default_factory=list)

    def __call__(self, seconds: float) -> None:
        self.seconds.append(seconds)


def planner(
    endpoint: ScriptedEndpoint, *, waits: Waits | None = None, budget: Budget | None = None
) -> ModelPlanner:
    """A planner for `endpoint`, which waits no time between tries."""
    settings = ModelSettings(SecretStr(KEY), endpoint.base_url, "scripted")
    return ModelPlanner(settings, budget=budget or quick(waits or Waits()))


def quick(
    waits: Waits, *, seconds: float = 20.0, request_seconds: float = 10.0, tokens: int = 100_000
) -> Budget:
    """A budget for tests."""
    retries = Retries(sleep=waits)
    return Budget(seconds=seconds, request_seconds=request_seconds, tokens=tokens, retries=retries)


def task(goal: Goal = GOAL, *, attempts: tuple[Attempt, ...] = ()) -> Task:
    """The task with all functions."""
    return Task(goal, FUNCTIONS, attempts)


def proposed(
    endpoint: ScriptedEndpoint, asked: Task | None = None, *, waits: Waits | None = None
) -> Proposal:
    """What is proposed; it has to be a plan."""
    answer = planner(endpoint, waits=waits).plan(asked or task())
    assert isinstance(answer, Proposal), answer
    return answer


def missing(endpoint: ScriptedEndpoint, asked: Task | None = None) -> Missing:
    """What is missing; there mustn't be a plan."""
    answer = planner(endpoint).plan(asked or task())
    assert isinstance(answer, Missing), answer
    return answer


def data(proposal: Proposal) -> dict[str, JsonValue]:
    """The proposed plan as data."""
    return dict(plan_data(proposal.plan))


def goal(text: str, **inputs: str) -> Goal:
    """A goal with inputs of these types."""
    types: dict[str, Type] = {name: parse_type(kind) for name, kind in inputs.items()}
    return Goal(text, types)


def answer(*steps: JsonValue, step: str = "s1", output: str = "*") -> dict[str, JsonValue]:
    """An answer with these steps and one output."""
    outputs: JsonValue = [{"name": "result", "step": step, "output": output}]
    return {"missing": None, "reasons": [], "steps": steps, "outputs": outputs}
