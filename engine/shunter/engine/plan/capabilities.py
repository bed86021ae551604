"""What a plan may do beyond computing: derived from its steps, and held against what it says itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from shunter.engine.egress.declared import UNKNOWN, hosts_in, known_value, parameter_in
from shunter.engine.egress.host import ANY, covers
from shunter.engine.plan.checked import CheckedStep
from shunter.engine.plan.model import Requires
from shunter.engine.values import Value


def required_by(steps: Iterable[CheckedStep], values: Mapping[str, Value] | None = None) -> Requires:
    """What the steps' functions may do.

    A host that only a run will tell is `*`; `values`, by the name of an input, tell more of them. Raises
    Mismatch where an argument that names a host names none.
    """
    listed = list(steps)
    used = [step.signature for step in listed]
    return Requires(
        hosts=tuple(sorted({host for step in listed for host in _hosts(step, values or {})})),
        secrets=tuple(sorted({secret for signature in used for secret in signature.secrets})),
        effects=tuple(sorted({effect for signature in used for effect in signature.effects})),
    )


def beyond(wanted: Requires, stated: Requires) -> Mapping[str, list[str]]:
    """By field, what of `wanted` goes beyond `stated`, and isn't only unknown yet."""
    later = ANY if stated.hosts else None  # which the run holds against `stated`
    more = {
        "hosts": [host for host in wanted.hosts if host != later and not covered(host, stated.hosts)],
        "secrets": [name for name in wanted.secrets if name not in stated.secrets],
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
