"""How the engine gets to a host: never to a private address by a public name, and by the user's own proxy."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import pytest
from tests.engine.egress.origin import origin, proxied

from shunter.engine.egress.host import parse_host
from shunter.engine.egress.resolver import FixedResolver, NoSuchName, SystemResolver
from shunter.engine.egress.route import Forbidden, Route

GET = "http://a.org/x"


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.0.0.7", "192.168.1.1", "169.254.169.254", "::1", "fe80::1", "::ffff:127.0.0.1"],
)
def test_a_public_name_may_not_lead_to_a_private_address(address: str) -> None:
    async def ask() -> tuple[bytes, list[str]]:
        async with proxied("a.org", names={"a.org": [address]}) as way:
            return await way.get(GET), way.asked

    said, asked = asyncio.run(ask())
    assert b"HTTP/1.1 403 this step may not reach a.org:80: the name leads to " in said
    assert asked == ["a.org:80 refused 1"]


def test_of_several_addresses_the_public_ones_are_taken() -> None:
    resolver = FixedResolver({"a.org": ["10.0.0.1", "192.0.2.0", "8.8.8.8"]})
    found = asyncio.run(Route(resolver, variables={})._addresses("a.org"))
    assert list(map(str, found)) == ["8.8.8.8"]


def test_a_name_is_decided_on_before_it_is_resolved() -> None:
    resolver = FixedResolver({"b.org": ["8.8.8.8"]})

    async def ask() -> None:
        async with proxied("a.org") as way:
            way.proxy._route = Route(resolver, variables={})
            await way.get("http://b.org/")
            await way.get("http://a.org/")

    asyncio.run(ask())
    assert resolver.asked == ["a.org"]


def test_names_of_this_machine_are_not_asked_for() -> None:
    resolver = FixedResolver({})

    async def ask() -> bytes:
        async with origin() as server:
            stream = await Route(resolver, variables={}).open(parse_host(server.host), tunnel=False)
            stream.writer.write(b"x")
            said = await stream.reader.read()
            stream.writer.close()
            return said

    assert asyncio.run(ask()).endswith(b"hi")
    assert resolver.asked == []


@pytest.mark.parametrize(
    "variables", [{"http_proxy": "http://me:p%40ss@localhost:{port}"}, {"ALL_PROXY": "localhost:{port}"}]
)
def test_a_plain_request_goes_through_the_users_proxy(variables: Mapping[str, str]) -> None:
    async def ask() -> tuple[bytes, bytes, list[str]]:
        async with origin() as upstream:
            given = {name: text.format(port=upstream.port) for name, text in variables.items()}
            async with proxied("a.org", variables=given) as way:
                return await way.get(GET), upstream.received[0], way.asked

    said, received, asked = asyncio.run(ask())
    assert said.endswith(b"hi")
    assert received.startswith(b"GET http://a.org/x HTTP/1.1\r\nHost: a.org\r\nConnection: close\r\n")
    assert (b"Proxy-Authorization: Basic bWU6cEBzcw==\r\n" in received) == ("http_proxy" in variables)
    assert asked == ["a.org:80 reached 1"]


def test_a_tunnel_goes_through_the_users_proxy() -> None:
    async def ask() -> tuple[bytes, bytes]:
        async with origin(b"HTTP/1.1 200 OK\r\n\r\ntls", keeps_open=False) as upstream:
            given = {"HTTPS_PROXY": f"http://localhost:{upstream.port}"}
            async with proxied("a.org", variables=given) as way:
                said = await way.send(b"CONNECT a.org:443 HTTP/1.1\r\nHost: a.org:443\r\n\r\n")
                return said, upstream.received[0]

    said, received = asyncio.run(ask())
    assert said == b"HTTP/1.1 200 connected\r\n\r\ntls"
    assert received == b"CONNECT a.org:443 HTTP/1.1\r\nHost: a.org:443\r\n\r\n"


def test_a_proxy_of_the_user_that_refuses_is_named() -> None:
    async def ask() -> bytes:
        async with origin(b"HTTP/1.1 407 Who\r\n\r\n") as upstream:
            async with proxied(
                "a.org", variables={"https_proxy": f"http://localhost:{upstream.port}"}
            ) as way:
                return await way.send(b"CONNECT a.org:443 HTTP/1.0\r\n\r\n")

    assert (
        b"a.org:443 can't be reached: the proxy localhost of the environment answered 407\r\n"
        in asyncio.run(ask())
    )


@pytest.mark.parametrize("without", ["a.org", ".org", "b.net, A.ORG:80", "*", "*.org"])
def test_hosts_of_no_proxy_are_gone_to_straight(without: str) -> None:
    async def ask() -> bytes:
        variables = {"http_proxy": "http://localhost:1", "NO_PROXY": without}
        async with proxied("a.org", names={"a.org": ["127.0.0.1"]}, variables=variables) as way:
            return await way.get(GET)

    assert b"the name leads to 127.0.0.1" in asyncio.run(ask())


@pytest.mark.parametrize("without", ["", "b.org", "xa.org", "a.org:8080"])
def test_other_hosts_are_not(without: str) -> None:
    async def ask() -> bytes:
        variables = {"http_proxy": "http://localhost:1", "no_proxy": without}
        async with proxied("a.org", names={"a.org": ["127.0.0.1"]}, variables=variables) as way:
            return await way.get(GET)

    assert b"a.org:80 can't be reached: Connection refused" in asyncio.run(ask())


def test_a_kind_of_proxy_that_is_not_known_is_named() -> None:
    async def ask() -> bytes:
        async with proxied("a.org", variables={"all_proxy": "socks5://localhost:1080"}) as way:
            return await way.get(GET)

    assert (
        b"the proxy socks5://localhost of the environment is of a kind that isn't supported"
        in asyncio.run(ask())
    )


def test_the_system_resolver_knows_this_machine() -> None:
    found = asyncio.run(SystemResolver().addresses("localhost"))
    assert {str(address) for address in found} <= {"127.0.0.1", "::1"}
    with pytest.raises((NoSuchName, OSError)):
        asyncio.run(SystemResolver().addresses("no-such-host.invalid"))


def test_a_forbidden_address_is_in_the_error() -> None:
    route = Route(FixedResolver({"a.org": ["10.0.0.1"]}), variables={})
    with pytest.raises(Forbidden, match=r"leads to 10\.0\.0\.1, which is no public address"):
        asyncio.run(route.open(parse_host("a.org:80"), tunnel=True))
