"""What keeps data from having the form of a plan, in words for people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from shunter.engine.digest import JsonValue
from shunter.engine.plan.model import Input, ModulePin, Plan, Requires, Step, StepLimits
from shunter.engine.plan.problem import Code, Lines, Location, Problem
from shunter.engine.plan.scope import similar
from shunter.engine.values.conform import describe
from shunter.engine.values.literal import literal_value

if TYPE_CHECKING:
    from pydantic import BaseModel, ValidationError

_WANTED = {
    "string_type": "text",
    "tuple_type": "a list",
    "list_type": "a list",
    "dict_type": "a record",
    "mapping_type": "a record",
    "model_type": "a record",
    "literal_error": "1",
    "float_type": "a number",
    "float_parsing": "a number",
    "finite_number": "a number",
    "greater_than": "a number above 0",
    "string_pattern_mismatch": "a letter, then letters, digits, `_` and `-`, 64 at most",
}


def structure_problems(error: ValidationError, data: JsonValue, lines: Lines) -> list[Problem]:
    """Everything that `error` found in `data`, from top to bottom."""
    found = [_problem(dict(item), data, lines) for item in error.errors(include_url=False)]
    return sorted(found, key=lambda problem: problem.line or 0)


def _problem(item: Mapping[str, Any], data: JsonValue, lines: Lines) -> Problem:
    location: Location = tuple(part for part in item["loc"] if part != "[key]")
    expected, got = None, None
    candidates: tuple[str, ...] = ()
    match item["type"]:
        case "missing":
            message = "it is missing"
        case "extra_forbidden":
            message = "there is no such field"
            candidates = _fields_like(location)
        case kind if kind in _WANTED:
            what = "name" if kind == "string_pattern_mismatch" else "value"
            message = f"the {what} doesn't fit"
            expected, got = _WANTED[kind], describe(literal_value(item["input"]))
        case _:
            message = item["msg"].removeprefix("Value error, ").rstrip(".")
    where = place(location, data)
    return Problem(Code.STRUCTURE, where, message, lines.of(location), expected, got, candidates)


def _fields_like(location: Location) -> tuple[str, ...]:
    model: type[BaseModel]
    match location:
        case ("steps", int(), name):
            model = Step
        case ("steps", int(), "limits", name):
            model = StepLimits
        case ("inputs", _, name):
            model = Input
        case ("modules", _, name):
            model = ModulePin
        case ("requires", name):
            model = Requires
        case _:
            model, name = Plan, location[-1]
    names = [field.alias or known for known, field in model.model_fields.items()]
    return similar(str(name), names) or tuple(names)


def place(location: Location, data: JsonValue = None) -> str:
    """`location` for people: `steps.answer.with.documents`, with steps by their id where they have one."""
    text = ""
    for part in location:
        child: JsonValue = None
        if isinstance(part, str):
            child = data.get(part) if isinstance(data, Mapping) else None
            text += f".{part}" if text else part
        else:
            child = data[part] if isinstance(data, list) and part < len(data) else None
            named = child.get("id") if isinstance(child, Mapping) and text == "steps" else None
            text += f".{named}" if isinstance(named, str) and named.isprintable() else f"[{part}]"
        data = child
    return text or "the plan"
