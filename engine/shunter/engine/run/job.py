"""On whose behalf an action is performed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from shunter.engine.digest import Digest
from shunter.engine.run.slots import Slot, Slots


@dataclass(frozen=True, slots=True)
class Place:
    """Where a call stands in a run: a step's own, by element `index` where it maps, and below it by numbers.

    `path` is empty for the step's own call; (2,) is the second that it makes, (2, 1) the first of that.
    """

    step: str
    index: int | None = None
    path: tuple[int, ...] = ()

    def __str__(self) -> str:
        own = self.step if self.index is None else f"{self.step}.{self.index}"
        return "+".join([own, *map(str, self.path)])


@dataclass(frozen=True, slots=True)
class Caller:
    """A call that is under way and makes others: its key, and its function for people."""

    key: Digest
    label: str


@dataclass(slots=True)
class Tally:
    """How many calls were made below one step's call, at whatever depth."""

    calls: int = 0


@dataclass(frozen=True, slots=True)
class Job:
    """The place, the job slot, those who called (the outermost first), and how many calls there were.

    `patience` is how many seconds it waits for an equal action that another process, or another step, is at;
    then it runs beside that. None waits as long as it takes. `fresh` is a job whose calls are made anew,
    whatever the cache has. `vacated` is called when a container has done its work, and what it left is still
    to be taken.
    """

    place: Place
    slot: Slot
    callers: tuple[Caller, ...] = ()
    tally: Tally = field(default_factory=Tally)
    patience: float | None = None
    fresh: bool = False
    vacated: Callable[[], None] = lambda: None


def lone_job(name: str = "call") -> Job:
    """A job that nobody else takes slots from."""
    return Job(Place(name), Slots(1).slot())
