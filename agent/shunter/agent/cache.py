"""The cache of a workspace, as something to look after.

with Workspace() as workspace:
    print(workspace.cache.info().size)
    workspace.cache.prune(PruneLimits(max_size=10 << 30, older_than=30 * 86400))
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from shunter.engine.store.local import LocalStore

if TYPE_CHECKING:
    from shunter.engine.upkeep.inventory import Inventory
    from shunter.engine.upkeep.prune import Pruned, PruneLimits
    from shunter.engine.upkeep.verify import Progress, Verified


@dataclass(frozen=True, slots=True)
class Cache:
    """What one home folder holds. Runs may be going on meanwhile; every method raises StoreError."""

    store: LocalStore
    runs: Path

    def info(self) -> Inventory:
        """How much there is of what."""
        from shunter.engine.upkeep.inventory import inventory

        return inventory(self.store, self.runs)

    def verify(self, *, repair: bool = False, progress: Progress | None = None) -> Verified:
        """Read everything again; with `repair`, take away what is damaged, so that it is made again."""
        from shunter.engine.upkeep.verify import verify

        return verify(self.store, repair=repair, progress=progress or (lambda done, total: None))

    def prune(self, limits: PruneLimits, *, dry: bool = False) -> Pruned:
        """Remove what `limits` don't let stay and nobody is using; `dry` only says what it would."""
        from shunter.engine.upkeep.prune import prune

        return prune(self.store, self.runs, limits, dry=dry)
