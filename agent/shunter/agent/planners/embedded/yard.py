"""A plan as it grows: calls, and the values at hand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from shunter.agent.planners.embedded.lexicon import stems_of
from shunter.engine import types as t
from shunter.engine.digest import JsonValue
from shunter.engine.types.signature import Signature


@dataclass(frozen=True, slots=True)
class Node:
    """A call: arguments under `with_` and `each` as plan data, `type` with the list that `each` makes of it.

    `stretch` is the part of the goal that led to it; None for a conversion that nobody asked for.
    """

    id: int
    signature: Signature
    with_: Mapping[str, JsonValue]
    each: Mapping[str, JsonValue]
    type: t.Type
    stretch: int | None

    @property
    def source(self) -> str:
        """What its result is called."""
        return f"#{self.id}"

    def does_the_same_as(self, other: Node) -> bool:
        """Whether both are the same call of the same values."""
        return (self.signature.name, self.with_, self.each) == (other.signature.name, other.with_, other.each)


@dataclass(frozen=True, slots=True)
class Held:
    """A value at hand: an input by its name, a call's result, or an artifact in a field of that.

    `stems` are the words for it, `origins` the inputs that it was made of; `age` is 0 for inputs, and grows
    with every call.
    """

    source: str
    type: t.Type
    stems: frozenset[str]
    age: int = 0
    origins: frozenset[str] = frozenset()

    @property
    def root(self) -> str:
        """The input or call that it belongs to."""
        return self.source.partition(".")[0] if self.source.startswith("#") else self.source

    @property
    def given(self) -> bool:
        """Whether it is an input."""
        return self.age == 0


@dataclass(frozen=True)
class Yard:
    """`cost` is what speaks against the plan so far.

    `uses` counts for each input and call how often it's taken; `group` are the results of the last call that
    was made once for each of several inputs.
    """

    nodes: tuple[Node, ...] = ()
    held: tuple[Held, ...] = ()
    cost: float = 0.0
    uses: Mapping[str, int] = field(default_factory=dict)
    group: tuple[str, ...] = ()

    @property
    def newest(self) -> int:
        """The age of the newest value."""
        return max((held.age for held in self.held), default=0)

    def used(self, held: Held) -> int:
        """How often a value, or the call that it comes from, is taken."""
        return self.uses.get(held.root, 0)

    def taking(self, held: Held) -> Yard:
        """The yard with one use more of a value."""
        return replace(self, uses={**self.uses, held.root: self.used(held) + 1})

    def adding(self, node: Node) -> Yard:
        """The yard with one call more, whose result is the newest value."""
        age = self.newest + 1
        stems = frozenset(stems_of(node.signature.returns_doc)[:2])
        origins = frozenset().union(*(self._origins(source) for source in sources_of(node)))
        results = [Held(node.source, node.type, stems, age, origins), *_fields(node, age)]
        return replace(self, nodes=(*self.nodes, node), held=(*self.held, *results))

    def _origins(self, source: str) -> frozenset[str]:
        found = (one for one in self.held if one.source == source)
        return frozenset().union(*(one.origins or {one.source} for one in found))

    def node(self, source: str) -> Node | None:
        """The call that a value comes from; None for inputs."""
        return self.nodes[int(source[1:].partition(".")[0])] if source.startswith("#") else None

    def type_of(self, source: str) -> t.Type | None:
        """The type of a value at hand."""
        return next((one.type for one in self.held if one.source == source), None)

    def ancestors(self, source: str) -> frozenset[str]:
        """The inputs and results that a value was made of, all the way back."""
        if not source.startswith("#"):
            return frozenset()
        node = self.node(source)
        assert node is not None
        direct = frozenset(sources_of(node))
        return direct.union(*(self.ancestors(one) for one in direct))

    def dangling(self) -> list[Node]:
        """The calls whose results nothing takes."""
        return [node for node in self.nodes if not self.uses.get(node.source)]


def family(kind: t.Type) -> t.Type | str:
    """What a value is, with all formats of sound, pictures and films taken for one."""
    kind = kind.item if isinstance(kind, t.ListOf) else kind
    sort = (kind.media or "").partition("/")[0] if isinstance(kind, t.File) else ""
    return sort if sort in {"audio", "image", "video"} else kind


def sources_of(node: Node) -> Iterator[str]:
    """What a call takes its arguments from."""
    for value in [*node.with_.values(), *node.each.values()]:
        for item in value if isinstance(value, list) else [value]:
            if isinstance(item, dict) and "from" in item:
                yield str(item["from"])


def _fields(node: Node, age: int) -> list[Held]:
    if not isinstance(node.type, t.Record):
        return []
    return [
        Held(f"{node.source}.{name}", kind, frozenset(stems_of(name)), age)
        for name, kind in node.type.fields
        if isinstance(kind, t.File | t.Directory | t.Int)
    ]
