"""What is different between two keys, part by part."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from shunter.engine.actions.key import LONG
from shunter.engine.digest import JsonValue

_LINES: Final = 8
_SHORT: Final = 60

_SAID: Final[Mapping[str, str]] = {
    "format": "this version of shunter keeps results in another way",
    "function": "the function's definition changed",
    "returns": "the type that it returns changed",
    "network": "the hosts that it may reach changed",
    "image": "the image that it runs in changed",
    "callees": "the machine changed, on which what it may call runs",
    "platform": "the machine changed: its architecture, its base packages, or what containers see of them",
}


@dataclass(frozen=True, slots=True)
class Difference:
    """One part of a key that differs: `part` is its kind, `name` which one where there are several.

    `before` and `now` are JSON data, None where there was or is nothing. `details` are lines for people.
    """

    part: str
    name: str
    before: JsonValue
    now: JsonValue
    details: tuple[str, ...] = ()

    def with_details(self, details: tuple[str, ...]) -> Difference:
        """The same with more to say."""
        return replace(self, details=details)

    @property
    def text(self) -> str:
        """In one sentence."""
        match self.part:
            case "argument":
                return _argument(self.name, self.before, self.now)
            case "code":
                return f"the source at {self.name} changed"
            case "uses":
                return f"{self.name}, which it uses, changed"
            case "environment":
                return f"the packages at {self.name} changed"
            case "returns" | "network" | "image":
                return f"{_SAID[self.part]}: {_short(self.before)} → {_short(self.now)}"
        return _SAID.get(self.part, f"{self.part} changed")


def differences(before: Mapping[str, JsonValue], now: Mapping[str, JsonValue]) -> list[Difference]:
    """What differs between the kept parts of two keys.

    The machine is in an environment's key as well, and a source in the function's: each is said once.
    """
    found = [
        *_named("argument", "arguments", before, now),
        *_named("code", "code", before, now),
        *_named("uses", "uses", before, now),
        *_named("environment", "environment", before, now),
        *(
            Difference(part, "", before.get(part), now.get(part))
            for part in ("function", "returns", "network", "image", "platform", "callees", "format")
            if before.get(part) != now.get(part)
        ),
    ]
    parts = {item.part for item in found}
    hidden = {"code": {"function"}, "platform": {"environment", "callees"}}
    covered = {part for known in parts & hidden.keys() for part in hidden[known]}
    return [item for item in found if item.part not in covered]


def distance(before: Mapping[str, JsonValue], now: Mapping[str, JsonValue]) -> float:
    """How far two keys are from each other; a file of the same name is nearer than another file."""
    return sum(_weight(item) for item in differences(before, now))


def _weight(item: Difference) -> float:
    match item.before, item.now:
        case {"$file": {"name": str(old)}}, {"$file": {"name": str(new)}} if old == new:
            return 1.0
    return 2.0 if item.part == "argument" else 1.0


def _named(
    part: str, field: str, before: Mapping[str, JsonValue], now: Mapping[str, JsonValue]
) -> Iterator[Difference]:
    old, new = _fields(before.get(field)), _fields(now.get(field))
    for name in dict.fromkeys([*old, *new]):
        if old.get(name) != new.get(name) or (name in old) is not (name in new):
            yield Difference(part, name, old.get(name), new.get(name))


def _fields(data: JsonValue) -> Mapping[str, JsonValue]:
    return data if isinstance(data, Mapping) else {}


def _argument(name: str, before: JsonValue, now: JsonValue) -> str:
    if isinstance(before, str) and isinstance(now, str) and "\n" in before.strip() + now.strip():
        return f"argument {name}: {_changed_lines(before, now)}"
    if isinstance(before, list) and isinstance(now, list):
        return f"argument {name}: {_changed_items(before, now)}"
    match before, now:
        case {"$secret": _}, {"$secret": _}:
            return f"argument {name}: another secret"
    return f"argument {name}: {_short(before)} → {_short(now)}"


def _changed_lines(before: str, now: str) -> str:
    old, new = before.splitlines(), now.splitlines()
    changes = [f"-{line}" for line in old if line not in set(new)]
    changes += [f"+{line}" for line in new if line not in set(old)]
    more = f" and {len(changes) - _LINES} more lines" if len(changes) > _LINES else ""
    return (", ".join(changes[:_LINES]) + more) or "its lines are in another order"


def _changed_items(before: list[JsonValue], now: list[JsonValue]) -> str:
    if len(before) != len(now):
        return f"{len(before)} items → {len(now)} items"
    places = [place for place, pair in enumerate(zip(before, now, strict=True)) if pair[0] != pair[1]]
    first = places[0]
    more = f" and {len(places) - 1} more of its {len(now)} items" if len(places) > 1 else ""
    return f"[{first}] {_short(before[first])} → {_short(now[first])}{more}"


def _short(data: JsonValue) -> str:
    """A value in a few words."""
    match data:
        case {"$file": {"name": str(name), "digest": str(digest)}}:
            return f"{name} ({digest[:8]}…)"
        case {"$directory": str(digest)}:
            return f"a folder ({digest[:8]}…)"
        case {"$secret": _}:
            return "a secret"
        case Mapping() if LONG in data:
            return f"a value of {data.get('size')} bytes ({str(data[LONG])[:8]}…)"
    text = json.dumps(data, ensure_ascii=False)
    return text if len(text) <= _SHORT else text[: _SHORT - 1] + "…"
