"""Which hosts a call reaches: those that its function names, and those that its arguments name.

A function that declares `{url}` reaches the host of the URL that it is called with. Before a run that is
known for what is written in the plan and for the plan's inputs; for a value that a step gives it isn't, and
`*` stands for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from enum import Enum
from typing import Final, TypeAlias

from shunter.engine import types as t
from shunter.engine.egress.host import ANY, host_of, parse_host
from shunter.engine.plan.expression import Expression, Fields, Items, Literal, Reference
from shunter.engine.types.signature import Signature
from shunter.engine.values import Value
from shunter.engine.values.conform import Mismatch
from shunter.engine.values.literal import literal_value

EXPECTED: Final = "a URL such as https://example.org/page, or a host"

_FROM_ARGUMENT: Final = re.compile(r"\{([A-Za-z][A-Za-z0-9_]*)\}")


class Unknown(Enum):
    """Marks a value that only a run will tell."""

    UNKNOWN = "unknown"


UNKNOWN: Final = Unknown.UNKNOWN
Known: TypeAlias = "Value | Unknown | tuple[Known, ...]"


def check_declared(signature: Signature) -> None:
    """Raise ValueError where an entry of `signature.hosts` is none."""
    kinds = (t.Str(), t.Optional(t.Str()), t.ListOf(t.Str()))
    for entry in signature.hosts:
        name = parameter_in(entry)
        if name is None:
            if parse_host(entry).name == ANY:
                raise ValueError("hosts: `*` is no host; let a parameter name it, as in `{url}`")
            continue
        parameter = signature.parameter(name)
        if parameter is None or parameter.type not in kinds:
            found = f"{parameter.type}" if parameter else "no parameter"
            raise ValueError(f"hosts: {entry} wants a parameter of type str or list[str]; {name} is {found}")
        hosts_in(parameter.fallback, f"the default of {name}")


def parameter_in(entry: str) -> str | None:
    """The parameter that a declared host is taken from; None where it is a host itself."""
    found = _FROM_ARGUMENT.fullmatch(entry)
    return found[1] if found else None


def naming_parameters(signature: Signature) -> tuple[str, ...]:
    """The parameters that name hosts."""
    return tuple(name for entry in signature.hosts if (name := parameter_in(entry)) is not None)


def hosts_of(entries: Iterable[str], arguments: Mapping[str, Value]) -> tuple[str, ...]:
    """The hosts that declared `entries` are in a call with all `arguments`, sorted.

    Raises Mismatch for one that is none.
    """
    return _sorted(host for entry in entries for host in _of_entry(entry, arguments))


def hosts_in(value: Known, where: str) -> tuple[str, ...]:
    """The hosts that an argument names, in text or lists of it; raises Mismatch, with `where`."""
    return _sorted(_hosts_in(value, where))


def known_value(expression: Expression, values: Mapping[str, Value]) -> Known:
    """What `expression` gives, as far as `values` (by the name of an input) tell."""
    match expression:
        case Literal(data):
            return literal_value(data)
        case Reference(name, fields):
            return _at(values[name], fields) if name in values else UNKNOWN
        case Items(items):
            return tuple(known_value(item, values) for item in items)
        case Fields():
            return UNKNOWN


def _of_entry(entry: str, arguments: Mapping[str, Value]) -> Iterator[str]:
    name = parameter_in(entry)
    if name is None:
        yield str(parse_host(entry))
    else:
        yield from _hosts_in(arguments.get(name), name)


def _hosts_in(value: Known, where: str) -> Iterator[str]:
    if isinstance(value, Unknown):
        yield ANY
    elif isinstance(value, tuple):
        for index, item in enumerate(value):
            yield from _hosts_in(item, f"{where}[{index}]")
    elif isinstance(value, str):
        try:
            yield str(host_of(value))
        except ValueError as error:
            raise Mismatch(where, EXPECTED, f"{value!r}: {error}") from None


def _at(value: Value, fields: Iterable[str]) -> Value:
    for name in fields:
        if isinstance(value, tuple):
            value = tuple(_at(item, (name,)) for item in value)
        else:
            value = value.get(name) if isinstance(value, Mapping) else None
    return value


def _sorted(hosts: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(hosts)))
