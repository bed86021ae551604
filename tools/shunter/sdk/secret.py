"""Secrets as a function sees them."""

import os

from shunter.sdk.failure import Failure

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path
    from typing import NoReturn


class Secret:
    """A secret that was given: its value is in a file, which is read when `value` is asked for.

    It prints without the value, can't be returned and can't be pickled. In a test, `Secret(path)` is one
    whose value is in the file at `path`.
    """

    __slots__ = ("_location",)

    def __init__(self, path: "str | os.PathLike[str]") -> None:
        self._location = os.path.abspath(os.fspath(path))

    @property
    def value(self) -> str:
        """The value. Don't print it, don't put it into a command line, and don't return it.

        Raises Failure when it can't be read any more.
        """
        try:
            with open(self._location, encoding="utf-8", newline="") as stream:
                return stream.read()
        except OSError as error:
            raise Failure(f"the secret {self.name} can't be read: {error.strerror}") from None

    @property
    def name(self) -> str:
        """The parameter that it was given for."""
        return os.path.basename(self._location)

    @property
    def path(self) -> "Path":
        """The file, for programs that read a secret from one."""
        from pathlib import Path

        return Path(self._location)

    def bearer(self, url: str) -> str:
        """The value as the header `Authorization` of a request to `url`.

        Raises Failure for a value that no header can have, and where it would go over a network in the clear.
        """
        from urllib.parse import urlsplit

        value, parts = self.value, urlsplit(url)
        host = parts.hostname or ""
        if not value.isascii() or not value.isprintable():
            raise Failure("the token has characters that no header can have: line ends, or others than ASCII")
        if parts.scheme != "https" and not (host in ("localhost", "::1") or host.startswith("127.")):
            raise Failure(f"the token isn't sent to {host} over http, where others can read it; use https")
        return f"Bearer {value}"

    def __fspath__(self) -> str:
        return self._location

    def __repr__(self) -> str:
        return f"Secret({self.name!r}, hidden)"

    def __str__(self) -> str:
        return "[secret]"

    def __reduce__(self) -> "NoReturn":
        raise TypeError("a Secret can't be pickled or copied: hand on its value, or its path")


class CacheId:
    """Mark of a secret: its value doesn't matter for the result, so that a rotated token runs nothing again.

    `Annotated[Secret, CacheId("registry")]` puts "registry" into the key instead of the value's fingerprint.
    """

    def __init__(self, name: str) -> None:
        self.name = name
