"""The JSON schema of an answer, made from the functions, the inputs and the wanted outputs.

A strict schema in the form that endpoints agree on: an object at the root, every property required,
optional ones nullable, nothing additional, `anyOf` with branches that begin with different keys, no
patterns. An answer looks like this:

    {"missing": null,
     "reasons": [{"step": "s1", "why": "transcribe the recording"}],
     "steps": [{"speech.transcribe": {"id": "s1", "audio": {"input": "recording"}, "language": null}}],
     "outputs": [{"name": "transcript", "step": "s1", "output": "*"}]}
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from shunter.agent.planners.model.size import LEAST, SchemaSize
from shunter.engine.digest import JsonValue
from shunter.engine.plan.scope import field_names, field_type
from shunter.engine.types import (
    Bool,
    Directory,
    Enum,
    File,
    Float,
    Int,
    Json,
    ListOf,
    Optional,
    Record,
    Secret,
    Str,
    Type,
    narrows,
)
from shunter.engine.types.signature import Parameter, Signature
from shunter.instructions.goal import Goal

WHOLE = "*"
"""The output that stands for a step's whole value."""

MAX_STEPS = 16
RESERVED = frozenset({"step", "each_of_step", "input", "each_of_input", "each_of", "json", "output"})
_SCALARS: dict[type[Type], str] = {Str: "string", Int: "integer", Float: "number", Bool: "boolean"}


def step_names(goal: Goal) -> list[str]:
    """The ids that a model gives to its steps."""
    count = max(1, min(MAX_STEPS, goal.limits.steps))
    taken = any(name.startswith("s") and name[1:].isdigit() for name in goal.inputs)
    return [f"{'step' if taken else 's'}{number}" for number in range(1, count + 1)]


def parameter_keys(signature: Signature) -> dict[str, Parameter]:
    """The parameters by their keys in an answer: `id` is the step's, so a parameter of that name is `id_`."""
    keys = {parameter.name: parameter for parameter in signature.parameters}
    return {("id_" if name == "id" else name): parameter for name, parameter in keys.items()}


def ports(kind: Type, name: str, depth: int = 2) -> list[tuple[str, Type]]:
    """What a reference to `name` can take: the whole, and the fields of records."""
    found = [(name, kind)]
    for field in field_names(kind) if depth else ():
        inner = field_type(kind, field)
        if inner is not None:
            found += ports(inner, f"{name}.{field}", depth - 1)
    return found


def answer_schema(
    functions: Sequence[Signature], goal: Goal, limits: SchemaSize = LEAST
) -> dict[str, JsonValue]:
    """The schema of answers that call `functions` for `goal`."""
    return _Schema(functions, goal, limits).build()


class _Schema:
    def __init__(self, functions: Sequence[Signature], goal: Goal, limits: SchemaSize) -> None:
        self._functions = functions
        self._goal = goal
        self._limits = limits
        self._steps = step_names(goal)
        self._inputs = [port for name, kind in goal.inputs.items() for port in ports(kind, name)]
        self._named: dict[tuple[Type, int], str] = {}
        self._definitions: dict[str, JsonValue] = {}

    def build(self) -> dict[str, JsonValue]:
        """The whole schema."""
        steps: list[JsonValue] = [self._step(signature) for signature in self._functions]
        self._shared()
        root = _object(
            {
                "missing": _nullable({"type": "string"}),
                "reasons": _list(_object({"step": _enum(self._steps), "why": {"type": "string"}})),
                "steps": _list({"anyOf": steps}),
                "outputs": _list(self._output()),
            }
        )
        return {**root, "$defs": self._definitions}

    def _shared(self) -> None:
        returned = [ports(signature.returns, WHOLE) for signature in self._functions]
        names = dict.fromkeys(name.removeprefix("*.") for found in returned for name, _ in found)
        self._definitions["stepName"] = _enum(self._steps)
        self._definitions["outputName"] = _enum(list(names) or [WHOLE])
        output = _defined("outputName")
        self._definitions["step"] = _object({"step": _defined("stepName"), "output": output})
        self._definitions["eachOfStep"] = _object({"each_of_step": _defined("stepName"), "output": output})

    def _step(self, signature: Signature) -> JsonValue:
        fields: dict[str, JsonValue] = {"id": _defined("stepName")}
        for key, parameter in parameter_keys(signature).items():
            value = self._argument(parameter.type)
            fields[key] = value if parameter.required else _nullable(value)
        return _object({signature.name: _object(fields)})

    def _output(self) -> JsonValue:
        name: JsonValue = _enum(self._goal.outputs) if self._goal.outputs else {"type": "string"}
        return _object({"name": name, "step": _defined("stepName"), "output": _defined("outputName")})

    def _argument(self, kind: Type) -> JsonValue:
        """What a parameter may be given: a value, or one for each element of a list."""
        bare = kind.inner if isinstance(kind, Optional) else kind
        if (bare, 0) not in self._named:
            self._named[bare, 0] = name = f"argument{len(self._named) + 1}"
            self._definitions[name] = {"anyOf": [*self._values(bare, 4), *self._each(bare)]}
        return _defined(self._named[bare, 0])

    def _each(self, kind: Type) -> list[JsonValue]:
        found: list[JsonValue] = [_defined("eachOfStep")]
        inputs = [name for name, given in self._inputs if narrows(given, ListOf(kind))]
        if inputs:
            found.append(_object({"each_of_input": _enum(inputs)}))
        if type(kind) in _SCALARS:
            found.append(_object({"each_of": _list({"type": _SCALARS[type(kind)]})}))
        return found

    def _nested(self, kind: Type, level: int) -> JsonValue:
        if (kind, level) not in self._named:
            self._named[kind, level] = name = f"value{len(self._named) + 1}"
            self._definitions[name] = {"anyOf": self._values(kind, level)}
        return _defined(self._named[kind, level])

    def _values(self, kind: Type, level: int) -> list[JsonValue]:
        """The forms of a value whose objects stand at `level` of the answer."""
        found = self._literals(kind, level)
        if level <= self._limits.depth:
            found.append(_defined("step"))
            inputs = [name for name, given in self._inputs if narrows(given, kind)]
            if inputs:
                found.append(_object({"input": _enum(inputs)}))
        return found

    def _literals(self, kind: Type, level: int) -> list[JsonValue]:
        match kind:
            case Str() | Int() | Float() | Bool():
                return [{"type": _SCALARS[type(kind)]}]
            case Enum(choices):
                return [_enum(choices)]
            case Optional(inner):
                return [*self._literals(inner, level), {"type": "null"}]
            case ListOf(item):
                return [_list(self._nested(item, level))]
            case Record(fields) if level < self._limits.depth and not RESERVED & set(dict(fields)):
                return [_object({name: self._nested(field, level + 1) for name, field in fields})]
            case File() | Directory() | Secret():
                return []
            case Json() | Record() if level <= self._limits.depth:
                return [_object({"json": {"type": "string"}})]
        return [{"type": "string"}]


def _object(properties: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    return {
        "type": "object",
        "properties": dict(properties),
        "required": list(properties),
        "additionalProperties": False,
    }


def _list(items: JsonValue) -> dict[str, JsonValue]:
    return {"type": "array", "items": items}


def _enum(values: Iterable[str]) -> dict[str, JsonValue]:
    return {"type": "string", "enum": list(values)}


def _nullable(value: JsonValue) -> dict[str, JsonValue]:
    return {"anyOf": [value, {"type": "null"}]}


def _defined(name: str) -> dict[str, JsonValue]:
    return {"$ref": f"#/$defs/{name}"}
