"""The secrets of one run: each source is read once, when it is first needed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Final

from shunter.engine.secrets.draining import MAX_BYTES
from shunter.engine.secrets.errors import SecretUnreadable
from shunter.engine.secrets.fingerprint import fingerprint
from shunter.engine.secrets.forms import squeezed
from shunter.engine.secrets.protocol import SecretReader
from shunter.engine.secrets.revealed import NOTHING, Revealed
from shunter.engine.values import Secret
from shunter.engine.values.source import Scheme, place_of, scheme_of, shown

if TYPE_CHECKING:
    import asyncio

    from shunter.engine.actions.model import Action

LEAST: Final = 4
"""Characters, without blanks. What is shorter can't be told from other text, and so not be kept out of it."""


class Keyring:
    """Reads secrets by `readers`; None gives none at all. `key` gives what fingerprints are made with."""

    def __init__(
        self, key: Callable[[], bytes], readers: Mapping[Scheme, SecretReader] | None = None
    ) -> None:
        self._key = key
        self._readers = readers or {}
        self._read: dict[Secret, str | SecretUnreadable] = {}
        self._prints: dict[Secret, str] = {}
        self._locks: dict[Secret, asyncio.Lock] = {}
        self._redactor = NOTHING.redactor

    def check(self, secrets: Iterable[Secret]) -> None:
        """Raise SecretUnreadable for one that is plainly not there; nothing is read."""
        for secret in secrets:
            try:
                self._reader(secret).check(place_of(secret))
            except SecretUnreadable as error:
                raise _named(secret, error) from None

    async def read(self, secrets: Iterable[Secret]) -> None:
        """Read those of `secrets` that weren't yet; what can't be read is told by `unreadable`."""
        import asyncio

        for secret in secrets:
            async with self._locks.setdefault(secret, asyncio.Lock()):
                if secret not in self._read:
                    self._read[secret] = await self._attempt(secret)
        values = [value for value in self._read.values() if isinstance(value, str)]
        self._redactor = self._redactor.also(values)

    def unreadable(self, secrets: Iterable[Secret]) -> SecretUnreadable | None:
        """Why one of `secrets`, which were read, can't be had."""
        answers = (self._read[secret] for secret in secrets)
        return next((answer for answer in answers if isinstance(answer, SecretUnreadable)), None)

    def fingerprints(self, secrets: Iterable[Secret]) -> Mapping[Secret, str]:
        """The fingerprints of secrets that were read."""
        for secret in secrets:
            if secret not in self._prints:
                self._prints[secret] = fingerprint(self._value(secret).encode(), self._key())
        return self._prints

    def revealed(self, action: Action) -> Revealed:
        """What the container of `action` gets, and what is kept out of all that comes from it."""
        files = {mount.path: self._value(mount.secret).encode() for mount in action.secrets}
        return Revealed(files, self._redactor) if files or self._redactor else NOTHING

    def _value(self, secret: Secret) -> str:
        value = self._read[secret]
        if isinstance(value, SecretUnreadable):
            raise value
        return value

    def _reader(self, secret: Secret) -> SecretReader:
        reader = self._readers.get(scheme_of(secret))
        if reader is None:
            raise SecretUnreadable("no secrets are given here")
        return reader

    async def _attempt(self, secret: Secret) -> str | SecretUnreadable:
        import asyncio
        import threading

        stop = threading.Event()
        try:
            reader, place = self._reader(secret), place_of(secret)
            return _text(await asyncio.to_thread(reader.read, place, stop))
        except SecretUnreadable as error:
            return _named(secret, error)
        finally:
            stop.set()


def _named(secret: Secret, error: SecretUnreadable) -> SecretUnreadable:
    return SecretUnreadable(f"the secret {shown(secret)} can't be had: {error.message}", hint=error.hint)


def _text(content: bytes) -> str:
    """The value; of a single line without its end. Raises SecretUnreadable."""
    if len(content) > MAX_BYTES:
        raise SecretUnreadable(f"it has more than {MAX_BYTES >> 10} KiB")
    if b"\0" in content:
        raise SecretUnreadable("it holds NUL bytes", hint="a secret is text; encode it, as base64 does")
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        raise SecretUnreadable(
            "it isn't text in UTF-8", hint="a secret is text; encode it, as base64 does"
        ) from None
    line = text.rstrip("\r\n")
    value = text if "\n" in line else line
    if not value.strip():
        raise SecretUnreadable("it is empty")
    if len(squeezed(value.encode()).decode()) < LEAST:
        raise SecretUnreadable(
            f"it has fewer than {LEAST} characters", hint="it couldn't be told from other text in the logs"
        )
    return value
