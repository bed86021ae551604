"""A secret as a function's author uses it, here without a container."""

from __future__ import annotations

import copy
import os
import pickle
from pathlib import Path

import pytest

from shunter.sdk import Failure, Secret
from shunter.sdk.call import value_of
from shunter.sdk.result import write


@pytest.fixture
def token(tmp_path: Path) -> Secret:
    (tmp_path / "token").write_bytes("hunter22 ü\r\n".encode())
    return Secret(tmp_path / "token")


def test_the_value_is_what_the_file_holds(token: Secret, tmp_path: Path) -> None:
    assert token.value == "hunter22 ü\r\n"
    assert (token.path, os.fspath(token), token.name) == (
        tmp_path / "token",
        str(tmp_path / "token"),
        "token",
    )


def test_it_prints_without_the_value(token: Secret) -> None:
    assert f"{token} {token!r} {[token]}" == "[secret] Secret('token', hidden) [Secret('token', hidden)]"


def test_it_cannot_be_taken_elsewhere_by_mistake(
    token: Secret, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for take in (pickle.dumps, copy.copy, copy.deepcopy):
        with pytest.raises(TypeError, match="a Secret can't be pickled or copied"):
            take(token)
    monkeypatch.setenv("SHUNTER_OUT", str(tmp_path))
    with pytest.raises(Failure, match="the result is a Secret, which can't be handed on"):
        write(token, inputs=str(tmp_path), work=str(tmp_path))


def test_one_that_is_gone_is_named(tmp_path: Path) -> None:
    with pytest.raises(Failure, match="^the secret gone can't be read: No such file or directory$"):
        _ = Secret(tmp_path / "gone").value


def test_an_argument_that_is_one_is_told_from_data() -> None:
    given = value_of({"$secret": "/run/secrets/token"})
    assert isinstance(given, Secret)
    assert value_of({"$map": {"$secret": "/run/secrets/token"}}) == {"$secret": "/run/secrets/token"}
