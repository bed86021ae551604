"""Several processes with one store do the same work at once, and some of them are killed."""

from __future__ import annotations

import random
import shutil
import signal
import subprocess
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path

from tests.soak.command import ended, left_of, running
from tests.soak.ledger import executions, read_ledger, runs_in
from tests.soak.tally import Tally
from tests.soak.task import write_task

from shunter.engine.store.local import LocalStore


@dataclass
class Crowd:
    """Rounds of `size` processes, of which up to half are killed."""

    here: Path
    home: Path
    tally: Tally
    chance: random.Random
    size: int = 4

    def round(self, seed: str) -> None:
        """Start them within moments, kill some; the others have to end well, and nothing to be done twice."""
        task = write_task(self.here, seed)
        before = runs_in(self.home)
        killed = set(self.chance.sample(range(self.size), self.chance.randint(0, self.size // 2)))
        outs = [self.here / f"out{number}" for number in range(self.size)]
        with ExitStack() as stack:
            processes = [
                stack.enter_context(
                    running("run", *task.words, "-q", "--output", str(out), here=task.here, home=self.home)
                )
                for out in outs
            ]
            for number in sorted(killed):
                with suppress(subprocess.TimeoutExpired):
                    processes[number].wait(self.chance.uniform(0.1, 1.0))
                processes[number].kill()
            ends = [ended(process) for process in processes]
        self.tally.count("processes at once", self.size)
        self.tally.count("of them killed", sum(end.code == -signal.SIGKILL for end in ends))
        for number, (end, out) in enumerate(zip(ends, outs, strict=True)):
            if number not in killed:
                self.tally.expect(end.code == 0, f"{seed}: process {number} ended with {end.code}: {end.err}")
                for problem in task.problems(out):
                    self.tally.expect(False, f"{seed}: process {number}: {problem}")
            shutil.rmtree(out, ignore_errors=True)
        counted = executions(read_ledger(run) for run in runs_in(self.home) - before)
        self.tally.count("equal calls run once", len(counted))
        twice = {key: number for key, number in counted.items() if number > 1}
        self.tally.expect(not twice, f"{seed}: equal calls ran more than once: {twice}")
        self.tally.expect(left_of(self.home) == [], f"{seed}: processes are left")
        with LocalStore(self.home) as store:
            damages = list(store.verify())
        self.tally.expect(damages == [], f"{seed}: damaged: {damages}")
