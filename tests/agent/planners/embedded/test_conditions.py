"""Conditions on rows, in the wordings that people have for them."""

from __future__ import annotations

import pytest
from tests.agent.planners.embedded.asking import arguments, ask, calls, plan_of

from shunter.engine.plan.expression import write_expression


@pytest.mark.parametrize(
    ("goal", "column", "operator", "value"),
    [
        ("trees with a height of 12 or more", "height", "at_least", "12"),
        ("trees whose age is no more than 80", "age", "at_most", "80"),
        ("trees that were planted later than 1990 (column planted)", "planted", "greater", "1990"),
        ("all trees in Bergen (column town)", "town", "equals", "Bergen"),
        ("rows where town is New Haven", "town", "equals", "New Haven"),
        ("rows where town is Bergen or Oslo", "town", "matches", "^(Bergen|Oslo)$"),
        ('rows where name starts with "Red"', "name", "matches", "^Red"),
        ("rows whose balance is negative", "balance", "less", "0"),
        ("trees older than 100", "age", "greater", "100"),
        ("everyone under 18 (age)", "age", "less", "18"),
        ("rows that have status felled", "status", "equals", "felled"),
    ],
)
def test_a_condition_is_a_column_a_comparison_and_a_value(
    goal: str, column: str, operator: str, value: str
) -> None:
    assert arguments(goal, trees="csv") == {"column": column, "operator": operator, "value": value}


@pytest.mark.parametrize(
    ("goal", "operator"),
    [
        ("rows with an owner", "is_filled"),
        ("drop rows with empty owner", "is_filled"),
        ("every row in which the column owner is blank", "is_empty"),
        ("the rows lacking an owner", "is_empty"),
    ],
)
def test_a_column_is_empty_or_filled(goal: str, operator: str) -> None:
    assert arguments(goal, trees="csv") == {"column": "owner", "operator": operator}


@pytest.mark.parametrize(
    "goal",
    [
        "trees whose height is between 10 and 20",
        "trees with a height of at least 10 and at most 20",
    ],
)
def test_a_range_takes_two_steps(goal: str) -> None:
    plan = plan_of(ask(goal, trees="csv"))
    first, second = (
        {name: write_expression(value) for name, value in step.with_.items()} for step in plan.steps
    )
    assert first == {"table": {"from": "trees"}, "column": "height", "operator": "at_least", "value": "10"}
    assert (second["column"], second["operator"], second["value"]) == ("height", "at_most", "20")
    assert second["table"] == {"from": plan.steps[0].id}


def test_rows_that_are_dropped_are_those_that_meet_the_condition() -> None:
    goal = "join trees and owners by owner_id, then drop everyone whose town is Bergen"
    assert calls(goal, trees="csv", owners="csv") == ["table.join", "table.where"]
    assert arguments(goal, trees="csv", owners="csv") == {
        "column": "town",
        "operator": "differs",
        "value": "Bergen",
    }


def test_the_column_of_a_total_is_named_apart() -> None:
    goal = "how much has each customer spent altogether? the column is amount"
    assert arguments(goal, orders="csv") == {"by": ["customer"], "total": "sum", "column": "amount"}


def test_groups_are_put_in_order_by_their_total() -> None:
    goal = "visits per town, busiest town first"
    assert arguments(goal, visits="csv") == {"by": ["count"], "descending": True}


def test_what_was_summed_up_is_called_as_its_column() -> None:
    goal = "sum hours by project, sort by hours descending"
    assert arguments(goal, sheet="csv") == {"by": ["sum_hours"], "descending": True}


def test_the_size_of_files_is_the_column_that_a_listing_has() -> None:
    goal = "list the folder sorted by size, biggest first"
    assert arguments(goal, folder="folder") == {"by": ["bytes"], "descending": True}


def test_a_heading_is_no_column() -> None:
    goal = 'a web page of the trees with the heading "In spring"'
    assert calls(goal, trees="csv") == ["report.table_to_html"]
