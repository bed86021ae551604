"""What nobody raised on purpose still ends with a message and a code."""

from __future__ import annotations

import errno

import pytest

from shunter.cli.exits import Exit, exit_of
from shunter.cli.unforeseen import known_error
from shunter.engine.errors import InputError


def _raised(error: Exception) -> Exception:
    with pytest.raises(type(error)) as caught:
        raise error
    return caught.value


def test_an_error_of_our_own_is_itself() -> None:
    error = InputError("x")
    assert known_error(error) is error


def test_what_the_system_refuses_is_the_machines_matter_and_names_the_file() -> None:
    known = known_error(_raised(OSError(errno.ENOSPC, "No space left on device", "/home/runs")))
    assert known.message == "/home/runs: No space left on device"
    assert exit_of(known) is Exit.MACHINE


def test_a_bug_is_called_one_and_says_where_it_is() -> None:
    known = known_error(_raised(ZeroDivisionError("division by zero")))
    assert known.message.startswith("this is a bug in shunter: ZeroDivisionError: division by zero")
    assert "(test_unforeseen.py, line " in known.message
    assert "--debug" in (known.hint or "")
    assert exit_of(known) is Exit.BUG
