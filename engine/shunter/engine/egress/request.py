"""Heads of requests to the proxy and of the answers to them.

They are read strictly: what two readers could take in two ways is refused.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from shunter.engine.egress.host import USUAL_PORTS, Host, parse_host

_REQUEST: Final = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]{1,32}) ([\x21-\x7e]+) HTTP/1\.([01])")
_STATUS: Final = re.compile(rb"HTTP/1\.[01] ([1-5][0-9][0-9])(?: [^\x00\r\n]*)?")
_FIELD: Final = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([^\x00\r\n]*?)[ \t]*")
_DIGITS: Final = re.compile(rb"[0-9]{1,18}")

_ONCE: Final = (b"host", b"content-length", b"transfer-encoding")
_BETWEEN_TWO: Final = frozenset(
    b"connection keep-alive proxy-authenticate proxy-authorization proxy-connection te trailer "
    b"upgrade".split()
)
"""Fields that are meant for the next one on the way only."""

Headers = tuple[tuple[bytes, bytes], ...]


class Malformed(ValueError):
    """No head that the proxy takes; `host` is the one that it named, if it named one."""

    def __init__(self, message: str, host: str = "") -> None:
        super().__init__(message)
        self.host = host


@dataclass(frozen=True, slots=True)
class Framing:
    """How long a body is: `length` bytes, in chunks, or neither."""

    length: int | None
    chunked: bool


@dataclass(frozen=True, slots=True)
class Request:
    """A request for `host`, whose port is always said; `path` is None where it wants a tunnel there."""

    method: bytes
    host: Host
    path: bytes | None
    headers: Headers
    framing: Framing
    waits: bool

    def head(self, *, absolute: bool, login: bytes | None = None) -> bytes:
        """The head as it is passed on, for one answer; `absolute`, with a `login`, for another proxy."""
        authority = str(self.host if self.host.port != 80 else Host(self.host.name)).encode()
        target = (b"http://" + authority if absolute else b"") + (self.path or b"/")
        fields = [(b"Host", authority), *self.headers, (b"Connection", b"close")]
        fields += [(b"Proxy-Authorization", login)] if login is not None else []
        return _head(self.method + b" " + target + b" HTTP/1.1", fields)


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer's status and head, as it is passed on."""

    status: int
    head: bytes
    framing: Framing


def read_request(head: bytes) -> Request:
    """The request that `head` begins, which ends with an empty line; raises Malformed."""
    line, fields = _parts(head)
    found = _REQUEST.fullmatch(line)
    if found is None:
        raise Malformed("no request line of HTTP/1.1")
    method, target = found[1], found[2]
    tunnel = method == b"CONNECT"
    host = _authority(target, None) if tunnel else _absolute(target)
    named = [value for name, value in fields if name.lower() == b"host"]
    if not named and found[3] == b"1":
        raise Malformed("no Host field", str(host))
    for value in named:
        _check_same(host, value, 443 if tunnel else 80)
    framing = _framing(fields)
    if tunnel and framing != Framing(None, chunked=False):
        raise Malformed("a CONNECT with a body", str(host))
    waits = any(name.lower() == b"expect" for name, _ in fields)
    kept = tuple((name, value) for name, value in _kept(fields) if name.lower() not in (b"host", b"expect"))
    return Request(method, host, None if tunnel else _path(target), kept, framing, waits)


def read_answer(head: bytes) -> Answer:
    """The answer that `head` begins; raises Malformed."""
    line, fields = _parts(head)
    found = _STATUS.fullmatch(line)
    if found is None:
        raise Malformed("the server answered with something that isn't HTTP/1.1")
    status = int(found[1])
    ending = [(b"Connection", b"close")] if status >= 200 else []
    return Answer(status, _head(line, [*_kept(fields), *ending]), _framing(fields))


def _parts(head: bytes) -> tuple[bytes, Headers]:
    line, *rest = head.removesuffix(b"\r\n\r\n").split(b"\r\n")
    fields = []
    for field in rest:
        found = _FIELD.fullmatch(field)
        if found is None:
            raise Malformed("a header field that isn't one")
        fields.append((found[1], found[2]))
    for name in _ONCE:
        if sum(found.lower() == name for found, _ in fields) > 1:
            raise Malformed(f"more than one field {name.decode()}")
    return line, tuple(fields)


def _absolute(target: bytes) -> Host:
    scheme, separator, rest = target.partition(b"://")
    if not separator or scheme.lower() != b"http":
        raise Malformed("expected CONNECT, or a target that begins with http://")
    return _authority(re.split(rb"[/?#]", rest, maxsplit=1)[0], 80)


def _path(target: bytes) -> bytes:
    rest = target.partition(b"://")[2]
    path = re.sub(rb"\A[^/?#]*", b"", rest).partition(b"#")[0]
    return path if path.startswith(b"/") else b"/" + path


def _authority(text: bytes, port: int | None) -> Host:
    try:
        host = parse_host(text.decode("ascii"))
    except ValueError:
        raise Malformed("a target without a host, or with more than that") from None
    if host.is_pattern or (host.port is None and port is None):
        raise Malformed("a target without a host and port")
    return Host(host.name, host.port or port)


def _check_same(host: Host, value: bytes, port: int) -> None:
    """A server that holds several sites goes by the field Host."""
    try:
        named = parse_host(value.decode("latin-1"))
    except ValueError:
        raise Malformed("a Host field that holds no host") from None
    ports = USUAL_PORTS if named.port is None and host.port in USUAL_PORTS else {named.port or port}
    if named.name != host.name or host.port not in ports:
        raise Malformed(f"the target is {host}, and the Host field names another", str(named))


def _framing(fields: Headers) -> Framing:
    known = {name.lower(): value for name, value in fields}
    length, coding = known.get(b"content-length"), known.get(b"transfer-encoding")
    if length is not None and coding is not None:
        raise Malformed("both Content-Length and Transfer-Encoding")
    if coding is not None and coding.lower() != b"chunked":
        raise Malformed("a transfer coding other than chunked")
    if length is not None and not _DIGITS.fullmatch(length):
        raise Malformed("a Content-Length that is no number")
    return Framing(None if length is None else int(length), coding is not None)


def _kept(fields: Headers) -> Headers:
    """The fields without those between two, and those that `Connection` names."""
    named = {
        word.strip().lower()
        for name, value in fields
        if name.lower() == b"connection"
        for word in value.split(b",")
    }
    dropped = _BETWEEN_TWO | (named - {b"host", b"content-length", b"transfer-encoding"})
    return tuple((name, value) for name, value in fields if name.lower() not in dropped)


def _head(line: bytes, fields: list[tuple[bytes, bytes]]) -> bytes:
    return b"\r\n".join([line, *(name + b": " + value for name, value in fields), b"", b""])
