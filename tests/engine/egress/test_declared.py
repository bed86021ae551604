"""Which hosts a call names: by its function's declaration, and by its arguments."""

from __future__ import annotations

import pytest

from shunter.engine.egress.declared import UNKNOWN, check_declared, hosts_in, hosts_of, known_value
from shunter.engine.plan.expression import read_expression
from shunter.engine.types import parse_type
from shunter.engine.types.signature import REQUIRED, NoDefault, Parameter, Signature
from shunter.engine.values import Value
from shunter.engine.values.conform import Mismatch


def _signature(*hosts: str, kind: str = "str", default: Value | NoDefault = REQUIRED) -> Signature:
    parameter = Parameter("url", parse_type(kind), default)
    return Signature("web.get", (parameter,), parse_type("str"), hosts=hosts)


def test_a_call_reaches_what_is_declared_and_what_its_arguments_name() -> None:
    signature = _signature("API.org", "{url}", kind="list[str]")
    urls = ("http://b.org:8080/x", "https://a.org/", "https://a.org/again")
    assert hosts_of(signature.hosts, {"url": urls}) == ("a.org", "api.org", "b.org:8080")


def test_an_argument_that_is_null_names_no_host() -> None:
    assert hosts_of(("{url}",), {"url": None}) == ()


@pytest.mark.parametrize(
    ("hosts", "options", "message"),
    [
        (["*"], {}, "hosts: `*` is no host; let a parameter name it, as in `{url}`"),
        (
            ["a b"],
            {},
            "not a host: 'a b' (expected something like example.org, example.org:8080 or *.example.org)",
        ),
        (["{uri}"], {}, "hosts: {uri} wants a parameter of type str or list[str]; uri is no parameter"),
        (["{url}"], {"kind": "File"}, "hosts: {url} wants a parameter of type str or list[str]; url is File"),
        (
            ["{url}"],
            {"default": "x y"},
            "the default of url: expected a URL such as https://example.org/page, or a host, got 'x y': not a host: 'x y' (expected something like example.org, example.org:8080 or *.example.org)",
        ),
    ],
)
def test_a_declaration_is_refused(hosts: list[str], options: dict[str, str], message: str) -> None:
    with pytest.raises(ValueError) as caught:  # noqa: PT011 - the whole message follows
        check_declared(_signature(*hosts, **options))
    assert str(caught.value) == message


def test_what_is_written_is_known_before_a_run_and_what_steps_give_is_not() -> None:
    values: dict[str, Value] = {"page": {"links": ({"url": "https://b.org"}, {"url": "https://c.org"})}}
    listed = read_expression(["https://a.org", {"from": "page.links.url"}, {"from": "step"}])
    known = known_value(listed, values)
    assert known == ("https://a.org", ("https://b.org", "https://c.org"), UNKNOWN)
    assert hosts_in(known, "urls") == ("*", "a.org", "b.org", "c.org")


def test_a_host_that_is_none_is_named_with_its_place() -> None:
    with pytest.raises(Mismatch, match=r"^urls\[1\]: expected a URL .* got 'ftp://b.org'"):
        hosts_in(("https://a.org", "ftp://b.org"), "urls")
