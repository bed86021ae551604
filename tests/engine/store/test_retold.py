"""An index that is lost is made again from what past runs tell."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from shunter.engine.digest import digest_bytes
from shunter.engine.run.events import CallFinished, PreparationFinished
from shunter.engine.run.journal import Journal
from shunter.engine.run.outcome import CallReport, Outcome
from shunter.engine.store.local import LocalStore
from shunter.engine.values import File

KEY, OTHER = digest_bytes(b"key"), digest_bytes(b"other")


def _tell(store: LocalStore, *, about: dict[str, str] | None = None) -> File:
    """A run in which a call was executed, and an environment built."""
    file, log = store.put_bytes(b"answer", "answer.txt"), store.put_bytes(b"said", "stdout")
    journal = Journal(store.home / "runs", store, plan="", about=about or {})
    report = CallReport("step", None, Outcome.EXECUTED, KEY, 1.5, {"of": (file, 2)}, stdout=log)
    journal.notify(CallFinished(report))
    journal.notify(PreparationFinished("packages", 0.5, True, OTHER, file))
    journal.close()
    return file


def _forget(home: Path) -> None:
    for path in home.glob("index.sqlite*"):
        path.unlink()


def test_what_a_run_executed_is_found_again_without_its_index(
    home: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with LocalStore(home) as store:
        file = _tell(store)
        found = store.lookup([KEY, OTHER])
        assert found[KEY].value == {"of": (file, 2)}
        assert found[KEY].stdout is not None
        assert (found[KEY].stderr, found[KEY].seconds) == (None, 1.5)
        assert found[OTHER].value == file
    assert [record.getMessage() for record in caplog.records] == [
        f"{home}/index.sqlite is made anew: 2 results were taken back from the folders of past runs"
    ]
    _forget(home)
    with LocalStore(home) as store:
        assert list(store.lookup([KEY])) == [KEY]


def test_what_it_names_is_read_before_it_is_trusted(home: Path) -> None:
    with LocalStore(home) as store:
        file = _tell(store)
        path = store.blob_path(file)
        path.chmod(0o644)
        path.write_bytes(b"ANSWER")
        assert store.lookup([KEY, OTHER]) == {}


def test_a_run_with_a_cache_of_its_own_tells_nothing_but_environments(home: Path) -> None:
    with LocalStore(home) as store:
        _tell(store, about={"cache": "eval"})
        assert list(store.lookup([KEY, OTHER])) == [OTHER]


def _another_value(line: str) -> str:
    return line.replace("answer.txt", "forged.txt")


def _another_key(line: str) -> str:
    return line.replace(KEY, OTHER) if KEY in line else line.replace(OTHER, KEY)


def _cut(line: str) -> str:
    return line[: len(line) // 2]


def _no_seal(line: str) -> str:
    return json.dumps({name: value for name, value in json.loads(line).items() if name != "seal"})


@pytest.mark.parametrize(
    "alter", [_another_value, _another_key, _cut, _no_seal, lambda _: "[1]", lambda _: "\x00"]
)
def test_a_line_that_isnt_as_it_was_written_tells_nothing(home: Path, alter: Callable[[str], str]) -> None:
    with LocalStore(home) as store:
        _tell(store)
        (events,) = (home / "runs").glob("*/events.jsonl")
        events.write_text("\n".join(alter(line) for line in events.read_text().splitlines()))
        assert store.lookup([KEY, OTHER]) == {}


def test_the_cache_of_an_eval_begins_empty(home: Path) -> None:
    with LocalStore(home) as store:
        _tell(store)
        cache = store.cache("eval")
        assert cache.lookup([KEY, OTHER]) == {}
        cache.close()


def test_a_new_home_says_nothing(home: Path, caplog: pytest.LogCaptureFixture) -> None:
    with LocalStore(home) as store:
        assert store.lookup([KEY]) == {}
    assert caplog.records == []
