"""A forecast as people and programs read it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from shunter.cli.amounts import ago, counted
from shunter.cli.messages import call_name
from shunter.cli.page import filled, page_width
from shunter.engine.digest import JsonValue
from shunter.engine.run.explain.difference import Difference
from shunter.engine.run.explain.forecast import CallForecast, Expectation, StepForecast
from shunter.engine.run.explain.misses import Miss, MissKind

_MARKS: Mapping[Expectation, str] = {
    Expectation.CACHED: "=",
    Expectation.RUNS: "+",
    Expectation.FAILS: "✗",
    Expectation.UNKNOWN: "?",
}
_SOURCES: Mapping[str, str] = {
    "/module": "its module's source changed",
    "/sdk": "shunter's SDK for Python changed",
    "/env": "the packages of its module changed",
}
_CALLS = 3
_DIFFERENCES = 6


def forecast_lines(steps: Sequence[StepForecast], *, everything: bool) -> Iterator[str]:
    """A line for each step, the reasons below it, and how many there are of what."""
    names = max((len(step.id) for step in steps), default=0)
    functions = max((len(step.call) for step in steps), default=0)
    for step in steps:
        yield f"{_MARKS[step.expectation]} {step.id:{names}}  {step.call:{functions}}  {_state(step)}"
        yield from _reasons(step, everything=everything)
    yield _tally(steps)


def _state(step: StepForecast) -> str:
    match step.expectation:
        case Expectation.CACHED if not step.calls:
            return "has nothing to do: its list is empty"
        case Expectation.CACHED:
            several = f", {len(step.calls)} calls" if len(step.calls) > 1 else ""
            latest = max(call.made or 0.0 for call in step.calls)
            return f"in the cache (made {ago(latest)}{several})"
        case Expectation.UNKNOWN:
            return f"not known before {', '.join(step.waits_for)} ran"
        case Expectation.FAILS:
            return "fails"
        case Expectation.RUNS:
            misses = len(step.misses())
            return "runs" if len(step.calls) == 1 else f"runs {misses} of {len(step.calls)} calls"


def _reasons(step: StepForecast, *, everything: bool) -> Iterator[str]:
    if step.problem is not None:
        yield from _line(step.problem, "    ")
    shown = step.misses() if everything else step.misses()[:_CALLS]
    for call in shown:
        margin = "    "
        if call.index is not None:
            yield f"    {call_name(step.id, call.index)}:"
            margin = "      "
        if call.miss is not None:
            yield from _miss(call.miss, margin, everything=everything)
    if len(step.misses()) > len(shown):
        yield f"    … and {len(step.misses()) - len(shown)} more calls: --all shows them"


def _miss(miss: Miss, margin: str, *, everything: bool) -> Iterator[str]:
    when = "" if miss.since is None else ago(miss.since)
    match miss.kind:
        case MissKind.NEVER_CACHED:
            yield f"{margin}it is never cached, since it acts on the outside world"
        case MissKind.FIRST:
            yield f"{margin}no result of this function is known"
        case MissKind.EXPIRED:
            yield f"{margin}its result was made {when}, and is too old by now"
        case MissKind.GONE:
            yield f"{margin}its result was made {when}, and what it refers to is gone or damaged"
        case MissKind.CHANGED:
            shown = miss.differences if everything else miss.differences[:_DIFFERENCES]
            for item in shown:
                yield from _difference(item, margin)
            if len(miss.differences) > len(shown):
                yield f"{margin}… and {len(miss.differences) - len(shown)} more: --all shows them"
            yield f"{margin}since {when}, when the nearest call ran"


def _difference(item: Difference, margin: str) -> Iterator[str]:
    known = _SOURCES.get(item.name) if item.part in {"code", "environment"} else None
    yield from _line(known or item.text, margin)
    for detail in item.details:
        yield from _line(detail, margin + "  ")


def _line(text: str, margin: str) -> Iterator[str]:
    yield from filled(text, page_width(), first=margin, rest=margin + "  ").splitlines()


def _tally(steps: Sequence[StepForecast]) -> str:
    counts = Counter(call.expectation for step in steps for call in step.calls)
    unknown = sum(step.expectation is Expectation.UNKNOWN for step in steps)
    failing = sum(step.expectation is Expectation.FAILS for step in steps)
    parts = [f"{counted(counts[Expectation.CACHED], 'call')} in the cache"]
    parts += [f"{counts[Expectation.RUNS]:,} to run"] if counts[Expectation.RUNS] else []
    parts += [f"{counted(unknown, 'step')} not known yet"] if unknown else []
    parts += [f"{counted(failing, 'step')} to fail"] if failing else []
    return ", ".join(parts)


def forecast_document(steps: Sequence[StepForecast]) -> dict[str, JsonValue]:
    """`steps` in an order in which they can run, each with its calls."""
    return {"status": "ok", "steps": [_step(step) for step in steps]}


def _step(step: StepForecast) -> dict[str, JsonValue]:
    return {
        "id": step.id,
        "call": step.call,
        "expectation": step.expectation.value,
        "waits_for": list(step.waits_for),
        "problem": step.problem,
        "calls": [_call(call) for call in step.calls],
    }


def _call(call: CallForecast) -> dict[str, JsonValue]:
    data: dict[str, JsonValue] = {
        "index": call.index,
        "expectation": call.expectation.value,
        "key": call.key,
        "made": call.made,
    }
    if call.miss is not None:
        data["miss"] = {
            "kind": call.miss.kind.value,
            "since": call.miss.since,
            "differences": [_difference_data(item) for item in call.miss.differences],
        }
    return data


def _difference_data(item: Difference) -> dict[str, JsonValue]:
    return {
        "part": item.part,
        "name": item.name,
        "before": item.before,
        "now": item.now,
        "text": item.text,
        "details": list(item.details),
    }
