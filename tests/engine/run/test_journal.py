"""A run's folder, as it is written and as it is read back."""

from __future__ import annotations

import asyncio
import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.engine.run.yard import Recorder, Yard

from shunter.engine.digest import JsonValue
from shunter.engine.errors import StoreError, UsageError
from shunter.engine.executors.scripted import Answer, ScriptedCall
from shunter.engine.run.events import CallStarted, Event, RunStarted
from shunter.engine.run.history import PastRun, find_run, past_runs
from shunter.engine.run.journal import Journal

PLAN = """
version: 1
steps:
  - {id: one, call: toy.talk, with: {text: a}}
  - {id: all, call: toy.talk, each: {text: [a, b]}}
outputs: {one: {from: one}}
"""


@pytest.fixture(autouse=True)
def _talk(yard: Yard) -> None:
    def talk(call: ScriptedCall) -> object:
        text = str(call.action.arguments["text"])
        (call.out / "result.json").write_text(json.dumps({"result": text}))
        return Answer(0 if text != "bad" else 3, stdout=f"said {text}\n".encode(), stderr=b"\x1b[2Jerr\n")

    yard.function("toy.talk", {"text": "str"}, "str", talk)


@pytest.fixture
def journal(yard: Yard) -> Iterator[Journal]:
    made = Journal(yard.store.home / "runs", yard.store, plan="version: 1\n", about={"goal": "talk"})
    yield made
    made.close()


def _events(folder: Path) -> list[dict[str, JsonValue]]:
    return [json.loads(line) for line in (folder / "events.jsonl").read_text().splitlines()]


def _play(yard: Yard, journal: Journal, plan: str) -> None:
    asyncio.run(yard.scheduler(plan, journal, jobs=1).run())


def _past(journal: Journal) -> PastRun:
    return PastRun(journal.folder)


def test_the_folder_has_the_plan_and_what_the_run_is_about_from_the_beginning(journal: Journal) -> None:
    assert (journal.folder / "plan.yaml").read_text() == "version: 1\n"
    about = _past(journal).about()
    assert (about["id"], about["goal"]) == (journal.id, "talk")
    assert isinstance(about["started"], float)


def test_what_is_done_is_written_while_the_run_goes_on(yard: Yard, journal: Journal) -> None:
    """A crash right after an event must not lose it."""
    recorder = Recorder(also=journal.notify)
    missing: list[str] = []

    def compare(event: Event) -> None:
        journal.notify(event)
        written = [item["event"] for item in _events(journal.folder)]
        if isinstance(event, CallStarted) and written[-1] != "call-started":
            missing.append(f"{event}: {written}")

    recorder.also = compare
    asyncio.run(yard.scheduler(PLAN, recorder, jobs=1).run())
    assert missing == []
    assert len([event for event in recorder.events if isinstance(event, CallStarted)]) == 2


def test_the_events_tell_the_whole_run(yard: Yard, journal: Journal) -> None:
    _play(yard, journal, PLAN)
    told = [
        (event["event"], event.get("step"), event.get("index"), event.get("outcome"))
        for event in _events(journal.folder)
    ]
    assert told == [
        ("run-started", None, None, None),
        ("step-started", "one", None, None),
        ("step-started", "all", None, None),
        ("call-started", "one", None, None),
        ("call-finished", "one", None, "executed"),
        ("step-finished", "one", None, "executed"),
        ("call-finished", "all", 0, "cached"),
        ("call-started", "all", 1, None),
        ("call-finished", "all", 1, "executed"),
        ("step-finished", "all", None, "executed"),
        ("run-finished", None, None, None),
    ]
    last = _events(journal.folder)[-1]
    assert (last["status"], last["outputs"]) == ("done", {"one": "a"})
    assert all(isinstance(event["at"], float) for event in _events(journal.folder))


def test_the_logs_of_what_ran_are_kept_byte_by_byte(yard: Yard, journal: Journal) -> None:
    _play(yard, journal, PLAN)
    logs = {path.name: path.read_bytes() for path in _past(journal).logs()}
    assert logs == {
        "one.stdout": b"said a\n",
        "one.stderr": b"\x1b[2Jerr\n",
        "all.1.stdout": b"said b\n",
        "all.1.stderr": b"\x1b[2Jerr\n",
    }


