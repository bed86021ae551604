"""Calls of bundled functions, on real files and in real containers.

The fixture `call` is the one place that knows how a function is run. Files and folders go in and come
out as paths; records, lists and plain data as they are. A function that fails raises `CallFailed`.
"""

from __future__ import annotations

import itertools
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

import pytest

from shunter.agent import Workspace
from shunter.engine.run.outcome import Status
from shunter.engine.values import Directory, File, Value


class CallFailed(Exception):
    """A function failed; the message is what it wrote to stderr, or why it has no result."""


class Call(Protocol):
    """Runs `module.function` and gives its result."""

    def __call__(self, function: str, /, **arguments: Any) -> Any: ...


class Caller:
    """Calls functions through the engine, and writes what they return below `folder`."""

    def __init__(self, workspace: Workspace, folder: Path) -> None:
        self._workspace = workspace
        self._folder = folder
        self._numbers = itertools.count(1)

    def __call__(self, function: str, /, **arguments: Any) -> Any:
        ready = self._workspace.call(function)
        inputs = {name: given.default for name, given in ready.checked.inputs.items() if not given.required}
        unknown = arguments.keys() - ready.checked.inputs.keys()
        assert not unknown, f"{function} has no parameter {unknown}"
        inputs |= {name: self._taken(value) for name, value in arguments.items()}
        run = self._workspace.run(ready, inputs)
        if run.report.status is Status.DONE:
            return self._given(run.report.outputs["result"])
        failures = [call.failure for step in run.report.steps for call in step.failures]
        raise CallFailed("\n".join(found.stderr.strip() or found.message for found in failures if found))

    def _taken(self, value: Any) -> Value:
        """An argument, its files and folders taken into the store."""
        if isinstance(value, Path):
            return self._workspace.store.put_path(value)
        if isinstance(value, list | tuple):
            return tuple(self._taken(item) for item in value)
        if isinstance(value, Mapping):
            return {name: self._taken(item) for name, item in value.items()}
        return value  # type: ignore[no-any-return]

    def _given(self, value: Value) -> Any:
        """A result, its files and folders written into folders of their own."""
        if isinstance(value, File | Directory):
            name = value.name if isinstance(value, File) else "folder"
            place = self._folder / str(next(self._numbers)) / name
            place.parent.mkdir()
            self._workspace.store.export(value, place)
            return place
        if isinstance(value, tuple):
            return [self._given(item) for item in value]
        if isinstance(value, Mapping):
            return {name: self._given(item) for name, item in value.items()}
        return value


@contextmanager
def _workspace() -> Iterator[Workspace]:
    folder = Path(tempfile.mkdtemp(prefix="shunter-test-modules-"))
    folder.chmod(0o711)  # root's steps run under another uid
    with Workspace(home=folder / "home") as workspace:
        yield workspace
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def workspace() -> Iterator[Workspace]:
    """One store for all tests of a process, so that an environment is built once."""
    with _workspace() as workspace:
        yield workspace


@pytest.fixture
def call(workspace: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Call:
    return Caller(workspace, tmp_path_factory.mktemp("results"))


@pytest.fixture
def call_again(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Call]:
    """As `call`, with a cache of its own that is empty: what `call` did is done once more."""
    with _workspace() as workspace:
        yield Caller(workspace, tmp_path_factory.mktemp("results"))


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str, str], Path]:
    """Writes a text file below the test's own folder and gives its path."""

    def _write(name: str, text: str) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
        return path

    return _write
