"""What is in a home folder, and how much of the disk it takes."""

from __future__ import annotations

import math
import shutil
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from shunter.engine.run.history import past_runs
from shunter.engine.store.index import Index
from shunter.engine.store.lease import oldest_lease
from shunter.engine.store.local import LocalStore, Parts
from shunter.engine.store.rows import content_of, read_result
from shunter.engine.upkeep.disk import usage
from shunter.engine.upkeep.holders import all_indexes
from shunter.engine.upkeep.items import (
    Contents,
    Item,
    Stored,
    is_folder,
    item_of,
    stored_files,
    stored_folders,
    total,
)

_TOLD_APART = {"blobs", "trees", "runs", "handles", "scratch", "caches", "locks", "format"}


@dataclass(frozen=True, slots=True)
class Share:
    """A part of the home folder: `count` is None where there is nothing to count."""

    name: str
    count: int | None
    size: int


@dataclass(frozen=True, slots=True)
class FunctionShare:
    """The results of one function; content that several share counts for each."""

    function: str
    results: int
    size: int
    last_used: float


@dataclass(frozen=True, slots=True)
class Inventory:
    """Sizes are bytes on the disk, times seconds since the epoch.

    `oldest_use` and `newest_use` are of results; `in_use_since` is None where no process uses the store.
    """

    shares: Sequence[Share]
    functions: Sequence[FunctionShare]
    size: int
    free: int
    oldest_use: float | None
    newest_use: float | None
    in_use_since: float | None


@dataclass
class _Tally:
    results: int = 0
    first_used: float = math.inf
    last_used: float = -math.inf
    items: set[Item] = field(default_factory=set)


def inventory(store: LocalStore, runs: Path) -> Inventory:
    """Look at everything once: about 4 µs a file, 20 µs a result. Raises StoreError."""
    parts = store.parts
    with parts.home.guard(), ExitStack() as stack:
        indexes = all_indexes(parts)
        for index in indexes[1:]:
            stack.callback(index.close)
        files, folders = stored_files(parts.home.blobs), stored_folders(parts.home.trees)
        contents = Contents(parts.trees)
        tallies = _tallies(indexes)
        shares = [
            Share(
                "results",
                sum(tally.results for tally in tallies.values()),
                _bytes(parts.home.root.glob("index.sqlite*")),
            ),
            Share("files", len(files), total(files, contents)),
            Share("folders", len(folders), total(folders, contents)),
            *_others(parts, runs),
        ]
        return Inventory(
            shares,
            _functions(tallies, {**files, **folders}, contents),
            sum(share.size for share in shares),
            shutil.disk_usage(parts.home.root).free,
            min((tally.first_used for tally in tallies.values()), default=None),
            max((tally.last_used for tally in tallies.values()), default=None),
            oldest_lease(parts.home),
        )


def _others(parts: Parts, runs: Path) -> Iterator[Share]:
    home = parts.home
    handles = len(list(home.handles.glob("*"))) if home.handles.is_dir() else 0
    caches = len(list(home.caches.glob("*.sqlite")))
    yield Share("runs", len(past_runs(runs)), usage(runs))
    yield Share("handles", handles, usage(home.handles))
    yield Share("results of evals", caches, usage(home.caches))
    yield Share("work in progress", len(list(home.scratch.glob("*"))), usage(home.scratch))
    yield Share("known input files", None, _bytes(home.root.glob("stat.sqlite*")))
    for path in sorted(home.root.iterdir()):
        if path.name not in _TOLD_APART and not path.name.startswith(("index.sqlite", "stat.sqlite")):
            yield Share(path.name, None, usage(path))


def _bytes(paths: Iterator[Path]) -> int:
    return sum(map(usage, paths))


def _tallies(indexes: list[Index]) -> dict[str, _Tally]:
    tallies: dict[str, _Tally] = {}
    for index in indexes:
        functions = index.functions()
        for row in index.rows():
            tally = tallies.setdefault(functions.get(row.key, ""), _Tally())
            tally.results += 1
            tally.first_used = min(tally.first_used, row.last_used)
            tally.last_used = max(tally.last_used, row.last_used)
            result = read_result(row)
            tally.items.update(() if result is None else map(item_of, content_of(result)))
    return tallies


def _functions(
    tallies: dict[str, _Tally], stored: dict[Item, Stored], contents: Contents
) -> list[FunctionShare]:
    shares = []
    for name, tally in tallies.items():
        inside = (part for item in tally.items if is_folder(item) for part in contents.of(item))
        items = tally.items.union(inside) & stored.keys()
        size = total({item: stored[item] for item in items}, contents)
        shares.append(FunctionShare(name, tally.results, size, tally.last_used))
    return sorted(shares, key=lambda share: (-share.size, share.function))
