"""A step that declares hosts reaches these and nothing else, whatever it tries."""

from __future__ import annotations

import asyncio
import gc
import json
import secrets
import socket
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from tests.conformance.steps import descriptors, execute, processes_with, shell, step, text
from tests.serving import serving

from shunter.engine.actions.model import Action, Inline
from shunter.engine.egress.record import Verdict
from shunter.engine.executors.docker.endpoint import find_endpoint
from shunter.engine.executors.promises import Promise
from shunter.engine.executors.protocol import Ending, Execution, Executor
from shunter.engine.store.local import LocalStore

ATTEMPTS = Path(__file__).with_name("attempts.py")
pytestmark = pytest.mark.promise(Promise.HOSTS)

DOCKER_KEEPS = 25
"""Connections to its daemon that the package for Docker keeps at most: one for each of the last URLs."""

FETCH = "import sys, urllib.request; print(urllib.request.urlopen(sys.argv[1]).read().decode())"


@dataclass
class Site:
    """A server of this machine: its port, and the Host field and path of each request that reached it."""

    port: int
    seen: list[str] = field(default_factory=list)

    def host(self, name: str = "a") -> str:
        """A name and port that lead to it."""
        return f"{name}.localhost:{self.port}"


@pytest.fixture
def site() -> Iterator[Site]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            made.seen.append(f"{self.headers['Host']} {self.path}")
            self.send_response(302 if self.path == "/redirect" else 200)
            if self.path == "/redirect":
                self.send_header("Location", f"http://{made.host('b')}/landed")
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"hi")

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
            pass

    with serving(Handler) as port:
        made = Site(port)
        yield made


def _fetch(url: str, *hosts: str) -> Action:
    return step("/usr/bin/python3", "-c", FETCH, url, hosts=hosts)


def _asked(execution: Execution) -> list[tuple[str, str]]:
    return [(one.host, one.verdict.value) for one in execution.asked]


def test_nothing_but_the_declared_host_is_reached(
    executor: Executor, store: LocalStore, site: Site, tmp_path: Path
) -> None:
    name, path = f"shunter-{secrets.token_hex(8)}", str(tmp_path / "socket")
    with socket.socket(socket.AF_UNIX) as abstract, socket.socket(socket.AF_UNIX) as named:
        for way, address in ((abstract, f"\0{name}"), (named, path)):
            way.bind(address)
            way.listen()
        script = Inline("/in/attempts.py", ATTEMPTS.read_bytes())
        argv = ("/usr/bin/python3", script.path, str(site.port), name, path)
        execution = execute(executor, step(*argv, inline=[script], hosts=[site.host()]))
    assert execution.exit_code == 0, text(store, execution.stderr)
    own, other = site.host(), site.host("b")
    refused = "HTTP/1.1 403 this step may not reach {0} | shunter: this step may not reach {0}\n"
    came_of_it = json.loads(text(store, execution.stdout))
    assert came_of_it.pop("frames") in ("EAFNOSUPPORT", "EPERM")
    assert came_of_it == {
        "the server": "ECONNREFUSED",
        "the server by IPv6": "ECONNREFUSED",
        "outside": "ENETUNREACH",
        "outside by IPv6": "ENETUNREACH",
        "a datagram outside": "ENETUNREACH",
        "a datagram to the server": "timeout",
        "a name server": "ENETUNREACH",
        "a name": "no name",
        "raw": "EPERM",
        "a new address": "EPERM",
        "an abstract socket": "ECONNREFUSED",
        "a socket of the host": "ENOENT",
        "the proxy's place": "EADDRINUSE",
        "descriptors": [0, 1, 2],
        "sockets": [],
        "interfaces": ["lo"],
        "own": "HTTP/1.1 200 OK | hi",
        "other": refused.format(other),
        "other by its field": (
            f"HTTP/1.1 400 the target is {own}, and the Host field names another"
            f" | shunter: the target is {own}, and the Host field names another\n"
        ),
        "address": refused.format(f"127.0.0.1:{site.port}"),
        "tunnel": refused.format(other),
        "tunnel to the address": refused.format(f"127.0.0.1:{site.port}"),
        "metadata": refused.format("169.254.169.254:80"),
        "smuggled": "HTTP/1.1 200 OK | hi",
        "redirected": f"HTTP Error 403: this step may not reach {other}",
    }
    assert site.seen == [f"{own} {path}" for path in ("/x", "/first", "/redirect")]
    assert _asked(execution) == [
        (own, "reached"),
        (other, "refused"),
        (other, "refused"),
        (f"127.0.0.1:{site.port}", "refused"),
        ("169.254.169.254:80", "refused"),
    ]


