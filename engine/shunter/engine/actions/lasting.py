"""How long a result may be given again: only as long as all that was called while it was made."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from shunter.engine.actions.model import Action, CachePolicy

_ORDER: Final = (CachePolicy.PURE, CachePolicy.PINNED, CachePolicy.TTL, CachePolicy.NEVER)
"""The most cacheable first. What is pinned is kept until somebody wants it anew, what has a time to live ends
by itself: so a result that rests on both ends."""


@dataclass(frozen=True, slots=True)
class Lasting:
    """A cache class, and the moment at which it ends, in seconds since the epoch, where it has one."""

    policy: CachePolicy = CachePolicy.PURE
    until: float | None = None

    def is_fresh(self, now: float) -> bool:
        """Whether a result may be given again at the moment `now`."""
        return self.policy is not CachePolicy.NEVER and (self.until is None or now < self.until)


ALWAYS: Final = Lasting()
NEVER: Final = Lasting(CachePolicy.NEVER)


def lasting_of(action: Action, created: float) -> Lasting:
    """How long a result of `action`, made at the moment `created`, lasts as far as it says itself."""
    until = created + (action.ttl or 0.0) if action.cache is CachePolicy.TTL else None
    return Lasting(action.cache, until)


def least(parts: Iterable[Lasting]) -> Lasting:
    """The least cacheable of all of them together; of none it is `ALWAYS`."""
    known = [ALWAYS, *parts]
    ends = [part.until for part in known if part.until is not None]
    policy = max((part.policy for part in known), key=_ORDER.index)
    return Lasting(policy, min(ends, default=None))
