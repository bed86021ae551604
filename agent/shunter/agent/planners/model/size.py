"""How large a schema is, and how large one may be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from shunter.engine.digest import JsonValue


@dataclass(frozen=True, slots=True)
class SchemaSize:
    """Counts of a schema, or limits for them. `depth` counts objects inside objects."""

    properties: int
    depth: int
    enum_values: int

    def within(self, limits: SchemaSize) -> bool:
        """Whether no count is above its limit."""
        return (
            self.properties <= limits.properties
            and self.depth <= limits.depth
            and self.enum_values <= limits.enum_values
        )


LEAST = SchemaSize(properties=100, depth=5, enum_values=500)
"""The lowest limits that have been published for strict schemas."""


def schema_size(schema: Mapping[str, JsonValue]) -> SchemaSize:
    """The counts of `schema`; what several places refer to counts once, and nests in each of them."""
    nodes = list(_nodes(schema))
    return SchemaSize(
        properties=sum(len(_mapping(node.get("properties"))) for node in nodes),
        depth=_depth(schema, _mapping(schema.get("$defs"))),
        enum_values=sum(len(_items(node.get("enum"))) for node in nodes),
    )


def _nodes(schema: Mapping[str, JsonValue]) -> Iterator[Mapping[str, JsonValue]]:
    yield schema
    for child in [*_children(schema), *_mapping(schema.get("$defs")).values()]:
        yield from _nodes(_mapping(child))


def _children(schema: Mapping[str, JsonValue]) -> list[JsonValue]:
    items = [schema["items"]] if "items" in schema else []
    return [*_mapping(schema.get("properties")).values(), *_items(schema.get("anyOf")), *items]


def _depth(schema: Mapping[str, JsonValue], known: Mapping[str, JsonValue]) -> int:
    name = schema.get("$ref")
    if isinstance(name, str):
        return _depth(_mapping(known[name.rpartition("/")[2]]), known)
    below = max((_depth(_mapping(child), known) for child in _children(schema)), default=0)
    return below + (1 if "properties" in schema else 0)


def _mapping(value: JsonValue) -> Mapping[str, JsonValue]:
    return value if isinstance(value, Mapping) else {}


def _items(value: JsonValue) -> Sequence[JsonValue]:
    return value if isinstance(value, list) else []
