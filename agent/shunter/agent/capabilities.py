"""What a plan may do beyond computing, as people name it.

`host:NAME`, `secret:FUNCTION=SOURCE` and `effect:NAME`.
"""

from __future__ import annotations

import shlex
from typing import Final

from shunter.engine.egress.host import ANY
from shunter.engine.plan.capabilities import ANY_SECRET, function_and_source
from shunter.engine.plan.model import Requires

FIELDS: Final = {"host": "hosts", "secret": "secrets", "effect": "effects"}
"""The field of `Requires` for each kind."""


def capability_names(requires: Requires) -> list[str]:
    """Each of them as `KIND:NAME`."""
    return [f"{kind}:{name}" for kind, field in FIELDS.items() for name in getattr(requires, field)]


def allowing_flags(requires: Requires) -> str:
    """The options that allow them, ready for a shell."""
    return " ".join(f"--allow {shlex.quote(name)}" for name in capability_names(requires))


def capability_sentence(requires: Requires) -> str:
    """What they amount to, for people."""
    parts = [f"reach {_hosts(requires.hosts)}"] if requires.hosts else []
    parts += [_gift(gift) for gift in requires.secrets]
    parts += requires.effects
    return "; ".join(parts)


def _gift(gift: str) -> str:
    """Who gets which secret."""
    function, source = function_and_source(gift)
    what = "whichever secret the run is given" if source == ANY_SECRET else f"the secret {source}"
    return f"give {function or 'any function'} {what}"


def _hosts(hosts: tuple[str, ...]) -> str:
    known = [host for host in hosts if host != ANY]
    unknown = ["whichever public hosts the run comes to"] if ANY in hosts else []
    return ", ".join(known + unknown)
