"""Doing something as an ordinary user, whoever runs the tests."""

from __future__ import annotations

import encodings.ascii
import os
import pickle
import sqlite3
import traceback
from collections.abc import Callable
from typing import TypeVar

import blake3
import platformdirs

T = TypeVar("T")
USER = 61234
"""A uid that no account has."""

LOADED = (blake3, encodings.ascii, platformdirs, sqlite3)
"""Imported before the uid changes: the user may not be able to read them."""


def as_ordinary_user(work: Callable[[], T]) -> T:
    """What `work` gives when a user without privileges does it."""
    if os.geteuid() != 0:
        return work()
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        _answer(work, writing)
    os.close(writing)
    with os.fdopen(reading, "rb") as stream:
        answer = stream.read()
    _, status = os.waitpid(child, 0)
    if status:
        raise AssertionError(answer.decode())
    result: T = pickle.loads(answer)
    return result


def _answer(work: Callable[[], object], writing: int) -> None:
    answer = b""
    try:
        os.setgroups([])
        os.setresgid(USER, USER, USER)
        os.setresuid(USER, USER, USER)
        answer = pickle.dumps(work())
    finally:
        os.write(writing, answer or traceback.format_exc().encode())
        os._exit(not answer)
