"""Damage of every kind between two runs: noticed, said, mended, and never in what comes out."""

from __future__ import annotations

import random
import shutil
import time
from dataclasses import dataclass
from pathlib import Path

from tests.soak.command import Ended, command, ended, left_of
from tests.soak.damage import UNSAID, Damage
from tests.soak.tally import Tally
from tests.soak.task import Task, write_task

from shunter.engine.store.local import LocalStore


@dataclass
class Faults:
    """One task in one home, which is whole again after every fault."""

    here: Path
    home: Path
    tally: Tally
    chance: random.Random

    def prepare(self, seed: str) -> Task:
        """The task, done once."""
        task = write_task(self.here, seed)
        self._run(task, f"{seed}: before all")
        return task

    def damaged(self, task: Task, damage: Damage) -> None:
        """Do it, and run: the outputs are right, something was said, and all is whole afterwards."""
        name = damage.__name__.replace("_", " ")
        time.sleep(0.06)  # what is done by hand is later than that
        damage(self.home, self.chance)
        end = self._run(task, name)
        self.tally.count("faults")
        self.tally.expect(
            damage in UNSAID or "stored" in end.err or "anew" in end.err, f"{name}: not said: {end.err}"
        )
        with LocalStore(self.home) as store:
            damages = list(store.verify())
        self.tally.expect(damages == [], f"{name}: still damaged: {damages}")
        again = self._run(task, f"{name}, afterwards")
        self.tally.expect("everything came from the cache" in again.err, f"{name}: not kept: {again.err}")

    def _run(self, task: Task, name: str) -> Ended:
        out = self.here / "out"
        end = ended(command("run", *task.words, "--output", str(out), here=task.here, home=self.home))
        self.tally.expect(end.code == 0, f"{name}: ended with {end.code}: {end.err}")
        for problem in task.problems(out):
            self.tally.expect(False, f"{name}: {problem}")
        self.tally.expect(left_of(self.home) == [], f"{name}: processes are left")
        shutil.rmtree(out, ignore_errors=True)
        return end
