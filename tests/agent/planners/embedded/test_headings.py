"""Columns that a table still has."""

from __future__ import annotations

import pytest
from tests.agent.goals.suite import bundled

from shunter.agent.planners.embedded.headings import lost_columns
from shunter.agent.planners.embedded.yard import Node
from shunter.engine.digest import JsonValue

IT: JsonValue = {"from": "table"}


def _nodes(*steps: tuple[str, dict[str, JsonValue]]) -> list[Node]:
    nodes: list[Node] = []
    for name, given in steps:
        source: JsonValue = {"from": f"#{len(nodes) - 1}"} if nodes else IT
        signature = bundled()[name]
        nodes.append(Node(len(nodes), signature, {"table": source, **given}, {}, signature.returns, 0))
    return nodes


@pytest.mark.parametrize(
    ("steps", "lost"),
    [
        ([("table.sort_rows", {"by": ["age"]})], set()),
        ([("table.select", {"columns": ["name"]}), ("table.sort_rows", {"by": ["age"]})], {"age"}),
        ([("table.select", {"columns": ["name", "age"]}), ("table.sort_rows", {"by": ["age"]})], set()),
        ([("table.group", {"by": ["city"]}), ("table.sort_rows", {"by": ["count"]})], set()),
        (
            [
                ("table.group", {"by": ["city"], "column": "age", "total": "mean"}),
                ("table.sort_rows", {"by": ["mean_age"]}),
            ],
            set(),
        ),
        (
            [
                ("table.select", {"columns": ["name"]}),
                ("table.sort_rows", {"by": ["name"]}),
                ("table.where", {"column": "age", "operator": "is_empty"}),
            ],
            {"age"},
        ),
    ],
)
def test_a_column_that_was_dropped_is_missed(
    steps: list[tuple[str, dict[str, JsonValue]]], lost: set[str]
) -> None:
    nodes = _nodes(*steps)
    assert lost_columns(nodes[-1], nodes) == lost
