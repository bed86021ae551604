"""The process that pytest runs in: `session.py RESULTS` tests the working folder and writes the counts."""

from __future__ import annotations

import json
import os
import site
import sys

import pytest

TEMPORARY = "/tmp/pytest"
OPTIONS = ["-p", "no:cacheprovider", "--color=no", "--no-header", f"--basetemp={TEMPORARY}"]
COUNTED = {
    "passed": ("passed", "xpassed"),
    "failed": ("failed",),
    "errors": ("error",),
    "skipped": ("skipped", "xfailed"),
}


class Counting:
    """A plugin that reads pytest's own counts when it is through."""

    def __init__(self) -> None:
        self._reporter: pytest.TerminalReporter | None = None
        self._interrupted = False

    @pytest.hookimpl(trylast=True)
    def pytest_configure(self, config: pytest.Config) -> None:
        """Leave out how long the slowest tests took: it differs from run to run."""
        config.option.durations = None
        self._reporter = config.pluginmanager.get_plugin("terminalreporter")

    def pytest_keyboard_interrupt(self) -> None:
        """Also called for `pytest.exit`, which can end a session with exit code 0."""
        self._interrupted = True

    def results(self, exit_code: int) -> dict[str, int]:
        """The counts, pytest's exit code, and whether it was stopped (1 or 0)."""
        stats = self._reporter.stats if self._reporter else {}
        counts = {name: sum(len(stats.get(kind, ())) for kind in kinds) for name, kinds in COUNTED.items()}
        return {**counts, "exit_code": exit_code, "interrupted": int(self._interrupted)}


def main(results: str) -> None:
    """Run pytest as `python -m pytest` would; nothing is written when the tests end the process."""
    site.setquit()  # `exit` and `quit`, which the interpreter lacks without site packages
    project = os.getcwd()
    own = [path for path in (project, os.path.join(project, "src")) if os.path.isdir(path)]
    sys.path[:0] = own
    os.environ["PYTHONPATH"] = os.pathsep.join([*own, os.environ["PYTHONPATH"]])
    counting = Counting()
    exit_code = pytest.main([*OPTIONS, f"--rootdir={project}"], plugins=[counting])
    with open(results, "w", encoding="utf-8") as stream:
        json.dump(counting.results(int(exit_code)), stream)


if __name__ == "__main__":
    path = sys.argv.pop()
    main(path)
