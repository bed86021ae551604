"""Who refers to content: results, handles, and runs."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from shunter.engine.digest import Digest, JsonValue
from shunter.engine.run.history import PastRun, past_runs
from shunter.engine.store.index import Index
from shunter.engine.store.local import Parts
from shunter.engine.store.rows import Row, content_of, read_result
from shunter.engine.upkeep.disk import bytes_of, usage
from shunter.engine.upkeep.items import Item, file_item, folder_item, item_of
from shunter.engine.values import Directory, File, decode

_MOST_JSON = 64 << 20


class HolderKind(Enum):
    """What refers to content."""

    RESULT = "result"
    HANDLE = "handle"
    RUN = "run"


@dataclass(frozen=True, slots=True)
class Holder:
    """Something that refers to content, and goes before it.

    `last_used` is in seconds since the epoch, infinite for a run under way; `size` is what it takes itself.
    """

    kind: HolderKind
    last_used: float
    items: tuple[Item, ...]
    source: tuple[Index, Row] | Path
    size: int = 0


def all_holders(parts: Parts, indexes: list[Index], runs: Path) -> list[Holder]:
    """Every holder of a home folder."""
    environments: dict[Digest, float] = {}
    for index in indexes:
        for key, used in index.environments():
            environments[key] = max(used, environments.get(key, 0.0))
    return [
        *(holder for index in indexes for holder in _results(index, environments)),
        *_handles(parts.home.handles),
        *map(_run, past_runs(runs)),
    ]


def all_indexes(parts: Parts) -> list[Index]:
    """The store's own index, and those of results that stand apart; whoever asks closes the others."""
    names = sorted(path.name for path in parts.home.caches.glob("*.sqlite"))
    apart = [Index(parts.home, parts.locks, parts.audit, f"caches/{name}") for name in names]
    return [parts.index, *apart]


def _results(index: Index, environments: Mapping[Digest, float]) -> Iterator[Holder]:
    """An environment is used whenever a result is that was made with it, though it isn't looked up then."""
    for row in index.rows():
        result = read_result(row)
        items = () if result is None else tuple(dict.fromkeys(map(item_of, content_of(result))))
        used = max(row.last_used, environments.get(row.key, 0.0))
        yield Holder(HolderKind.RESULT, used, items, (index, row))


def _handles(folder: Path) -> Iterator[Holder]:
    for path in folder.glob("*") if folder.is_dir() else ():
        try:
            found = path.stat()
            artifact = decode(json.loads(path.read_bytes()))
        except (OSError, ValueError):
            continue
        if isinstance(artifact, File | Directory):
            yield Holder(
                HolderKind.HANDLE,
                max(found.st_atime, found.st_mtime),
                (item_of(artifact),),
                path,
                bytes_of(found),
            )


def _run(run: PastRun) -> Holder:
    last_used = math.inf if run.is_running() else _last_written(run.folder)
    return Holder(HolderKind.RUN, last_used, tuple(dict.fromkeys(_kept(run))), run.folder, usage(run.folder))


def _last_written(folder: Path) -> float:
    times = [0.0]
    for name in ("events.jsonl", "run.json"):
        try:
            times.append((folder / name).stat().st_mtime)
        except OSError:
            continue
    return max(times)


def _kept(run: PastRun) -> Iterator[Item]:
    """What a run's folder refers to, and nothing makes again: its inputs, and what failed.

    Values of calls that went well are the results' own.
    """
    for path in sorted(run.folder.rglob("*.json")):
        yield from _references(_json(path))
    try:
        with (run.folder / "events.jsonl").open(encoding="ascii", errors="replace") as lines:
            for line in lines:
                if '"failed"' in line and '"$' in line:
                    yield from _references(_loads(line))
    except OSError:
        return


def _json(path: Path) -> JsonValue:
    try:
        if path.stat().st_size > _MOST_JSON:
            return None
        return _loads(path.read_text(encoding="utf-8", errors="replace"))
    except OSError:
        return None


def _loads(text: str) -> JsonValue:
    try:
        data: JsonValue = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return data


def _references(data: JsonValue) -> Iterator[Item]:
    """Every artifact in a document, as `encode` writes it."""
    pending = [data]
    while pending:
        match pending.pop():
            case {"$file": {"digest": str(digest), **rest}}:
                yield file_item(Digest(digest), executable=bool(rest.get("executable")))
            case {"$directory": str(digest)}:
                yield folder_item(Digest(digest))
            case Mapping() as fields:
                pending += fields.values()
            case list() as items:
                pending += items
