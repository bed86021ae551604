"""What is kept of what a step printed."""

from __future__ import annotations

from pathlib import Path

import pytest

from shunter.engine.executors.local.logs import tail, tidy
from shunter.engine.secrets.redactor import Redactor


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "stderr"


def test_an_empty_log_is_told_from_one_that_says_something(log: Path) -> None:
    log.touch()
    assert not tidy(log, limit=10, redactor=Redactor({"secret"}))
    log.write_bytes(b"word")
    assert tidy(log, limit=10, redactor=Redactor({"secret"}))


def test_a_short_log_stays_as_it_is(log: Path) -> None:
    log.write_bytes(b"short")
    tidy(log, limit=10, redactor=Redactor())
    assert log.read_bytes() == b"short"


def test_a_long_log_is_cut_to_its_end_with_a_note(log: Path) -> None:
    log.write_bytes(b"x" * 100 + b"0123456789")
    tidy(log, limit=10, redactor=Redactor())
    assert log.read_bytes() == b"[shunter: 110 bytes were printed, these are the last 10]\n0123456789"


def test_a_log_without_a_limit_is_whole(log: Path) -> None:
    log.write_bytes(b"x" * 100)
    tidy(log, limit=None, redactor=Redactor())
    assert log.read_bytes() == b"x" * 100


def test_secrets_are_struck_out_the_longest_first(log: Path) -> None:
    log.write_bytes(b"user:hunter2@host hunter2 hunter\xff")
    tidy(log, limit=None, redactor=Redactor({"hunter2", "user:hunter2", ""}))
    assert log.read_bytes() == b"[secret]@host [secret] hunter\xff"


def test_no_part_of_a_secret_survives_at_the_cut(log: Path) -> None:
    log.write_bytes(b"x" * 50 + b"topsecret" + b"0123456789")
    tidy(log, limit=14, redactor=Redactor({"topsecret"}))
    kept = log.read_bytes().partition(b"\n")[2]
    assert b"cret0" not in kept
    assert kept.endswith(b"]0123456789")


def test_the_tail_is_text_whatever_was_printed(log: Path) -> None:
    assert tail(log) == ""
    log.write_bytes(b"first\nl\xffst")
    assert tail(log, limit=4) == "l�st"
