"""What the model is told: the goal, the signatures, what was tried, and what was wrong with an answer.

No file's content and no secret is among it: of the inputs it has the names and types.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from shunter.agent.planners.model.quoting import quoted, shortened
from shunter.agent.planners.model.schema import step_names
from shunter.agent.planners.model.transport import Message
from shunter.agent.planners.protocol import Attempt, StepFailure, Task
from shunter.engine.digest import JsonValue
from shunter.engine.plan.problem import Problem
from shunter.engine.plan.write import plan_data
from shunter.engine.types.signature import Signature
from shunter.instructions.prompt import prompt

_ATTEMPTS = 3
_FAILURES = 5
_ANSWER = 12_000


def opening(task: Task, functions: Sequence[Signature]) -> list[Message]:
    """The conversation up to the first answer."""
    goal = task.goal
    text = prompt(
        "goal",
        goal=quoted(goal.text, text=len(goal.text)),
        inputs=_listed(f"{name}: {kind}" for name, kind in goal.inputs.items()),
        outputs=_listed(f"{name}: {kind or 'any type'}" for name, kind in goal.outputs.items()),
        functions="\n\n".join(map(_function, functions)),
    )
    if task.attempts:
        text += "\n" + prompt("attempts", attempts=quoted(_attempts(task.attempts)))
    names = step_names(goal)
    system = prompt("planner", first_step=names[0], last_step=names[-1])
    return [{"role": "system", "content": system}, {"role": "user", "content": text}]


def correction(answer: str, problems: Iterable[Problem]) -> list[Message]:
    """The model's answer and what was wrong with it, as the next two turns."""
    said = shortened(answer, _ANSWER)
    text = prompt("problems", problems=quoted([str(problem) for problem in problems]))
    return [{"role": "assistant", "content": said}, {"role": "user", "content": text}]


def _listed(lines: Iterable[str]) -> str:
    return "\n".join(f"- {line}" for line in lines) or "(none)"


def _function(signature: Signature) -> str:
    lines = [str(signature), f"  {_line(signature.doc, 300)}"]
    lines += [f"  - {one.name}: {_line(one.doc, 160)}" for one in signature.parameters if one.doc]
    if signature.returns_doc:
        lines.append(f"  - returns: {_line(signature.returns_doc, 160)}")
    return "\n".join(lines)


def _line(text: str, most: int) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= most else plain[:most] + "…"


def _attempts(attempts: Sequence[Attempt]) -> JsonValue:
    return [
        {
            "plan": {
                name: part for name, part in plan_data(attempt.plan).items() if name in {"steps", "outputs"}
            },
            "problems": [str(problem) for problem in attempt.problems],
            "failures": [_failure(failure) for failure in attempt.failures[:_FAILURES]],
        }
        for attempt in attempts[-_ATTEMPTS:]
    ]


def _failure(failure: StepFailure) -> JsonValue:
    arguments = list((failure.arguments or {}).items())[:10]
    return {
        "step": failure.step,
        "function": failure.function,
        "kind": failure.kind.value,
        "exit_code": failure.exit_code,
        "message": failure.message,
        "arguments": {name: shortened(text, 120) for name, text in arguments},
        "said": failure.said,
    }
