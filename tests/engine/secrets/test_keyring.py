"""The secrets of one run."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest

from shunter.engine.actions.model import Action, Command, Returns, SecretFile
from shunter.engine.digest import digest_bytes
from shunter.engine.secrets.errors import SecretUnreadable
from shunter.engine.secrets.keyring import Keyring
from shunter.engine.types import Str
from shunter.engine.values import Secret
from shunter.engine.values.source import Scheme

KEY = bytes(32)
TOKEN, OTHER = Secret("env:TOKEN"), Secret("env:OTHER")


@dataclass
class Shelf:
    """A reader of values by their name; `read_of` are the names that were read."""

    values: Mapping[str, bytes]
    read_of: list[str] = field(default_factory=list)

    def check(self, place: str) -> None:
        if place not in self.values:
            raise SecretUnreadable(f"there is no {place}", hint="put it there")

    def read(self, place: str, stop: threading.Event) -> bytes:
        self.read_of.append(place)
        self.check(place)
        return self.values[place]


def _keyring(**values: bytes) -> tuple[Keyring, Shelf]:
    shelf = Shelf(values)
    return Keyring(lambda: KEY, {Scheme.ENV: shelf, Scheme.CMD: shelf}), shelf


def _action(**secrets: Secret) -> Action:
    files = tuple(SecretFile(name, secret) for name, secret in secrets.items())
    return Action("toy", digest_bytes(b"toy"), secrets, Command(("true",)), Returns(Str()), secrets=files)


def _value(content: bytes) -> bytes:
    keyring, _ = _keyring(TOKEN=content)
    asyncio.run(keyring.read([TOKEN]))
    return keyring.revealed(_action(token=TOKEN)).files["/run/secrets/token"]


def _refusal(content: bytes) -> str:
    keyring, _ = _keyring(TOKEN=content)
    asyncio.run(keyring.read([TOKEN]))
    error = keyring.unreadable([TOKEN])
    assert error is not None
    return error.message.removeprefix("the secret env:TOKEN can't be had: ")


@pytest.mark.parametrize(
    ("content", "value"),
    [
        (b"hunter22", b"hunter22"),
        (b"hunter22\n", b"hunter22"),
        (b"hunter22\r\n\n", b"hunter22"),
        (b" hunter22 \n", b" hunter22 "),
        (b"one line\ntwo lines\n", b"one line\ntwo lines\n"),
        ("größe".encode(), "größe".encode()),
    ],
)
def test_a_single_line_loses_its_end_and_several_are_as_they_are(content: bytes, value: bytes) -> None:
    assert _value(content) == value


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "it is empty"),
        (b" \n", "it is empty"),
        (b"abc\n", "it has fewer than 4 characters"),
        (b"a b\tc", "it has fewer than 4 characters"),
        (b"hunter\x0022", "it holds NUL bytes"),
        (b"hunter22\xff", "it isn't text in UTF-8"),
        (b"x" * 70_000, "it has more than 64 KiB"),
    ],
)
def test_what_cannot_be_a_secret_is_refused_without_being_shown(content: bytes, message: str) -> None:
    assert _refusal(content) == message


def test_a_source_is_read_once_also_by_several_at_a_time() -> None:
    keyring, shelf = _keyring(TOKEN=b"hunter22")

    async def read() -> None:
        await asyncio.gather(*(keyring.read([TOKEN, OTHER]) for _ in range(5)))

    asyncio.run(read())
    assert sorted(shelf.read_of) == ["OTHER", "TOKEN"]
    assert keyring.unreadable([TOKEN]) is None
    error = keyring.unreadable([TOKEN, OTHER])
    assert error is not None
    assert (error.message, error.hint) == (
        "the secret env:OTHER can't be had: there is no OTHER",
        "put it there",
    )


def test_nothing_is_read_to_see_whether_it_is_there() -> None:
    keyring, shelf = _keyring(TOKEN=b"hunter22")
    keyring.check([TOKEN])
    with pytest.raises(SecretUnreadable, match="the secret env:OTHER can't be had: there is no OTHER"):
        keyring.check([TOKEN, OTHER])
    assert shelf.read_of == []


def test_an_action_is_given_its_own_and_redacted_of_all() -> None:
    keyring, _ = _keyring(TOKEN=b"hunter22", OTHER=b"something else")
    asyncio.run(keyring.read([TOKEN, OTHER]))
    revealed = keyring.revealed(_action(key=OTHER))
    assert revealed.files == {"/run/secrets/key": b"something else"}
    assert revealed.redactor.strike_text("hunter22 is something else") == "[secret] is [secret]"
    assert "hunter22" not in repr(revealed) + repr(keyring)


def test_equal_values_have_equal_fingerprints_under_one_key() -> None:
    keyring, _ = _keyring(TOKEN=b"hunter22", OTHER=b"hunter22\n")
    asyncio.run(keyring.read([TOKEN, OTHER]))
    prints = keyring.fingerprints([TOKEN, OTHER])
    assert prints[TOKEN] == prints[OTHER] != digest_bytes(b"hunter22")
    other = Keyring(lambda: b"k" * 32, {Scheme.ENV: Shelf({"TOKEN": b"hunter22"})})
    asyncio.run(other.read([TOKEN]))
    assert other.fingerprints([TOKEN])[TOKEN] != prints[TOKEN]


def test_a_keyring_without_readers_gives_none() -> None:
    keyring = Keyring(lambda: KEY)
    asyncio.run(keyring.read([TOKEN]))
    error = keyring.unreadable([TOKEN])
    assert error is not None
    assert error.message == "the secret env:TOKEN can't be had: no secrets are given here"


def test_of_a_command_only_the_first_word_is_named() -> None:
    keyring, _ = _keyring()
    secret = Secret("cmd:echo hunter22")
    asyncio.run(keyring.read([secret]))
    error = keyring.unreadable([secret])
    assert error is not None
    assert error.message.startswith("the secret cmd:echo … can't be had: ")
