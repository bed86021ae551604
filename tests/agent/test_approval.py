"""What was allowed, against what a plan wants."""

from __future__ import annotations

import pytest

from shunter.agent.approval import Allowed, allowed_from_texts
from shunter.agent.capabilities import allowing_flags, capability_sentence
from shunter.agent.errors import Refused
from shunter.engine.errors import UsageError
from shunter.engine.plan.model import Requires


def _allowed(*hosts: str, everything: bool = False) -> Allowed:
    return allowed_from_texts([f"host:{host}" for host in hosts], everything=everything)


def _wanted(*hosts: str) -> Requires:
    return Requires(hosts=hosts)


@pytest.mark.parametrize(
    ("allowed", "wanted", "lacking"),
    [
        ((), ("a.org",), ("a.org",)),
        (("a.org",), ("a.org", "b.org"), ("b.org",)),
        (("A.org.",), ("a.org",), ()),
        (("*.a.org",), ("b.a.org", "*.a.org", "a.org"), ("a.org",)),
        (("*",), ("a.org", "*.b.org", "*"), ()),
        (("*",), ("a.org:8080", "localhost", "10.0.0.1"), ("a.org:8080", "localhost", "10.0.0.1")),
        (("a.org",), ("*",), ("*",)),
        (("*.a.org",), ("*",), ()),
    ],
)
def test_a_host_is_allowed_by_itself_or_by_a_pattern(
    allowed: tuple[str, ...], wanted: tuple[str, ...], lacking: tuple[str, ...]
) -> None:
    assert _allowed(*allowed).lacking(_wanted(*wanted)).hosts == lacking


@pytest.mark.parametrize(
    ("allowed", "everything", "granted"),
    [
        (("b.org", "*.c.org"), False, ("*.c.org", "a.org", "b.org")),
        (("*",), False, ("*", "a.org")),
        ((), True, ("*", "a.org")),
        (("localhost:8080",), True, ("*", "a.org", "localhost:8080")),
    ],
)
def test_hosts_that_are_not_known_yet_are_granted_as_far_as_they_are_allowed(
    allowed: tuple[str, ...], everything: bool, granted: tuple[str, ...]
) -> None:
    assert _allowed(*allowed, everything=everything).of(_wanted("*", "a.org")).hosts == granted


def test_what_a_plan_does_not_want_is_not_granted() -> None:
    assert _allowed("a.org", "*").of(_wanted("a.org")).hosts == ("a.org",)


def test_what_a_person_says_yes_to_is_allowed_as_well() -> None:
    both = _allowed("a.org").also(_wanted("b.org"))
    assert both.lacking(_wanted("a.org", "b.org")) == Requires()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("host:a b", "--allow host:a b: not a host: 'a b' (expected something like example.org, example.org:8080 or *.example.org)"),
        ("host:https://a.org/", "--allow host:https://a.org/: not a host: 'https://a.org/' (expected something like example.org, example.org:8080 or *.example.org)"),
        ("net:a.org", "--allow net:a.org: expected host:NAME, secret:SOURCE or effect:NAME"),
        ("secret:hunter2", "--allow secret:…: expected env:NAME, file:PATH or cmd:COMMAND, got text of 7 characters that names no source"),
        ("secret:a.b=hunter2", "--allow secret:…: expected env:NAME, file:PATH or cmd:COMMAND, got text of 7 characters that names no source"),
        ("secret:*", "--allow secret:…: expected env:NAME, file:PATH or cmd:COMMAND, got text of 1 characters that names no source"),
    ],
)  # fmt: skip
def test_what_cannot_be_allowed_is_refused(text: str, message: str) -> None:
    with pytest.raises(UsageError) as caught:
        allowed_from_texts([text], everything=False)
    assert caught.value.message == message


def test_a_refusal_says_what_for_and_what_allows_it() -> None:
    with pytest.raises(Refused) as refused:
        Allowed().check(Requires(hosts=("a.org", "*.b.org"), effects=("http.post",)))
    assert refused.value.message == (
        "the plan may do more than compute: reach a.org, *.b.org; http.post. Nothing was started"
    )
    assert refused.value.hint == (
        "`--allow host:a.org --allow 'host:*.b.org' --allow effect:http.post` allows it, `--yes` allows everything"
    )


def test_a_host_that_only_the_run_will_tell_is_said_to_be_one() -> None:
    assert capability_sentence(_wanted("*", "a.org")) == (
        "reach a.org, whichever public hosts the run comes to"
    )
    assert allowing_flags(_wanted("*")) == "--allow 'host:*'"


def test_a_secret_is_allowed_to_one_function_or_to_all() -> None:
    wanted = Requires(secrets=("http.fetch=env:A", "http.post=env:A", "http.post=cmd:pass a"))
    one = allowed_from_texts(["secret:http.fetch=env:A", "secret:http.post=*"], everything=False)
    assert one.lacking(wanted) == Requires()
    both = allowed_from_texts(["secret:env:A"], everything=False)
    assert both.lacking(wanted).secrets == ("http.post=cmd:pass a",)
    assert capability_sentence(both.lacking(wanted)) == "give http.post the secret cmd:pass a"
    assert allowing_flags(both.lacking(wanted)) == "--allow 'secret:http.post=cmd:pass a'"
    assert capability_sentence(Requires(secrets=("http.post=*",))) == (
        "give http.post whichever secret the run is given"
    )