def test_a_tunnel_to_the_declared_host_is_passed_on(
    executor: Executor, store: LocalStore, site: Site
) -> None:
    script = (
        f"exec 3<>/dev/tcp/127.0.0.1/3128; printf 'CONNECT {site.host()} HTTP/1.0\\r\\n\\r\\n' >&3; "
        f"read -r line <&3; read -r line <&3; printf 'GET /in HTTP/1.0\\r\\nHost: x\\r\\n\\r\\n' >&3; cat <&3"
    )
    execution = execute(executor, step("/bin/bash", "-c", script, hosts=[site.host()]))
    assert text(store, execution.stdout).endswith("\n\nhi")
    assert site.seen == ["x /in"]


def test_steps_at_the_same_time_have_ways_of_their_own(
    executor: Executor, store: LocalStore, site: Site
) -> None:
    async def together() -> list[Execution]:
        steps = [_fetch(f"http://{site.host('a')}/", site.host(name)) for name in "abc"]
        return await asyncio.gather(*(executor.execute(action, ()) for action in steps))

    first, second, third = asyncio.run(together())
    assert text(store, first.stdout) == "hi\n"
    assert (second.exit_code, third.exit_code) == (1, 1)
    assert _asked(second) == _asked(third) == [(site.host("a"), "refused")]
    assert site.seen == [f"{site.host('a')} /"]


def test_the_proxy_is_known_to_programs_and_the_steps_own_servers_are_not_asked_for(
    executor: Executor, store: LocalStore
) -> None:
    script = "echo $http_proxy $HTTPS_PROXY $no_proxy"
    assert text(store, execute(executor, shell(script, hosts=["a.org"])).stdout) == (
        "http://127.0.0.1:3128 http://127.0.0.1:3128 localhost,127.0.0.1,::1\n"
    )
    assert text(store, execute(executor, shell(script, hosts=["localhost:1"])).stdout) == (
        "http://127.0.0.1:3128 http://127.0.0.1:3128\n"
    )
    assert text(store, execute(executor, shell("env | grep -i proxy; true")).stdout) == ""


@pytest.mark.promise(Promise.NETWORK)
def test_without_hosts_there_is_no_proxy(executor: Executor, store: LocalStore) -> None:
    execution = execute(executor, step("/bin/bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/3128"))
    assert "Connection refused" in text(store, execution.stderr)
    assert execution.asked == ()


def test_how_a_step_with_hosts_ends_is_its_own(executor: Executor, store: LocalStore) -> None:
    for script, ending, code in (
        ("exit 7", Ending.EXITED, 7),
        ("kill -SEGV $$", Ending.SIGNALLED, 139),
        ("kill -PIPE $$", Ending.SIGNALLED, 141),  # ended by SIGPIPE as usual
    ):
        execution = execute(executor, step("/bin/bash", "-c", script, hosts=["a.org"]))
        assert (execution.ending, execution.exit_code) == (ending, code)
    missing = execute(executor, step("no-such-program", hosts=["a.org"]))
    assert (missing.ending, missing.exit_code) == (Ending.EXITED, 127)
    assert "the container has no such command: no-such-program" in text(store, missing.stderr)


def test_a_step_that_is_cancelled_leaves_no_descriptor_behind(executor: Executor) -> None:
    async def cancel(*, running: bool) -> Counter[str]:
        marker = f"98765.{secrets.randbelow(10**9):09}"
        task = asyncio.create_task(executor.execute(shell(f"sleep {marker}; true", hosts=["a.org"]), ()))
        deadline = time.monotonic() + 20
        while running and not processes_with(f"sleep\0{marker}"):
            assert time.monotonic() < deadline, "the step never started"
            await asyncio.sleep(0.01)
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await asyncio.sleep(0)  # a transport closes its socket in the loop's next round
        return descriptors()

    async def several() -> list[Counter[str]]:
        return [await cancel(running=running) for running in (True, False) * 10]

    gc.collect()  # executors of other tests close their connections
    _, before, *_, after = asyncio.run(several())
    kept = f"a connection to {find_endpoint().address}" if executor.name == "docker" else ""
    assert after.pop(kept, 0) <= DOCKER_KEEPS  # with one left behind by every second step it is more
    before.pop(kept, 0)
    assert after == before


def test_a_host_that_is_not_there_is_told_from_one_that_is_refused(executor: Executor) -> None:
    execution = execute(executor, _fetch("http://localhost:1/", "localhost:1"))
    assert [(one.host, one.verdict) for one in execution.asked] == [("localhost:1", Verdict.UNREACHABLE)]
