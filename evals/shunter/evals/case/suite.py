"""Suites: the cases in a file, or in the YAML files of a folder."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from shunter.engine.digest import Digest, digest_bytes
from shunter.engine.errors import PlanSyntaxError
from shunter.engine.plan.problem import Lines, Location
from shunter.engine.plan.yaml_data import read_yaml
from shunter.engine.store.protocol import ArtifactStore
from shunter.engine.types import Type
from shunter.evals.case.given import Given
from shunter.evals.case.problems import form_problems
from shunter.evals.case.written import WrittenCase, WrittenSuite
from shunter.evals.errors import SuiteError
from shunter.instructions.offers import Offer

ENDINGS = (".yaml", ".yml")


@dataclass(frozen=True)
class Place:
    """Where something stands: a file, and its lines."""

    file: Path
    lines: Lines

    def say(self, location: Location, text: str) -> str:
        """`text` with the file and the line that it is about."""
        line = self.lines.of(location)
        return f"{self.file}{f', line {line}' if line else ''}: {text}"


@dataclass(frozen=True)
class Case:
    """A case of a suite; `index` counts from 0 in its file."""

    suite: str
    written: WrittenCase
    place: Place
    index: int

    @property
    def key(self) -> str:
        """The case's name among all suites: SUITE/ID."""
        return f"{self.suite}/{self.written.id}"

    @property
    def folder(self) -> Path:
        """Where its paths begin."""
        return self.place.file.parent

    @cached_property
    def digest(self) -> Digest:
        """Tells an edited case from the one that ran before."""
        return digest_bytes(self.written.model_dump_json(by_alias=True).encode())

    def given(self) -> dict[str, object]:
        """Its inputs as objects, paths for files; raises ValueError for a file that isn't there."""
        return {name: item.object(self.folder) for name, item in self._valued()}

    def offers(self, store: ArtifactStore) -> dict[str, Offer]:
        """Its inputs as values with their types."""
        return {name: item.offer(self.folder, store) for name, item in self._valued()}

    def types(self, offers: Mapping[str, Offer]) -> dict[str, Type]:
        """The types of all its inputs, in their order; `offers` are those that have values."""
        return {name: item.type or offers[name].type for name, item in self.written.inputs.items()}

    def _valued(self) -> Iterator[tuple[str, Given]]:
        return ((name, item) for name, item in self.written.inputs.items() if item.type is None)

    def say(self, text: str, *location: str | int) -> str:
        """`text` with file, line and name of the case."""
        return self.place.say(("cases", self.index, *location), f"{self.written.id}: {text}")


@dataclass(frozen=True)
class Suite:
    """Cases that belong together."""

    name: str
    cases: tuple[Case, ...]


def load_suite(path: Path) -> Suite:
    """The suite at `path`, a file or a folder of files; raises SuiteError with everything that is wrong."""
    name = path.name if path.is_dir() else path.stem
    files = (
        sorted(file for file in path.iterdir() if file.suffix in ENDINGS and file.is_file())
        if path.is_dir()
        else [path]
    )
    if not files:
        raise SuiteError([f"{path}: there is no YAML file in this folder"])
    cases: list[Case] = []
    problems: list[str] = []
    for file in files:
        try:
            cases += _cases(file, name)
        except SuiteError as error:
            problems += error.problems
    problems += _doubles(cases)
    problems += [problem for case in cases for problem in _missing_files(case)]
    if problems:
        raise SuiteError(problems)
    return Suite(name, tuple(cases))


def _cases(file: Path, suite: str) -> Iterator[Case]:
    from pydantic import ValidationError

    try:
        data, lines = read_yaml(file.read_text(encoding="utf-8"))
    except PlanSyntaxError as error:
        line = f", line {error.line}" if error.line else ""
        raise SuiteError([f"{file}{line}: {error.message}"]) from None
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not UTF-8 text"
        raise SuiteError([f"{file}: can't be read: {reason}"]) from None
    place = Place(file, Lines(lines))
    try:
        written = WrittenSuite.model_validate(data)
    except ValidationError as error:
        raise SuiteError([place.say(at, text) for at, text in form_problems(error, data)]) from None
    return iter([Case(suite, case, place, index) for index, case in enumerate(written.cases)])


def _doubles(cases: Iterable[Case]) -> Iterator[str]:
    seen: dict[str, Case] = {}
    for case in cases:
        first = seen.setdefault(case.written.id, case)
        if first is not case:
            line = first.place.lines.of(("cases", first.index, "id"))
            yield case.say(f"this id is that of another case, {first.place.file}, line {line}", "id")


def _missing_files(case: Case) -> Iterator[str]:
    for name, item in case.written.inputs.items():
        try:
            item.object(case.folder)
        except ValueError as error:
            yield case.say(f"inputs.{name}: {error}", "inputs", name)
    for field in ("plan", "gpt"):
        text = getattr(case.written, field)
        if text is not None and not (case.folder / text).is_file():
            yield case.say(f"there is no file {text} beside the suite's file", field)
