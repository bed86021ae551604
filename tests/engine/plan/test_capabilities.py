"""What a plan may do, as far as it can be told before it runs."""

from __future__ import annotations

import pytest
from tests.engine.plan.yard import checked, problems

from shunter.engine.plan.capabilities import beyond, gift_covered, required_by, within
from shunter.engine.plan.model import Requires
from shunter.engine.values import Secret, Value
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


def test_effects_are_held_against_what_is_stated() -> None:
    assert beyond(Requires(effects=("send",)), Requires()) == {"effects": ["send"]}


SECRETS = """\
version: 1
inputs: {token: {type: Secret}, tokens: {type: "list[Secret]"}}
steps:
"""


def _secrets(*steps: str, **values: Value) -> list[str]:
    plan = checked(SECRETS + "".join(f"  - {{{step}}}\n" for step in steps))
    return list(required_by(plan.steps, values).secrets)


def test_a_plan_tells_which_function_gets_which_secret() -> None:
    literal = "id: a, call: vault.open, with: {token: 'env:A'}"
    given = "id: b, call: vault.open, with: {token: {from: token}}"
    each = "id: c, call: vault.open, each: {token: {from: tokens}}"
    assert _secrets(literal, given) == ["vault.open=*", "vault.open=env:A"]
    assert _secrets(literal, given, token=Secret("cmd:pass a=b")) == [
        "vault.open=cmd:pass a=b",
        "vault.open=env:A",
    ]
    assert _secrets(each, tokens=(Secret("env:A"), Secret("env:B"))) == [
        "vault.open=env:A",
        "vault.open=env:B",
    ]
    assert _secrets(given, token=None) == []


@pytest.mark.parametrize(
    ("gift", "by", "is_covered"),
    [
        ("a.b=env:X", ("a.b=env:X",), True),
        ("a.b=env:X", ("env:X",), True),
        ("a.b=env:X", ("a.b=*",), True),
        ("a.b=cmd:x a.b=env:X", ("cmd:x a.b=env:X",), True),
        ("a.b=env:X", ("a.c=env:X", "env:Y", "a.c=*"), False),
        ("a.b=env:X", (), False),
        ("a.b=*", ("a.b=env:X", "env:X"), False),
        ("a.b=*", ("a.b=*",), True),
    ],
)
def test_a_secret_is_given_as_far_as_it_is_stated(gift: str, by: tuple[str, ...], is_covered: bool) -> None:
    assert gift_covered(gift, by) is is_covered


def test_a_plan_that_says_which_secrets_it_gives_gives_no_others() -> None:
    text = SECRETS + "  - {id: a, call: vault.open, with: {token: {from: token}}}\n"
    plan = checked(text + "requires: {secrets: ['vault.open=env:A']}\n")
    stated = Requires(secrets=("vault.open=env:A",))
    assert beyond(required_by(plan.steps, {"token": Secret("env:A")}), stated) == {}
    assert beyond(required_by(plan.steps, {"token": Secret("env:B")}), stated) == {
        "secrets": ["vault.open=env:B"]
    }
    assert problems(text + "requires: {}\n") == [
        "requires: line 5, requires.secrets: the plan's functions need secrets that it doesn't name: vault.open=*"
    ]
