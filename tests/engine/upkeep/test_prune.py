"""What goes, what stays, and what is never left behind."""

from __future__ import annotations

import json
import os
import random
import sqlite3
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from tests.engine.upkeep.conftest import DAY, OldHome

from shunter.engine.actions.result import Result
from shunter.engine.digest import Digest
from shunter.engine.errors import InputError, ShunterError, UsageError
from shunter.engine.store import index, recency
from shunter.engine.store.lease import oldest_lease
from shunter.engine.store.local import LocalStore
from shunter.engine.store.tree import FileEntry, tree_of
from shunter.engine.upkeep.holders import HolderKind
from shunter.engine.upkeep.prune import RUNS_KEPT, PruneLimits, prune
from shunter.engine.values import Value, encode


def test_what_was_not_used_for_long_goes_with_its_content(old: OldHome) -> None:
    file, directory, young = old.file("a"), old.directory("b", "c"), old.file("young")
    keys = [old.record("file", file), old.record("folder", directory)]
    kept = old.record("young", young)
    old.rest()
    old.age(3 * DAY)
    old.age(0, kept)
    old.age(3 * DAY, *keys)
    pruned = old.prune(older_than=2 * DAY)
    assert old.results() == {kept}
    assert old.has(young)
    assert not old.has(file)
    assert not old.has(directory)
    assert os.listdir(old.folder / "scratch") == [] or not any(old.folder.glob("scratch/*/*"))
    assert pruned.holders[HolderKind.RESULT] == 2
    assert (pruned.files, pruned.folders) == (3, 1)


def test_content_that_two_results_share_stays_with_the_last(old: OldHome) -> None:
    shared, inside = old.file("shared"), old.directory("shared", "own")
    first, second = old.record("first", shared), old.record("second", inside)
    old.rest()
    old.age(3 * DAY)
    old.age(0.0, second)
    os.utime(old.store.blob_path(shared), (0, 0))
    old.prune(older_than=DAY)
    assert first not in old.results()
    assert old.has(shared)
    assert old.has(inside)


def test_content_of_no_result_goes_and_results_stay_where_no_limit_is_given(old: OldHome) -> None:
    key, loose, folder = old.record("kept", old.file("kept")), old.file("loose"), old.directory("x")
    old.rest()
    old.age(30 * DAY)
    pruned = old.prune()
    assert old.results() == {key}
    assert not old.has(loose)
    assert not old.has(folder)
    assert (pruned.files, pruned.folders) == (2, 1)


def test_of_a_home_that_is_too_large_the_least_recently_used_goes_first(old: OldHome) -> None:
    keys = [old.record(str(number), old.file(os.urandom(200_000))) for number in range(10)]
    old.rest()
    old.age(30 * DAY)
    for number, key in enumerate(keys):
        old.age((20 - number) * DAY, key)
    size = old.prune().after
    pruned = old.prune(max_size=size - 650_000)
    assert old.results() == set(keys[4:])
    assert pruned.after <= size - 650_000
    assert pruned.excess == 0


def test_the_floor_stays_however_little_is_wanted(old: OldHome) -> None:
    young, aged = old.record("young", old.file("young")), old.record("aged", old.file("aged"))
    old.rest()
    old.age(2 * DAY)
    old.age(1800, young)
    pruned = old.prune(max_size=1)
    assert old.results() == {young}
    assert aged not in old.results()
    assert pruned.excess > 0
    old.prune(max_size=1, floor=600)
    assert old.results() == set()


def test_a_floor_below_what_use_is_noted_to_is_refused() -> None:
    with pytest.raises(UsageError, match="the floor is 60 seconds; it can be 120 at the least"):
        PruneLimits(floor=60)


def test_what_is_wanted_can_be_looked_at_first(old: OldHome) -> None:
    keys = {old.record(str(n), old.directory(str(n), "s")) for n in range(4)}
    old.file("loose")
    old.rest()
    old.age(3 * DAY)
    dry = old.prune(older_than=DAY, dry=True)
    assert old.results() == keys
    wet = old.prune(older_than=DAY)
    assert (dry.holders, dry.files, dry.folders, dry.before) == (
        wet.holders,
        wet.files,
        wet.folders,
        wet.before,
    )
    assert wet.files == 6


