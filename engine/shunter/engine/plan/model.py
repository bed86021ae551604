"""The plan: a typed step graph, as a strict pydantic model with a published JSON schema."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any
from typing import Literal as OneOf

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    PlainSerializer,
    PlainValidator,
    StringConstraints,
    WithJsonSchema,
)

from shunter.engine.actions.size import checked_size, parse_size, size_text
from shunter.engine.plan.expression import Expression, read_expression, write_expression
from shunter.engine.types import Type, parse_type

_REFERENCE_SCHEMA = {
    "type": "object",
    "properties": {
        "from": {"type": "string", "description": "an input or a step, or a field of it: NAME or NAME.FIELD"},
        "as": {"type": "string", "description": "a narrower type, checked before the step starts"},
    },
    "required": ["from"],
    "additionalProperties": False,
}

Name = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_-]{0,63}$")]
"""What inputs, steps, parameters and outputs are called."""

TypeText = Annotated[
    Type,
    PlainValidator(lambda text: text if isinstance(text, Type) else parse_type(_text(text))),
    PlainSerializer(str, return_type=str),
    WithJsonSchema({"type": "string", "description": "a type, such as list[File[audio/*]]"}),
]

ValueExpression = Annotated[
    Any,
    PlainValidator(lambda data: data if isinstance(data, Expression) else read_expression(data)),
    PlainSerializer(write_expression, return_type=Any),
    WithJsonSchema(
        {"anyOf": [_REFERENCE_SCHEMA, {"description": "a literal, or a list or record of values"}]},
    ),
]


Size = Annotated[
    int,
    PlainValidator(lambda size: _size(size)),
    PlainSerializer(size_text, return_type=str),
    WithJsonSchema({"anyOf": [{"type": "integer"}, {"type": "string"}], "description": "bytes, or as 2GiB"}),
]
"""Bytes, written as a number or as text."""


def _size(written: object) -> int:
    if isinstance(written, str):
        return parse_size(written)
    if isinstance(written, bool) or not isinstance(written, int | float):
        raise ValueError(f"a size is written as 512MiB or as a number of bytes, got {written!r}")
    return checked_size(written)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError(f"a type is written as text, got {value!r}")
    return value


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


class Input(_Strict):
    """A value that the caller gives when the plan runs."""

    type: TypeText
    default: Any = None
    description: str | None = None


class StepLimits(_Strict):
    """What each call of a step may use, instead of what its function declares. `timeout` is in seconds."""

    timeout: float | None = Field(default=None, gt=0, allow_inf_nan=False)
    memory: Size | None = None
    disk: Size | None = None


class Step(_Strict):
    """One call of a function, or with `each` one call for every element of a list."""

    id: Name
    call: str
    each: Mapping[Name, ValueExpression] = Field(default_factory=dict)
    with_: Mapping[Name, ValueExpression] = Field(default_factory=dict, alias="with")
    limits: StepLimits | None = None
    description: str | None = None


class ModulePin(_Strict):
    """The module that a plan was written against."""

    version: str
    digest: str


class Requires(_Strict):
    """What a plan may do beyond computing."""

    hosts: tuple[str, ...] = ()
    secrets: tuple[str, ...] = ()
    effects: tuple[str, ...] = ()


ImageDigest = Annotated[str, StringConstraints(pattern=r"^sha256:[0-9a-f]{64}$")]
"""What a tag stood for."""


class Plan(_Strict):
    """A typed step graph. Inputs and steps share one space of names.

    `images` are those that its modules name by tag, with the digests that it was written against.
    """

    version: OneOf[1]
    goal: str | None = None
    inputs: Mapping[Name, Input] = Field(default_factory=dict)
    steps: tuple[Step, ...]
    outputs: Mapping[Name, ValueExpression] = Field(default_factory=dict)
    modules: Mapping[str, ModulePin] = Field(default_factory=dict)
    images: Mapping[str, ImageDigest] = Field(default_factory=dict)
    requires: Requires | None = None


def plan_schema() -> dict[str, Any]:
    """The JSON schema of plan files."""
    return Plan.model_json_schema(by_alias=True)
