"""The forms in which the value of a secret can show.

Blanks and line ends don't count (`squeezed`), so that a value is found however it was broken into lines; nor
do NULs, so that UTF-16 is found as well.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

BLANK: Final = b" \t\r\n\x0b\x0c\0"

SHORT: Final = 8
"""Bytes. Shorter forms come up by chance: they are struck out of logs, and don't condemn a result."""

_LEAST: Final = 4
_TELLING: Final = 32
_COMPONENT: Final = "-_.!~*'()"  # what JavaScript's encodeURIComponent leaves as it is
_PART: Final = re.compile(r"[^=:]*[=:]\s*(.*)")


@dataclass(frozen=True, slots=True)
class Forms:
    """Squeezed texts to look for: `weak` are parts and forms that come up by chance, `sure` all others."""

    sure: frozenset[bytes]
    weak: frozenset[bytes]


def squeezed(data: bytes) -> bytes:
    """`data` without what doesn't count."""
    return data.translate(None, BLANK)


def forms_of(value: str) -> Forms:
    """Every form of `value`: as it is and encoded; and of the parts that it consists of."""
    whole = value.strip()
    leaves = set(_leaves(whole))
    parts = {*leaves, *(line for text in (whole, *leaves) for line in _lines(text))} - {whole}
    telling = {whole, *filter(_is_telling, parts)}
    sure = {form for form in _forms(telling) if len(form) >= SHORT}
    weak = {form for form in _forms(telling | parts) if len(form) >= _LEAST} | {squeezed(_bytes(whole))}
    return Forms(frozenset(sure), frozenset(weak - sure - {b""}))


def _forms(texts: Iterable[str]) -> Iterator[bytes]:
    return (squeezed(form) for text in texts for form in _encoded(text))


def _is_telling(part: str) -> bool:
    """Whether a part can only be of the secret: neither words nor a name nor an address."""
    return len(part) >= _TELLING and not any(mark in part for mark in (" ", "\t", "://", "@"))


def _encoded(text: str) -> Iterator[bytes]:
    from html import escape
    from shlex import quote as shell
    from urllib.parse import quote, quote_plus

    data = _bytes(text)
    yield from (data, data.lower(), data.upper(), data.hex().encode(), data.hex().upper().encode())
    for written in (quote(data, safe=""), quote(data), quote(data, safe=_COMPONENT), quote_plus(data)):
        yield written.encode()
        yield re.sub("%..", lambda found: found[0].lower(), written).encode()
    for written in (json.dumps(text), json.dumps(text, ensure_ascii=False), repr(text), shell(text)):
        yield _bytes(written[1:-1] if written[:1] in "\"'" else written)
    yield _bytes(json.dumps(text)[1:-1].replace("/", "\\/"))
    yield _bytes(escape(text))
    for written in _base64(data):
        yield from (written.encode(), quote(written, safe="").encode())
        yield written.replace("+", "-").replace("/", "_").encode()


def _base64(data: bytes) -> Iterator[str]:
    """What the bytes are wherever they begin in what was encoded, without the digits that they share."""
    from base64 import b64encode

    for before, shared in ((0, 0), (1, 2), (2, 3)):
        whole = (before + len(data)) * 8 // 6
        yield b64encode(b"\0" * before + data).decode()[shared:whole]


def _lines(text: str) -> Iterator[str]:
    """The lines of a value of several, without such as tell only what it is: `-----BEGIN …-----`."""
    lines = text.splitlines()
    for line in lines if len(lines) > 1 else ():
        if len(line.strip()) >= SHORT and not line.startswith("-----"):
            yield line.strip()


def _leaves(text: str) -> Iterator[str]:
    """What a value of several parts holds: the texts of JSON, what stands after `=` or `:` of each line."""
    if text.startswith(("{", "[")):
        with suppress(ValueError, RecursionError):
            yield from _texts(json.loads(text))
    for line in _lines(text):
        part = _PART.match(line)
        if part is not None and len(part[1].strip("\"', ")) >= SHORT:
            yield part[1].strip("\"', ")


def _texts(data: object) -> Iterator[str]:
    if isinstance(data, str) and len(data) >= SHORT:
        yield data
    elif isinstance(data, dict | list):
        for item in data.values() if isinstance(data, dict) else data:
            yield from _texts(item)


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")
