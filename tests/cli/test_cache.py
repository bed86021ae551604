"""`shunter cache`."""

from __future__ import annotations

import json
import os
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest
from tests.cli.conftest import Shunter

DAY = 86400


@pytest.fixture
def notes(here: Path) -> Path:
    (here / "notes.txt").write_text("notes\n")
    return here / "notes.txt"


def _age(home: Path, days: float) -> None:
    """Let all that is kept be that old."""
    then = time.time() - days * DAY
    for path in [*home.glob("blobs/*/*"), *home.glob("trees/*/*.json"), *home.glob("runs/*/*")]:
        os.utime(path, (then, then))
    with closing(sqlite3.connect(home / "index.sqlite", isolation_level=None)) as rows:
        rows.execute("UPDATE results SET last_used = ?", (then,))


def test_of_an_empty_home_it_says_so(shunter: Shunter, home: Path) -> None:
    ended = shunter("cache", "info")
    assert (ended.code, ended.err) == (0, "")
    assert ended.out.startswith(f"home    {home}\nsize    ")
    assert "in use  by nobody\n" in ended.out
    assert ended.out.endswith("no results yet: `shunter run PLAN` makes some\n")


def test_what_there_is_is_counted(shunter: Shunter, notes: Path) -> None:
    shunter("call", "toy.upper", "--file", notes)
    shunter("call", "toy.shout", "--text", "a")
    shunter("call", "toy.shout", "--text", "b")
    ended = shunter("cache", "info")
    assert (ended.code, ended.err) == (0, "")
    lines = [line.split() for line in ended.out.splitlines()]
    assert ["runs", "3"] in [line[:2] for line in lines]
    assert ["results", "3"] in [line[:2] for line in lines]
    assert ["toy.shout", "2"] in [line[:2] for line in lines]
    document = json.loads(shunter("cache", "info", "--json").out)
    assert {share["function"]: share["results"] for share in document["functions"]} == {
        "toy.shout": 2,
        "toy.upper": 1,
    }
    assert document["size"] == sum(share["size"] for share in document["shares"])


def test_only_the_largest_functions_are_shown_unless_all_are_asked_for(shunter: Shunter, notes: Path) -> None:
    shunter("call", "toy.upper", "--file", notes)
    shunter("call", "toy.shout", "--text", "a")
    assert shunter("cache", "info", "--all").out.count("toy.") == 2


def test_a_whole_cache_is_verified(shunter: Shunter, notes: Path) -> None:
    shunter("call", "toy.upper", "--file", notes)
    ended = shunter("cache", "verify")
    assert (ended.code, ended.err) == (0, "")
    assert ended.out.startswith("read ")
    assert ended.out.endswith(": nothing is damaged\n")
    assert json.loads(shunter("cache", "verify", "--json").out)["status"] == "whole"


def test_damage_is_said_with_what_needs_it_and_repaired(shunter: Shunter, home: Path, notes: Path) -> None:
    shunter("call", "toy.upper", "--file", notes)
    (blob,) = [path for path in home.glob("blobs/*/*") if path.read_bytes() == b"NOTES\n"]
    blob.chmod(0o644)
    blob.write_text("DAMAGE")
    ended = shunter("cache", "verify")
    assert (ended.code, ended.err) == (1, "")
    assert ended.out.startswith(
        f"✗ {blob}\n    the file's content differs from its digest\n    needed by 1 result of toy.upper\nread "
    )
    assert ended.out.endswith(
        ": 1 thing damaged\n"
        "  `shunter cache verify --repair` takes away what is damaged, and it is made again\n"
    )
    ended = shunter("cache", "verify", "--repair")
    assert ended.code == 0
    assert "    → removed\n" in ended.out
    assert shunter("call", "toy.upper", "--file", notes).out == "NOTES\n"
    assert shunter("cache", "verify").code == 0


def test_what_was_not_used_for_long_is_pruned(shunter: Shunter, home: Path, notes: Path) -> None:
    shunter("call", "toy.upper", "--file", notes)
    _age(home, 40)
    shunter("call", "toy.shout", "--text", "a")
    words = ("cache", "prune", "--older-than", "30d")
    dry = shunter(*words, "--dry-run")
    assert (dry.code, dry.err) == (0, "")
    assert dry.out.startswith("would remove 1 result, 1 file: ")
    wet = shunter(*words)
    assert wet.out.startswith("removed 1 result, 1 file: ")
    assert "\nthe home folder takes " in wet.out
    assert shunter(*words).out.startswith("there is nothing to remove\n")
    assert shunter("call", "toy.upper", "--file", notes, "--offline").code == 4
    assert shunter("call", "toy.shout", "--text", "a", "--offline").out == "A\n"
    assert shunter("cache", "verify").code == 0


def test_a_prune_that_cannot_get_so_small_says_so(shunter: Shunter) -> None:
    shunter("call", "toy.shout", "--text", "a")
    ended = shunter("cache", "prune", "--max-size", "1KiB")
    assert ended.code == 0
    assert "more than was asked for: the rest is in use, or was within 1 hour (--floor)\n" in ended.out
    assert shunter("call", "toy.shout", "--text", "a", "--offline").code == 0
    document = json.loads(shunter("cache", "prune", "--max-size", "1KiB", "--json").out)
    assert document["bytes_in_excess"] == document["bytes_after"] - 1024
    assert document["removed"] == {"results": 0, "handles": 0, "runs": 0, "files": 0, "folders": 0}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--max-size", "big"], "argument --max-size: not a size: 'big' (write it as 512MiB or 2GB)"),
        (["--older-than", "7"], "argument --older-than: not an age: '7' (write it as 90m, 12h, 7d or 2w)"),
        (["--floor", "5s"], "the floor is 5 seconds; it can be 120 at the least"),
    ],
)
def test_limits_that_mean_nothing_are_usage_errors(shunter: Shunter, words: list[str], said: str) -> None:
    ended = shunter("cache", "prune", *words)
    assert (ended.code, ended.out) == (2, "")
    assert said in ended.err


def test_cache_without_a_command_of_its_own_is_a_usage_error(shunter: Shunter) -> None:
    ended = shunter("cache")
    assert (ended.code, ended.out) == (2, "")
    assert "`shunter cache prune`" in ended.err