def test_an_environment_stays_as_long_as_what_was_made_with_it_is_used(old: OldHome) -> None:
    used = old.record("used environment", old.directory("packages"))
    unused = old.record("unused environment", old.directory("other"))
    old.record("step", "value", environment={"/env": used})
    old.rest()
    old.age(9 * DAY, used, unused)
    old.prune(older_than=DAY)
    assert used in old.results()
    assert unused not in old.results()


def test_an_environment_stays_for_results_that_stand_apart(old: OldHome) -> None:
    used = old.record("environment", old.directory("packages"))
    with closing(old.store.cache("eval")) as apart:
        step = old.record("step", 1, environment={"/env": used})
        (row,) = [row for row in old.store.parts.index.rows() if row.key == step]
        apart.record(step, old.store.lookup([step])[step], {"label": "f", "environment": {"/env": used}})
        old.store.parts.index.forget([row])
    old.rest()
    old.age(9 * DAY, used)
    old.prune(older_than=DAY)
    assert used in old.results()


# what is in use


def test_what_a_live_process_needed_stays_though_no_result_has_it(old: OldHome) -> None:
    loose, folder = old.file("input"), old.directory("a", "b")
    old.rest()
    old.age(3 * DAY)
    with LocalStore(old.folder) as live:
        live.put_bytes(b"input", "input")
        live.put_tree(live.get_tree(folder))
        old.prune(max_size=1, older_than=DAY)
        assert old.has(loose)
        assert live.blob_path(loose).read_bytes() == b"input"
        assert len(list(live.tree_path(folder).iterdir())) == 2
        assert live.hold([old.file("a"), old.file("b"), folder]) == []


def test_what_a_live_process_looked_up_long_ago_stays(old: OldHome) -> None:
    key, other = old.record("hit", old.file("hit")), old.record("other", old.file("other"))
    old.rest()
    old.age(30 * DAY)
    with LocalStore(old.folder) as live:
        live._lease._held = live._lease._take(int(time.time() - 5 * DAY))
        assert list(live.lookup([key])) == [key]
        old.age(4 * DAY, key)
        old.prune(older_than=DAY, max_size=1)
        assert old.results() == {key}
    old.prune(older_than=DAY)
    assert old.results() == set()
    assert other


def test_what_a_live_process_looked_up_stays_though_the_result_was_replaced(old: OldHome) -> None:
    before = old.file("before")
    key = old.record("key", before)
    old.rest()
    old.age(30 * DAY)
    with LocalStore(old.folder) as live:
        assert live.lookup([key])[key].value == before
        old.record("key", old.file("after"))
        old.prune(max_size=1)
        assert live.blob_path(before).read_bytes() == b"before"


def test_a_handle_that_was_found_holds_its_content(old: OldHome) -> None:
    file = old.file("named", "n.txt")
    handle = old.store.handle(file)
    old.rest()
    old.age(30 * DAY)
    with LocalStore(old.folder) as live:
        assert live.find(handle) == file
        old.prune(older_than=DAY)
        assert old.has(file)
    old.rest()
    old.age(30 * DAY)
    assert old.prune(older_than=DAY).holders[HolderKind.HANDLE] == 1
    assert not old.has(file)
    with pytest.raises(InputError, match="there is no artifact"):
        old.store.find(handle)


def test_a_handle_whose_content_is_gone_names_nothing(old: OldHome) -> None:
    file = old.file("named")
    handle = old.store.handle(file)
    old.store.blob_path(file).unlink()
    with pytest.raises(InputError, match="there is no artifact"):
        old.store.find(handle)


def test_content_that_claims_to_be_of_the_future_is_as_old_as_it_is(old: OldHome) -> None:
    with old.store.scratch("out") as out:
        (out / "a").write_text("a")
        os.utime(out / "a", (time.time() + 1000 * DAY, 0))
        tree = old.store.take_folder(out)
    entry = dict(tree.entries)["a"]
    assert isinstance(entry, FileEntry)
    path = old.store.parts.blobs.path(entry.digest)
    assert abs(os.stat(path).st_atime - time.time()) < 60


