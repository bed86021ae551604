"""Which columns a table has after steps that keep only some, as far as the plan says."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from shunter.agent.planners.embedded.flow import is_order
from shunter.agent.planners.embedded.lexicon import stems_of
from shunter.agent.planners.embedded.phrases import CHOICES
from shunter.agent.planners.embedded.said import Said
from shunter.agent.planners.embedded.stems import stem
from shunter.agent.planners.embedded.synonyms import SAID_FOR
from shunter.agent.planners.embedded.yard import Node, sources_of
from shunter.engine import types as t
from shunter.engine.digest import JsonValue
from shunter.engine.types.signature import Parameter, Signature

_TOLD = re.compile(r"with the columns (\w+) and (\w+)")
"""How the documentation of a function says which columns there are."""
_TABLE = t.File("text/csv")
_ORDERS = frozenset({"less", "at_most", "greater", "at_least"})


def lost_columns(node: Node, nodes: Sequence[Node]) -> frozenset[str]:
    """The columns that a call names, and that what it takes has no longer."""
    sources = [_node(source, nodes) for source in sources_of(node)]
    if len(sources) != 1 or sources[0] is None:
        return frozenset()
    known = columns_of(sources[0], nodes)
    return frozenset() if known is None else frozenset(_named(node)) - known


def columns_of(node: Node, nodes: Sequence[Node]) -> frozenset[str] | None:
    """The columns of a call's result; None where nothing tells."""
    if node.signature.returns != _TABLE:
        return None
    if (told := _TOLD.search(node.signature.returns_doc)) is not None:
        return frozenset(told.groups())
    if node.signature.summary.startswith("Keep some columns"):
        return frozenset(_named(node))
    if node.signature.summary.startswith("Group"):
        column, total = str(node.with_.get("column", "")), str(node.with_.get("total", "count"))
        named = {f"{total}_{column}"} if column else {total}
        return frozenset(_named(node)) - {column} | named
    sources = [_node(source, nodes) for source in sources_of(node)]
    return columns_of(sources[0], nodes) if len(sources) == 1 and sources[0] is not None else None


def called_rightly(
    arguments: Mapping[str, JsonValue], signature: Signature, nodes: Sequence[Node], said: Said
) -> dict[str, JsonValue]:
    """Those arguments that name columns, by the names that they have; groups in the order of their totals."""
    sources = [value["from"] for value in arguments.values() if isinstance(value, dict) and "from" in value]
    node = _node(str(sources[0]), nodes) if len(sources) == 1 else None
    columns = columns_of(node, nodes) if node is not None else None
    if columns is None or node is None:
        return {}
    found: dict[str, JsonValue] = {}
    for parameter in column_parameters(signature):
        value = arguments.get(parameter.name)
        if isinstance(value, str):
            found[parameter.name] = known_as(value, columns, node)
        elif isinstance(value, list):
            names = [known_as(str(name), columns, node) for name in value]
            total = total_for(names[0], node) if is_order(parameter) and len(names) == 1 else None
            if is_order(parameter) and len(names) == 1 and names[0] not in columns and total is None:
                total = column_in_view([node])
            ordered = total is not None and said.orders_by_end(names[0])
            found[parameter.name] = [total] if ordered else [*names]
    return found


def known_as(name: str, columns: frozenset[str], node: Node) -> str:
    """What a column is really called: `bytes` for `size`, `sum_price` for the price after summing up."""
    if name not in columns and node.signature.summary.startswith("Group"):
        total = str(node.with_.get("total", "count"))
        if name in {total, str(node.with_.get("column")), "total", *CHOICES.get(total, ())}:
            return _total_of(node)
    meant = {stem(name.lower()), *SAID_FOR.get(stem(name.lower()), ())}
    return name if name in columns else next((one for one in sorted(columns) if stem(one) in meant), name)


def total_for(name: str, node: Node | None) -> str | None:
    """The column to put groups in order by, where the word for one is said: `busiest town first`."""
    grouped = node is not None and node.signature.summary.startswith("Group")
    return _total_of(node) if grouped and node is not None and name in _named(node) else None


def column_in_view(nodes: Sequence[Node]) -> str | None:
    """The column that an order is about where none is named: what was summed up last, or compared by size."""
    for node in reversed(nodes):
        if node.signature.summary.startswith("Group"):
            return _total_of(node)
        if (told := _TOLD.search(node.signature.returns_doc)) is not None:
            return told[2]
        if node.with_.get("operator") in _ORDERS and (named := next(_named(node), None)):
            return named
    return None


def names_later_column(node: Node, nodes: Sequence[Node]) -> bool:
    """Whether a call names a column that only a later call adds."""
    later = {
        _total_of(other) for other in nodes[node.id + 1 :] if other.signature.summary.startswith("Group")
    }
    return not later.isdisjoint(_named(node))


def _total_of(node: Node) -> str:
    """The column that grouping adds: `count`, `sum_price`."""
    total, column = str(node.with_.get("total", "count")), node.with_.get("column")
    return f"{total}_{column}" if column else total


def _node(source: str, nodes: Sequence[Node]) -> Node | None:
    return nodes[int(source[1:].partition(".")[0])] if source.startswith("#") else None


def column_parameters(signature: Signature) -> Iterator[Parameter]:
    """The parameters of a function that take names of columns."""
    for parameter in signature.parameters:
        if "column" in stems_of(f"{parameter.name} {parameter.doc}")[:3]:
            yield parameter


def _named(node: Node) -> Iterator[str]:
    """The columns that a call's arguments name."""
    for parameter in column_parameters(node.signature):
        value = node.with_.get(parameter.name)
        if value:
            yield from (str(name) for name in (value if isinstance(value, list) else [value]))
