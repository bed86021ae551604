"""Types as Python annotations, and records as dataclasses."""

from __future__ import annotations

import json
import keyword
from collections.abc import Iterator

from shunter.engine import types as t


def camel(name: str) -> str:
    """`text.count` as `TextCount`."""
    return "".join(word.capitalize() for word in name.replace(".", "_").split("_"))


class PythonTypes:
    """The types of one function, whose name begins its records' names.

    `sdk` and `typing` are the names that have to be imported from there.
    """

    def __init__(self, function: str) -> None:
        self._function = function
        self._name = camel(function)
        self._records: dict[t.Record, str] = {}
        self.sdk: set[str] = set()
        self.typing: set[str] = set()

    @property
    def has_records(self) -> bool:
        """Whether a record has been met."""
        return bool(self._records)

    def text(self, kind: t.Type, place: str) -> str:
        """The annotation; `place` goes on the name of a record that is met first here."""
        match kind:
            case t.Str() | t.Int() | t.Float() | t.Bool():
                return str(kind)
            case t.Json() | t.Directory() | t.Secret() | t.File(None):
                name = type(kind).__name__
                self.sdk.add(name)
                return name
            case t.File(media):
                self.sdk.add("File")
                self.typing.add("Annotated")
                return f'Annotated[File, "{media}"]'
            case t.Enum(choices):
                self.typing.add("Literal")
                return f"Literal[{', '.join(json.dumps(choice, ensure_ascii=False) for choice in choices)}]"
            case t.ListOf(item):
                return f"list[{self.text(item, place)}]"
            case t.Optional(inner):
                return f"{self.text(inner, place)} | None"
            case t.Record():
                return self._record(kind, place)
        raise TypeError(f"no Python type for {kind}")

    def reading(self, kind: t.Type, data: str, *, depth: int = 0) -> str:
        """The expression that makes a value of data, whose records are dicts."""
        match kind:
            case t.Record():
                return f"{self._records[kind]}({', '.join(self.fields(kind, data, depth=depth))})"
            case t.ListOf(item) if _has_record(item):
                each = f"item{depth or ''}"
                return f"[{self.reading(item, each, depth=depth + 1)} for {each} in {data}]"
            case t.Optional(inner) if _has_record(inner):
                return f"None if {data} is None else {self.reading(inner, data, depth=depth)}"
        return data

    def fields(self, kind: t.Record, data: str, *, depth: int = 0) -> list[str]:
        """The words that make a record of a dict."""
        return [
            f"{field_name(name)}={self.reading(item, f'{data}[{json.dumps(name)}]', depth=depth)}"
            for name, item in kind.fields
        ]

    def classes(self) -> Iterator[str]:
        """The dataclasses, those that others need first."""
        for record, name in self._records.items():
            fields = [
                f"    {field_name(each)}: {self.text(kind, camel(each))}" for each, kind in record.fields
            ]
            body = "\n".join(fields) or "    pass"
            doc = f'    """A record of `{self._function}`."""'
            yield f"@dataclass(frozen=True)\nclass {name}:\n{doc}\n\n{body}"

    def _record(self, kind: t.Record, place: str) -> str:
        if kind not in self._records:
            for name, item in kind.fields:
                self.text(item, place + camel(name))
            self._records[kind] = f"{self._name}{place or 'Result'}"
        return self._records[kind]


def field_name(name: str) -> str:
    """A field that Python can have."""
    return f"{name}_" if keyword.iskeyword(name) else name


def _has_record(kind: t.Type) -> bool:
    match kind:
        case t.Record():
            return True
        case t.ListOf(item):
            return _has_record(item)
        case t.Optional(inner):
            return _has_record(inner)
    return False
