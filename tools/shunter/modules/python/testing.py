"""pytest, run on a copy of a project in a process of its own."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from importlib.util import find_spec

from shunter.sdk import Directory, Failure

from .copying import writable_copy

SESSION = os.path.join(os.path.dirname(os.path.abspath(__file__)), "session.py")
MOST = 1 << 20  # bytes of a report that are kept: its end
ADDR_NO_RANDOMIZE = 0x0040000  # of Linux's personality(2)
OK, FAILED, NO_TESTS = 0, 1, 5  # pytest's exit codes

KINDS = "passed|failed|errors?|skipped|deselected|xfailed|xpassed|warnings?|subtests"
TIMED = re.compile(
    rf"^=*\s*((?:\d+ (?:{KINDS})\b|no tests ).*) in [\d.]+s(?: \([^()]*\))?\s*=*$", re.MULTILINE
)
ADDRESS = re.compile(r"(?<= at )0x[0-9a-f]+\b")


@dataclass(frozen=True)
class Tested:
    """What came of a run: pytest's exit code, its counts, and its report without times and addresses."""

    exit_code: int
    counts: dict[str, int]
    report: str

    @property
    def found_none(self) -> bool:
        """Whether there was nothing to run."""
        return self.exit_code == NO_TESTS and not any(self.counts.values())

    @property
    def ok(self) -> bool:
        """Whether nothing went wrong."""
        return self.counts["failed"] == self.counts["errors"] == 0


def run_tests(source: Directory) -> Tested:
    """Run the tests in `source`; raises Failure when they ended the process before they were through."""
    work = os.getcwd()
    project, results, log = (os.path.join(work, name) for name in ("project", "results.json", "pytest.log"))
    writable_copy(source, project)
    with open(log, "wb") as stream:  # no pipe, which a process that a test left behind would hold open
        code = subprocess.run(
            [sys.executable, "-B", "-P", "-S", SESSION, results],
            cwd=project,
            env=_surroundings(),
            stdin=subprocess.DEVNULL,
            stdout=stream,
            stderr=subprocess.STDOUT,
            preexec_fn=_fix_addresses,
            check=False,
        ).returncode
    report = _report(log)
    if not os.path.exists(results):
        raise Failure(f"the tests ended pytest before it was through ({_ending(code)}):\n{_tail(report)}")
    with open(results, encoding="utf-8") as written:
        found = json.load(written)
    return _tested(found, report)


def _tested(found: dict[str, int], report: str) -> Tested:
    exit_code, interrupted = found.pop("exit_code"), found.pop("interrupted")
    stopped = interrupted or exit_code not in (OK, FAILED, NO_TESTS)
    if stopped and not found["errors"]:
        found["errors"] = 1  # a conftest.py that can't be imported, settings that pytest refuses
    if exit_code == FAILED and not (found["failed"] or found["errors"]):
        found["errors"] = 1  # a plugin of the project's own that says so
    return Tested(exit_code, found, report)


def _surroundings() -> dict[str, str]:
    spec = find_spec("pytest")
    assert spec is not None
    assert spec.origin is not None
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "PYTHON"))},
        "PYTHONPATH": os.path.dirname(os.path.dirname(spec.origin)),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONHASHSEED": "0",  # the order of a set is the same in each report
        "COLUMNS": "100",
    }


def _fix_addresses() -> None:
    """Let the process that follows see the same addresses each time: a report can hold parts of them.

    Where the kernel refuses, it holds other ones.
    """
    import ctypes

    ctypes.CDLL(None).personality(ADDR_NO_RANDOMIZE)


def _report(log: str) -> str:
    with open(log, "rb") as stream:
        size = stream.seek(0, os.SEEK_END)
        stream.seek(max(size - MOST, 0))
        text = stream.read().decode(errors="replace")
    text = TIMED.sub(r"\1", ADDRESS.sub("0x…", text))
    return f"… the first {size - MOST:,} bytes are left out …\n{text}" if size > MOST else text


def _tail(report: str) -> str:
    return "\n".join(report.strip().splitlines()[-20:])


def _ending(code: int) -> str:
    return f"signal {-code}" if code < 0 else f"exit code {code}"
