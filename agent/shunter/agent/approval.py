"""What a plan may do beyond computing, against what was allowed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from shunter.agent.capabilities import FIELDS
from shunter.agent.errors import Refused
from shunter.engine.errors import UsageError
from shunter.engine.plan.model import Requires


@dataclass(frozen=True, slots=True)
class Allowed:
    """What may be done without asking: `everything`, or what `requires` names."""

    requires: Requires = field(default_factory=Requires)
    everything: bool = False

    def lacking(self, wanted: Requires) -> Requires:
        """What of `wanted` isn't allowed."""
        if self.everything:
            return Requires()
        given = {name: set(getattr(self.requires, name)) for name in FIELDS.values()}
        return Requires.model_validate(
            {name: [one for one in getattr(wanted, name) if one not in given[name]] for name in given}
        )

    def check(self, wanted: Requires) -> None:
        """Raise Refused where `wanted` has more than is allowed."""
        lacking = self.lacking(wanted)
        if lacking != Requires():
            raise Refused(lacking)


def allowed_from_texts(texts: Iterable[str], *, everything: bool) -> Allowed:
    """What `host:NAME`, `secret:NAME` and `effect:NAME` stand for; raises UsageError."""
    found: dict[str, list[str]] = {name: [] for name in FIELDS.values()}
    for text in texts:
        kind, _, name = text.partition(":")
        if kind not in FIELDS or not name:
            raise UsageError(f"--allow {text}: expected host:NAME, secret:NAME or effect:NAME")
        found[FIELDS[kind]].append(name)
    return Allowed(Requires.model_validate(found), everything)
