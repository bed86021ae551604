"""A run is killed at a random moment, and the next one has to finish it."""

from __future__ import annotations

import random
import shutil
import signal
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

from tests.soak.command import command, ended, left_of, running
from tests.soak.ledger import Ledger, lines_of, read_ledger, runs_in
from tests.soak.tally import Tally
from tests.soak.task import Task, write_task

from shunter.engine.run.history import PastRun
from shunter.engine.store.local import LocalStore


@dataclass
class Kills:
    """Rounds of kill and next run with one home; `usual` is how many seconds a run takes."""

    here: Path
    home: Path
    tally: Tally
    chance: random.Random
    usual: float = 2.0
    events: int = 40
    spread: list[float] = field(default_factory=list)

    def round(self, seed: str) -> None:
        """Run a new task, kill it, and check what is left; then let it be finished, and check all of it."""
        task = write_task(self.here, seed)
        before = runs_in(self.home)
        self._kill(task, seed)
        self.tally.count("kills")
        self.tally.expect(left_of(self.home) == [], f"{seed}: processes outlive their engine")
        killed = sorted(runs_in(self.home) - before)
        ledger = read_ledger(killed[0]) if killed else Ledger()
        self._finish(task, seed, killed, ledger)

    def _kill(self, task: Task, seed: str) -> None:
        """After a random time, or a random while after a random event."""
        out = self.here / "out-killed"
        began = time.monotonic()
        with running(
            "run", *task.words, "-q", "--output", str(out), here=task.here, home=self.home
        ) as process:
            if self.chance.random() < 0.5:
                _wait(process, self.chance.uniform(0, self.usual))
            else:
                self._wait_for_events(process, self.chance.randint(1, self.events))
                _wait(process, self.chance.uniform(0, 0.05))
            process.kill()
            end = ended(process)
        self.tally.expect(end.code in (0, -signal.SIGKILL), f"{seed}: ended with {end.code}: {end.err}")
        if end.code == 0:
            self.usual = 0.7 * self.usual + 0.3 * (time.monotonic() - began)
            self.tally.count("of them over before")
        shutil.rmtree(out, ignore_errors=True)

    def _wait_for_events(self, process: subprocess.Popen[bytes], number: int) -> None:
        before = runs_in(self.home)
        while process.poll() is None:
            new = runs_in(self.home) - before
            if new and lines_of(max(new)) >= number:
                return
            time.sleep(0.002)

    def _finish(self, task: Task, seed: str, killed: list[Path], ledger: Ledger) -> None:
        out = self.here / "out"
        before = runs_in(self.home)
        resumed = self._can_be_resumed(killed) and self.chance.random() < 0.5
        words = ("runs", "resume", killed[0].name) if resumed else ("run", *task.words)
        since = lines_of(killed[0]) if resumed else 0
        end = ended(command(*words, "--output", str(out), here=task.here, home=self.home))
        self.tally.count("resumed" if resumed else "run again")
        self.tally.expect(end.code == 0, f"{seed}: the next run ended with {end.code}: {end.err}")
        for problem in task.problems(out):
            self.tally.expect(False, f"{seed}: {problem}")
        shutil.rmtree(out, ignore_errors=True)
        new = killed if resumed else sorted(runs_in(self.home) - before)
        after = read_ledger(new[0], since=since) if new else Ledger()
        again = after.executed.keys() & ledger.executed.keys()
        self.tally.expect(not again, f"{seed}: what was finished ran again: {sorted(map(str, again))}")
        self.tally.count("calls in flight", len(ledger.in_flight))
        self.tally.count("of these once more", len(after.executed.keys() & ledger.in_flight))
        self.tally.count("calls kept", len(ledger.executed))
        self.check_home(seed)

    def _can_be_resumed(self, killed: list[Path]) -> bool:
        """Whether a run was begun, and didn't end."""
        return bool(killed) and (killed[0] / "run.json").exists() and PastRun(killed[0]).status() == "killed"

    def check_home(self, seed: str) -> None:
        """Nothing of a process is left, and all content is what its name says."""
        self.tally.expect(left_of(self.home) == [], f"{seed}: processes are left")
        with LocalStore(self.home) as store:
            damages = list(store.verify())
            self.tally.expect(damages == [], f"{seed}: damaged: {damages}")
            with store.scratch("look") as folder:
                left = [
                    path.name for path in (self.home / "scratch").iterdir() if path.stem != folder.parent.name
                ]
        self.tally.expect(left == [], f"{seed}: left in scratch: {left}")


def _wait(process: subprocess.Popen[bytes], seconds: float) -> None:
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        return
