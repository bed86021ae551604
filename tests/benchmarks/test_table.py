"""The table that `make bench` prints and saves."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from machine import this_machine
from rows import Floor, Reach, Row, Skipped, Unit
from table import markdown, save

ROWS: list[Row | Skipped] = [
    Row("a step", 0.0105, Floor(0.0100, "a command"), Reach(times=1.3)),
    Row("a large file", 0.290, Floor(0.278, "a small one"), Reach(times=1.0, plus=0.010), note="in pairs"),
    Row("memory", 149.6, None, Reach(plus=150), Unit.MEBIBYTES),
    Row("a look", 0.000023, Floor(0.00001, "none")),
    Skipped("docker", "no daemon answers"),
]


def test_each_row_says_what_was_aimed_at_and_whether_it_was_reached() -> None:
    assert markdown(ROWS).splitlines() == [
        "| row          | measured | floor   | ratio | reach           | met          | floor is              |",
        "| ------------ | -------- | ------- | ----- | --------------- | ------------ | --------------------- |",
        "| a step       | 10.5 ms  | 10.0 ms | 1.05  | 1.3 ×           | yes          | a command             |",
        "| a large file | 290 ms   | 278 ms  | 1.04  | floor + 10.0 ms | no           | a small one; in pairs |",
        "| memory       | 150 MiB  |         |       | 150 MiB         | yes          |                       |",
        "| a look       | 23.0 µs  | 10.0 µs | 2.30  |                 |              | none                  |",
        "| docker       | –        |         |       |                 | not measured | no daemon answers     |",
    ]


def test_the_same_is_saved_with_the_machine(tmp_path: Path) -> None:
    save(tmp_path / "out/bench.json", ROWS, this_machine(tmp_path), date="2026-11-24", load_after=1.5)
    saved = json.loads((tmp_path / "out/bench.json").read_text())
    assert [row.get("met") for row in saved["rows"]] == [True, False, True, None, None]
    assert saved["rows"][1]["reach"] == {"times": 1.0, "plus": 0.01, "most": pytest.approx(0.288)}
    assert saved["rows"][4] == {"what": "docker", "skipped": "no daemon answers"}
    assert saved["machine"]["load_after"] == 1.5
    assert set(saved["machine"]) >= {"cores", "memory", "kernel", "python", "file_system", "load"}


def test_a_row_that_isnt_there_is_told_with_those_that_are() -> None:
    script = Path(__file__).parents[2] / "benchmarks/run.py"
    done = subprocess.run([sys.executable, script, "stpe"], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "there is no benchmark 'stpe'; there are: step, docker, nested," in done.stderr
