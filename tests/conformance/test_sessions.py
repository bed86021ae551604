"""A step that may call functions can do that, and nothing else, through its session."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Mapping
from dataclasses import replace
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from tests.conformance.steps import processes_with, shell, step, text
from tests.engine.run.yard import Recorder
from tests.serving import serving

from shunter.engine.actions.model import Action, Inline, Limits, Mount, OutPath, Returns, Session, Stdout
from shunter.engine.actions.placing import mounts_of
from shunter.engine.digest import digest_bytes
from shunter.engine.executors.promises import Promise
from shunter.engine.executors.protocol import Ending, Execution, Executor
from shunter.engine.run.job import lone_job
from shunter.engine.run.perform import Performer
from shunter.engine.sessions.limits import Nesting, Traffic
from shunter.engine.sessions.nested import NestedCalls
from shunter.engine.sessions.session import Session as StepSession
from shunter.engine.store.local import LocalStore
from shunter.engine.types import Directory, File, Secret, Str
from shunter.engine.types.signature import Parameter, Signature
from shunter.engine.values import Value

pytestmark = pytest.mark.promise(Promise.CALLS)

ASKING = Path(__file__).with_name("asking.py")

ECHO = Signature("toy.echo", (Parameter("text", Str()),), Str())
READ = Signature("toy.read", (Parameter("item", File()),), Str())
COPY = Signature("toy.copy", (Parameter("item", File()),), File())
LOOK = Signature("toy.look", (Parameter("item", Directory()),), Str())
SLEEP = Signature("toy.sleep", (Parameter("text", Str()), Parameter("seconds", Str(), "60")), Str())
GET = Signature("toy.get", (Parameter("host", Str()),), Str(), hosts=("{host}",))
SEND = Signature("toy.send", (), Str(), effects=("mail",))
USE = Signature("toy.use", (Parameter("secret", Secret()),), Str())
ALL = (ECHO, READ, COPY, LOOK, SLEEP, GET, SEND, USE)

FETCH = (
    'import sys, urllib.request as web; print(web.urlopen("http://" + sys.argv[1]).read().decode(), end="")'
)

COMMANDS: Mapping[str, str] = {
    "toy.echo": 'printf %s "$text"',
    "toy.read": "cat /in/item/*",
    "toy.copy": "cp /in/item/* /out/copy.txt",
    "toy.look": "cd /in/item; find . ! -type d | sort",
    "toy.sleep": "echo $text; sleep $seconds",
    "toy.get": f"/usr/bin/python3 -c '{FETCH}' $host",
    "toy.send": "echo sent",
    "toy.use": "cat /run/secrets/secret",
}


def _lower(signature: Signature, arguments: Mapping[str, Value]) -> Action:
    mounts = tuple(mount for name, value in arguments.items() for mount in mounts_of(value, f"/in/{name}"))
    words = [(name, value) for name, value in arguments.items() if isinstance(value, str)]
    returns = Returns(signature.returns, OutPath("copy.txt") if signature is COPY else Stdout())
    hosts = [str(arguments["host"])] if signature is GET else []
    made = shell(COMMANDS[signature.name], mounts=mounts, variables=words, hosts=hosts)
    return replace(
        made,
        label=signature.name,
        identity=digest_bytes(signature.name.encode()),
        arguments=dict(arguments),
        returns=returns,
    )


def _calling(action: Action, *, hosts: tuple[str, ...] = ()) -> Action:
    return replace(action, label="toy.top", session=Session(ALL, hosts=hosts))


def _session(
    action: Action, executor: Executor, store: LocalStore, *, traffic: Traffic | None = None
) -> StepSession:
    hosts = action.session.hosts if action.session is not None else ()
    performer = Performer(store, executor, Recorder(), hosts=hosts, lowering=_lower, pauses=())
    calls = NestedCalls(
        action,
        performer.key(action),
        lone_job(),
        performer=performer,
        lowering=_lower,
        observer=Recorder(),
        nesting=Nesting(),
    )
    return StepSession(action, calls, store, traffic=traffic)


async def _run(action: Action, executor: Executor, store: LocalStore) -> Execution:
    return await executor.execute(action, (), session=_session(action, executor, store))


NOT_GIVEN = [403, "not-given"]
BAD = [400, "request"]


def test_a_session_gives_a_step_what_it_may_have_and_nothing_else(
    executor: Executor, store: LocalStore
) -> None:
    async def run() -> Execution:
        quick = _calling(shell("true"))
        ended = _session(quick, executor, store)
        await executor.execute(quick, (), session=ended)
        waiting = _calling(shell("sleep 60"))
        other = _session(waiting, executor, store)
        beside = asyncio.create_task(executor.execute(waiting, (), session=other))
        tokens = json.dumps({"other": other.token, "ended": ended.token}).encode()
        made = step(
            "/usr/bin/python3",
            "/in/asking.py",
            mounts=[Mount("/in/tokens.json", store.put_bytes(tokens, "tokens.json"))],
            inline=[Inline("/in/asking.py", ASKING.read_bytes())],
            limits=Limits(seconds=100),
        )
        action = _calling(made)
        session = _session(action, executor, store, traffic=Traffic(seconds=2.0))
        try:
            return await executor.execute(action, (), session=session)
        finally:
            beside.cancel()
            await asyncio.gather(beside, return_exceptions=True)

    execution = asyncio.run(run())
    assert execution.exit_code == 0, text(store, execution.stderr)
    assert json.loads(text(store, execution.stdout)) == {
        "own": [200, "hi"],
        "no token": [401, "token"],
        "an empty token": [401, "token"],
        "a wrong token": [401, "token"],
        "another step's token": [401, "token"],
        "a revoked token": [401, "token"],
        "an undeclared function": [403, "not-declared"],
        "more hosts": [403, "host"],
        "more effects": [403, "effect"],
        "a secret by its source": [422, "arguments"],
        "a secret by its path": [422, "arguments"],
        "a secret as text": [422, "arguments"],
        "no such path": [404, "path"],
        "another method": [405, "method"],
        "no function": BAD,
        "more than a call": BAD,
        "not an object": BAD,
        "own file": [200, "own"],
        "file in tmp": [200, "tmp"],
        "input": 200,
        "the system's file": NOT_GIVEN,
        "the token's file": NOT_GIVEN,
        "an input that is none": NOT_GIVEN,
        "a result that is none": NOT_GIVEN,
        "above": NOT_GIVEN,
        "above an input": NOT_GIVEN,
        "twice a slash": NOT_GIVEN,
        "a NUL": NOT_GIVEN,
        "half a character": NOT_GIVEN,
        "a link out": NOT_GIVEN,
        "through a link": NOT_GIVEN,
        "a folder with a link out": NOT_GIVEN,
        "a folder": [200, "./link\n./sub/file"],
        "a fifo": NOT_GIVEN,
        "a folder as a file": 422,
        "swapped": [403],
        "given": ["own", [200, "own"]],
        "given, written": "Read-only file system",
        "given, changed": "Read-only file system",
        "given, removed": "Read-only file system",
        "socket removed": "Read-only file system",
        "folder written": "Read-only file system",
        "no HTTP": BAD,
        "half a head": [408, "slow"],
        "two lengths": BAD,
        "both lengths": BAD,
        "a negative length": BAD,
        "a second request": BAD,
        "no JSON": BAD,
        "deep JSON": BAD,
        "a long head": [413, "too-large"],
        "a giant": [413, "too-large"],
        "an endless one": [413, "too-large"],
        "a slow one": [408, "slow"],
        "at once": ['[200, "0"]', '[200, "1"]', '[200, "2"]'],
        "many": [True, [200, "still there"]],
    }


def test_a_step_without_a_session_finds_none(executor: Executor, store: LocalStore) -> None:
    execution = asyncio.run(executor.execute(shell("ls -A /run /run/shunter; true"), ()))
    assert "shunter:" not in text(store, execution.stdout)
    assert "No such file" in text(store, execution.stderr)


def test_a_step_sees_no_other_session(executor: Executor, store: LocalStore) -> None:
    async def run() -> Execution:
        waiting = _calling(shell("sleep 60"))
        beside = asyncio.create_task(_run(waiting, executor, store))
        looking = _calling(shell("find / -xdev -type s 2>/dev/null; ls /run; ls /run/shunter"))
        try:
            return await _run(looking, executor, store)
        finally:
            beside.cancel()
            await asyncio.gather(beside, return_exceptions=True)

    said = text(store, asyncio.run(run()).stdout).split()
    assert set(said) <= {"/run/shunter/socket", "shunter", "artifacts", "socket", "token", "user", "lock"}


CALL = """
printf 'POST /v1/calls HTTP/1.1\\r\\nHost: x\\r\\nAuthorization: Bearer %s\\r\\nContent-Length: %d\\r\\n\\r\\n%s' \
  "$(cat /run/shunter/token)" ${#BODY} "$BODY" > /work/request
exec /usr/bin/python3 -c '
import socket, sys
with socket.socket(socket.AF_UNIX) as way:
    way.connect("/run/shunter/socket")
    way.sendall(open("/work/request", "rb").read())
    while piece := way.recv(4096): sys.stdout.buffer.write(piece)
'
"""


def _asks(function: str, then: str = "", **arguments: object) -> tuple[str, list[tuple[str, str]]]:
    """A script that makes one call and goes on with `then`, and its variables."""
    body = json.dumps({"function": function, "arguments": arguments})
    return f"{CALL.replace('exec ', '')}\n{then}", [("BODY", body)]


def test_a_step_that_is_cancelled_takes_its_calls_with_it(executor: Executor, store: LocalStore) -> None:
    marker = f"60.{time.time_ns()}"
    script, variables = _asks("toy.sleep", text="begun", seconds=marker)

    async def run() -> None:
        running = asyncio.create_task(_run(_calling(shell(script, variables=variables)), executor, store))
        while not processes_with(marker):
            assert not running.done(), running.result()
            await asyncio.sleep(0.05)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        assert running.cancelled()

    asyncio.run(run())
    assert processes_with(marker) == []


def test_the_clock_stands_still_while_a_step_waits_and_goes_on_then(
    executor: Executor, store: LocalStore
) -> None:
    """With 4 seconds of its own it outlives a call of 5, and not its own sleep of 60."""
    script, variables = _asks("toy.sleep", "echo answered; sleep 60", text="slept", seconds="5")
    action = _calling(shell(script, variables=variables, limits=Limits(seconds=4)))
    execution = asyncio.run(_run(action, executor, store))
    assert execution.ending is Ending.TIMED_OUT
    assert text(store, execution.stdout).endswith('{"value": "slept", "outcome": "executed"}answered\n')
    assert 9 <= execution.seconds < 40


def test_what_is_called_reaches_hosts_to_which_the_step_has_no_way_itself(
    executor: Executor, store: LocalStore
) -> None:
    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"a page")

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
            pass

    with serving(Page) as port:
        host = f"localhost:{port}"
        script, variables = _asks(
            "toy.get", f"echo; env | grep -i proxy; /usr/bin/python3 -c '{FETCH}' {host} 2>&1", host=host
        )
        action = _calling(shell(script, variables=variables), hosts=(host,))
        execution = asyncio.run(_run(action, executor, store))
    assert execution.exit_code != 0
    answer, _, own = text(store, execution.stdout).partition("\n\n")[2].partition("\n")
    assert json.loads(answer)["value"] == "a page"
    assert "proxy" not in own.lower()
    assert "Connection refused" in own


def test_a_call_runs_in_a_container_of_its_own(executor: Executor, store: LocalStore) -> None:
    body = json.dumps({"function": "toy.echo", "arguments": {"text": "from elsewhere"}})
    action = _calling(step("/bin/sh", "-c", CALL, variables=[("BODY", body)]))
    execution = asyncio.run(_run(action, executor, store))
    answer = text(store, execution.stdout).partition("\n\n")[2]
    assert json.loads(answer) == {"value": "from elsewhere", "outcome": "executed"}
