"""From what a container left behind to a typed value, or a failure that says what is wrong with it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace

from shunter.engine import types as t
from shunter.engine.actions.failure import Failure, FailureKind
from shunter.engine.actions.model import Action, Mount, OutPath, ResultDocument, Stdout
from shunter.engine.actions.placing import StrayArtifact, value_from
from shunter.engine.executors.protocol import Execution
from shunter.engine.executors.result import DOCUMENT
from shunter.engine.run.content import check_content
from shunter.engine.run.mounted import artifact_below
from shunter.engine.store.errors import UnsafeOutput
from shunter.engine.store.parts import artifact_at
from shunter.engine.store.protocol import ArtifactStore
from shunter.engine.store.tree import FileEntry
from shunter.engine.values import Directory, File, Value
from shunter.engine.values.conform import Mismatch, conform
from shunter.engine.values.literal import literal_value

MAX_DOCUMENT = 64 << 20
"""The most bytes of data (not files) that a function may return."""


_SOON = 4
"""Entries below /out."""

_SHORT = 64 << 10
"""Bytes of data."""


class _Unusable(Exception):
    def __init__(self, kind: FailureKind, message: str) -> None:
        super().__init__(message)
        self.kind = kind


def read_answer(
    action: Action, execution: Execution, store: ArtifactStore, given: Sequence[Mount] = ()
) -> Value | Failure:
    """The value that `action` returned, of the type that it declares, or why there is none.

    `given` is what it was handed while it ran, beside its own mounts.
    """
    kind = action.returns.type
    try:
        value = conform(_Reader(action, execution, store, given).read(), kind)
        check_content(value, kind, store)
    except Mismatch as mismatch:
        return Failure(
            FailureKind.OUTPUT_INVALID, f"{action.label} returned something else than it declares: {mismatch}"
        )
    except UnsafeOutput as problem:
        return Failure(
            FailureKind.OUTPUT_INVALID, f"{action.label} returned a folder that can't be taken: {problem}"
        )
    except _Unusable as problem:
        return Failure(problem.kind, f"{action.label} {problem}")
    return value


def is_read_soon(action: Action, execution: Execution) -> bool:
    """Whether `read_answer` takes less time than handing it to a thread would, a tenth of a millisecond.

    Where a path may lead into what was mounted, it may have to read the list of a large folder.
    """
    if len(execution.out.entries) > _SOON:
        return False
    match action.returns.source:
        case ResultDocument():
            document = execution.out.find(DOCUMENT)
            short = not isinstance(document, FileEntry) or document.size <= _SHORT
            return short and t.is_plain(action.returns.type)
        case Stdout():
            return execution.stdout is None or execution.stdout.size <= _SHORT
        case OutPath():
            return True


class _Reader:
    def __init__(
        self, action: Action, execution: Execution, store: ArtifactStore, given: Sequence[Mount]
    ) -> None:
        self._action = action
        self._mounts = (*action.mounts, *given)
        self._execution = execution
        self._store = store

    def read(self) -> Value:
        match self._action.returns.source:
            case ResultDocument():
                return self._from_document()
            case Stdout(name):
                return self._printed(name)
            case OutPath(path):
                return self._left_at(path)

    def _from_document(self) -> Value:
        try:
            return value_from(self._document(), self._action.returns.type, self._artifact)
        except StrayArtifact:
            message = "returned a file or folder where it declares none"
            raise _Unusable(FailureKind.OUTPUT_INVALID, message) from None

    def _document(self) -> object:
        file = artifact_at(self._execution.out, DOCUMENT, self._store)
        if not isinstance(file, File):
            raise _Unusable(FailureKind.OUTPUT_MISSING, "ended without a result")
        if file.size > MAX_DOCUMENT:
            raise _Unusable(
                FailureKind.OUTPUT_INVALID, f"returned {file.size} bytes of data; at most {MAX_DOCUMENT}"
            )
        with self._store.open(file) as stream:
            document = _json(stream.read(), "left a result that isn't JSON")
        if not isinstance(document, Mapping) or "result" not in document:
            raise _Unusable(FailureKind.OUTPUT_INVALID, "left a result document without a result")
        return document["result"]

    def _artifact(self, path: str) -> File | Directory:
        found: File | Directory | None = None
        if path.startswith("/out/"):
            found = artifact_at(self._execution.out, path.removeprefix("/out/"), self._store)
        else:
            found = artifact_below(self._mounts, path, self._store)
        if found is None:
            raise _Unusable(FailureKind.OUTPUT_MISSING, f"returned {path}, which isn't there")
        return found

    def _printed(self, name: str) -> Value:
        stdout = self._execution.stdout or self._store.put_bytes(b"", name)
        kind = self._action.returns.type
        if isinstance(kind, t.File):
            return replace(stdout, name=name)
        with self._store.open(stdout) as stream:
            content = stream.read(MAX_DOCUMENT + 1)
        if len(content) > MAX_DOCUMENT:
            raise _Unusable(FailureKind.OUTPUT_INVALID, f"printed more than {MAX_DOCUMENT} bytes of data")
        if isinstance(kind, t.Str | t.Enum):
            return _text(content)
        return literal_value(_json(content, "printed something that isn't JSON"))

    def _left_at(self, path: str) -> Value:
        found = artifact_at(self._execution.out, path, self._store)
        if found is None:
            if isinstance(self._action.returns.type, t.Optional):
                return None
            raise _Unusable(FailureKind.OUTPUT_MISSING, f"ended without writing /out/{path}")
        return found


def _json(content: bytes, message: str) -> object:
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        raise _Unusable(FailureKind.OUTPUT_INVALID, message) from None


def _text(content: bytes) -> str:
    try:
        return content.decode("utf-8").removesuffix("\n")
    except UnicodeDecodeError:
        raise _Unusable(FailureKind.OUTPUT_INVALID, "printed bytes that aren't UTF-8 text") from None
