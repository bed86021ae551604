"""Calls that a step makes while it runs."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, NoReturn

from shunter.engine.actions.failure import Failure
from shunter.engine.actions.lasting import NEVER, Lasting, lasting_of, least
from shunter.engine.actions.model import Action
from shunter.engine.digest import Digest
from shunter.engine.errors import ShunterError
from shunter.engine.run.calls import Lowering
from shunter.engine.run.events import NestedFinished, NestedStarted, Observer
from shunter.engine.run.job import Caller, Job
from shunter.engine.run.network import hosts_beyond
from shunter.engine.run.slots import Urgency
from shunter.engine.sessions.limits import Nesting
from shunter.engine.sessions.refusal import Kind, Refused
from shunter.engine.sessions.waiting import Waiting
from shunter.engine.types.signature import Signature
from shunter.engine.values import Value
from shunter.engine.values.conform import Mismatch

if TYPE_CHECKING:
    from shunter.engine.run.perform import Performer
    from shunter.engine.run.performed import Performed


class NestedCalls:
    """The calls of one container; `lasting` is how far they allow its result to be given again."""

    def __init__(
        self,
        action: Action,
        key: Digest,
        job: Job,
        *,
        performer: Performer,
        lowering: Lowering,
        observer: Observer,
        nesting: Nesting,
    ) -> None:
        self._action = action
        self._job = job
        self._callers = (*job.callers, Caller(key, action.label))
        self._performer = performer
        self._lowering = lowering
        self._observer = observer
        self._nesting = nesting
        self._made = 0
        self._outstanding = 0
        self._waits = Waiting()
        self.lasting = Lasting()

    @property
    def waited(self) -> float:
        """Seconds for which the container has waited for its calls so far."""
        return self._waits.seconds

    async def call(self, signature: Signature, arguments: Mapping[str, Value]) -> tuple[int, Performed]:
        """The call's number in this container, and what became of it; raises Refused."""
        self._check_effects(signature)
        action = self._lowered(signature, arguments)
        self._check_hosts(action)
        await self._performer.read_secrets([action])
        unreadable = self._performer.unreadable(action)
        if unreadable is not None:
            self._refuse(Kind.ENGINE, unreadable.message, hint=unreadable.hint)
        key = self._performer.key(action)
        number = self._counted(action, key)
        performed = await self._performed(action, key, number)
        self.lasting = least([self.lasting, _lasting_of(action, performed)])
        return number, performed

    def _check_effects(self, signature: Signature) -> None:
        session = self._action.session
        own = session.effects if session is not None else ()
        more = [effect for effect in signature.effects if effect not in own]
        if more:
            message = f"{signature.name} does more than {self._action.label} declares: {', '.join(more)}"
            raise Refused(Kind.EFFECT, message, hint=f"declare it in the `effects` of {self._action.label}")

    def _lowered(self, signature: Signature, arguments: Mapping[str, Value]) -> Action:
        try:
            return self._lowering(signature, arguments)
        except Mismatch as mismatch:
            raise Refused(Kind.ARGUMENTS, f"an argument of {signature.name}: {mismatch}") from None
        except ShunterError as error:
            raise Refused(Kind.ENGINE, error.message, hint=error.hint) from None

    def _check_hosts(self, action: Action) -> None:
        beyond = hosts_beyond(action, self._action.reach)
        if beyond:
            own = ", ".join(self._action.reach) or "no host"
            message = f"{action.label} would reach {', '.join(beyond)}; {self._action.label} may reach {own}"
            hint = f"declare it in the `hosts_of_calls` of {self._action.label}"
            raise Refused(Kind.HOST, message, hint=hint)

    def _counted(self, action: Action, key: Digest) -> int:
        names = [caller.label for caller in self._callers]
        if any(caller.key == key for caller in self._callers):
            chain = " → ".join([*names, action.label])
            message = f"{action.label} would wait for itself, called with equal arguments: {chain}"
            self._refuse(Kind.RECURSION, message)
        if len(self._callers) > self._nesting.depth:
            message = f"calls go at most {self._nesting.depth} deep, and {action.label} would be one more: "
            self._refuse(Kind.DEPTH, message + " → ".join(names))
        self._job.tally.calls += 1
        if self._job.tally.calls > self._nesting.calls:
            message = (
                f"one call of a step may make {self._nesting.calls} others at most, whatever their depth"
            )
            self._refuse(Kind.CALLS, message, hint="let the plan go through a list with `each`")
        self._made += 1
        return self._made

    def _refuse(self, kind: Kind, message: str, *, hint: str | None = None) -> NoReturn:
        """For a reason that isn't in the step's own arguments: what it gives without the call isn't kept."""
        self.lasting = NEVER
        raise Refused(kind, message, hint=hint)

    async def _performed(self, action: Action, key: Digest, number: int) -> Performed:
        place = replace(self._job.place, path=(*self._job.place.path, number))
        began = time.monotonic()
        fresh = self._job.fresh and not self._performer.was_refreshed(key)
        performed = None if fresh else self._performer.cached({key: action}).get(key)
        if performed is None:
            self._observer.notify(NestedStarted(place, action.label))
            slot = self._job.slot.slots.slot()
            patience = self._patience(action)
            job = Job(place, slot, self._callers, self._job.tally, patience, fresh=self._job.fresh)
            perform = self._performer.refresh if fresh else self._performer.perform
            try:
                async with self._waiting():
                    try:
                        performed = await perform(action, key, job)
                    finally:
                        slot.release()
            except ShunterError as error:
                self._refuse(Kind.ENGINE, error.message, hint=error.hint)
        report = performed.report(place.step, place.index, key, time.monotonic() - began)
        self._observer.notify(NestedFinished(place, action.label, report))
        return performed

    def _patience(self, action: Action) -> float | None:
        """What may call its caller may hold the lock that this one's caller wants."""
        functions = action.session.functions if action.session is not None else ()
        return self._nesting.patience if any(each.name == self._action.label for each in functions) else None

    @asynccontextmanager
    async def _waiting(self) -> AsyncIterator[None]:
        """The container computes nothing, as far as anybody can tell, while calls of it are under way."""
        with self._waits:
            self._outstanding += 1
            self._job.slot.release()
            try:
                yield
            finally:
                self._outstanding -= 1
                if not self._outstanding:
                    await self._job.slot.take(Urgency.GOES_ON)


def _lasting_of(action: Action, performed: Performed) -> Lasting:
    """A failure isn't kept, so nothing is that was made of one."""
    if isinstance(performed.answer, Failure):
        return NEVER
    return least([lasting_of(action, performed.answer.created), performed.answer.bound])
