"""The text syntax of types: `list[File[audio/*]]`, `str | None`, `"a" | "b"`, `{name: str, size: int}`."""

from __future__ import annotations

import json
import re

from shunter.engine.types import media
from shunter.engine.types.model import (
    Bool,
    Directory,
    Enum,
    File,
    Float,
    Int,
    Json,
    ListOf,
    Optional,
    Record,
    Secret,
    Str,
    Type,
)

_SIMPLE: dict[str, Type] = {
    "str": Str(),
    "int": Int(),
    "float": Float(),
    "bool": Bool(),
    "Json": Json(),
    "File": File(),
    "Directory": Directory(),
    "Secret": Secret(),
}
_TOKEN = re.compile(r'\s*("(?:[^"\\]|\\.)*"|[A-Za-z_][A-Za-z0-9_]*|[\[\]{}|:,])')
_MAX_DEPTH = 32
_SHOWN = 200
"""How much of a type, and of what is wrong with it, a message has."""


class TypeSyntaxError(ValueError):
    """The text is no type; the message says where it stops making sense."""


def parse_type(text: str) -> Type:
    """The type that `text` names; raises TypeSyntaxError."""
    parser = _Parser(text)
    kind = parser.union(0)
    parser.expect_end()
    return kind


class _Parser:
    def __init__(self, text: str) -> None:
        self._text = text
        self._position = 0

    def union(self, depth: int) -> Type:
        if depth > _MAX_DEPTH:
            raise self._error("is nested too deeply")
        members = [self._member(depth)]
        while self._take("|"):
            members.append(self._member(depth))
        return self._joined(members)

    def _joined(self, members: list[Type | str | None]) -> Type:
        texts = [member for member in members if isinstance(member, str)]
        kinds = [member for member in members if isinstance(member, Type)]
        if len(members) - len(texts) - len(kinds) > 1 or (texts and kinds) or len(kinds) > 1:
            raise self._error("only `T | None` and texts can be joined with `|`")
        if len(set(texts)) != len(texts):
            raise self._error("names a choice twice")
        if not texts and not kinds:
            raise self._error("None alone is no type")
        kind = Enum(tuple(texts)) if texts else kinds[0]
        return Optional(kind) if None in members and not isinstance(kind, Optional) else kind

    def _member(self, depth: int) -> Type | str | None:
        token = self._next()
        if token.startswith('"'):
            return self._choice(token)
        if token == "None":
            return None
        if token == "{":
            return self._record(depth)
        if token == "list":
            self._expect("[")
            item = self.union(depth + 1)
            self._expect("]")
            return ListOf(item)
        if token == "File" and self._take("["):
            return File(self._media())
        if token in _SIMPLE:
            return _SIMPLE[token]
        import difflib

        close = difflib.get_close_matches(token, [*_SIMPLE, "list"], n=1, cutoff=0.5)
        raise self._error(f"has an unknown type {token!r}" + (f"; did you mean {close[0]}?" if close else ""))

    def _choice(self, token: str) -> str:
        try:
            return str(json.loads(token))
        except ValueError:
            raise self._error(f"has a choice that isn't text as JSON writes it: {token}") from None

    def _record(self, depth: int) -> Record:
        fields: dict[str, Type] = {}
        while not self._take("}"):
            if fields:
                self._expect(",")
            name = self._next()
            if not name.isidentifier() or name in fields:
                raise self._error(f"has a bad or repeated field name {name!r}")
            self._expect(":")
            fields[name] = self.union(depth + 1)
        return Record(tuple(fields.items()))

    def _media(self) -> str:
        end = self._text.find("]", self._position)
        if end < 0:
            raise self._error("lacks a closing `]`")
        written = self._text[self._position : end].strip().strip("\"'")
        self._position = end + 1
        try:
            return media.canonical(written)
        except ValueError as error:
            raise self._error(str(error)) from error

    def expect_end(self) -> None:
        rest = self._text[self._position :].strip()
        if rest:
            raise self._error(f"goes on with {rest!r}")

    def _next(self) -> str:
        match = _TOKEN.match(self._text, self._position)
        if match is None:
            rest = self._text[self._position :].strip()
            raise self._error(f"stops making sense at {rest!r}" if rest else "ends too early")
        self._position = match.end()
        return match[1]

    def _take(self, token: str) -> bool:
        match = _TOKEN.match(self._text, self._position)
        if match is None or match[1] != token:
            return False
        self._position = match.end()
        return True

    def _expect(self, token: str) -> None:
        if not self._take(token):
            rest = self._text[self._position :].strip() or "the end"
            raise self._error(f"wants `{token}` where it has {rest}")

    def _error(self, what: str) -> TypeSyntaxError:
        shown = self._text if len(self._text) <= _SHOWN else self._text[: _SHOWN - 1] + "…"
        return TypeSyntaxError(f"the type `{shown}` {what[:_SHOWN]}")
