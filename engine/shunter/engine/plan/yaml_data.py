"""YAML text as plain data, with the line of everything.

The data is built from the parser's events. PyYAML's own constructor loses the lines and keeps the last of
equal keys, and its composer calls itself for every level of a text until the process has no stack left.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

import yaml

from shunter.engine.digest import JsonValue
from shunter.engine.errors import PlanSyntaxError
from shunter.engine.plan.problem import Location

MAX_DEPTH = 100

NUMBER_WITH_EXPONENT = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?[eE][+-]?[0-9]+\Z")
"""Numbers to JSON, which YAML 1.1 takes for text unless they have a dot and a sign."""

_QUOTES = 'a text with one of [ ] { } : # in it may need quotes, as in {type: "File[text/csv]"}'
_JSON_TEXT = re.compile(r'"(?:[^"\\]|\\.)*"')
_TAG = "tag:yaml.org,2002:"
_BOOL = _TAG + "bool"
_NOT_TEXT = {_TAG + kind for kind in ("null", "bool", "int", "float")}


def read_yaml(text: str) -> tuple[JsonValue, Mapping[Location, int]]:
    """The data in a YAML (or JSON) text and its lines; raises PlanSyntaxError, also for a key given twice."""
    try:
        builder = _Builder(_loader()(_without_json_escapes(text)))
        return builder.document(), builder.lines
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else None
        raise PlanSyntaxError(
            f"not YAML: {error.problem or error.context}", hint=_QUOTES, line=line
        ) from None
    except (yaml.YAMLError, ValueError) as error:
        raise PlanSyntaxError(f"not YAML: {str(error).splitlines()[0]}") from None


def _without_json_escapes(text: str) -> str:
    """JSON texts hold what YAML's may not: two escapes for one letter, and control characters as they are."""
    if not text.lstrip().startswith("{"):
        return text
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return text
    return _JSON_TEXT.sub(lambda match: _quoted(json.loads(match[0])), text)


def _quoted(text: str) -> str:
    plain = (char if char.isprintable() and char not in '"\\' else f"\\U{ord(char):08x}" for char in text)
    return f'"{"".join(plain)}"'


def _loader() -> Any:
    base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

    class Loader(base):  # type: ignore[misc]
        """The parser, and what plain words mean."""

    Loader.add_implicit_resolver(_TAG + "float", NUMBER_WITH_EXPONENT, list("-0123456789"))
    return Loader


class _Builder:
    """Data from events. Dates and whatever else YAML knows of stay text, as a plan means nothing by them."""

    def __init__(self, loader: Any) -> None:
        self.lines: dict[Location, int] = {}
        self._loader = loader
        self._anchored: dict[str, JsonValue] = {}

    def document(self) -> JsonValue:
        self._loader.get_event()
        if self._loader.check_event(yaml.StreamEndEvent):
            raise PlanSyntaxError("the file is empty")
        self._loader.get_event()
        data = self._value(self._loader.get_event(), ())
        self._loader.get_event()
        if not self._loader.check_event(yaml.StreamEndEvent):
            line = _line(self._loader.peek_event())
            raise PlanSyntaxError("a second document begins here, and a plan is one", line=line)
        return data

    def _value(self, event: Any, location: Location) -> JsonValue:
        self.lines[location] = _line(event)
        if len(location) > MAX_DEPTH:
            raise PlanSyntaxError(
                f"nested too deeply: a plan has at most {MAX_DEPTH} levels", line=_line(event)
            )
        match event:
            case yaml.AliasEvent():
                return self._alias(event)
            case yaml.SequenceStartEvent():
                return self._sequence(location)
            case yaml.MappingStartEvent():
                return self._mapping(location)
        value = self._scalar(event)
        if event.anchor is not None:
            self._anchored[event.anchor] = value
        return value

    def _alias(self, event: Any) -> JsonValue:
        if event.anchor not in self._anchored:
            raise PlanSyntaxError(
                f"*{event.anchor} stands for no text or number above",
                hint="lists and records have to be written out",
                line=_line(event),
            )
        return self._anchored[event.anchor]

    def _sequence(self, location: Location) -> JsonValue:
        items: list[JsonValue] = []
        while not isinstance(event := self._loader.get_event(), yaml.SequenceEndEvent):
            items.append(self._value(event, (*location, len(items))))
        return items

    def _mapping(self, location: Location) -> JsonValue:
        data: dict[str, JsonValue] = {}
        while not isinstance(key := self._loader.get_event(), yaml.MappingEndEvent):
            if not isinstance(key, yaml.ScalarEvent):
                raise PlanSyntaxError("a key must be plain text", line=_line(key))
            name = key.value
            if name in data:
                raise PlanSyntaxError(f"the key `{name}` is given twice", line=_line(key))
            data[name] = self._value(self._loader.get_event(), (*location, name))
            self.lines[(*location, name)] = _line(key)
        return data

    def _scalar(self, event: Any) -> JsonValue:
        tag, text = event.tag, event.value
        if tag is None or tag == "!":
            tag = self._loader.resolve(yaml.ScalarNode, text, event.implicit)
            if tag == _BOOL and text.lower() not in {"true", "false"}:
                return str(text)  # `no` is a language, and `on` a name
        if tag not in _NOT_TEXT or ":" in text:  # 12:30 is a time to a reader, and 750 to YAML 1.1
            return str(text)
        node = yaml.ScalarNode(tag, text, event.start_mark, event.end_mark)
        try:
            value: JsonValue = self._loader.yaml_constructors[tag](self._loader, node)
            repr(value)  # a number of thousands of digits can be read, and not be written again
        except (ValueError, LookupError):
            kind = tag.removeprefix(_TAG)
            shown = text if len(text) <= 40 else text[:39] + "…"
            raise PlanSyntaxError(f"{shown!r} can't be taken as {kind}", line=_line(event)) from None
        return value


def _line(event: Any) -> int:
    return int(event.start_mark.line) + 1
