"""How the engine itself gets to a host: straight, or through the proxy that its user has set."""

from __future__ import annotations

import asyncio
import ipaddress
import os
import socket
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote, urlsplit

from shunter.engine.egress.host import Address, Host, address_of, is_public
from shunter.engine.egress.request import Malformed, read_answer
from shunter.engine.egress.resolver import NoSuchName, Resolver, SystemResolver

CONNECT_SECONDS: Final = 20.0
HEAD_BYTES: Final = 32 << 10

_LOOPBACK: Final = (ipaddress.ip_address("127.0.0.1"), ipaddress.ip_address("::1"))


class Forbidden(Exception):
    """A name leads to an address that it may not lead to."""


class Unreachable(Exception):
    """A host can't be connected to just now."""


@dataclass(frozen=True, slots=True)
class Stream:
    """An open connection; `proxied` where it leads to another proxy, which may want to hear `login`."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    proxied: bool = False
    login: bytes | None = None


class Route:
    """Opens connections. `variables` are the environment, of which the usual ones for proxies count."""

    def __init__(
        self, resolver: Resolver | None = None, *, variables: Mapping[str, str] | None = None
    ) -> None:
        self._resolver = resolver or SystemResolver()
        self._proxies = _proxies(os.environ if variables is None else variables)

    async def open(self, host: Host, *, tunnel: bool) -> Stream:
        """A connection to `host`, for TLS or the like where `tunnel`, else for one plain request.

        Raises Forbidden, NoSuchName, Unreachable.
        """
        try:
            async with asyncio.timeout(CONNECT_SECONDS):
                proxy = self._proxy_for(host, tunnel=tunnel)
                if proxy is None:
                    return await self._straight(host)
                return await _through(proxy, host, tunnel=tunnel)
        except TimeoutError:
            raise Unreachable(f"no connection within {CONNECT_SECONDS:g} seconds") from None
        except OSError as error:
            raise Unreachable(_reason(error)) from error

    async def _straight(self, host: Host) -> Stream:
        failure: OSError | None = None
        for address in await self._addresses(host.name):
            try:
                return Stream(*await asyncio.open_connection(str(address), host.port, limit=HEAD_BYTES))
            except OSError as error:
                failure = failure or error
        raise failure or NoSuchName(host.name)

    async def _addresses(self, name: str) -> list[Address]:
        """Those that `name` may lead to: a public name never to this machine or a private network."""
        address = address_of(name)
        if address is not None:
            return [address]
        if Host(name).is_local:
            return list(_LOOPBACK)
        found = await self._resolver.addresses(name)
        public = [address for address in found if is_public(address)]
        if found and not public:
            raise Forbidden(f"the name leads to {found[0]}, which is no public address")
        return public

    def _proxy_for(self, host: Host, *, tunnel: bool) -> str | None:
        if host.is_local or _is_left_out(host, self._proxies.get("no", "")):
            return None
        return self._proxies.get("https" if tunnel else "http") or self._proxies.get("all")


def _reason(error: OSError) -> str:
    """asyncio puts the address into what the error says; name look-ups have numbers of their own."""
    if isinstance(error, socket.gaierror) or error.errno is None:
        return error.strerror or str(error)
    return os.strerror(error.errno)


def _proxies(variables: Mapping[str, str]) -> dict[str, str]:
    """By scheme, as most programs read them: the name in lower case wins."""
    found = {}
    for scheme in ("http", "https", "all", "no"):
        text = variables.get(f"{scheme}_proxy", variables.get(f"{scheme.upper()}_PROXY", ""))
        if text:
            found[scheme] = text
    return found


def _is_left_out(host: Host, without: str) -> bool:
    """Whether `NO_PROXY` names the host, a domain above it, or all."""
    for entry in without.replace(",", " ").split():
        name, _, port = entry.lower().removeprefix("*").lstrip(".").partition(":")
        if entry == "*" or (
            (host.name == name or host.name.endswith(f".{name}")) and port in ("", str(host.port))
        ):
            return True
    return False


async def _through(proxy: str, host: Host, *, tunnel: bool) -> Stream:
    parts = urlsplit(proxy if "://" in proxy else f"http://{proxy}")
    if parts.scheme != "http" or parts.hostname is None:
        shown = f"{parts.scheme}://{parts.hostname}"
        raise Unreachable(f"the proxy {shown} of the environment is of a kind that isn't supported")
    login = _login(parts.username, parts.password)
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port or 80, limit=HEAD_BYTES)
    if not tunnel:
        return Stream(reader, writer, proxied=True, login=login)
    known = b"" if login is None else b"Proxy-Authorization: " + login + b"\r\n"
    writer.write(f"CONNECT {host} HTTP/1.1\r\nHost: {host}\r\n".encode() + known + b"\r\n")
    try:
        answer = read_answer(await reader.readuntil(b"\r\n\r\n"))
    except (Malformed, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
        answer = None
    if answer is None or answer.status != 200:
        writer.close()
        said = "in no way that is known" if answer is None else f"{answer.status}"
        raise Unreachable(f"the proxy {parts.hostname} of the environment answered {said}")
    return Stream(reader, writer)


def _login(user: str | None, password: str | None) -> bytes | None:
    if user is None:
        return None
    return b"Basic " + b64encode(f"{unquote(user)}:{unquote(password or '')}".encode())
