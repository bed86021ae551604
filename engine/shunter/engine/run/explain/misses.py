"""Why the cache doesn't answer a call: what is different from the nearest call that it knows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from shunter.engine.actions.key import NO_FINGERPRINTS, Platforms, action_key, kept_parts
from shunter.engine.actions.model import Action, CachePolicy
from shunter.engine.actions.result import Result
from shunter.engine.digest import Digest, JsonValue
from shunter.engine.run.explain.difference import Difference, differences, distance
from shunter.engine.run.explain.sources import changed_files
from shunter.engine.store.index import Index, Origin
from shunter.engine.store.protocol import ArtifactStore
from shunter.engine.values import Secret

_CANDIDATES = 200
"""Of a function's latest results, so many are compared."""


class MissKind(Enum):
    """Why a call runs."""

    NEVER_CACHED = "never cached"  # it acts on the outside world
    FIRST = "first"  # no result of its function is known
    EXPIRED = "expired"  # the result has outlived its time
    GONE = "gone"  # the result is known, and its content is damaged or missing
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Miss:
    """Why a call runs: `differences` from the nearest call that is known, whose result was made at `since`.

    Of one that is expired or gone, `since` is when its own result was made. Seconds since the epoch.
    """

    kind: MissKind
    differences: tuple[Difference, ...] = ()
    since: float | None = None


class Explainer:
    """Explains misses by what an index has; environments are looked up in `environments`.

    `fingerprints` are of the secrets that calls are given.
    """

    def __init__(
        self,
        index: Index,
        environments: Index,
        store: ArtifactStore,
        fingerprints: Mapping[Secret, str] = NO_FINGERPRINTS,
    ) -> None:
        self._fingerprints = fingerprints
        self._index = index
        self._environments = environments
        self._store = store
        self._origins: dict[str, list[Origin]] = {}
        self._found: dict[Digest, Result] = {}

    def key(self, action: Action, platforms: Platforms) -> Digest:
        """The key that a call is looked up by."""
        return action_key(action, platforms, self._fingerprints)

    def known(self, found: Mapping[Digest, Result]) -> None:
        """Take note of results that are there: they are less likely what a missing one was before."""
        self._found.update(found)

    def explain(self, action: Action, key: Digest, platforms: Platforms) -> Miss:
        """Why the cache doesn't answer `action`."""
        if action.cache is CachePolicy.NEVER:
            return Miss(MissKind.NEVER_CACHED)
        if key in self._found:
            return Miss(MissKind.EXPIRED, since=self._found[key].created)
        origin = self._index.origin(key)
        if origin is not None:
            return Miss(MissKind.GONE, since=origin.recorded)
        parts = kept_parts(action, platforms, self._fingerprints)
        nearest = self._nearest(action.label, parts)
        if nearest is None:
            return Miss(MissKind.FIRST)
        found = [self._detailed(item, action, platforms) for item in differences(nearest.parts, parts)]
        return Miss(MissKind.CHANGED, tuple(found), nearest.recorded)

    def _nearest(self, label: str, parts: Mapping[str, JsonValue]) -> Origin | None:
        """The latest of those that differ least; what this plan uses as it is counts as a little further."""
        if label not in self._origins:
            self._origins[label] = self._index.origins(label, _CANDIDATES)
        return min(
            self._origins[label],
            key=lambda origin: distance(origin.parts, parts) + (0.5 if origin.key in self._found else 0.0),
            default=None,
        )

    def _detailed(self, item: Difference, action: Action, platforms: Platforms) -> Difference:
        """With what is behind a digest, as far as that is still there."""
        if item.part == "code":
            return item.with_details(changed_files(item, self._store))
        if item.part == "environment":
            return item.with_details(self._packages(item, action, platforms))
        return item

    def _packages(self, item: Difference, action: Action, platforms: Platforms) -> tuple[str, ...]:
        before = self._environments.origin(Digest(str(item.before)))
        prepared = next((one.action for one in action.prepared if one.path == item.name), None)
        if before is None or prepared is None:
            return ()
        return tuple(inner.text for inner in differences(before.parts, kept_parts(prepared, platforms)))