# runs


def _run_folder(old: OldHome, name: str, age: float, document: object = None, event: object = None) -> Path:
    folder = old.runs / name
    folder.mkdir(parents=True)
    (folder / "run.json").write_text(json.dumps({"id": name, "inputs": document}))
    (folder / "events.jsonl").write_text(json.dumps(event) + "\n" if event is not None else "")
    for path in folder.iterdir():
        os.utime(path, (time.time() - age, time.time() - age))
    return folder


def test_old_runs_lose_their_folders_but_the_latest_stay(old: OldHome) -> None:
    folders = [_run_folder(old, f"2026-{number:03}", 9 * DAY) for number in range(RUNS_KEPT + 5)]
    pruned = old.prune(older_than=DAY)
    assert [folder.exists() for folder in folders] == [False] * 5 + [True] * RUNS_KEPT
    assert pruned.holders[HolderKind.RUN] == 5
    assert list(old.folder.glob("scratch/*/*")) == []


def test_what_a_run_took_in_and_what_failed_in_it_stays_as_long_as_its_folder(old: OldHome) -> None:
    taken, kept, value = old.file("input"), old.directory("as it was", "left"), old.file("value")
    failed = {"event": "call-finished", "outcome": "failed", "kept": encode(kept)}
    folder = _run_folder(old, "2026-000", 9 * DAY, [encode(taken)], failed)
    with (folder / "events.jsonl").open("a") as events:
        events.write(json.dumps({"event": "call-finished", "outcome": "executed", "value": encode(value)}))
    old.rest()
    old.age(30 * DAY)
    old.prune(older_than=DAY)
    assert old.has(taken)
    assert old.has(kept)
    assert old.store.hold([old.file("as it was")]) == []
    assert not old.has(value)


