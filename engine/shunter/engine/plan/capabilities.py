"""What a plan may do beyond computing: derived from its steps, and held against what it says itself."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from shunter.engine.egress.declared import UNKNOWN, Known, Unknown, hosts_in, known_value, parameter_in
from shunter.engine.egress.host import ANY, covers
from shunter.engine.plan.checked import CheckedStep
from shunter.engine.plan.model import Requires
from shunter.engine.types import Secret
from shunter.engine.values import Value, secrets
from shunter.engine.values.conform import conform

ANY_SECRET: Final = "*"
"""The secret that only whoever runs a plan will name."""

_GIFT: Final = re.compile(r"([A-Za-z_]\w*\.[A-Za-z_]\w*)=(.+)", re.DOTALL)


def required_by(steps: Iterable[CheckedStep], values: Mapping[str, Value] | None = None) -> Requires:
    """What the steps' functions may do.

    A host that only a run will tell is `*`; `values`, by the name of an input, tell more of them. A secret is
    `FUNCTION=SOURCE`: who gets which; where the input isn't given yet, `FUNCTION=*`. Raises Mismatch where an
    argument that names a host names none.
    """
    listed = list(steps)
    used = [step.signature for step in listed]
    return Requires(
        hosts=tuple(sorted({host for step in listed for host in _hosts(step, values or {})})),
        secrets=tuple(sorted({gift for step in listed for gift in _gifts(step, values or {})})),
        effects=tuple(sorted({effect for signature in used for effect in signature.effects})),
    )


def beyond(wanted: Requires, stated: Requires) -> Mapping[str, list[str]]:
    """By field, what of `wanted` goes beyond `stated`, and isn't only unknown yet."""
    later = ANY if stated.hosts else None  # which the run holds against `stated`
    anybody = ANY_SECRET if stated.secrets else None  # the same
    more = {
        "hosts": [host for host in wanted.hosts if host != later and not covered(host, stated.hosts)],
        "secrets": [
            gift
            for gift in wanted.secrets
            if function_and_source(gift)[1] != anybody and not gift_covered(gift, stated.secrets)
        ],
        "effects": [name for name in wanted.effects if name not in stated.effects],
    }
    return {field: names for field, names in more.items() if names}


def within(wanted: Requires, stated: Requires | None) -> Requires:
    """`wanted`, whose hosts that are unknown yet can only be those of `stated`."""
    if stated is None or ANY not in wanted.hosts:
        return wanted
    hosts = {host for host in wanted.hosts if host != ANY} | set(stated.hosts)
    return wanted.model_copy(update={"hosts": tuple(sorted(hosts))})


def covered(host: str, by: Iterable[str]) -> bool:
    """Whether one of the hosts `by` covers `host`."""
    return any(covers(own, host) for own in by)


def function_and_source(gift: str) -> tuple[str | None, str]:
    """The two parts of `FUNCTION=SOURCE`; a source alone is given to any function."""
    found = _GIFT.fullmatch(gift)
    return (found[1], found[2]) if found else (None, gift)


def gift_covered(gift: str, by: Iterable[str]) -> bool:
    """Whether giving a secret is one of `by`: the same, its source to any function, any to its function."""
    function, source = function_and_source(gift)
    return not {gift, source, f"{function}={ANY_SECRET}"}.isdisjoint(by)


def _gifts(step: CheckedStep, values: Mapping[str, Value]) -> Iterator[str]:
    """Which secrets the step gives to its function."""
    for name in step.signature.secrets:
        written = step.each.get(name) or step.arguments.get(name)
        if written is not None:
            for source in _sources(known_value(written, values)):
                yield f"{step.signature.name}={source}"


def _sources(value: Known) -> Iterator[str]:
    if isinstance(value, Unknown):
        yield ANY_SECRET
    elif isinstance(value, tuple):
        for item in value:
            yield from _sources(item)
    elif isinstance(value, str):
        yield from _sources(conform(value, Secret()))
    else:
        yield from (secret.source for secret in secrets(value))


def _hosts(step: CheckedStep, values: Mapping[str, Value]) -> Iterator[str]:
    for entry in step.signature.hosts:
        name = parameter_in(entry)
        if name is None:
            yield entry
        elif name in step.each or name in step.arguments:
            written = step.each.get(name) or step.arguments[name]
            yield from hosts_in(known_value(written, values), name)
        else:
            parameter = step.signature.parameter(name)
            yield from hosts_in(UNKNOWN if parameter is None else parameter.fallback, name)
