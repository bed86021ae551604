"""Secrets go to parameters that take secrets, and to nothing else."""

from __future__ import annotations

import pytest
from tests.agent.planners.embedded.asking import ask, plan_of

from shunter.agent.planners.protocol import Missing
from shunter.engine.plan.expression import write_expression


@pytest.mark.parametrize(
    ("goal", "name"),
    [
        ("Download https://example.org/data.csv", "token"),
        ("Download https://example.org/data.csv with the password", "password"),
    ],
)
def test_a_secret_goes_to_the_option_of_its_name_or_where_it_is_said(goal: str, name: str) -> None:
    (step,) = plan_of(ask(goal, **{name: "secret"})).steps
    assert step.call == "http.fetch"
    assert write_expression(step.with_["token"]) == {"from": name}


def test_a_secret_that_nobody_speaks_of_is_left_alone() -> None:
    (step,) = plan_of(ask("Download https://example.org/data.csv", password="secret")).steps
    assert set(step.with_) == {"url"}


def test_several_downloads_get_the_same_token() -> None:
    first, then = "https://example.org/a.csv", "https://example.org/b.csv"
    steps = plan_of(
        ask(f"Download {first} and convert it to JSON, then download {then}", token="secret")
    ).steps
    given = [write_expression(step.with_["token"]) for step in steps if step.call == "http.fetch"]
    assert given == [{"from": "token"}] * 2


def test_a_secret_is_no_text_and_text_is_no_secret() -> None:
    assert isinstance(ask("Count the words of the password", password="secret"), Missing)
    (step,) = plan_of(ask("Download https://example.org/data.csv", token="str")).steps
    assert "token" not in step.with_
