"""What a plan may do beyond computing, against what was allowed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from shunter.agent.capabilities import FIELDS
from shunter.agent.errors import Refused
from shunter.engine.egress.host import ANY, parse_host
from shunter.engine.errors import UsageError
from shunter.engine.plan.capabilities import ANY_SECRET, covered, function_and_source, gift_covered
from shunter.engine.plan.model import Requires
from shunter.engine.values.source import EXPECTED, parse_source


@dataclass(frozen=True, slots=True)
class Allowed:
    """What may be done without asking: `everything`, or what `requires` names."""

    requires: Requires = field(default_factory=Requires)
    everything: bool = False

    def lacking(self, wanted: Requires) -> Requires:
        """What of `wanted` isn't allowed. A host that isn't known yet takes a pattern."""
        if self.everything:
            return Requires()
        hosts = self.requires.hosts
        pattern = any(host.startswith(ANY) for host in hosts)
        return Requires(
            hosts=tuple(
                host for host in wanted.hosts if not (pattern if host == ANY else covered(host, hosts))
            ),
            secrets=tuple(gift for gift in wanted.secrets if not gift_covered(gift, self.requires.secrets)),
            effects=tuple(name for name in wanted.effects if name not in self.requires.effects),
        )

    def check(self, wanted: Requires) -> None:
        """Raise Refused where `wanted` has more than is allowed."""
        lacking = self.lacking(wanted)
        if lacking != Requires():
            raise Refused(lacking)

    def of(self, wanted: Requires) -> Requires:
        """What is granted where `wanted` is: hosts that aren't known yet only as far as they are allowed."""
        if ANY not in wanted.hosts:
            return wanted
        known = {host for host in wanted.hosts if host != ANY}
        later = {ANY, *self.requires.hosts} if self.everything else set(self.requires.hosts)
        return wanted.model_copy(update={"hosts": tuple(sorted(known | later))})

    def also(self, more: Requires) -> Allowed:
        """With `more` allowed as well."""
        both = {name: (*getattr(self.requires, name), *getattr(more, name)) for name in FIELDS.values()}
        return Allowed(Requires.model_validate(both), self.everything)


def allowed_from_texts(texts: Iterable[str], *, everything: bool) -> Allowed:
    """What `host:NAME`, `secret:SOURCE` and `effect:NAME` stand for; raises UsageError."""
    found: dict[str, list[str]] = {name: [] for name in FIELDS.values()}
    for text in texts:
        kind, _, name = text.partition(":")
        if kind not in FIELDS or not name:
            raise UsageError(f"--allow {text}: expected host:NAME, secret:SOURCE or effect:NAME")
        found[FIELDS[kind]].append(_READERS[kind](text, name) if kind in _READERS else name)
    return Allowed(Requires.model_validate(found), everything)


def _secret(text: str, name: str) -> str:
    """`SOURCE`, which any function may get, or `FUNCTION=SOURCE`; raises UsageError without repeating it."""
    function, source = function_and_source(name)
    try:
        if function is None or source != ANY_SECRET:
            parse_source(source)
    except ValueError as error:
        hint = "write it as secret:env:NAME, or as secret:FUNCTION=env:NAME for one function"
        raise UsageError(f"--allow secret:…: expected {EXPECTED}, got {error}", hint=hint) from None
    return name


def _host(text: str, name: str) -> str:
    try:
        return str(parse_host(name))
    except ValueError as error:
        raise UsageError(f"--allow {text}: {error}") from None


_READERS: Final = {"host": _host, "secret": _secret}
