"""What keeps data from having the form of a suite, in words for people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from shunter.engine.digest import JsonValue
from shunter.engine.plan.problem import Location
from shunter.engine.plan.scope import similar
from shunter.engine.values.conform import describe
from shunter.engine.values.literal import literal_value
from shunter.evals.case.strict import FUNCTION_NAME, Strict
from shunter.evals.case.wanted import MEDIA
from shunter.evals.case.written import WrittenSuite

if TYPE_CHECKING:
    from pydantic import BaseModel, ValidationError

_WANTED = {
    "string_type": "text",
    "tuple_type": "a list",
    "mapping_type": "a record",
    "dict_type": "a record",
    "model_type": "a record",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "float_parsing": "a number",
    "string_too_short": "some text",
    "too_short": "at least one",
    "string_pattern_mismatch": "a name: a letter, then letters, digits, `_` and `-`",
}
_PATTERNS = {
    FUNCTION_NAME: "a function, MODULE.FUNCTION",
    MEDIA: "a media type such as image/png or text/*",
}


def form_problems(error: ValidationError, data: JsonValue) -> Iterator[tuple[Location, str]]:
    """Everything that `error` found in `data`: where, and what is wrong."""
    found = error.errors(include_url=False)
    if len(found) > 1:  # a list whose items are all off isn't too short
        found = [item for item in found if item["type"] != "too_short"] or found
    for item in found:
        location = _real(tuple(part for part in item["loc"] if part != "[key]"), data)
        yield location, f"{_said(location, data)}: {_message(dict(item), location)}"


def _message(item: Mapping[str, Any], location: Location) -> str:
    match item["type"]:
        case "missing":
            return "it is missing"
        case "extra_forbidden":
            known = _fields(location[:-1])
            close = similar(str(location[-1]), known) or known
            return "there is no such field" + (f"; fits: {', '.join(close)}" if close else "")
        case "string_pattern_mismatch" if item["ctx"]["pattern"] in _PATTERNS:
            return f"expected {_PATTERNS[item['ctx']['pattern']]}, got {_shown(item['input'])}"
        case "greater_than" | "greater_than_equal" | "less_than_equal":
            return (
                f"{item['msg'].replace('Input should be', 'expected a number')}, got {_shown(item['input'])}"
            )
        case kind if kind in _WANTED:
            return f"expected {_WANTED[kind]}, got {_shown(item['input'])}"
    said: str = item["msg"].removeprefix("Value error, ").rstrip(".")
    return said[:1].lower() + said[1:]


def _shown(data: Any) -> str:
    try:
        return describe(literal_value(data))
    except ValueError:
        return type(data).__name__


def _real(location: Location, data: JsonValue) -> Location:
    """The parts of a location that are in the data, and the last one; the rest is pydantic's own."""
    kept: Location = ()
    here: JsonValue = data
    for position, part in enumerate(location):
        if isinstance(here, Mapping) and part in here:
            here = here[str(part)]
        elif isinstance(here, list) and isinstance(part, int) and part < len(here):
            here = here[part]
        elif position < len(location) - 1:
            continue
        kept = (*kept, part)
    return kept


def _said(location: Location, data: JsonValue) -> str:
    """A location for people, with cases by their id."""
    text = ""
    for depth, part in enumerate(location):
        if isinstance(part, str):
            text += f".{part}" if text else part
            continue
        named = _id_of(data, part) if depth == 1 and location[0] == "cases" else None
        text = named if named else f"{text}[{part}]"
    return text or "the file"


def _id_of(data: JsonValue, index: int) -> str | None:
    match data:
        case {"cases": list(cases)} if index < len(cases):
            case = cases[index]
            name = case.get("id") if isinstance(case, Mapping) else None
            return name if isinstance(name, str) and name.isprintable() else None
    return None


def _fields(location: Location) -> tuple[str, ...]:
    """The fields that there are at `location`."""
    model: type[BaseModel] | None = WrittenSuite
    for part in location:  # those that are no fields are indices, or keys that the writer chose
        known = {} if model is None else {it.alias or name: it for name, it in model.model_fields.items()}
        if part in known:
            model = _model_in(known[str(part)].annotation)
    return () if model is None else tuple(it.alias or name for name, it in model.model_fields.items())


def _model_in(annotation: Any) -> type[BaseModel] | None:
    """The written form inside an annotation such as `tuple[Case, ...]` or `Mapping[str, Case] | None`."""
    from typing import get_args

    if isinstance(annotation, type) and issubclass(annotation, Strict):
        return annotation
    return next((found for part in get_args(annotation) if (found := _model_in(part))), None)