def test_a_failure_is_told_with_all_that_is_known(yard: Yard, journal: Journal) -> None:
    _play(yard, journal, PLAN.replace("{text: a}", "{text: bad}"))
    (failed,) = [
        event for event in _events(journal.folder) if event.get("outcome") == "failed" and "failure" in event
    ]
    assert failed["failure"] == {
        "kind": "exit",
        "message": "toy.talk ended with exit code 3",
        "exit_code": 3,
        "stderr": "[2Jerr",
        "stdout": "said bad",
        "command": ["play", "toy.talk"],
        "hint": None,
    }
    assert _past(journal).status() == "failed"
    assert (journal.folder / "logs" / "one.stdout").read_text() == "said bad\n"


def test_a_run_is_running_until_it_is_over(yard: Yard, journal: Journal) -> None:
    assert _past(journal).status() == "running"
    _play(yard, journal, PLAN)
    assert _past(journal).status() == "done"


def test_a_run_whose_process_was_killed_shows_as_killed(yard: Yard) -> None:
    code = f"""
import sys, time
from pathlib import Path
from shunter.engine.run.journal import Journal
from shunter.engine.store.local import LocalStore
journal = Journal(Path({str(yard.store.home)!r}) / "runs", LocalStore(Path({str(yard.store.home)!r})), plan="", about={{}})
print(journal.id, flush=True)
time.sleep(60)
"""
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        run = find_run(yard.store.home / "runs", process.stdout.readline().strip())
        assert run.status() == "running"
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert run.status() == "killed"


def test_a_last_line_that_was_cut_off_is_left_out(yard: Yard, journal: Journal) -> None:
    _play(yard, journal, PLAN)
    events = journal.folder / "events.jsonl"
    whole = events.read_bytes()
    events.write_bytes(whole[:-10])
    assert len(list(_past(journal).events())) == len(whole.splitlines()) - 1
    assert _past(journal).status() == "running"


def test_the_latest_run_comes_first_also_within_one_second(yard: Yard) -> None:
    runs = yard.store.home / "runs"
    made = []
    for _ in range(12):
        journal = Journal(runs, yard.store, plan="", about={})
        journal.close()
        made.append(journal.id)
    assert [run.id for run in past_runs(runs)] == made[::-1]
    assert find_run(runs, "last").id == made[-1]


def test_a_run_is_found_by_any_part_of_its_name_that_no_other_has(yard: Yard) -> None:
    runs = yard.store.home / "runs"
    for name in ("20260101-1", "20260102-2", "20260102-3"):
        (runs / name).mkdir(parents=True)
        (runs / name / "run.json").write_text("{}")
    assert find_run(runs, "02-2").id == "20260102-2"
    assert find_run(runs, "last").id == "20260102-3"
    with pytest.raises(UsageError, match="2 runs have '0102' in their name"):
        find_run(runs, "0102")
    with pytest.raises(UsageError, match="there is no run '2027'"):
        find_run(runs, "2027")


def test_without_runs_there_is_nothing_to_find(tmp_path: Path) -> None:
    assert past_runs(tmp_path / "runs") == []
    with pytest.raises(UsageError, match="there are no runs yet"):
        find_run(tmp_path / "runs", "last")


@pytest.mark.parametrize("content", ["", "[]", "{", "\x00"])
def test_a_run_folder_that_is_damaged_is_still_listed(tmp_path: Path, content: str) -> None:
    (tmp_path / "one").mkdir()
    (tmp_path / "one" / "run.json").write_text(content)
    (tmp_path / "one" / "events.jsonl").write_bytes(b"\xff\x00\nnot json\n[1]\n")
    (run,) = past_runs(tmp_path)
    assert (run.about(), run.status()) == ({}, "killed")


def test_a_full_disk_is_told_with_the_home_and_what_to_do(yard: Yard, tmp_path: Path) -> None:
    folder = tmp_path / "home/runs/one"
    folder.mkdir(parents=True)
    (folder / "events.jsonl").symlink_to("/dev/full")
    journal = Journal.reopened(folder, yard.store)
    with pytest.raises(StoreError) as told:
        journal.notify(RunStarted(()))
    assert told.value.message.startswith(f"no space is left for shunter's home folder {tmp_path}/home (")
    assert "SHUNTER_HOME" in str(told.value.hint)
    with pytest.raises(StoreError):
        journal.close()
    Journal.reopened(folder, yard.store).close()  # the lock of the folder was let go all the same


def test_a_run_that_cant_begin_is_told_with_the_home(yard: Yard, tmp_path: Path) -> None:
    with pytest.raises(StoreError) as told:
        Journal(tmp_path / "gone/runs", yard.store, plan="", about={})
    assert f"shunter's home folder {tmp_path}/gone can't be used" in told.value.message