def test_a_run_under_way_keeps_its_folder(old: OldHome) -> None:
    import fcntl

    folders = [_run_folder(old, f"2026-{number:03}", 9 * DAY) for number in range(RUNS_KEPT + 2)]
    with (folders[0] / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        old.prune(older_than=DAY)
    assert folders[0].exists()
    assert not folders[1].exists()


# whatever happens meanwhile


def test_a_row_that_was_used_since_it_was_looked_at_stays(old: OldHome) -> None:
    key = old.record("key", old.file("content"))
    old.age(9 * DAY)
    rows = old.store.parts.index.rows()
    old.store.lookup([key])
    assert old.store.parts.index.forget(rows) == 0
    assert old.results() == {key}


def test_a_result_that_goes_during_a_lookup_is_a_miss(old: OldHome) -> None:
    """The row is removed between the look at its content and the note of its use."""
    key, kept = old.record("key", old.file("content")), old.record("kept", old.file("other"))
    old.age(9 * DAY)
    table = old.store.parts.index
    rows = {row.key: row for row in table.rows()}
    look = old.store.parts.audit.is_there

    def and_prune(artifact: object) -> bool:
        there = look(artifact)  # type: ignore[arg-type]
        with LocalStore(old.folder) as other:
            other.parts.index.forget([rows[key]])
        return there

    table._audit.is_there = and_prune  # type: ignore[method-assign]
    assert list(table.lookup([key, kept])) == [kept]


def test_a_prune_waits_for_whoever_is_putting_something_in(old: OldHome) -> None:
    loose = old.file("loose")
    old.rest()
    old.age(DAY)
    with ThreadPoolExecutor(1) as pool:
        with old.store.parts.gate.open():
            pruning = pool.submit(old.prune)
            with pytest.raises(TimeoutError):
                pruning.result(0.2)
            assert old.has(loose)
        assert pruning.result(20).files == 1


@pytest.mark.parametrize("put", ["put_bytes", "put_path", "put_tree", "find", "hold"])
def test_nothing_is_put_in_or_found_while_content_is_removed(old: OldHome, tmp_path: Path, put: str) -> None:
    file = old.file("x")
    (tmp_path / "x").write_text("x")
    tree = tree_of([("x", FileEntry(file.digest, file.size))])
    arguments = {
        "put_bytes": (b"x", "x"),
        "put_path": (tmp_path / "x",),
        "put_tree": (tree,),
        "find": (old.store.handle(file),),
        "hold": ([file],),
    }
    with ThreadPoolExecutor(1) as pool:
        with old.store.parts.gate.closed():
            putting = pool.submit(getattr(old.store, put), *arguments[put])
            with pytest.raises(TimeoutError):
                putting.result(0.1)
        putting.result(20)


def _work(old: OldHome, seed: int, until: threading.Event) -> list[str]:
    """Put, look up, record, and see that all that was got stays readable; what was wrong."""
    chance, wrong = random.Random(seed), []
    while not until.is_set():
        with LocalStore(old.folder) as store:
            names = [f"content {chance.randrange(600)}" for _ in range(3)]
            files = [store.put_bytes(name.encode(), "x") for name in names]
            folder = store.put_tree(
                tree_of((str(n), FileEntry(f.digest, f.size)) for n, f in enumerate(files))
            )
            loose = [f"loose {chance.randrange(150)}" for _ in range(3)]
            alone = [store.put_bytes(name.encode(), "x") for name in loose]
            keys = [Digest(f"{chance.randrange(200):064x}") for _ in range(5)]
            found = store.lookup(keys)
            time.sleep(chance.random() * 0.01)
            try:
                for result in found.values():
                    assert isinstance(result.value, type(folder))
                    for _, entry in store.get_tree(result.value).entries:
                        assert isinstance(entry, FileEntry)
                        assert os.path.exists(store.parts.blobs.path(entry.digest)), "a file of a result"
                    assert len(os.listdir(store.tree_path(result.value))) == 3
                assert [store.blob_path(f).read_bytes().decode() for f in files] == names
                assert [store.blob_path(f).read_bytes().decode() for f in alone] == loose
                assert len(os.listdir(store.tree_path(folder))) == 3
                assert all(os.path.exists(store.parts.blobs.path(f.digest)) for f in files)
            except (AssertionError, OSError, ShunterError) as error:
                wrong.append(repr(error))
            store.record(chance.choice(keys), _result(folder), {})
    return wrong


def _result(value: Value) -> Result:
    return Result(value, None, None, 0.0, time.time())


def _prune_and_age(old: OldHome, until: threading.Event) -> int:
    """All that isn't in use goes at once, as if it were old: the leases' own time is all that counts."""
    removed = 0
    with LocalStore(old.folder) as store:
        while not until.is_set():
            removed += prune(store, old.runs, PruneLimits(max_size=1), dry=False).files
            _grow_old(old)
    return removed


def _grow_old(old: OldHome) -> None:
    """What nobody at work has needed becomes hours older."""
    since = (oldest_lease(old.store.parts.home) or time.time()) - 0.1
    with old.store.parts.gate.closed():
        for path in [*old.folder.glob("blobs/*/*"), *old.folder.glob("trees/*/*.json")]:
            found = path.stat()
            if since > found.st_atime > since - 3600:
                os.utime(path, (found.st_atime - 7200, found.st_mtime))
    with closing(sqlite3.connect(old.folder / "index.sqlite", isolation_level=None)) as rows:
        rows.execute("UPDATE results SET last_used = last_used - 7200 WHERE last_used < ?", (since,))


def test_whatever_is_pruned_nobody_misses_what_is_in_use(
    old: OldHome, monkeypatch: pytest.MonkeyPatch
) -> None:
    for place in (recency, index):  # hours pass within seconds here, and minutes in no time
        monkeypatch.setattr(place, "FRESH", 0.0)
    old.rest()
    until = threading.Event()
    with ThreadPoolExecutor(5) as pool:
        working = [pool.submit(_work, old, seed, until) for seed in range(4)]
        pruning = pool.submit(_prune_and_age, old, until)
        time.sleep(6)
        until.set()
        assert [done.result() for done in working] == [[]] * 4
        assert pruning.result() > 0
