"""What a call costs that a step makes while it runs: against the same step by itself.

    python benchmarks/nested.py [ROUNDS]

Both do the same: key, lookup, lock, a container that runs `true`, its result and logs taken, a row in the
index. The call is timed by the step that makes it, so it has the way through the socket on top.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from rows import Floor, Reach, Row
from shunter.engine.actions.model import Action, Command, Inline, Returns, Session, Stdout
from shunter.engine.digest import digest_bytes
from shunter.engine.executors.sandbox.executor import SandboxExecutor
from shunter.engine.run.events import Event
from shunter.engine.run.outcome import Outcome
from shunter.engine.run.perform import Performer
from shunter.engine.store.local import LocalStore
from shunter.engine.types import Json, Str
from shunter.engine.types.signature import Parameter, Signature
from shunter.engine.values import Value

REACH = Reach(times=2.0)

_CALLED = Signature("bench.nothing", (Parameter("text", Str()),), Str())

_SCRIPT = b"""
import json, socket, sys, time
token = open("/run/shunter/token").read()
times = []
for number in range(int(sys.argv[1])):
    body = json.dumps({"function": "bench.nothing", "arguments": {"text": f"nested {number}"}}).encode()
    began = time.perf_counter()
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect("/run/shunter/socket")
        head = f"POST /v1/calls HTTP/1.1\\r\\nHost: x\\r\\nAuthorization: Bearer {token}\\r\\n"
        connection.sendall(head.encode() + b"Content-Length: %d\\r\\n\\r\\n" % len(body) + body)
        answer = b""
        while piece := connection.recv(65536):
            answer += piece
    times.append(time.perf_counter() - began)
    assert answer.startswith(b"HTTP/1.1 200"), answer
print(json.dumps(times))
"""


@dataclass(frozen=True, slots=True)
class NestedCost:
    """Medians in milliseconds: a step by itself, and the same as a call of a step."""

    plain: float
    nested: float

    @property
    def ratio(self) -> float:
        """What a call costs in steps."""
        return self.nested / self.plain


class _Quiet:
    def notify(self, event: Event) -> None:
        """Nobody listens."""


def rows(folder: Path) -> list[Row]:
    """One call after the other."""
    cost = measure_nested(folder / "home")
    floor = Floor(cost.plain / 1000, "the same step by itself, with key, lock and index")
    return [Row("a nested call", cost.nested / 1000, floor, REACH)]


def measure_nested(home: Path, *, rounds: int = 50) -> NestedCost:
    """Measure `rounds` of each, by turns, with a store in the new folder `home`."""
    return asyncio.run(_measure(home, rounds))


async def _measure(home: Path, rounds: int, turns: int = 5) -> NestedCost:
    with LocalStore(home) as store:
        performer = Performer(store, SandboxExecutor(store), _Quiet(), lowering=_lower)
        plain: list[float] = []
        nested: list[float] = []
        for turn in range(turns):
            each = max(rounds // turns, 1)
            for number in range(each):
                began = time.perf_counter()
                await _performed(performer, _lower(_CALLED, {"text": f"plain {turn} {number}"}))
                plain.append(time.perf_counter() - began)
            nested += await _nested(performer, store, turn, each)
    return NestedCost(*(statistics.median(times) * 1000 for times in (plain, nested)))


async def _nested(performer: Performer, store: LocalStore, turn: int, count: int) -> list[float]:
    script = _SCRIPT.replace(b'f"nested', f'f"nested {turn}'.encode())
    action = Action(
        label="bench.calling",
        identity=digest_bytes(script),
        arguments={"turn": turn},
        command=Command(("/usr/bin/python3", "-S", "/in/script.py", str(count))),
        returns=Returns(Json(), Stdout()),
        inline=(Inline("/in/script.py", script),),
        session=Session((_CALLED,)),
    )
    times = await _performed(performer, action)
    assert isinstance(times, tuple)
    return [float(seconds) for seconds in times if isinstance(seconds, float)]


async def _performed(performer: Performer, action: Action) -> Value:
    performed = await performer.perform(action, performer.key(action))
    if performed.outcome is not Outcome.EXECUTED:
        raise SystemExit(f"the step failed: {performed.answer}")
    return getattr(performed.answer, "value", None)


def _lower(signature: Signature, arguments: Mapping[str, Value]) -> Action:
    return Action(
        label=signature.name,
        identity=digest_bytes(signature.name.encode()),
        arguments=dict(arguments),
        command=Command(("true",)),
        returns=Returns(Str(), Stdout()),
    )


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="shunter-bench-") as name:
        folder = Path(name)
        folder.chmod(0o711)
        cost = measure_nested(folder / "home", rounds=int(sys.argv[1]) if len(sys.argv) > 1 else 50)
        print(f"a step {cost.plain:.1f} ms, as a call {cost.nested:.1f} ms: ratio {cost.ratio:.2f}")
