"""From names to addresses."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from typing import Protocol

from shunter.engine.egress.host import Address, address_of

_NO_SUCH_NAME = frozenset({socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME)})


class NoSuchName(Exception):
    """A name has no address."""


class Resolver(Protocol):
    """Finds the addresses of names."""

    async def addresses(self, name: str) -> Sequence[Address]:
        """The addresses of `name`, the best first; raises NoSuchName, or OSError for passing trouble."""
        ...


class SystemResolver:
    """Asks as this machine does, on threads of its own: an answer can take long, and can't be cancelled."""

    async def addresses(self, name: str) -> Sequence[Address]:
        """What the C library says."""
        loop = asyncio.get_running_loop()
        try:
            found = await loop.run_in_executor(self._pool, _look_up, name)
        except socket.gaierror as error:
            if error.errno in _NO_SUCH_NAME:
                raise NoSuchName(name) from error
            raise
        known = (address_of(text.partition("%")[0]) for text in found)
        return [address for address in known if address is not None]

    @cached_property
    def _pool(self) -> ThreadPoolExecutor:
        return ThreadPoolExecutor(4, "resolver")


class FixedResolver:
    """Knows the names that it was given and no others."""

    def __init__(self, names: Mapping[str, Sequence[str]]) -> None:
        self._names = {name: [address_of(text) for text in texts] for name, texts in names.items()}
        self.asked: list[str] = []

    async def addresses(self, name: str) -> Sequence[Address]:
        """What was given for `name`; `asked` has all that was asked for."""
        self.asked.append(name)
        if name not in self._names:
            raise NoSuchName(name)
        return [address for address in self._names[name] if address is not None]


def _look_up(name: str) -> list[str]:
    found = socket.getaddrinfo(name, None, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))
