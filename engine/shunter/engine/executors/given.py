"""Trials of what some steps are given besides their inputs: secrets, and a way to the engine."""

from __future__ import annotations

import asyncio
import secrets
import socket
from dataclasses import replace

from shunter.engine.actions.model import SecretFile
from shunter.engine.executors.probe import LOGGED, Probe, Readable, Seen, in_a_loop, probe_action, seen
from shunter.engine.executors.promises import Finding, Promise
from shunter.engine.executors.protocol import Executor
from shunter.engine.executors.trial import judged
from shunter.engine.secrets.redactor import Redactor
from shunter.engine.secrets.revealed import Revealed
from shunter.engine.sessions.protocol import Room
from shunter.engine.values import Secret

_LOOKING = r"""
for path in /run/secrets/*; do [ -e "$path" ] && echo "file=$path"; done
sed -n 's|^[^ ]* /run/secrets \([^ ]*\) .*|kind=\1|p' /proc/self/mounts
printf 'mode=%s\n' "$(stat -c %a /run/secrets/probe 2>/dev/null)"
printf 'value='; cat /run/secrets/probe 2>/dev/null
true
"""

_HIDDEN = ["file=/run/secrets/probe", "kind=tmpfs", "mode=400", "value=[secret]"]
_NOTHING = ["mode=", "value="]

_CALLING = r"""
/usr/bin/python3 -c '
import socket
with socket.socket(socket.AF_UNIX) as way:
    way.connect("/run/shunter/socket")
    way.sendall(open("/run/shunter/token", "rb").read())
    print(way.recv(100).decode())
' 2>&1
"""


def hidden(executor: Executor, store: Readable) -> Finding:
    """A step with a secret prints it, and one without looks for it."""
    value = secrets.token_hex(16)
    file = SecretFile("probe", Secret("env:PROBE"))
    given = Revealed({file.path: value.encode()}, Redactor([value]))
    action = probe_action(Probe(_LOOKING, returns=LOGGED))

    async def run() -> list[Seen]:
        with_it = executor.execute(replace(action, secrets=(file,)), (), given)
        without = executor.execute(action, ())
        return [seen(store, each) for each in await asyncio.gather(with_it, without)]

    own, other = in_a_loop(run())
    holds = (own.stdout.splitlines(), other.stdout.splitlines()) == (_HIDDEN, _NOTHING)
    return judged(Promise.SECRETS, "a step finds no secret, or finds one that isn't well kept", holds=holds)


def answered(executor: Executor, store: Readable) -> Finding:
    """A step says its token to its engine, and one without a session looks for a way."""
    session = _Listening()
    action = probe_action(Probe(_CALLING, returns=LOGGED))

    async def run() -> list[Seen]:
        calling = executor.execute(action, (), session=session)
        without = executor.execute(action, ())
        return [seen(store, each) for each in await asyncio.gather(calling, without)]

    own, other = in_a_loop(run())
    holds = own.stdout == "heard\n" and "No such file" in other.stdout
    why = own.execution.detail or (own.stdout.splitlines() or ["it says nothing"])[-1]
    return judged(Promise.CALLS, f"a step can't reach its engine: {why}", holds=holds)


class _Listening:
    """A session that says whether it heard its token."""

    def __init__(self) -> None:
        self.token = secrets.token_urlsafe(32)

    def waited(self) -> float:
        return 0.0

    async def serve(self, listener: socket.socket, room: Room) -> None:
        loop = asyncio.get_running_loop()
        with listener:
            connection, _ = await loop.sock_accept(listener)
            with connection:
                said = await loop.sock_recv(connection, 100)
                await loop.sock_sendall(connection, b"heard" if said == self.token.encode() else b"another")
