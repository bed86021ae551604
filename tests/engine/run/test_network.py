"""What becomes of calls that reach hosts: typed failures, another try where that may help, and a record."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from tests.engine.run.yard import Recorder, Yard

from shunter.engine.actions.failure import Failure, FailureKind
from shunter.engine.actions.model import Action, CachePolicy, Command, Network, Returns
from shunter.engine.digest import digest_bytes
from shunter.engine.egress.record import Asked, Verdict
from shunter.engine.executors.protocol import Execution
from shunter.engine.executors.scripted import Answer, ScriptedCall, ScriptedExecutor
from shunter.engine.run.events import CallFinished, Observer
from shunter.engine.run.journal import Journal
from shunter.engine.run.outcome import CallReport, Outcome
from shunter.engine.run.perform import Performer
from shunter.engine.run.performed import Performed
from shunter.engine.secrets.revealed import NOTHING, Revealed
from shunter.engine.store.local import LocalStore
from shunter.engine.types import Str

REFUSED = Asked("b.org:443", Verdict.REFUSED, "it isn't declared")
AWAY = Asked("a.org:443", Verdict.UNREACHABLE, "Connection refused")
UNKNOWN = Asked("a.org:443", Verdict.UNKNOWN, "there is no such name")
REACHED = Asked("a.org:443", Verdict.REACHED, count=2)

ACTION = Action(
    "web.get",
    digest_bytes(b"get"),
    {},
    Command(("get",)),
    Returns(Str()),
    network=Network.PROXY,
    hosts=("a.org",),
)


class Asking(ScriptedExecutor):
    """Plays one step, whose first tries ask for `asked` and exit with 1 where that fails."""

    def __init__(self, store: LocalStore, *tries: tuple[Sequence[Asked], int]) -> None:
        super().__init__(store, {}, default=self._play_next)
        self._tries = list(tries)

    async def execute(
        self,
        action: Action,
        prepared: object,
        secrets: Revealed = NOTHING,
        session: object = None,
        **more: object,
    ) -> Execution:
        asked, _ = self._tries[min(len(self.executed), len(self._tries) - 1)]
        return replace(await super().execute(action, (), secrets), asked=tuple(asked))

    def _play_next(self, call: ScriptedCall) -> Answer:
        (call.out / "result.json").write_text('{"result": "done"}')
        return Answer(exit_code=self._tries[min(len(self.executed), len(self._tries)) - 1][1], stderr=b"oh\n")


def _performed(
    yard: Yard,
    *tries: tuple[Sequence[Asked], int],
    action: Action = ACTION,
    hosts: Sequence[str] = ("a.org",),
) -> tuple[Performed, Asking]:
    executor = Asking(yard.store, *tries)
    performer = Performer(yard.store, executor, Recorder(), hosts=hosts, pauses=(0.0, 0.0))
    return asyncio.run(performer.perform(action, performer.key(action))), executor


def _failure(performed: Performed) -> Failure:
    assert isinstance(performed.answer, Failure)
    return performed.answer


def test_a_step_that_failed_for_want_of_a_refused_host_says_so(yard: Yard) -> None:
    performed, executor = _performed(yard, ([REACHED, REFUSED, AWAY], 1))
    failure = _failure(performed)
    assert (failure.kind, failure.exit_code, failure.stderr) == (FailureKind.REFUSED_HOST, 1, "oh")
    assert failure.message == (
        "web.get asked for b.org:443 (it isn't declared); it may reach a.org and nothing else"
    )
    assert failure.hint == (
        "to reach b.org:443, declare it in the function's `hosts`, or name it in an argument that names hosts"
    )
    assert performed.asked == (REACHED, REFUSED, AWAY)
    assert len(executor.executed) == 1


def test_a_declared_name_that_leads_to_a_private_address_has_another_remedy(yard: Yard) -> None:
    rebound = Asked("a.org:80", Verdict.REFUSED, "the name leads to 10.0.0.1, which is no public address")
    failure = _failure(_performed(yard, ([rebound], 1))[0])
    assert failure.kind is FailureKind.REFUSED_HOST
    assert failure.hint == (
        "a name may lead to public addresses only: where a private one is meant, give the address itself"
    )


def test_a_step_that_did_without_a_refused_host_has_its_result_and_the_record(yard: Yard) -> None:
    performed, _ = _performed(yard, ([REFUSED], 0))
    assert (performed.outcome, performed.asked) == (Outcome.EXECUTED, (REFUSED,))


def test_a_host_that_is_away_is_tried_again(yard: Yard) -> None:
    performed, executor = _performed(yard, ([AWAY], 1), ([AWAY], 1), ([REACHED], 0))
    assert (performed.outcome, performed.asked) == (Outcome.EXECUTED, (REACHED,))
    assert len(executor.executed) == 3


def test_a_host_that_stays_away_is_a_failure_of_its_own_kind(yard: Yard) -> None:
    performed, executor = _performed(yard, ([AWAY], 1))
    assert _failure(performed).kind is FailureKind.UNREACHABLE
    assert _failure(performed).message == "web.get couldn't reach a.org:443 (Connection refused)"
    assert len(executor.executed) == 3


@pytest.mark.parametrize(
    ("asked", "code"),
    [([UNKNOWN], 1), ([AWAY, REFUSED], 1), ([REACHED], 1), ([AWAY], 0)],
    ids=["no such name", "something refused", "something else", "it went without"],
)
def test_what_does_not_pass_is_not_tried_again(yard: Yard, asked: list[Asked], code: int) -> None:
    assert len(_performed(yard, (asked, code))[1].executed) == 1


def test_what_acts_on_the_world_is_never_done_twice(yard: Yard) -> None:
    performed, executor = _performed(yard, ([AWAY], 1), action=replace(ACTION, cache=CachePolicy.NEVER))
    assert _failure(performed).kind is FailureKind.UNREACHABLE
    assert len(executor.executed) == 1


@pytest.mark.parametrize("hosts", [(), ("b.org",), ("*.a.org",), ("a.org:8080",)])
def test_a_host_that_was_not_allowed_starts_nothing(yard: Yard, hosts: Sequence[str]) -> None:
    performed, executor = _performed(yard, ([], 0), hosts=hosts)
    failure = _failure(performed)
    assert failure.kind is FailureKind.REFUSED_HOST
    assert failure.message == f"web.get wants to reach a.org; allowed: {', '.join(hosts) or 'no host'}"
    assert failure.hint == "`--allow host:a.org` allows it"
    assert executor.executed == []


@pytest.mark.parametrize("hosts", [("*",), ("*.org", "b.org")])
def test_a_pattern_allows_the_hosts_that_it_covers(yard: Yard, hosts: Sequence[str]) -> None:
    assert _performed(yard, ([], 0), hosts=hosts)[0].outcome is Outcome.EXECUTED


def test_what_was_asked_is_in_the_journal(yard: Yard, open_folder: Path) -> None:
    journal: Observer
    journal = Journal(open_folder / "runs", yard.store, plan="", about={})
    journal.notify(
        CallFinished(CallReport("get", None, Outcome.EXECUTED, None, 0.1, "x", asked=(REACHED, REFUSED)))
    )
    journal.notify(CallFinished(CallReport("get", None, Outcome.EXECUTED, None, 0.1, "x")))
    journal.close()
    events = [json.loads(line) for line in (journal.folder / "events.jsonl").read_text().splitlines()]
    assert [event.get("asked") for event in events] == [
        [
            {"host": "a.org:443", "verdict": "reached", "reason": "", "count": 2},
            {"host": "b.org:443", "verdict": "refused", "reason": "it isn't declared", "count": 1},
        ],
        None,
    ]
