"""What later plans of a goal may do: no more than the one that was approved."""

from __future__ import annotations

from dataclasses import dataclass

from shunter.agent.approval import Allowed
from shunter.agent.capabilities import capability_names
from shunter.agent.ready import ReadyPlan, used_modules
from shunter.engine.plan.model import Requires
from shunter.instructions.goal import Goal
from shunter.tools.bundled import modules_folder
from shunter.tools.catalogue import Catalogue


@dataclass(frozen=True, slots=True)
class Scope:
    """The capabilities of the approved plan; and the modules: its own, and those that the goal allows.

    Where the goal names none, that is what comes with shunter: what a container printed can't bring in a
    module of somebody else's.
    """

    requires: Requires
    modules: frozenset[str]

    @classmethod
    def of(cls, ready: ReadyPlan, approved: Requires, goal: Goal, catalogue: Catalogue) -> Scope:
        """The scope that approving `ready` gives, which may do `approved`."""
        allowed = goal.modules
        if allowed is None:
            bundled = modules_folder().resolve()
            folders = {module.folder.resolve() for module in catalogue.modules()}
            allowed = frozenset(folder.name for folder in folders if folder.parent == bundled)
        return cls(approved, allowed | set(used_modules(ready.checked.steps)))

    def exceeded(self, ready: ReadyPlan, wanted: Requires) -> str | None:
        """What `ready`, which wants `wanted`, would do beyond it, or None."""
        more = capability_names(Allowed(self.requires).lacking(wanted))
        more += [name for name in used_modules(ready.checked.steps) if name not in self.modules]
        return ", ".join(more) or None
