"""A model's answer as a plan: its references, fan-outs and literals in the plan's own terms."""

from __future__ import annotations

import json
from collections.abc import Mapping

from pydantic import JsonValue, ValidationError

from shunter.agent.planners.model.answer_form import GivenAnswer, GivenStep, Malformed, read_steps
from shunter.agent.planners.model.naming import output_name
from shunter.agent.planners.model.schema import WHOLE, parameter_keys
from shunter.engine.plan.expression import (
    Expression,
    Fields,
    Items,
    Literal,
    Reference,
    write_expression,
)
from shunter.engine.plan.model import Plan
from shunter.engine.plan.problem import Code, Lines, Problem
from shunter.engine.plan.structure import structure_problems
from shunter.engine.types import Json, ListOf, Optional, Record, Type
from shunter.engine.types.signature import Signature, Signatures
from shunter.instructions.goal import Goal

_MAX_DEPTH = 20


def assembled(answer: GivenAnswer, goal: Goal, functions: Signatures) -> Plan:
    """The plan that `answer` describes, not checked yet; raises Malformed."""
    data: dict[str, JsonValue] = {
        "version": 1,
        "goal": goal.text,
        "inputs": {name: {"type": str(kind)} for name, kind in goal.inputs.items()},
        "steps": [_step(step, functions.get(step.function)) for step in read_steps(answer)],
        "outputs": _outputs(answer, goal),
    }
    try:
        return Plan.model_validate(data)
    except ValidationError as error:
        problems = structure_problems(error, data, Lines())
    raise Malformed(problems)


def _outputs(answer: GivenAnswer, goal: Goal) -> dict[str, JsonValue]:
    found: dict[str, JsonValue] = {}
    for given in answer.outputs:
        name = given.name if given.name in goal.outputs else output_name(given.name, found)
        found[name] = _data(_source(given.step, given.output))
    return found


def _step(step: GivenStep, signature: Signature | None) -> dict[str, JsonValue]:
    keys = parameter_keys(signature) if signature else {}
    with_: dict[str, JsonValue] = {}
    each: dict[str, JsonValue] = {}
    for key, given in step.arguments.items():
        parameter = keys.get(key)
        if given is None and (parameter is None or not parameter.required):
            continue
        name = parameter.name if parameter else key
        kind = parameter.type if parameter else Json()
        through = _each(given, kind)
        if through is not None:
            each[name] = _data(through)
        else:
            with_[name] = _data(_value(given, kind))
    return {"id": step.id, "call": step.function, "each": each, "with": with_}


def _each(given: JsonValue, kind: Type) -> Expression | None:
    """The list that a call is made for each element of, or None where it's made once."""
    match given:
        case {"each_of_step": str(step), **rest} if set(rest) <= {"output"}:
            return _source(step, rest.get("output", WHOLE))
        case {"each_of_input": str(name), **rest} if not rest:
            return _reference(name)
        case {"each_of": list(items), **rest} if not rest:
            return _list([_value(item, kind) for item in items])
    return None


def _value(given: JsonValue, kind: Type, depth: int = 0) -> Expression:
    bare = kind.inner if isinstance(kind, Optional) else kind
    if depth > _MAX_DEPTH:
        raise Malformed([Problem(Code.STRUCTURE, "the answer", "it is nested too deeply")])
    match given:
        case {"step": str(step), **rest} if set(rest) <= {"output"}:
            return _source(step, rest.get("output", WHOLE))
        case {"input": str(name), **rest} if not rest:
            return _reference(name)
        case {"json": str(text), **rest} if not rest:
            return Literal(_json(text))
        case list():
            item = bare.item if isinstance(bare, ListOf) else Json()
            return _list([_value(element, item, depth + 1) for element in given])
        case dict():
            return _record(given, bare, depth)
    return Literal(given)


def _record(given: Mapping[str, JsonValue], kind: Type, depth: int) -> Expression:
    known = dict(kind.fields) if isinstance(kind, Record) else {}
    fields = {name: _value(item, known.get(name, Json()), depth + 1) for name, item in given.items()}
    literals = {name: item.value for name, item in fields.items() if isinstance(item, Literal)}
    return Literal(literals) if len(literals) == len(fields) else Fields(tuple(fields.items()))


def _list(items: list[Expression]) -> Expression:
    literals = [item.value for item in items if isinstance(item, Literal)]
    return Literal(literals) if len(literals) == len(items) else Items(tuple(items))


def _source(step: str, output: object) -> Reference:
    return _reference(step if output in {WHOLE, "", None} else f"{step}.{output}")


def _reference(text: str) -> Reference:
    name, *fields = text.split(".")
    return Reference(name, tuple(fields))


def _data(value: Expression) -> JsonValue:
    """As a plan's file has it, so that reading it looks at everything once more."""
    written: JsonValue = json.loads(json.dumps(write_expression(value)))
    return written


def _json(text: str) -> JsonValue:
    try:
        found: JsonValue = json.loads(text, parse_constant=lambda name: name)
    except (ValueError, RecursionError):
        return text
    return found
