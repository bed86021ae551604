"""Heads are read strictly, and passed on rebuilt."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from shunter.engine.egress.request import Framing, Malformed, read_answer, read_request

GET = b"GET http://a.org/x HTTP/1.1\r\nHost: a.org\r\n"


def test_a_plain_request_is_passed_on_to_its_host_without_what_is_meant_for_the_proxy() -> None:
    request = read_request(
        b"POST http://A.org:80/x?y=1#z HTTP/1.1\r\nHOST: a.org\r\nAccept: */*\r\nProxy-Connection: keep-alive\r\n"
        b"Proxy-Authorization: Basic eA==\r\nConnection: close, X-Odd\r\nX-Odd: 1\r\nUpgrade: h2c\r\n"
        b"Expect: 100-continue\r\nContent-Length: 3\r\n\r\n"
    )
    assert (str(request.host), request.waits, request.framing) == (
        "a.org:80",
        True,
        Framing(3, chunked=False),
    )
    assert request.head(absolute=False) == (
        b"POST /x?y=1 HTTP/1.1\r\nHost: a.org\r\nAccept: */*\r\nContent-Length: 3\r\nConnection: close\r\n\r\n"
    )
    assert request.head(absolute=True, login=b"Basic eA==").startswith(
        b"POST http://a.org/x?y=1 HTTP/1.1\r\nHost: a.org\r\n"
    )
    assert b"Proxy-Authorization: Basic eA==\r\n" in request.head(absolute=True, login=b"Basic eA==")


@pytest.mark.parametrize(
    ("target", "path"), [("http://a.org", "/"), ("http://a.org?q", "/?q"), ("http://a.org#f", "/")]
)
def test_a_target_without_a_path_has_the_first(target: str, path: str) -> None:
    request = read_request(f"GET {target} HTTP/1.1\r\nHost: a.org\r\n\r\n".encode())
    assert request.path == path.encode()


def test_a_port_of_its_own_is_in_the_host_field() -> None:
    request = read_request(b"GET http://a.org:8080/ HTTP/1.1\r\nHost: a.org:8080\r\n\r\n")
    assert b"\r\nHost: a.org:8080\r\n" in request.head(absolute=False)


@pytest.mark.parametrize("host", [b"a.org", b"a.org:443", b"A.ORG:443"])
def test_a_tunnel_names_host_and_port(host: bytes) -> None:
    request = read_request(b"CONNECT a.org:443 HTTP/1.1\r\nHost: " + host + b"\r\n\r\n")
    assert (str(request.host), request.path) == ("a.org:443", None)


def test_an_old_client_needs_no_host_field() -> None:
    assert str(read_request(b"CONNECT [::1]:443 HTTP/1.0\r\n\r\n").host) == "[::1]:443"


@pytest.mark.parametrize(
    ("head", "message"),
    [
        (b"", "no request line"),
        (b"GET http://a.org/", "no request line"),
        (b"GET  http://a.org/ HTTP/1.1", "no request line"),
        (b"GET http://a.org/a b HTTP/1.1", "no request line"),
        (b"GET http://a.org/\xc3\xa9 HTTP/1.1", "no request line"),
        (b"GET http://a.org/ HTTP/2.0", "no request line"),
        (b"GET\thttp://a.org/ HTTP/1.1", "no request line"),
        (b"GET http://a.org/ HTTP/1.1\nHost: a.org", "no request line"),
        (b"GET /x HTTP/1.1\r\nHost: a.org", "expected CONNECT, or a target"),
        (b"OPTIONS * HTTP/1.1\r\nHost: a.org", "expected CONNECT, or a target"),
        (b"GET https://a.org/ HTTP/1.1\r\nHost: a.org", "expected CONNECT, or a target"),
        (b"GET ftp://a.org/ HTTP/1.1\r\nHost: a.org", "expected CONNECT, or a target"),
        (b"GET http:///x HTTP/1.1\r\nHost: a.org", "a target without a host"),
        (b"GET http://a.org@b.org/ HTTP/1.1\r\nHost: b.org", "a target without a host"),
        (b"GET http://a.org\\b.org/ HTTP/1.1\r\nHost: a.org", "a target without a host"),
        (b"GET http://*.org/ HTTP/1.1\r\nHost: *.org", "a target without a host"),
        (b"CONNECT a.org HTTP/1.1\r\nHost: a.org", "a target without a host and port"),
        (b"CONNECT http://a.org:443 HTTP/1.1\r\nHost: a.org", "a target without a host"),
        (b"CONNECT a.org:443/x HTTP/1.1\r\nHost: a.org", "a target without a host"),
        (b"CONNECT a.org:443 HTTP/1.1\r\nHost: a.org\r\nContent-Length: 5", "a CONNECT with a body"),
        (b"GET http://a.org/ HTTP/1.1", "no Host field"),
        (b"GET http://a.org/ HTTP/1.1\r\nHost: b.org", "names another"),
        (b"GET http://a.org/ HTTP/1.1\r\nHost: a.org:8080", "names another"),
        (b"GET http://a.org:8080/ HTTP/1.1\r\nHost: a.org", "names another"),
        (b"CONNECT a.org:443 HTTP/1.1\r\nHost: b.org:443", "names another"),
        (b"GET http://a.org/ HTTP/1.1\r\nHost:", "a Host field that holds no host"),
        (b"GET http://a.org/ HTTP/1.1\r\nHost: a.org\r\nhost: a.org", "more than one field host"),
        (b"GET http://a.org/ HTTP/1.1\r\nHost : a.org", "a header field that isn't one"),
        (b"GET http://a.org/ HTTP/1.1\r\nHost: a.org\r\n X: folded", "a header field that isn't one"),
        (b"GET http://a.org/ HTTP/1.1\r\nHost: a.org\rX: y", "a header field that isn't one"),
        (b"GET http://a.org/ HTTP/1.1\r\nHost: a.org\nX: y", "a header field that isn't one"),
        (b"GET http://a.org/ HTTP/1.1\r\nHost: a.org\x00", "a header field that isn't one"),
        (GET + b"Content-Length: 1\r\nContent-Length: 1", "more than one field content-length"),
        (
            GET + b"Content-Length: 1\r\nTransfer-Encoding: chunked",
            "both Content-Length and Transfer-Encoding",
        ),
        (GET + b"Content-Length: +1", "a Content-Length that is no number"),
        (GET + b"Content-Length: 1, 1", "a Content-Length that is no number"),
        (GET + b"Transfer-Encoding: gzip, chunked", "a transfer coding other than chunked"),
        (GET + b"Transfer-Encoding: xchunked", "a transfer coding other than chunked"),
        (
            GET + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
            "more than one field transfer-encoding",
        ),
    ],
)
def test_a_request_is_refused(head: bytes, message: str) -> None:
    with pytest.raises(Malformed, match=message):
        read_request(head.removesuffix(b"\r\n") + b"\r\n\r\n")


@given(st.binary(max_size=80))
@example(b"CONNECT \xff:1 HTTP/1.1")
def test_any_bytes_are_a_request_or_malformed(noise: bytes) -> None:
    for head in (noise, GET + noise, b"GET http://" + noise + b" HTTP/1.1\r\nHost: a.org"):
        try:
            request = read_request(head + b"\r\n\r\n")
        except Malformed:
            continue
        assert request.path is None or request.head(absolute=False).count(b"\r\n\r\n") == 1


def test_an_answer_loses_what_is_meant_for_the_proxy_and_ends_the_connection() -> None:
    answer = read_answer(
        b"HTTP/1.1 200 OK\r\nConnection: keep-alive\r\nKeep-Alive: timeout=5\r\nX: y\r\nTransfer-Encoding: chunked\r\n\r\n"
    )
    assert answer.head == (
        b"HTTP/1.1 200 OK\r\nX: y\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
    )
    assert (answer.status, answer.framing) == (200, Framing(None, chunked=True))
    with pytest.raises(Malformed, match="isn't HTTP"):
        read_answer(b"SSH-2.0-OpenSSH\r\n\r\n")
