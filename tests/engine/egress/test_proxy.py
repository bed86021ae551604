"""The proxy lets a step reach what it declares, whatever the step tries, and keeps what was asked."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable

import pytest
from tests.engine.egress.origin import ANSWER, Origin, Proxied, origin, proxied

from shunter.engine.egress.proxy import ProxyLimits

Try = Callable[[Proxied, Origin], Awaitable[bytes]]
"""Tries something through a proxy that lets a.localhost and the server's port pass, and nothing else."""


async def _through(attempt: Try, *, answer: bytes = ANSWER) -> tuple[bytes, Origin, Proxied]:
    async with origin(answer) as server, proxied(server.host) as way:
        return await attempt(way, server), server, way


def _tried(attempt: Try, *, answer: bytes = ANSWER) -> tuple[bytes, Origin, list[str]]:
    said, server, way = asyncio.run(_through(attempt, answer=answer))
    return said, server, way.asked


def test_a_declared_host_answers_a_plain_request() -> None:
    said, server, asked = _tried(lambda way, server: way.get(f"http://{server.host}/x?y"))
    assert said == b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nhi"
    assert server.received == [
        f"GET /x?y HTTP/1.1\r\nHost: {server.host}\r\nConnection: close\r\n\r\n".encode()
    ]
    assert asked == [f"{server.host} reached 1"]


def test_a_tunnel_to_a_declared_host_passes_all_on() -> None:
    said, server, asked = _tried(
        lambda way, server: way.send(
            f"CONNECT {server.host} HTTP/1.1\r\nHost: {server.host}\r\n\r\n".encode(), b"\x16\x03\x01"
        ),
        answer=b"\x16\x03\x03 more",
    )
    assert said == b"HTTP/1.1 200 connected\r\n\r\n\x16\x03\x03 more"
    assert server.received == [b"\x16\x03\x01"]
    assert asked == [f"{server.host} reached 1"]


