"""A home that can't take any more: a full disk, files that may not grow, a folder that may only be read."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.soak.command import Ended, command, ended, left_of
from tests.soak.tally import Tally
from tests.soak.task import Task, write_task

from shunter.engine.store.local import LocalStore

FAILED, MACHINE = 1, 5
"""What a command ends with when a step can't write what it makes, and when shunter can't."""

_TOO_SMALL = 256 << 10
"""Bytes, less than the largest file of a task."""


@dataclass
class Disks:
    """One task, in homes of their own."""

    here: Path
    tally: Tally
    chance: random.Random

    def full(self, seed: str) -> None:
        """A disk that is too small for the task, somewhere, and is enlarged afterwards."""
        task = write_task(self.here, seed)
        with _disk(self.here / "disk", self.chance.randint(100, 1_500)) as disk:
            if disk is None:
                self.tally.count("skipped (no disk can be mounted)")
                return
            self._refused(task, disk / "home", "a full disk", "no space is left")
            subprocess.run(["mount", "-o", "remount,size=64m", str(disk)], check=True)
            self._works(task, disk / "home", "a disk that was full")

    def limited(self, seed: str) -> None:
        """Files may have no more than so many bytes, as for a user with a limit."""
        task, home = write_task(self.here, seed), self.here / "limited"
        self._refused(
            task, home, "files that may not grow", "too large", through=("prlimit", f"--fsize={_TOO_SMALL}")
        )
        self._works(task, home, "files that may grow again")
        shutil.rmtree(home)

    def read_only(self, seed: str) -> None:
        """A home that nothing may be written to, with all in it that the task needs, and with nothing."""
        task, home = write_task(self.here, seed), self.here / "closed"
        self._works(task, home, "before it was read-only")
        with _closed(home) as through:
            self._refused(task, home, "a read-only home", "can't be written", through=through)
        self._works(task, home, "a home that was read-only")
        shutil.rmtree(home)

    def of_another_format(self, seed: str) -> None:
        """A home as another version of shunter makes it."""
        task, home = write_task(self.here, seed), self.here / "format"
        self._works(task, home, "before its format was altered")
        (home / "format").write_text("99\n")
        self._refused(task, home, "a home of another format", "has format '99'")
        (home / "format").write_text("1\n")
        self._works(task, home, "a home whose format was put right")
        shutil.rmtree(home)

    def _refused(self, task: Task, home: Path, name: str, said: str, *, through: Sequence[str] = ()) -> None:
        end = self._run(task, home, through)
        self.tally.count("refusals")
        self.tally.expect(end.code in {FAILED, MACHINE} and said in end.err, f"{name}: {end}")
        self.tally.expect(
            "Traceback" not in end.err and "SHUNTER_HOME" in end.err, f"{name}: no way out: {end}"
        )

    def _works(self, task: Task, home: Path, name: str) -> None:
        end = self._run(task, home, ())
        self.tally.expect(end.code == 0, f"{name}: {end}")
        for problem in task.problems(self.here / "out"):
            self.tally.expect(False, f"{name}: {problem}")
        with LocalStore(home) as store:
            damages = list(store.verify())
        self.tally.expect(damages == [], f"{name}: damaged: {damages}")

    def _run(self, task: Task, home: Path, through: Sequence[str]) -> Ended:
        shutil.rmtree(self.here / "out", ignore_errors=True)
        words = ("run", *task.words, "-q", "--output", "out")
        end = ended(command(*words, here=task.here, home=home, through=through))
        self.tally.expect(left_of(home) == [], f"processes are left in {home}")
        return end


@contextmanager
def _closed(home: Path) -> Iterator[Sequence[str]]:
    """A home that is read-only to what is started through the command: by a mount of its own, or by its modes."""
    if os.geteuid() == 0:
        mount = 'mount -o bind,ro "$0" "$0" && exec "$@"'
        yield ("unshare", "--mount", "sh", "-c", mount, str(home))
        return
    paths = [home, *(path for path in home.rglob("*") if not path.is_symlink())]
    modes = [(path, path.stat().st_mode) for path in paths]
    for path, mode in modes:
        path.chmod(mode & ~0o222)
    try:
        yield ()
    finally:
        for path, mode in modes:
            path.chmod(mode)


@contextmanager
def _disk(place: Path, kilobytes: int) -> Iterator[Path | None]:
    place.mkdir(exist_ok=True)
    mount = ["mount", "-t", "tmpfs", "-o", f"size={kilobytes}k,mode=0711", "shunter-soak", str(place)]
    if os.geteuid() != 0 or subprocess.run(mount, stderr=subprocess.DEVNULL, check=False).returncode:
        yield None
        return
    try:
        yield place
    finally:
        subprocess.run(["umount", str(place)], check=True)
