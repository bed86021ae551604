"""Which files of a source are different, as long as the earlier one is still in the store."""

from __future__ import annotations

from collections.abc import Mapping

from shunter.engine.digest import Digest, JsonValue
from shunter.engine.errors import StoreError
from shunter.engine.run.explain.difference import Difference
from shunter.engine.store.protocol import ArtifactStore
from shunter.engine.store.tree import Entry, FolderEntry
from shunter.engine.values import Directory

_SHOWN = 5


def changed_files(item: Difference, store: ArtifactStore) -> tuple[str, ...]:
    """`x.py changed`, `y.py is new`, `z.py is gone`; nothing where one of the two can't be read."""
    before, now = _entries(item.before, store), _entries(item.now, store)
    if before is None or now is None:
        return ()
    found = [
        f"{path} {_change(before.get(path), now.get(path))}"
        for path in sorted(before.keys() | now.keys())
        if before.get(path) != now.get(path)
    ]
    more = (f"and {len(found) - _SHOWN} more files",) if len(found) > _SHOWN else ()
    return (*found[:_SHOWN], *more)


def _change(before: Entry | None, now: Entry | None) -> str:
    if before is None:
        return "is new"
    return "is gone" if now is None else "changed"


def _entries(digest: JsonValue, store: ArtifactStore) -> Mapping[str, Entry] | None:
    if not isinstance(digest, str):
        return None
    try:
        tree = store.get_tree(Directory(Digest(digest)))
    except (StoreError, ValueError):
        return None
    return {path: entry for path, entry in tree.entries if not isinstance(entry, FolderEntry)}
