"""A workspace with the module `toy`, suites that a test writes, and the cases in them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.cli.toys import write_toys

from shunter.agent import Workspace
from shunter.agent.planners.protocol import Planner
from shunter.evals.bundled import chosen, load_suites
from shunter.evals.case.suite import Case
from shunter.evals.run.record import Record
from shunter.evals.run.results import Head, Results, ResultsFile, read_results
from shunter.evals.run.runner import Runner, Setting

Write = Callable[[str], Path]
Evaluate = Callable[..., Results]


@pytest.fixture
def toys(tmp_path: Path) -> Path:
    """The folder of the module `toy`."""
    return write_toys(tmp_path / "modules")


@pytest.fixture
def workspace(home: Path, toys: Path) -> Iterator[Workspace]:
    """A workspace that has the module `toy`."""
    with Workspace(home=home, modules=[toys]) as opened:
        yield opened


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes the suite `small`; gives its file."""

    def _write(text: str) -> Path:
        path = tmp_path / "small.yaml"
        path.write_text(text, encoding="utf-8")
        return path

    return _write


@dataclass
class Silent:
    """Whom nobody tells anything."""

    def recorded(self, record: Record, done: int, total: int) -> None:
        """Listen."""


def head_of(cases: Sequence[Case], *, epochs: int = 1) -> Head:
    """What a run of `cases` was asked."""
    keys = tuple(case.key for case in cases)
    return Head(id="run", started=0.0, suites=("small",), planner="any", epochs=epochs, cases=keys)


@pytest.fixture
def evaluate(home: Path, toys: Path, tmp_path: Path, write: Write) -> Evaluate:
    """Runs the suite in a text with a planner, `jobs` cases at once; gives the results."""

    def run(text: str, planner: Planner, *, jobs: int = 1, epochs: int = 1) -> Results:
        cases = chosen(load_suites([str(write(text))]), [])
        todo = [(epoch, case) for epoch in range(1, epochs + 1) for case in cases]
        path = tmp_path / "results.jsonl"
        with ResultsFile.create(path, head_of(cases, epochs=epochs)) as results:
            Runner(Setting(lambda: planner, home, (toys,)), jobs).run(todo, results, Silent())
        return read_results(path)

    return run
