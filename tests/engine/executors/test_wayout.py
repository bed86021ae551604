"""The way out of a container: what is handed over, and what the engine takes of it."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import Callable

import pytest
from tests.conformance.steps import execute, step, text
from tests.engine.egress.origin import Origin, origin

from shunter.engine.egress.proxy import EgressProxy
from shunter.engine.egress.resolver import FixedResolver
from shunter.engine.egress.route import Route
from shunter.engine.executors.sandbox.executor import SandboxExecutor
from shunter.engine.executors.sandbox.wayout import WayOut
from shunter.engine.store.local import LocalStore

FETCH = "import sys, urllib.request; print(urllib.request.urlopen(sys.argv[1]).read().decode())"
NOWHERE = Route(FixedResolver({}), variables={})


def _pipe() -> tuple[int, int]:
    return os.pipe()


def _connected() -> tuple[int, int]:
    ours, theirs = socket.socketpair()
    return ours.detach(), theirs.detach()


@pytest.mark.parametrize("make", [_pipe, _connected])
def test_what_takes_no_connections_is_closed_when_it_is_handed_over(
    make: Callable[[], tuple[int, int]],
) -> None:
    async def hand_over() -> bytes:
        kept, given = make()
        way = WayOut(EgressProxy(["a.org"], NOWHERE))
        with socket.socket(fileno=os.dup(way.descriptor)) as theirs:
            async with way:
                socket.send_fds(theirs, [b"."], [given])
                os.close(given)
                ended = await asyncio.wait_for(asyncio.to_thread(os.read, kept, 1), 20)
        way.close()
        os.close(kept)
        return ended

    assert asyncio.run(hand_over()) == b""


def test_a_container_that_hands_nothing_over_ends_in_peace() -> None:
    async def hand_over() -> None:
        way = WayOut(EgressProxy(["a.org"], NOWHERE))
        async with way:
            await asyncio.sleep(0)
        way.close()

    asyncio.run(hand_over())


def test_a_listener_that_is_handed_over_is_served_until_the_end() -> None:
    async def hand_over() -> tuple[bytes, Origin]:
        way = WayOut(EgressProxy(["localhost:1"], NOWHERE))
        async with origin() as server:
            with socket.socket(fileno=os.dup(way.descriptor)) as theirs:
                async with way:
                    with socket.create_server(("127.0.0.1", 0)) as listener:
                        place = listener.getsockname()
                        socket.send_fds(theirs, [b"."], [listener.fileno()])
                    reader, writer = await asyncio.open_connection(*place)
                    writer.write(
                        f"GET http://{server.host}/ HTTP/1.1\r\nHost: {server.host}\r\n\r\n".encode()
                    )
                    said = await reader.read()
                    writer.close()
            way.close()
            with pytest.raises(ConnectionRefusedError):
                await asyncio.open_connection(*place)
        return said, server

    said, server = asyncio.run(hand_over())
    assert said.startswith(b"HTTP/1.1 403 ")
    assert server.received == []


def test_a_declared_name_that_leads_to_this_machine_is_refused_from_inside(store: LocalStore) -> None:
    sandbox = SandboxExecutor(store, route=Route(FixedResolver({"a.org": ["127.0.0.1"]}), variables={}))
    execution = execute(sandbox, step("/usr/bin/python3", "-c", FETCH, "http://a.org/", hosts=["a.org"]))
    said = text(store, execution.stderr)
    assert "Error 403: this step may not reach a.org:80: the name leads to 127.0.0.1" in said
    assert [(one.host, one.verdict.value) for one in execution.asked] == [("a.org:80", "refused")]


def test_steps_do_not_see_the_proxy_that_the_engine_uses(
    store: LocalStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://me:secret@localhost:1")
    script = "import os, sys; sys.exit('secret' in str(os.environ))"
    execution = execute(SandboxExecutor(store), step("/usr/bin/python3", "-c", script, hosts=["a.org"]))
    assert execution.exit_code == 0
