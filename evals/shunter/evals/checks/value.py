"""Values against what is expected of them: texts, data, files, folders, media, a judge's word."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase

from shunter.agent import Workspace
from shunter.engine.digest import JsonValue
from shunter.engine.errors import PlanRefused
from shunter.engine.run.events import Observer
from shunter.engine.store.tree import FileEntry, LinkEntry
from shunter.engine.types import media
from shunter.engine.values import Directory, File, Secret, Value
from shunter.engine.values.conform import describe
from shunter.engine.values.source import shown
from shunter.evals.case.expected import Bounds
from shunter.evals.case.wanted import Judge, WantedFolder, WantedValue
from shunter.evals.checks.data import data_problem
from shunter.evals.checks.judge import NoJudgement, ask, media_type
from shunter.evals.checks.text import text_problem

MAX_BYTES = 32 << 20


class _Unfit(Exception):
    """A value isn't of a kind that could be what is wanted."""


@dataclass(frozen=True)
class ValueLooker:
    """Looks at the values of one workspace."""

    workspace: Workspace
    observer: Observer | None = None

    def problem(self, value: Value, wanted: WantedValue) -> str | None:
        """What keeps `value` from being what is wanted, or None."""
        try:
            return next((why for why in self._problems(value, wanted) if why), None)
        except _Unfit as unfit:
            return str(unfit)

    def _problems(self, value: Value, wanted: WantedValue) -> Iterator[str | None]:
        """What each part of what is wanted says, one after the other."""
        if wanted.items is not None:
            yield self._items(value, wanted.items)
        if wanted.media is not None:
            yield self._media(value, wanted.media)
        if wanted.name is not None:
            yield self._name(value, wanted.name)
        if wanted.text is not None:
            yield text_problem(self._text(value), wanted.text)
        if wanted.json_ is not None:
            yield data_problem(self._data(value), wanted.json_)
        if wanted.properties is not None:
            yield self._properties(value, wanted.properties)
        if wanted.folder is not None:
            yield self._folder(value, wanted.folder)
        if wanted.judge is not None:
            yield self._judge(value, wanted.judge)
        if wanted.each is not None:
            yield self._each(value, wanted.each)

    def _items(self, value: Value, count: int) -> str | None:
        found = _list(value)
        return None if len(found) == count else f"expected {count} items, got {len(found)}"

    def _each(self, value: Value, wanted: WantedValue) -> str | None:
        for index, item in enumerate(_list(value)):
            why = self.problem(item, wanted)
            if why is not None:
                return f"[{index}]: {why}"
        return None

    def _media(self, value: Value, pattern: str) -> str | None:
        found = media_type(_file(value), self.workspace.store)
        return None if media.covers(pattern, found) else f"expected {pattern}, got {found}"

    def _name(self, value: Value, pattern: str) -> str | None:
        name = _file(value).name
        return None if fnmatchcase(name, pattern) else f"expected the name {pattern}, got {name}"

    def _text(self, value: Value) -> str:
        if isinstance(value, str):
            return value
        try:
            return self._bytes(_file(value)).decode("utf-8")
        except UnicodeDecodeError:
            raise _Unfit(f"expected text, got {describe(value)} that isn't UTF-8") from None

    def _data(self, value: Value) -> JsonValue:
        if not isinstance(value, File):
            return _plain(value)
        try:
            data: JsonValue = json.loads(self._bytes(value))
        except ValueError:
            raise _Unfit(f"expected data, got {describe(value)} that isn't JSON") from None
        return data

    def _bytes(self, file: File) -> bytes:
        if file.size > MAX_BYTES:
            raise _Unfit(f"{file.name} has {file.size} bytes, too many to be looked at")
        with self.workspace.store.open(file) as stream:
            return stream.read()

    def _properties(self, value: Value, wanted: Mapping[str, Bounds]) -> str | None:
        found = media_type(_file(value), self.workspace.store)
        call, parameter = (
            ("image.properties", "image") if media.covers("image/*", found) else ("media.properties", "file")
        )
        return data_problem(_plain(self._asked(call, parameter, value, {})), wanted)

    def _judge(self, value: Value, judge: Judge) -> str | None:
        others: Mapping[str, JsonValue] = judge.with_  # type: ignore[assignment] # which is plain data
        why = self.problem(self._asked(judge.call, judge.value, value, others), judge.expect)
        return None if why is None else f"{judge.call} says: {why}"

    def _asked(self, call: str, parameter: str, value: Value, others: Mapping[str, JsonValue]) -> Value:
        try:
            return ask(self.workspace, call, parameter, value, others, observer=self.observer)
        except NoJudgement as error:
            raise _Unfit(f"{call}: {error}") from None
        except PlanRefused as refused:
            raise _Unfit(f"{call} doesn't take {describe(value)}: {refused.problems[0]}") from None

    def _folder(self, value: Value, wanted: WantedFolder) -> str | None:
        if not isinstance(value, Directory):
            raise _Unfit(f"expected a folder, got {describe(value)}")
        tree = self.workspace.store.get_tree(value)
        files = {path: it for path, it in tree.entries if isinstance(it, FileEntry | LinkEntry)}
        for pattern in wanted.has:
            if not any(fnmatchcase(path, pattern) for path in files):
                return f"there is no {pattern} in it; there are {', '.join(sorted(files)[:8]) or 'no files'}"
        for pattern in wanted.lacks:
            if there := [path for path in files if fnmatchcase(path, pattern)]:
                return f"there is {there[0]} in it"
        for path, one in wanted.files.items():
            entry = files.get(path)
            if not isinstance(entry, FileEntry):
                return f"there is no {path} in it; there are {', '.join(sorted(files)[:8]) or 'no files'}"
            file = File(path.rpartition("/")[2], entry.digest, entry.size, entry.executable)
            if (why := self.problem(file, one)) is not None:
                return f"{path}: {why}"
        return None


def _file(value: Value) -> File:
    if not isinstance(value, File):
        raise _Unfit(f"expected a file, got {describe(value)}")
    return value


def _list(value: Value) -> tuple[Value, ...]:
    if not isinstance(value, tuple):
        raise _Unfit(f"expected a list, got {describe(value)}")
    return value


def _plain(value: Value) -> JsonValue:
    """A value as data; artifacts by what can be said of them."""
    match value:
        case File():
            return {"file": value.name, "size": value.size}
        case Directory():
            return {"folder": value.digest}
        case Secret():
            return {"secret": shown(value)}
        case tuple():
            return [_plain(item) for item in value]
        case Mapping():
            return {name: _plain(item) for name, item in value.items()}
    return value