REFUSED: dict[str, tuple[Try, str]] = {
    "another name": (lambda way, server: way.get(f"http://b.localhost:{server.port}/"), "b.localhost:{port}"),
    "another port": (lambda way, _: way.get("http://a.localhost:1/"), "a.localhost:1"),
    "the usual port": (lambda way, _: way.get("http://a.localhost/"), "a.localhost:80"),
    "a tunnel to another name": (
        lambda way, server: way.send(f"CONNECT b.localhost:{server.port} HTTP/1.0\r\n\r\n".encode()),
        "b.localhost:{port}",
    ),
    "the address behind the name": (lambda way, server: way.get(f"http://127.0.0.1:{server.port}/"), "127.0.0.1:{port}"),
    "a tunnel to the address": (
        lambda way, server: way.send(f"CONNECT 127.0.0.1:{server.port} HTTP/1.0\r\n\r\n".encode()),
        "127.0.0.1:{port}",
    ),
    "the address in IPv6": (lambda way, server: way.get(f"http://[::ffff:127.0.0.1]:{server.port}/"), "127.0.0.1:{port}"),
    "a name that holds the declared one": (
        lambda way, server: way.get(f"http://a.localhost.evil.org:{server.port}/"),
        "a.localhost.evil.org:{port}",
    ),
    "a field Host that names another": (
        lambda way, server: way.get(f"http://{server.host}/", host=f"b.localhost:{server.port}"),
        "b.localhost:{port}",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", list(REFUSED))
def test_it_refuses(case: str) -> None:
    attempt, host = REFUSED[case]
    said, server, asked = _tried(attempt)
    assert said.startswith((b"HTTP/1.1 403 this step may not reach", b"HTTP/1.1 400 the target is"))
    assert server.received == []
    assert asked == [f"{host.format(port=server.port)} refused 1"]


def test_a_user_before_the_host_does_not_hide_it() -> None:
    said, server, asked = _tried(
        lambda way, server: way.get(f"http://{server.host}@b.localhost:{server.port}/", host=server.host)
    )
    assert said.startswith(b"HTTP/1.1 400 a target without a host, or with more than that")
    assert server.received == []
    assert asked == [" malformed 1"]


def test_a_second_request_on_one_connection_is_never_passed_on() -> None:
    async def smuggle(way: Proxied, server: Origin) -> bytes:
        first = f"GET http://{server.host}/first HTTP/1.1\r\nHost: {server.host}\r\nConnection: keep-alive\r\n\r\n"
        second = "GET /second HTTP/1.1\r\nHost: b.localhost\r\n\r\n"
        return await way.send(first.encode() + second.encode(), second.encode())

    said, server, asked = _tried(smuggle)
    assert said.count(b"HTTP/1.1") == 1
    assert len(server.received) == 1
    assert b"second" not in server.received[0]
    assert asked == [f"{server.host} reached 1"]


def test_a_body_ends_where_its_length_says() -> None:
    async def smuggle(way: Proxied, server: Origin) -> bytes:
        head = f"POST http://{server.host}/ HTTP/1.1\r\nHost: {server.host}\r\nContent-Length: 3\r\n\r\n"
        return await way.send(head.encode() + b"abcGET /second HTTP/1.1\r\nHost: b.localhost\r\n\r\n")

    _, server, _ = _tried(smuggle)
    assert server.received[0].endswith(b"\r\nConnection: close\r\n\r\nabc")


def test_a_chunked_body_ends_with_its_last_chunk_and_loses_extensions() -> None:
    async def smuggle(way: Proxied, server: Origin) -> bytes:
        head = f"POST http://{server.host}/ HTTP/1.1\r\nHost: {server.host}\r\nTransfer-Encoding: chunked\r\n\r\n"
        return await way.send(head.encode(), b"3;x=y\r\nabc\r\n0\r\n\r\nGET /second HTTP/1.1\r\n\r\n")

    _, server, _ = _tried(smuggle)
    assert server.received[0].endswith(b"\r\nConnection: close\r\n\r\n3\r\nabc\r\n0\r\n\r\n")


@pytest.mark.parametrize(
    "body",
    [
        b"zz\r\nabc\r\n0\r\n\r\n",
        b"2\r\nabc\r\n0\r\n\r\n",
        b"0\r\nHost: b.localhost\r\n\r\n",
        b"-1\r\n",
        b"3\nabc",
    ],
)
def test_a_chunked_body_that_two_could_read_in_two_ways_is_cut(body: bytes) -> None:
    async def smuggle(way: Proxied, server: Origin) -> bytes:
        head = f"POST http://{server.host}/ HTTP/1.1\r\nHost: {server.host}\r\nTransfer-Encoding: chunked\r\n\r\n"
        reader, writer = await asyncio.open_connection("127.0.0.1", way.port)
        writer.write(head.encode() + body)
        writer.write_eof()
        said = await reader.read()
        writer.close()
        return said

    said, server, asked = _tried(smuggle)
    assert said.startswith(b"HTTP/1.1 502 a chunk ")
    assert all(b"b.localhost" not in seen for seen in server.received)
    assert asked == [f"{server.host} reached 1", f"{server.host} malformed 1"]


def test_a_server_that_changes_the_protocol_is_cut_off() -> None:
    switch = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n"
    said, _, asked = _tried(lambda way, server: way.get(f"http://{server.host}/"), answer=switch)
    assert said.startswith(b"HTTP/1.1 502 the server wants to speak another protocol")
    assert asked[-1].endswith("malformed 1")


def test_interim_answers_are_left_out_and_an_expecting_client_is_told_to_go_on() -> None:
    async def post(way: Proxied, server: Origin) -> bytes:
        head = f"POST http://{server.host}/ HTTP/1.1\r\nHost: {server.host}\r\nContent-Length: 1\r\n"
        return await way.send(head.encode() + b"Expect: 100-continue\r\n\r\n", b"x")

    said, server, _ = _tried(post, answer=b"HTTP/1.1 103 Early\r\n\r\n" + ANSWER)
    assert said.startswith(b"HTTP/1.1 100 continue\r\n\r\nHTTP/1.1 200 OK\r\n")
    assert b"Expect" not in server.received[0]


def test_an_answer_that_breaks_off_does_not_look_whole() -> None:
    async def get(way: Proxied, server: Origin) -> bytes:
        try:
            return await way.get(f"http://{server.host}/")
        except ConnectionError:
            return b"reset"

    said, _, _ = _tried(get, answer=b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhi")
    assert said == b"reset"


@pytest.mark.parametrize("answer", [b"", b"SSH-2.0-Open\r\n\r\n", b"HTTP/1.1 200 OK\r\nX: " + b"x" * 70_000])
def test_a_server_that_speaks_no_http_gives_a_bad_gateway(answer: bytes) -> None:
    said, _, _ = _tried(lambda way, server: way.get(f"http://{server.host}/"), answer=answer)
    assert said.startswith(b"HTTP/1.1 502 ")


def test_a_server_that_keeps_its_connection_open_does_not_hold_up_the_answer() -> None:
    async def get() -> bytes:
        async with origin(keeps_open=True) as server, proxied(server.host) as way:
            return await way.get(f"http://{server.host}/")

    assert asyncio.run(get()).endswith(b"hi")


def test_noise_is_answered_and_kept() -> None:
    said, _, asked = _tried(lambda way, _: way.send(b"\x16\x03\x01\x02\x00\r\n\r\n"))
    assert said.startswith(b"HTTP/1.1 400 ")
    assert asked == [" malformed 1"]


def test_a_head_has_an_end() -> None:
    said, _, _ = _tried(lambda way, _: way.send(b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 10_000))
    assert said.startswith(b"HTTP/1.1 431 ")


def test_a_host_that_nobody_listens_at_is_unreachable_and_a_name_that_is_none_unknown() -> None:
    async def ask() -> tuple[bytes, bytes, list[str]]:
        async with proxied("localhost:1", "no.example") as way:
            return await way.get("http://localhost:1/"), await way.get("http://no.example/"), way.asked

    dead, unknown, asked = asyncio.run(ask())
    assert dead.startswith(b"HTTP/1.1 502 localhost:1 can't be reached: Connection refused\r\n")
    assert unknown.startswith(b"HTTP/1.1 502 there is no host no.example\r\n")
    assert asked == ["localhost:1 unreachable 1", "no.example:80 unknown 1"]


def test_connections_at_once_are_limited() -> None:
    async def ask() -> bytes:
        async with (
            origin(keeps_open=True) as server,
            proxied(server.host, limits=ProxyLimits(connections=1)) as way,
        ):
            reader, writer = await asyncio.open_connection("127.0.0.1", way.port)
            writer.write(f"CONNECT {server.host} HTTP/1.0\r\n\r\n".encode())
            await reader.readuntil(b"\r\n\r\n")
            said = await way.send()
            writer.close()
            return said

    assert asyncio.run(ask()).startswith(b"HTTP/1.1 503 too many connections at once")


@pytest.mark.parametrize(
    ("limits", "reason"),
    [
        (ProxyLimits(size=1000), "more than 1000 bytes went through"),
        (ProxyLimits(idle=0.05), "nothing was sent for 0.05 seconds"),
    ],
)
def test_a_connection_is_cut_at_its_limits(limits: ProxyLimits, reason: str) -> None:
    async def ask() -> tuple[bytes, list[str]]:
        async with (
            origin(os.urandom(5000), keeps_open=True) as server,
            proxied(server.host, limits=limits) as way,
        ):
            reader, writer = await asyncio.open_connection("127.0.0.1", way.port)
            writer.write(f"CONNECT {server.host} HTTP/1.0\r\n\r\nx".encode())
            said = b""
            try:
                while piece := await asyncio.wait_for(reader.read(1000), 20):
                    said += piece
            except ConnectionError:
                said += b"reset"
            writer.close()
            return said, [one.reason for one in way.proxy.asked]

    said, reasons = asyncio.run(ask())
    assert said.endswith(b"reset")
    assert reasons == ["", reason]


def test_a_client_that_says_nothing_is_let_go() -> None:
    async def ask() -> bytes:
        async with proxied("a.org", limits=ProxyLimits(head=0.05)) as way:
            return await way.send(b"GET http")

    assert asyncio.run(ask()) == b""


def test_at_its_end_it_closes_what_is_open() -> None:
    async def ask() -> bytes:
        async with origin(keeps_open=True) as server:
            async with proxied(server.host) as way:
                reader, writer = await asyncio.open_connection("127.0.0.1", way.port)
                writer.write(f"CONNECT {server.host} HTTP/1.0\r\n\r\n".encode())
                await reader.readuntil(b"\r\n\r\n")
            try:
                return await asyncio.wait_for(reader.read(), 20)
            except ConnectionError:
                return b"reset"
            finally:
                writer.close()

    assert asyncio.run(ask()) in (b"", b"reset")


def test_what_is_kept_of_a_busy_step_is_bounded() -> None:
    async def ask() -> list[str]:
        async with proxied("a.org") as way:
            for number in range(150):
                await way.get(f"http://h{number}.org/")
            return way.asked

    assert len(asyncio.run(ask())) == 100
