"""Reading all that is stored again, and taking away what is damaged, while others go on."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from shunter.engine.actions.result import Result
from shunter.engine.errors import StoreCorrupt
from shunter.engine.store.blobs import prove
from shunter.engine.store.index import UNPROVEN, Index
from shunter.engine.store.local import LocalStore, Parts
from shunter.engine.store.rows import Row, content_of, read_result
from shunter.engine.upkeep.findings import Dependent, Finding, Mending
from shunter.engine.upkeep.holders import all_indexes
from shunter.engine.upkeep.items import (
    Contents,
    Item,
    digest_of_item,
    is_folder,
    item_of,
    stored_files,
    stored_folders,
)
from shunter.engine.values import Directory, File, decode

Progress = Callable[[int, int], None]
"""Told how many bytes were read, and how many there are."""


@dataclass(frozen=True, slots=True)
class Verified:
    """How much was looked at, and what was found: `size` is bytes that were read."""

    files: int
    folders: int
    results: int
    size: int
    findings: tuple[Finding, ...]


def verify(store: LocalStore, *, repair: bool, progress: Progress = lambda done, total: None) -> Verified:
    """Look at every byte, every result and every handle; with `repair`, take away what is damaged.

    What somebody removes meanwhile is no damage. Raises StoreError.
    """
    parts = store.parts
    with parts.home.guard(), ExitStack() as stack:
        indexes = all_indexes(parts)
        for index in indexes[1:]:
            stack.callback(index.close)
        return _Check(parts, indexes, progress).run(repair=repair)


class _Check:
    def __init__(self, parts: Parts, indexes: list[Index], progress: Progress) -> None:
        self._parts = parts
        self._indexes = indexes
        self._progress = progress
        self._removed: set[Item] = set()

    def run(self, *, repair: bool) -> Verified:
        files, folders = stored_files(self._parts.home.blobs), stored_folders(self._parts.home.trees)
        total = sum(found.size for found in files.values())
        findings: list[Finding] = []
        done = 0
        for item, found in files.items():
            findings += self._file(item)
            done += found.size
            self._progress(done, total)
        for item in folders:
            findings += self._folder(item)
        findings = self._with_dependents(findings)
        if repair:
            findings = [self._mended(finding) for finding in findings]
        rows = sum(len(index.rows()) for index in self._indexes)
        findings += [found for index in self._indexes for found in self._rows(index, repair=repair)]
        findings += self._handles(repair=repair)
        return Verified(len(files), len(folders), rows, total, tuple(findings))

    def _file(self, item: Item) -> Iterator[Finding]:
        reason = self._damage(item)
        if reason is not None:
            yield Finding(str(self._path(item)), reason, item)

    def _folder(self, item: Item) -> Iterator[Finding]:
        reason = self._damage(item)
        if reason is not None:
            yield Finding(str(self._path(item)), reason, item)

    def _damage(self, item: Item) -> str | None:
        """What is wrong with it, unless it was removed meanwhile."""
        digest, trees = digest_of_item(item), self._parts.trees
        if not is_folder(item):
            whole = prove(os.fspath(self._path(item)), digest, executable=item.endswith(".x"))
            there = not whole and os.path.lexists(self._path(item))
            return "the file's content differs from its digest" if there else None
        if not os.path.lexists(trees.manifest_path(digest)):
            return None  # its making was cut short, or goes on
        reason = trees.damage(digest) or self._lacking(item)
        return reason if os.path.lexists(trees.manifest_path(digest)) else None

    def _lacking(self, item: Item) -> str | None:
        """A folder can be whole while the files that it was made of are gone."""
        files = Contents(self._parts.trees).of(item)
        gone = sum(not os.path.lexists(self._path(file)) for file in files)
        return f"files of it are gone from the store: {gone} of {len(files)}" if gone else None

    def _is_present(self, item: Item) -> bool:
        """Whether there is something at its place: whether that is right was said already."""
        listed = not is_folder(item) or os.path.lexists(self._parts.trees.manifest_path(digest_of_item(item)))
        return listed and os.path.lexists(self._path(item))

    def _path(self, item: Item) -> Path:
        digest = digest_of_item(item)
        if is_folder(item):
            return Path(self._parts.trees.path(digest))
        return self._parts.home.blobs / item[:2] / item

    def _with_dependents(self, findings: list[Finding]) -> list[Finding]:
        if not findings:
            return []
        wanted = {finding.item for finding in findings}
        users: dict[Item, list[Dependent]] = {item: [] for item in wanted if item is not None}
        contents = Contents(self._parts.trees)
        for index in self._indexes:
            functions = index.functions()
            for row in index.rows():
                result = read_result(row)
                if result is None:
                    continue
                items = {item_of(artifact) for artifact in content_of(result)}
                inside = {part for item in items if is_folder(item) for part in contents.of(item)}
                for item in (items | inside) & users.keys():
                    users[item].append(Dependent(functions.get(row.key, ""), result.created))
        return [
            finding if finding.item is None else replace(finding, dependents=tuple(users[finding.item]))
            for finding in findings
        ]

    def _mended(self, finding: Finding) -> Finding:
        """Looked at once more while nobody puts anything in: somebody may have mended it."""
        item = finding.item
        assert item is not None
        digest = digest_of_item(item)
        with self._parts.gate.closed():
            if self._damage(item) is None:
                return replace(finding, mending=Mending.MADE_AGAIN)
            if not is_folder(item):
                self._path(item).unlink(missing_ok=True)
                self._removed.add(item)
                return replace(finding, mending=Mending.REMOVED)
            with suppress(StoreCorrupt, ValueError):
                self._parts.trees.remake(digest)
                if self._damage(item) is None:
                    return replace(finding, mending=Mending.MADE_AGAIN)
            self._parts.trees.discard(digest)
            self._removed.add(item)
        return replace(finding, mending=Mending.REMOVED)

    def _rows(self, index: Index, *, repair: bool) -> Iterator[Finding]:
        """Results that are damaged, or whose content is gone though they are still there."""
        suspects = [
            (row, reason)
            for row in index.rows()
            if row.boot != UNPROVEN and (reason := self._row_damage(row)) is not None
        ]
        there = {row.key: row for row in index.rows()} if suspects else {}
        functions = index.functions() if suspects else {}
        for row, reason in suspects:
            if there.get(row.key) is None or self._row_damage(there[row.key]) is None:
                continue
            result = read_result(row)
            if repair:
                index.discard(row.key)
            if result is not None and self._is_told(result):
                continue
            name = functions.get(row.key) or f"under the key {row.key[:12]}…"
            users = () if result is None else (Dependent(functions.get(row.key, ""), result.created),)
            mending = Mending.REMOVED if repair else Mending.LEFT
            yield Finding(f"a result of {name} in {index.name}", reason, None, users, mending)

    def _is_told(self, result: Result) -> bool:
        """Whether nothing of it is gone but what was removed as damaged just now."""
        gone = {item_of(item) for item in content_of(result) if not self._is_present(item_of(item))}
        return gone <= self._removed

    def _row_damage(self, row: Row) -> str | None:
        result = read_result(row)
        if result is None:
            return "its row is damaged"
        gone = [item for item in content_of(result) if not self._is_present(item_of(item))]
        return f"{len(gone)} of its files and folders are gone" if gone else None

    def _handles(self, *, repair: bool) -> Iterator[Finding]:
        folder = self._parts.home.handles
        for path in sorted(folder.glob("*")) if folder.is_dir() else ():
            reason = self._handle_damage(path)
            if reason is not None and path.exists():
                if repair:
                    path.unlink(missing_ok=True)
                mending = Mending.REMOVED if repair else Mending.LEFT
                yield Finding(f"the handle artifact:{path.name}", reason, None, (), mending)

    def _handle_damage(self, path: Path) -> str | None:
        try:
            artifact = decode(json.loads(path.read_bytes()))
        except (OSError, ValueError):
            return "it can't be read"
        if not isinstance(artifact, File | Directory):
            return "it can't be read"
        return None if self._is_present(item_of(artifact)) else "what it names is gone"
