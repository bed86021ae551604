"""Hosts as functions declare and people allow them: a name, an address or a pattern, maybe with a port."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from typing import Final, TypeAlias
from urllib.parse import urlsplit

Address: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address

ANY: Final = "*"
"""Every public host, at the usual ports."""

USUAL_PORTS: Final = frozenset({80, 443})
"""What a host without a port stands for."""

_LABEL: Final = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
_NAME: Final = re.compile(rf"(?:{_LABEL}\.)*{_LABEL}")
_NUMBER: Final = re.compile(r"0x[0-9a-f]*|[0-9]+")
_PORT: Final = re.compile(r"[0-9]{1,5}")
_UNFIT: Final = re.compile(r"[\x00-\x20\x7f\\]")
_LONGEST: Final = 253
_NAT64: Final = ipaddress.IPv6Network("64:ff9b::/96")


@dataclass(frozen=True, slots=True)
class Host:
    """A host in its one form: lower case, without a final dot, addresses as `ipaddress` writes them.

    `name` may be `*.example.org`, which stands for every name below example.org, or `*`. `port` of None
    stands for 80 and 443.
    """

    name: str
    port: int | None = None

    def __str__(self) -> str:
        name = f"[{self.name}]" if ":" in self.name else self.name
        return name if self.port is None else f"{name}:{self.port}"

    @property
    def is_pattern(self) -> bool:
        """Whether it stands for names that it doesn't say."""
        return self.name.startswith(ANY)

    @property
    def is_local(self) -> bool:
        """Whether it names this machine or an address of a private network: no pattern `*` covers it."""
        address = address_of(self.name)
        if address is not None:
            return not is_public(address)
        return self.name == "localhost" or self.name.endswith(".localhost")

    def covers(self, other: Host) -> bool:
        """Whether whoever may reach this one may reach `other`."""
        if self.port != other.port and not (self.port is None and other.port in USUAL_PORTS):
            return False
        if self.name == other.name:
            return True
        if self.name == ANY:
            return not other.is_local
        return self.is_pattern and address_of(other.name) is None and other.name.endswith(self.name[1:])


def parse_host(text: str) -> Host:
    """The host that is written `example.org`, `example.org:8080`, `*.example.org`, `127.0.0.1` or `[::1]:80`.

    Raises ValueError for anything else.
    """
    if address_of(text) is not None:
        return Host(str(address_of(text)))
    if text.startswith("["):
        name, bracket, rest = text[1:].partition("]")
        if not bracket or not (rest == "" or rest.startswith(":")) or ":" not in name:
            raise _no_host(text)
        port = rest[1:] if rest else None
    else:
        name, colon, rest = text.partition(":")
        port = rest if colon else None
    return Host(_name(name, text), None if port is None else _port(port, text))


def host_of(text: str) -> Host:
    """The host of a URL, or the one that `text` names by itself; raises ValueError.

    A URL's usual ports are left out, so that `http://` and `https://` of a host are one.
    """
    if "://" not in text:
        host = parse_host(text)
        if host.name == ANY:
            raise ValueError("`*` is no host: name one, or a pattern such as *.example.org")
        return host
    if _UNFIT.search(text):
        raise ValueError(f"not a URL: {text!r} has a space (write %20), control character or backslash in it")
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"}:
        raise ValueError(f"expected a URL that begins with http:// or https://, got {text!r}")
    if "@" in parts.netloc:
        raise ValueError("expected a URL without a user and password in it")
    host = parse_host(parts.netloc)
    if host.is_pattern:
        raise _no_host(text)
    return Host(host.name) if host.port in USUAL_PORTS else host


def covers(allowed: str, wanted: str) -> bool:
    """`Host.covers` for hosts as text; what is no host covers nothing but itself."""
    try:
        return parse_host(allowed).covers(parse_host(wanted))
    except ValueError:
        return allowed == wanted


def address_of(name: str) -> Address | None:
    """The address that `name` is, an IPv4 address inside an IPv6 one as itself; None for a name."""
    if "%" in name:
        return None
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return mapped or address


def is_public(address: Address) -> bool:
    """Whether it is an address of the internet: not of this machine, a local or a private network."""
    if isinstance(address, ipaddress.IPv6Address):
        if address in _NAT64:
            return is_public(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
        inner = _inside(address)
        if address.is_site_local or (inner is not None and not is_public(inner)):
            return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def _inside(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """The IPv4 address that gateways read out of an IPv6 one: mapped, 6to4, Teredo."""
    teredo = address.teredo
    return address.ipv4_mapped or address.sixtofour or (teredo[1] if teredo else None)


def _name(name: str, text: str) -> str:
    address = address_of(name)
    if address is not None:
        return str(address)
    if name == ANY:
        return name
    prefix = "*." if name.startswith("*.") else ""
    bare = name[len(prefix) :].removesuffix(".")
    if not bare.isascii():
        try:
            bare = bare.encode("idna").decode("ascii")
        except UnicodeError:
            raise _no_host(text) from None
    bare = bare.lower()
    if len(bare) > _LONGEST or not _NAME.fullmatch(bare):
        raise _no_host(text)
    if _NUMBER.fullmatch(bare.rpartition(".")[2]):
        raise ValueError(f"not a host: {text!r} ends in a number; an address is written as 192.0.2.1")
    return prefix + bare


def _port(port: str, text: str) -> int:
    if not _PORT.fullmatch(port) or not 1 <= int(port) <= 65535:
        raise _no_host(text)
    return int(port)


def _no_host(text: str) -> ValueError:
    return ValueError(
        f"not a host: {text!r} (expected something like example.org, example.org:8080 or *.example.org)"
    )
