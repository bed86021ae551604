"""Runs functions by the SDK's runner in a process of its own, in folders like a container's."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

TOOLS = Path(__file__).parents[2] / "tools"
RUNNER = TOOLS / "shunter" / "sdk" / "__main__.py"


@dataclass(frozen=True)
class Ran:
    """What a run left: `result` is None where none was written."""

    exit_code: int
    stdout: str
    stderr: str
    result: Any


@dataclass(frozen=True)
class Container:
    """A folder that has what a container has: module, in, work, and the output folder in it."""

    root: Path

    @property
    def inputs(self) -> Path:
        return self.root / "in"

    @property
    def out(self) -> Path:
        return self.root / "work/out"

    def put(self, name: str, content: str | bytes) -> Path:
        """Write a file below the root and give its path."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def run(self, source: str, arguments: Mapping[str, object] | None = None, **options: Any) -> Ran:
        """Run `f` of a module with this source; `command` replaces the usual way to start the runner."""
        file = self.put(f"module/{options.get('name', 'work.py')}", source)
        call = {"file": str(file), "function": "f", "arguments": arguments or {}}
        self.put("in/call.json", json.dumps(call))
        done = subprocess.run(
            [
                sys.executable,
                "-B",
                "-P",
                "-S",
                *options.get("command", [str(RUNNER)]),
                str(self.inputs / "call.json"),
            ],
            cwd=self.root / "work",
            env={**os.environ, "PYTHONPATH": str(TOOLS), "SHUNTER_OUT": str(self.out)},
            capture_output=True,
            text=True,
            check=False,
        )
        written = self.out / "result.json"
        result = json.loads(written.read_text())["result"] if written.exists() else None
        return Ran(done.returncode, done.stdout, done.stderr, result)


@pytest.fixture
def container(tmp_path: Path) -> Container:
    for part in ("module", "in", "work/out", "work/tmp"):
        (tmp_path / part).mkdir(parents=True)
    return Container(tmp_path)
