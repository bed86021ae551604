"""What an executor enforces on this machine, tried with containers of its own. `shunter doctor` shows it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from shunter.engine.errors import ShunterError
from shunter.engine.executors.given import answered, hidden
from shunter.engine.executors.look import ASKED, look_around
from shunter.engine.executors.probe import Readable, check, probe
from shunter.engine.executors.promises import Enforced, Finding, Promise
from shunter.engine.executors.protocol import Executor
from shunter.engine.executors.trial import TRIALS, cancelled, out_of_time

_WORST_FIRST: Final = (Enforced.NO, Enforced.PARTLY, Enforced.YES)


def examine(executor: Executor, store: Readable, notes: Mapping[Promise, Finding]) -> Sequence[Finding]:
    """A finding for each promise, from what containers show and from `notes`, what the executor knows itself.

    The worse of both counts. Where no container starts, that is the only finding. Never raises.
    """
    try:
        check(executor, store)
        tried = {finding.promise: finding for finding in _tried(executor, store)}
    except ShunterError as error:
        return [Finding(Promise.CONTAINERS, Enforced.NO, error.message, error.hint)]
    tried[Promise.CONTAINERS] = Finding(Promise.CONTAINERS, Enforced.YES)
    return [_worse(promise, notes.get(promise), tried.get(promise)) for promise in Promise]


def _worse(promise: Promise, *findings: Finding | None) -> Finding:
    """Of two that say the same the first, which is the executor's."""
    known = [finding for finding in findings if finding is not None]
    unknown = Finding(promise, Enforced.NO, "nothing here shows that it holds")
    return min(known, key=lambda finding: _WORST_FIRST.index(finding.enforced), default=unknown)


def _tried(executor: Executor, store: Readable) -> Iterator[Finding]:
    trials = (look_around(), ASKED, out_of_time(), *TRIALS)
    for trial, seen in zip(trials, probe(executor, store, *(trial.probe for trial in trials)), strict=True):
        yield from trial.judge(seen)
    yield cancelled(executor)
    yield hidden(executor, store)
    yield answered(executor, store)
