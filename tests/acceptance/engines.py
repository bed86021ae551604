"""Engines in processes of their own, which can be watched, stopped and killed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.cli.conftest import COMMAND
from tests.conformance.steps import processes_with

INTERRUPTIBLE = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)"
"""Tests that were started in the background have it ignored, and so would what they start."""

DEADLINE = 40.0
"""Seconds after which something that ought to happen won't."""


@dataclass(frozen=True)
class Engine:
    """A `shunter` that runs in the folder `here` with its own home."""

    process: subprocess.Popen[bytes]
    home: Path

    def events(self) -> list[dict[str, Any]]:
        """What the latest run has written so far."""
        runs = sorted((self.home / "runs").glob("*/events.jsonl"))
        lines = runs[-1].read_text().splitlines(keepends=True) if runs else []
        return [json.loads(line) for line in lines if line.endswith("\n")]

    def finished(self) -> set[str]:
        """The steps whose end was written."""
        return {event["step"] for event in self.events() if event["event"] == "call-finished"}

    def wait_for(self, kind: str, step: str) -> None:
        """Return as soon as an event is written."""
        deadline = time.monotonic() + DEADLINE
        while not any(event["event"] == kind and event.get("step") == step for event in self.events()):
            assert self.process.poll() is None, self.end()
            assert time.monotonic() < deadline, self.events()
            time.sleep(0.005)

    def end(self, sent: signal.Signals | None = None) -> tuple[int, str, str]:
        """Send a signal, wait for the end: the exit code, both streams."""
        if sent is not None:
            self.process.send_signal(sent)
        out, err = self.process.communicate(timeout=DEADLINE)
        return self.process.returncode, out.decode(), err.decode()


@contextmanager
def engine(*words: str, home: Path) -> Iterator[Engine]:
    """Start a command; whatever is left of it at the end of the block is killed."""
    python, flag, code = COMMAND
    with subprocess.Popen(
        [python, flag, f"{INTERRUPTIBLE}; {code}", *words],
        env={**os.environ, "SHUNTER_HOME": str(home)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        try:
            yield Engine(process, home)
        finally:
            process.kill()


def assert_gone(marker: str) -> None:
    """Whatever has `marker` on its command line has ended, or does so within moments."""
    deadline = time.monotonic() + 10
    while left := processes_with(marker):
        assert time.monotonic() < deadline, left
        time.sleep(0.01)
