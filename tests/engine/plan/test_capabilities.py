"""What a plan may do, as far as it can be told before it runs."""

from __future__ import annotations

import pytest
from tests.engine.plan.yard import checked, problems

from shunter.engine.plan.capabilities import beyond, required_by, within
from shunter.engine.plan.model import Requires
from shunter.engine.values import Value
from shunter.engine.values.conform import Mismatch

PLAN = """\
version: 1
inputs: {page: {type: str}, pages: {type: "list[str]"}, site: {type: "{link: str}"}}
steps:
"""


def _hosts(*steps: str, **values: Value) -> list[str]:
    plan = checked(PLAN + "".join(f"  - {{{step}}}\n" for step in steps))
    return list(required_by(plan.steps, values).hosts)


def test_a_url_in_the_plan_names_its_host() -> None:
    assert _hosts("id: a, call: web.get, with: {url: 'https://A.org/x', also: [b.org, '*.c.org']}") == [
        "*.c.org",
        "a.org",
        "b.org",
    ]


def test_several_urls_in_the_plan_name_theirs() -> None:
    step = "id: a, call: web.get, each: {url: ['http://a.org', 'http://b.org:8080/', {from: page}]}"
    assert _hosts(step) == ["*", "a.org", "b.org:8080"]
    assert _hosts(step, page="http://c.org/") == ["a.org", "b.org:8080", "c.org"]


@pytest.mark.parametrize(
    ("written", "values", "known"),
    [
        ("with: {url: {from: page}}", {"page": "https://a.org"}, ["a.org"]),
        ("with: {url: {from: site.link}}", {"site": {"link": "https://a.org"}}, ["a.org"]),
        ("each: {url: {from: pages}}", {"pages": ("https://a.org", "https://b.org")}, ["a.org", "b.org"]),
        ("each: {url: {from: pages}}", {"pages": ()}, []),
    ],
)
def test_an_input_names_its_host_once_it_is_given(
    written: str, values: dict[str, Value], known: list[str]
) -> None:
    step = f"id: a, call: web.get, {written}"
    assert _hosts(step) == ["*"]
    assert _hosts(step, **values) == known


def test_a_value_of_a_step_is_not_known_before_the_run() -> None:
    steps = (
        "id: a, call: text.same, with: {text: 'https://a.org'}",
        "id: b, call: web.get, with: {url: {from: a}}",
    )
    assert _hosts(*steps, page="https://b.org") == ["*"]


def test_an_input_that_names_no_host_is_no_match() -> None:
    with pytest.raises(Mismatch, match="^url: expected a URL such as .*, got 'a b'"):
        _hosts("id: a, call: web.get, with: {url: {from: page}}", page="a b")


def test_a_plan_that_says_what_it_reaches_may_reach_no_more() -> None:
    text = PLAN + "  - {id: a, call: web.get, with: {url: 'https://a.b.org'}}\n"
    assert len(checked(text + "requires: {hosts: ['*.b.org']}\n").steps) == 1
    assert problems(text + "requires: {hosts: [b.org]}\n") == [
        "requires: line 5, requires.hosts: the plan's functions need hosts that it doesn't name: a.b.org"
    ]


def test_a_plan_that_says_what_it_reaches_may_learn_of_it_later() -> None:
    text = PLAN + "  - {id: a, call: web.get, with: {url: {from: page}}}\n"
    plan = checked(text + "requires: {hosts: [a.org, b.org]}\n")
    stated = Requires(hosts=("a.org", "b.org"))
    assert within(required_by(plan.steps), stated) == stated
    assert beyond(required_by(plan.steps, {"page": "https://a.org"}), stated) == {}
    assert beyond(required_by(plan.steps, {"page": "https://c.org"}), stated) == {"hosts": ["c.org"]}
    assert problems(text + "requires: {hosts: []}\n") == [
        "requires: line 5, requires.hosts: the plan's functions need hosts that it doesn't name: *"
    ]


def test_secrets_and_effects_are_held_against_what_is_stated() -> None:
    wanted = Requires(secrets=("a", "b"), effects=("send",))
    assert beyond(wanted, Requires(secrets=("b",))) == {"secrets": ["a"], "effects": ["send"]}
