"""What counts as a host, and which covers which."""

from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shunter.engine.egress.host import Host, covers, host_of, is_public, parse_host


@pytest.mark.parametrize(
    ("text", "host"),
    [
        ("example.org", "example.org"),
        ("EXAMPLE.org.", "example.org"),
        ("example.org:8080", "example.org:8080"),
        ("*.Example.org", "*.example.org"),
        ("*", "*"),
        ("*:8080", "*:8080"),
        ("localhost", "localhost"),
        ("my_host", "my_host"),
        ("bücher.example", "xn--bcher-kva.example"),
        ("192.0.2.1", "192.0.2.1"),
        ("192.0.2.1:80", "192.0.2.1:80"),
        ("::1", "[::1]"),
        ("[::1]", "[::1]"),
        ("[2001:DB8::0:1]:443", "[2001:db8::1]:443"),
        ("[::ffff:127.0.0.1]:80", "127.0.0.1:80"),
    ],
)
def test_a_host_has_one_form(text: str, host: str) -> None:
    assert str(parse_host(text)) == host
    assert str(parse_host(host)) == host


@pytest.mark.parametrize(
    "text",
    "|a b|a..b|.a|-a.org|a/b|a:|a:0|a:65536|a:80:80|a:http|a@b|*.*.org|a.*|[a]|[::1|[::1]x|[::1]:|::1:x%0|fe80::1%eth0|a\n"
    "|a\x00|é\ud800.org|http://a.org|2130706433|0x7f000001|127.1|0x7f.0.0.1|010.0.0.1|*.1".split("|"),
)
def test_what_is_no_host_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="^not a host: "):
        parse_host(text)


def test_names_have_an_end() -> None:
    with pytest.raises(ValueError, match="not a host"):
        parse_host("a" * 64 + ".org")
    with pytest.raises(ValueError, match="not a host"):
        parse_host(".".join(["abc"] * 64))


@given(st.text(max_size=20))
def test_any_text_is_a_host_or_refused_and_its_form_stays(text: str) -> None:
    try:
        host = parse_host(text)
    except ValueError:
        return
    assert parse_host(str(host)) == host


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://example.org", "example.org"),
        ("http://example.org:80/a?b=http://c.org#d", "example.org"),
        ("https://example.org:443/", "example.org"),
        ("HTTPS://Example.ORG:8443/a@b", "example.org:8443"),
        ("http://[::1]:8080/x", "[::1]:8080"),
        ("http://127.0.0.1/x", "127.0.0.1"),
        ("example.org", "example.org"),
        ("*.example.org", "*.example.org"),
    ],
)
def test_a_url_names_its_host(url: str, host: str) -> None:
    assert str(host_of(url)) == host


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("ftp://example.org/x", "expected a URL that begins with http:// or https://"),
        ("file:///etc/passwd", "expected a URL that begins with"),
        ("https://user:word@example.org/", "without a user and password"),
        ("https://good.org@evil.org/", "without a user and password"),
        ("https://good.org\\@evil.org/", "not a URL"),
        ("https://good.org\t.evil.org/", "not a URL"),
        ("https://a b/", "not a URL"),
        ("https:///x", "not a host"),
        ("https://*.org/", "not a host"),
        ("http://2130706433/", "ends in a number"),
        ("*", "`\\*` is no host"),
        ("", "not a host"),
    ],
)
def test_a_url_that_could_be_read_in_two_ways_names_none(url: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        host_of(url)


@pytest.mark.parametrize(
    ("allowed", "wanted", "covered"),
    [
        ("a.org", "a.org", True),
        ("a.org", "a.org:443", True),
        ("a.org", "a.org:80", True),
        ("a.org", "a.org:8080", False),
        ("a.org:8080", "a.org:8080", True),
        ("a.org:8080", "a.org", False),
        ("a.org:80", "a.org", False),
        ("a.org", "b.a.org", False),
        ("a.org", "ba.org", False),
        ("*.a.org", "b.a.org", True),
        ("*.a.org", "c.b.a.org:443", True),
        ("*.a.org", "*.b.a.org", True),
        ("*.a.org", "*.a.org", True),
        ("*.a.org", "a.org", False),
        ("*.a.org", "xa.org", False),
        ("*.b.a.org", "*.a.org", False),
        ("*", "a.org", True),
        ("*", "*.a.org", True),
        ("*", "*", True),
        ("*", "a.org:8080", False),
        ("*:8080", "a.org:8080", True),
        ("a.org", "*", False),
        ("*.a.org", "*", False),
        ("*", "8.8.8.8", True),
        ("*", "127.0.0.1", False),
        ("*", "10.0.0.1", False),
        ("*", "169.254.169.254", False),
        ("*", "[::1]", False),
        ("*", "localhost", False),
        ("*", "a.localhost", False),
        ("127.0.0.1", "[::ffff:127.0.0.1]", True),
        ("localhost", "127.0.0.1", False),
        ("no host!", "no host!", True),
        ("no host!", "a.org", False),
    ],
)
def test_a_host_covers(allowed: str, wanted: str, covered: bool) -> None:
    assert covers(allowed, wanted) is covered


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("8.8.8.8", True),
        ("2606:4700::1111", True),
        ("127.0.0.1", False),
        ("0.0.0.0", False),
        ("10.1.2.3", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("224.0.0.1", False),
        ("255.255.255.255", False),
        ("::", False),
        ("::1", False),
        ("fe80::1", False),
        ("fc00::1", False),
        ("fec0::1", False),
        ("ff02::1", False),
        ("::ffff:10.0.0.1", False),
        ("2002:7f00:1::", False),
        ("64:ff9b::7f00:1", False),
        ("64:ff9b::808:808", True),
    ],
)
def test_an_address_is_public(address: str, public: bool) -> None:
    assert is_public(ipaddress.ip_address(address)) is public


def test_only_patterns_stand_for_names_they_do_not_say() -> None:
    assert [Host(name).is_pattern for name in ("*", "*.a.org", "a.org")] == [True, True, False]
