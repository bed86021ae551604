"""Striking secrets out of what is printed, said and recorded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from shunter.engine.secrets.forms import BLANK, forms_of, squeezed

STRUCK: Final = b"[secret]"

_BLANK: Final = frozenset(BLANK)
_SPREAD: Final = 4
_MARGIN: Final = 4096

Span = tuple[int, int]


class Redactor:
    """Knows the forms of some values. It is false where it knows none; it prints without them."""

    def __init__(self, values: Iterable[str] = ()) -> None:
        self._values = frozenset(value for value in values if value)
        forms = [forms_of(value) for value in self._values]
        self._sure = _longest_first({form for each in forms for form in each.sure})
        everything = {form for each in forms for form in each.sure | each.weak}
        self._all = _longest_first(everything)
        longest = max(map(len, everything), default=0)
        self.reach = _SPREAD * longest + _MARGIN if longest else 0
        """The most bytes that a form is looked for in, line breaks included."""

    def __bool__(self) -> bool:
        return bool(self._values)

    def __repr__(self) -> str:
        return f"Redactor of {len(self._values)}"

    def also(self, values: Iterable[str]) -> Redactor:
        """One that knows `values` as well."""
        more = self._values.union(values)
        return self if more == self._values else Redactor(more)

    def strike(self, data: bytes) -> bytes:
        """`data` without the values."""
        stream = RedactedStream(self)
        return stream.feed(data) + stream.end()

    def strike_text(self, text: str) -> str:
        """`text` without the values."""
        if not self:
            return text
        return self.strike(text.encode("utf-8", "surrogatepass")).decode("utf-8", "replace")

    def holds(self, data: bytes) -> bool:
        """Whether a value, or the part of one, is in `data` in a form that doesn't come up by chance."""
        if any(value.encode("utf-8", "surrogateescape") in data for value in self._values):
            return True
        bare = squeezed(data)
        return any(form in bare for form in self._sure)

    def spans(self, data: bytes) -> list[Span]:
        """Where values are in `data`: from and to, in order, none of them overlapping."""
        bare = squeezed(data)
        found = sorted(span for form in self._all for span in _occurrences(form, bare))
        if not found:
            return []
        kept = [at for at, byte in enumerate(data) if byte not in _BLANK]
        return list(_merged((kept[start], kept[end - 1] + 1) for start, end in found))


class RedactedStream:
    """Strikes values out of what comes in pieces, also where one goes over the end of a piece."""

    def __init__(self, redactor: Redactor) -> None:
        self._redactor = redactor
        self._held = b""
        self._struck = 0

    def feed(self, piece: bytes) -> bytes:
        """What can be passed on by now."""
        self._held += piece
        return self._passed(max(0, len(self._held) - self._redactor.reach))

    def end(self) -> bytes:
        """The rest."""
        return self._passed(len(self._held))

    def _passed(self, until: int) -> bytes:
        """All before `until`. Of a value that begins there and ends beyond, the end is struck next time."""
        if not until:
            return b""
        known = [(0, self._struck)] if self._struck else []
        parts, at, over = [], 0, 0
        for start, end in _merged(sorted([*known, *self._redactor.spans(self._held)])):
            if start >= until:
                break
            parts += [self._held[at:start], b"" if known and start == 0 else STRUCK]
            at, over = min(end, until), max(0, end - until)
        parts.append(self._held[at:until])
        self._held, self._struck = self._held[until:], over
        return b"".join(parts)


def _occurrences(form: bytes, data: bytes) -> Iterator[Span]:
    at = data.find(form)
    while at >= 0:
        yield at, at + len(form)
        at = data.find(form, at + 1)


def _merged(spans: Iterable[Span]) -> Iterator[Span]:
    """Spans in the order of their begin; those that overlap as one."""
    last: Span | None = None
    for start, end in spans:
        if last is not None and start < last[1]:
            last = (last[0], max(last[1], end))
            continue
        if last is not None:
            yield last
        last = (start, end)
    if last is not None:
        yield last


def _longest_first(forms: set[bytes]) -> tuple[bytes, ...]:
    """The order in which they are looked for."""
    return tuple(sorted(forms, key=len, reverse=True))
