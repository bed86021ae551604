"""What the sandbox executor adds to a trivial step: against the identical bubblewrap command by itself.

    python benchmarks/step.py [ROUNDS]

All run the same arguments under the same uid with the same limits, in turn, so that a busy machine slows all
of them. The command by itself is started as from a shell, by `setpriv` (as root) and `prlimit`; `launched` is
started by the executor's own way to another uid, which needs neither. Both have their files laid ready once,
and store and clean up nothing.
"""

from __future__ import annotations

import asyncio
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from rows import Floor, Reach, Row
from shunter.engine.actions.model import Action, Command, Returns, Stdout
from shunter.engine.digest import digest_bytes
from shunter.engine.executors.local.workspace import make_workspace
from shunter.engine.executors.protocol import Ending
from shunter.engine.executors.sandbox.arguments import invoke
from shunter.engine.executors.sandbox.executor import SandboxExecutor
from shunter.engine.executors.sandbox.launcher import bundled_bwrap, readable_bwrap
from shunter.engine.executors.sandbox.launchpad import STEP_UID, Launchpad
from shunter.engine.executors.sandbox.root import host_root
from shunter.engine.executors.sandbox.seccomp import filter_for
from shunter.engine.store.local import LocalStore
from shunter.engine.types import File

WARMING_UP = 5
REACH = Reach(times=1.3)


@dataclass(frozen=True, slots=True)
class StepCost:
    """Medians in milliseconds: `true` by itself, the bubblewrap command in both ways, the executor."""

    floor: float
    command: float
    launched: float
    step: float

    @property
    def ratio(self) -> float:
        """What a step costs in bubblewrap commands."""
        return self.step / self.command


def rows(folder: Path) -> list[Row]:
    """One step after the other; what 500 at a time cost is a row of the wide ones."""
    cost = measure_step(folder / "home", rounds=100)
    floor = Floor(cost.command / 1000, "the identical bwrap command")
    return [Row("a trivial step", cost.step / 1000, floor, REACH)]


def measure_step(home: Path, *, rounds: int = 100) -> StepCost:
    """Measure `rounds` of each kind, one after the other, with a store in the new folder `home`."""
    return asyncio.run(_measure(home, rounds))


def measure_commands(home: Path, *, count: int, jobs: int) -> float:
    """Seconds for `count` bubblewrap commands by themselves, `jobs` at a time."""
    store = LocalStore(home)
    with ExitStack() as stack, ThreadPoolExecutor(jobs) as threads:
        commands = [stack.enter_context(_bare_commands(home, store))[0] for _ in range(jobs)]
        shares = [count // jobs + (number < count % jobs) for number in range(jobs)]
        began = time.perf_counter()
        for done in [threads.submit(_repeat, *each) for each in zip(commands, shares, strict=True)]:
            done.result()
        return time.perf_counter() - began


def _repeat(call: Callable[[], None], times: int) -> None:
    for _ in range(times):
        call()


async def _measure(home: Path, rounds: int) -> StepCost:
    store = LocalStore(home)
    executor = SandboxExecutor(store)
    times: list[tuple[float, float, float, float]] = []
    with _bare_commands(home, store) as (command, launched):
        for _ in range(rounds + WARMING_UP):
            floor = _timed(lambda: subprocess.run(["/usr/bin/true"], check=True))
            bare = _timed(command), _timed(launched)
            started = time.perf_counter()
            execution = await executor.execute(_TRIVIAL, ())
            times.append((floor, *bare, time.perf_counter() - started))
            if execution.ending is not Ending.EXITED:
                raise SystemExit(f"the step failed: {execution.detail}")
    return StepCost(*(statistics.median(each) * 1000 for each in zip(*times[WARMING_UP:], strict=True)))


@contextmanager
def _bare_commands(home: Path, store: LocalStore) -> Iterator[tuple[Callable[[], None], Callable[[], None]]]:
    """The bubblewrap command, started as from a shell, and started on a launchpad."""
    owner = STEP_UID if os.geteuid() == 0 else None
    bwrap = bundled_bwrap() if owner is None else readable_bwrap(home)
    with store.scratch("benchmark") as scratch, open(os.memfd_create("filter"), "w+b") as seccomp:
        seccomp.write(filter_for(platform.machine()))
        seccomp.flush()
        invocation = invoke(_TRIVIAL, host_root(), make_workspace(scratch, owner=owner), (), secrets={})
        inherited = (seccomp.fileno(), *invocation.inherited)
        argv = [str(bwrap), "--seccomp", str(seccomp.fileno()), *invocation.argv]
        typed = [*_drop(owner), *argv[:-1], *_limits(), argv[-1]]

        def run(argv: list[str]) -> None:
            for descriptor in inherited:
                os.lseek(descriptor, 0, os.SEEK_SET)
            subprocess.run(argv, check=True, stdin=subprocess.DEVNULL, pass_fds=inherited, env={}, cwd="/")

        launchpad = Launchpad(owner)
        with invocation.descriptors:
            yield (lambda: run(typed)), (lambda: launchpad.run(run, argv))


def _drop(uid: int | None) -> list[str]:
    user = str(uid)
    drop = ["/usr/bin/setpriv", "--reuid", user, "--regid", user, "--clear-groups", "--no-new-privs", "--"]
    return [] if uid is None else drop


def _limits() -> list[str]:
    limits = _TRIVIAL.limits
    values = (f"--nproc={limits.processes}", f"--nofile={limits.open_files}", f"--fsize={limits.file_size}")
    return ["/usr/bin/prlimit", "--core=0", *values, "--"]


def _timed(call: Callable[[], object]) -> float:
    started = time.perf_counter()
    call()
    return time.perf_counter() - started


_TRIVIAL = Action(
    label="trivial",
    identity=digest_bytes(b"trivial"),
    arguments={},
    command=Command(("/usr/bin/true",)),
    returns=Returns(File(), Stdout()),
)


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o711)  # so that the uid that steps run under may go through
        cost = measure_step(Path(folder) / "home", rounds=rounds)
    print(f"`true` by itself              {cost.floor:6.2f} ms")
    print(f"the bubblewrap command        {cost.command:6.2f} ms")
    print(f"  launched by the executor    {cost.launched:6.2f} ms")
    print(f"a step through the executor   {cost.step:6.2f} ms, {cost.ratio:.2f} x the command")


if __name__ == "__main__":
    main()
