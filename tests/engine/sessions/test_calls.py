"""What becomes of the calls that a step makes while it runs."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from typing import Any

import pytest
from tests.engine.run.yard import Ran, Recorder, Yard
from tests.engine.sessions.client import Said, ask, value

from shunter.engine.actions.model import Action, CachePolicy, Limits
from shunter.engine.executors.scripted import Answer, ScriptedCall
from shunter.engine.run.events import NestedFinished, NestedStarted
from shunter.engine.run.history import PastRun
from shunter.engine.run.journal import Journal
from shunter.engine.sessions.limits import Nesting

ONE = "version: 1\nsteps: [{id: top, call: toy.top}]\noutputs: {out: {from: top}}\n"
TWO = """
version: 1
steps:
  - {id: top, call: toy.top}
  - {id: echo, call: toy.echo, with: {text: hi}}
outputs: {out: {from: top}, echo: {from: echo}}
"""


async def _echo(step: ScriptedCall) -> object:
    return await value(step, "toy.echo", text="hi")


def _top(yard: Yard, body: object = _echo, *calls: str, **options: object) -> None:
    """Publish `toy.top`, which may call `calls` (toy.echo), and is played by `body`."""
    yard.function("toy.top", {}, "Json", body, calls=calls or ("toy.echo",), **options)  # type: ignore[arg-type]


def _error(yard: Yard, *calls: str, function: str = "toy.echo", **arguments: object) -> tuple[int, str, str]:
    """Status, kind and message of what `toy.top` gets for a call."""
    said: list[Said] = []

    async def body(step: ScriptedCall) -> object:
        said.append(await ask(step, function, **arguments))
        return None

    _top(yard, body, *calls, cache=CachePolicy.NEVER)
    yard.run(ONE)
    return said[0].status, said[0].error.kind, said[0].error.message


def _paths(ran: Ran) -> list[tuple[tuple[int, ...], str, str]]:
    return [
        (event.place.path, event.call, event.report.outcome.value)
        for event in ran.told(NestedFinished)
        if isinstance(event, NestedFinished)
    ]


def test_a_step_gets_what_the_function_that_it_calls_returns(yard: Yard) -> None:
    _top(yard)
    ran = yard.run(ONE)
    assert ran.report.outputs == {"out": "hi"}
    assert yard.executed == ["top()", "echo(hi)"]
    assert _paths(ran) == [((1,), "toy.echo", "executed")]
    assert len(ran.told(NestedStarted)) == 1


def test_a_second_run_runs_nothing(yard: Yard) -> None:
    _top(yard)
    yard.run(ONE)
    assert yard.run(ONE).outcomes() == {"top": "cached"}
    assert len(yard.executed) == 2


def test_a_call_is_answered_by_the_cache_whoever_made_it_before(yard: Yard) -> None:
    _top(yard)
    yard.run("version: 1\nsteps: [{id: e, call: toy.echo, with: {text: hi}}]\noutputs: {e: {from: e}}\n")
    ran = yard.run(ONE)
    assert yard.executed == ["echo(hi)", "top()"]
    assert _paths(ran) == [((1,), "toy.echo", "cached")]


def test_calls_of_calls_stand_below_each_other(yard: Yard) -> None:
    async def middle(step: ScriptedCall) -> object:
        return [await value(step, "toy.echo", text=text) for text in ("a", "b")]

    async def top(step: ScriptedCall) -> object:
        return [await value(step, "toy.echo", text="c"), await value(step, "toy.middle")]

    yard.function("toy.middle", {}, "Json", middle, calls=("toy.echo",))
    _top(yard, top, "toy.echo", "toy.middle")
    ran = yard.run(ONE)
    assert ran.report.outputs == {"out": ("c", ("a", "b"))}
    assert [path for path, _, _ in _paths(ran)] == [(1,), (2, 1), (2, 2), (2,)]


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_step_that_waits_gives_its_slot_back(yard: Yard, jobs: int) -> None:
    async def deep(step: ScriptedCall) -> object:
        depth = step.action.arguments["depth"]
        assert isinstance(depth, int)
        return depth if depth == 0 else await value(step, "toy.deep", depth=depth - 1)

    yard.function("toy.deep", {"depth": "int"}, "Json", deep, calls=())
    yard.function("toy.deep", {"depth": "int"}, "Json", deep, calls=("toy.deep",))
    plan = "version: 1\nsteps: [{id: d, call: toy.deep, with: {depth: 5}}]\noutputs: {d: {from: d}}\n"
    assert yard.run(plan, jobs=jobs).report.outputs == {"d": 0}


def test_no_more_containers_compute_at_once_than_there_are_slots(yard: Yard) -> None:
    computing: list[int] = [0, 0]

    async def work(step: ScriptedCall) -> object:
        computing[0] += 1
        computing[1] = max(computing)
        await asyncio.sleep(0.01)
        computing[0] -= 1
        return step.action.arguments["text"]

    async def top(step: ScriptedCall) -> object:
        return await asyncio.gather(*(value(step, "toy.work", text=f"{number}") for number in range(8)))

    yard.function("toy.work", {"text": "str"}, "str", work)
    _top(yard, top, "toy.work")
    assert yard.run(ONE, jobs=2).report.outputs == {"out": tuple(map(str, range(8)))}
    assert computing == [0, 2]


def test_while_a_step_waits_another_one_starts(yard: Yard) -> None:
    other = asyncio.Event()

    async def slow(step: ScriptedCall) -> object:
        await asyncio.wait_for(other.wait(), 10)
        return "slow"

    async def top(step: ScriptedCall) -> object:
        return await asyncio.gather(value(step, "toy.slow"), value(step, "toy.slow"))

    def free(step: ScriptedCall) -> object:
        other.set()
        return "free"

    yard.function("toy.slow", {}, "str", slow)
    yard.function("toy.free", {}, "str", free)
    _top(yard, top, "toy.slow")
    plan = "version: 1\nsteps: [{id: top, call: toy.top}, {id: free, call: toy.free}]\noutputs: {o: {from: top}, f: {from: free}}\n"
    assert yard.run(plan, jobs=2).report.status.value == "done"
    assert yard.executed.count("slow()") == 1  # equal calls run once, though each has its lock


def test_a_step_goes_on_before_another_one_starts_however_long_it_takes_what_its_call_left(
    yard: Yard,
) -> None:
    order: list[str] = []

    async def linger(action: Action) -> None:
        for _ in range(50):
            await asyncio.sleep(0)

    async def top(step: ScriptedCall) -> object:
        said = await value(step, "toy.echo", text="hi")
        order.append("top went on")
        return said

    def free(step: ScriptedCall) -> object:
        order.append("another started")
        return "free"

    yard.function("toy.free", {}, "str", free)
    _top(yard, top)
    yard.linger(linger)
    plan = "version: 1\nsteps: [{id: top, call: toy.top}, {id: free, call: toy.free}]\noutputs: {}\n"
    yard.run(plan, jobs=1)
    assert order == ["top went on", "another started"]


def test_an_equal_step_of_the_plan_waits_without_a_slot(yard: Yard) -> None:
    """With one slot: `top` calls what the plan has as a step of its own, and neither waits for the other's slot."""
    _top(yard)
    assert yard.run(TWO, jobs=1).report.status.value == "done"
    assert sorted(yard.executed) == ["echo(hi)", "top()"]


def test_a_call_that_equals_one_above_it_is_refused(yard: Yard) -> None:
    said: list[Said] = []

    async def fold(step: ScriptedCall) -> object:
        said.append(await ask(step, "toy.fold", text="x"))
        return "folded"

    yard.function("toy.fold", {"text": "str"}, "str", fold)
    yard.function("toy.fold", {"text": "str"}, "str", fold, calls=("toy.fold",))
    plan = "version: 1\nsteps: [{id: f, call: toy.fold, with: {text: x}}]\noutputs: {f: {from: f}}\n"
    yard.run(plan)
    assert (said[0].status, said[0].error.kind) == (409, "recursion")
    assert said[0].error.message == (
        "toy.fold would wait for itself, called with equal arguments: toy.fold → toy.fold"
    )
    yard.run(plan)
    assert len(said) == 2  # what it gives without the call isn't kept


def test_two_steps_that_call_each_other_end_with_a_refusal_and_no_deadlock(
    yard: Yard,
) -> None:
    yard.nesting = Nesting(patience=0.2)
    kinds: list[str] = []

    def caller(other: str) -> object:
        async def body(step: ScriptedCall) -> object:
            await asyncio.sleep(0.05)  # until both are under way
            said = await ask(step, other)
            kinds.append("ok" if said.status == 200 else said.error.kind)
            return "done"

        return body

    for _ in range(2):  # the second time each knows the other
        known = ("toy.a", "toy.b") if _ else ()
        yard.function("toy.a", {}, "str", caller("toy.b"), calls=known)  # type: ignore[arg-type]
        yard.function("toy.b", {}, "str", caller("toy.a"), calls=known)  # type: ignore[arg-type]
    plan = "version: 1\nsteps: [{id: a, call: toy.a}, {id: b, call: toy.b}]\noutputs: {a: {from: a}, b: {from: b}}\n"
    assert yard.run(plan).report.status.value == "done"
    assert "recursion" in kinds


def test_calls_go_only_so_deep(yard: Yard) -> None:
    async def deep(step: ScriptedCall) -> object:
        number = step.action.arguments["number"]
        assert isinstance(number, int)
        said = await ask(step, "toy.deep", number=number + 1)
        return said.answer.value if said.status == 200 else [said.status, said.error.message]

    yard.function("toy.deep", {"number": "int"}, "Json", deep)
    yard.function("toy.deep", {"number": "int"}, "Json", deep, calls=("toy.deep",))
    yard.nesting = Nesting(depth=3)
    plan = "version: 1\nsteps: [{id: d, call: toy.deep, with: {number: 0}}]\noutputs: {d: {from: d}}\n"
    message = (
        "calls go at most 3 deep, and toy.deep would be one more: toy.deep → toy.deep → toy.deep → toy.deep"
    )
    assert yard.run(plan).report.outputs == {"d": (429, message)}


def test_only_so_many_calls_are_made_below_a_step(yard: Yard) -> None:
    async def top(step: ScriptedCall) -> object:
        said = [await ask(step, "toy.echo", text=f"{number}") for number in range(4)]
        return [one.status for one in said] + [said[-1].error.kind]

    _top(yard, top)
    yard.nesting = Nesting(calls=3)
    assert yard.run(ONE).report.outputs == {"out": (200, 200, 200, 429, "calls")}


def test_a_failure_reaches_the_caller_as_data_and_is_not_kept(yard: Yard) -> None:
    async def top(step: ScriptedCall) -> object:
        error = (await ask(step, "toy.bad")).error
        return [error.kind, error.message, error.function, error.exit_code, error.stderr]

    yard.function("toy.bad", {}, "str", lambda _: Answer(3, stderr=b"no luck\n"))
    _top(yard, top, "toy.bad")
    expected = ("exit", "toy.bad ended with exit code 3", "toy.bad", 3, "no luck")
    for _ in range(2):
        assert yard.run(ONE).report.outputs == {"out": expected}
    assert yard.executed == ["top()", "bad()"] * 2


@pytest.mark.parametrize(
    ("policy", "ttl", "again"),
    [
        (CachePolicy.PURE, None, []),
        (CachePolicy.PINNED, None, []),
        (CachePolicy.TTL, 3600.0, []),
        (CachePolicy.TTL, 0.01, ["top()", "called()"]),
        (CachePolicy.NEVER, None, ["top()", "called()"]),
    ],
)
def test_a_result_is_as_cacheable_as_what_was_called_for_it(
    yard: Yard, policy: CachePolicy, ttl: float | None, again: list[str]
) -> None:
    async def top(step: ScriptedCall) -> object:
        return await value(step, "toy.called")

    yard.function("toy.called", {}, "str", lambda _: "called", cache=policy, ttl=ttl)
    _top(yard, top, "toy.called")
    first = yard.run(ONE)
    assert first.step("top").calls[0].bound.policy is policy
    time.sleep(0.02)
    yard.run(ONE)
    assert yard.executed == ["top()", "called()", *again]


def test_a_step_that_is_made_anew_makes_its_calls_anew_each_of_them_once(yard: Yard) -> None:
    async def top(step: ScriptedCall) -> object:
        return [await value(step, "toy.echo", text=text) for text in ("a", "b", "a")]

    _top(yard, top)
    yard.run(ONE)
    yard.executor.executed.clear()
    yard.run(ONE, fresh={"top"})
    assert yard.executed == ["top()", "echo(a)", "echo(b)"]


def test_a_cached_call_hands_on_how_long_it_lasts(yard: Yard) -> None:
    async def middle(step: ScriptedCall) -> object:
        return await value(step, "toy.called")

    async def top(step: ScriptedCall) -> object:
        return await value(step, "toy.middle")

    yard.function("toy.called", {}, "str", lambda _: "called", cache=CachePolicy.TTL, ttl=3600)
    yard.function("toy.middle", {}, "str", middle, calls=("toy.called",))
    yard.run("version: 1\nsteps: [{id: m, call: toy.middle}]\noutputs: {m: {from: m}}\n")
    _top(yard, top, "toy.middle")
    bound = yard.run(ONE).step("top").calls[0].bound
    assert bound.policy is CachePolicy.TTL
    assert bound.until is not None
    assert 0 < bound.until - time.time() <= 3600


def test_what_was_never_to_be_kept_is_not_told_either(yard: Yard, tmp_path: Path) -> None:
    """A lost index is made again from what runs tell."""

    async def top(step: ScriptedCall) -> object:
        return await value(step, "toy.called")

    yard.function("toy.called", {}, "str", lambda _: "called", cache=CachePolicy.NEVER)
    _top(yard, top, "toy.called")
    journal = Journal(tmp_path / "runs", yard.store, plan=ONE, about={})
    for event in yard.run(ONE).events:
        journal.notify(event)
    journal.close()
    (own,) = PastRun(journal.folder).calls()
    assert own["step"] == "top"
    assert "seal" not in own


def test_the_journal_has_the_calls_with_who_made_them(yard: Yard, tmp_path: Path) -> None:
    async def top(step: ScriptedCall) -> object:
        return await value(step, "toy.loud")

    yard.function("toy.loud", {}, "str", lambda call: _loud(call))
    _top(yard, top, "toy.loud")
    journal = Journal(tmp_path / "runs", yard.store, plan=ONE, about={})
    for event in yard.run(ONE).events:
        journal.notify(event)
    journal.close()
    past = PastRun(journal.folder)
    (nested,) = past.nested("top", None)
    assert (nested["call"], nested["path"], nested["outcome"], nested["value"]) == (
        "toy.loud",
        [1],
        "executed",
        "loud",
    )
    assert [log.name for log in past.logs()] == ["top+1.stderr"]


def _loud(call: ScriptedCall) -> object:
    (call.out / "result.json").write_text('{"result": "loud"}')
    return Answer(stderr=b"shouting\n")


def test_a_function_that_is_not_declared_is_refused(yard: Yard) -> None:
    assert _error(yard, function="other.thing") == (
        403,
        "not-declared",
        "toy.top may call functions of toy, and not 'other.thing'",
    )
    assert _error(yard, function="toy.join")[:2] == (403, "not-declared")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({}, "toy.echo needs text: str"),
        ({"text": "x", "txet": "y"}, "toy.echo has no parameter 'txet'; it takes text"),
        ({"text": 3}, "an argument of toy.echo: text: expected str, got int 3"),
        ({"text": {"$file": "/in/notes.txt"}}, "toy.echo takes str for text, and a file or folder is in it"),
    ],
)
def test_arguments_are_checked(yard: Yard, arguments: dict[str, Any], message: str) -> None:
    assert _error(yard, **arguments) == (422, "arguments", message)


def test_an_effect_that_the_caller_does_not_declare_is_refused(yard: Yard) -> None:
    yard.function("toy.send", {}, "str", lambda _: "sent", cache=CachePolicy.NEVER, effects=("mail",))
    assert _error(yard, "toy.send", function="toy.send") == (
        403,
        "effect",
        "toy.send does more than toy.top declares: mail",
    )
    assert "send()" not in yard.executed


def test_hosts_that_the_caller_does_not_declare_are_refused(yard: Yard) -> None:
    yard.hosts = ("a.org", "b.org")
    yard.function("toy.get", {}, "str", lambda _: "got", hosts=("b.org",))
    assert _error(yard, "toy.get", function="toy.get") == (
        403,
        "host",
        "toy.get would reach b.org; toy.top may reach no host",
    )
    said: list[Said] = []

    async def top(step: ScriptedCall) -> object:
        said.append(await ask(step, "toy.get"))
        return None

    _top(yard, top, "toy.get", hosts=("b.org",))
    yard.run(ONE)
    assert said[0].status == 200


def test_hosts_of_calls_are_for_what_is_called(yard: Yard) -> None:
    yard.hosts = ("a.org", "b.org")
    yard.function("toy.get", {}, "str", lambda _: "got", hosts=("b.org",))

    async def top(step: ScriptedCall) -> object:
        return await value(step, "toy.get")

    _top(yard, top, "toy.get", hosts_of_calls=("b.org",))
    assert yard.run(ONE).report.outputs == {"out": "got"}
    assert [action.hosts for action in yard.executor.executed] == [(), ("b.org",)]


def test_hosts_of_calls_that_are_not_allowed_start_nothing(yard: Yard) -> None:
    _top(yard, hosts_of_calls=("b.org",))
    assert yard.run(ONE).failure("top") == "refused-host: toy.top wants to reach b.org; allowed: no host"
    assert yard.executed == []


def test_a_middle_function_hands_on_no_more_hosts_than_its_caller_has(yard: Yard) -> None:
    yard.hosts = ("a.org", "b.org")

    async def middle(step: ScriptedCall) -> object:
        return await value(step, "toy.get")

    yard.function("toy.get", {}, "str", lambda _: "got", hosts=("b.org",))
    yard.function("toy.middle", {}, "str", middle, calls=("toy.get",), hosts_of_calls=("b.org",))
    assert _error(yard, "toy.middle", function="toy.middle") == (
        403,
        "host",
        "toy.middle would reach b.org; toy.top may reach no host",
    )


def test_the_clock_of_a_step_stands_still_while_it_waits(yard: Yard) -> None:
    async def slow(step: ScriptedCall) -> object:
        await asyncio.sleep(0.4)
        return "slow"

    async def top(step: ScriptedCall) -> object:
        both = await asyncio.gather(value(step, "toy.slow"), value(step, "toy.echo", text="b"))
        if step.action.arguments["then"]:
            await asyncio.sleep(60)
        return both

    yard.function("toy.slow", {}, "str", slow)
    yard.limits["toy.top"] = Limits(seconds=0.2)
    yard.function("toy.top", {"then": "bool"}, "Json", top, calls=("toy.slow", "toy.echo"))
    plan = "version: 1\nsteps: [{id: top, call: toy.top, with: {then: THEN}}]\noutputs: {out: {from: top}}\n"
    assert yard.run(plan.replace("THEN", "false")).report.outputs == {"out": ("slow", "b")}
    assert yard.run(plan.replace("THEN", "true")).failure("top") == (
        "timeout: toy.top ran longer than its limit of 0.2 s"
    )


def test_calls_end_with_the_step_that_made_them(yard: Yard) -> None:
    ended: list[str] = []

    begun = asyncio.Event()

    async def endless(step: ScriptedCall) -> object:
        begun.set()
        try:
            await asyncio.sleep(60)
            return "never"
        finally:
            ended.append("stopped")

    async def top(step: ScriptedCall) -> object:
        calling = asyncio.create_task(ask(step, "toy.endless"))
        await begun.wait()
        calling.cancel()
        await asyncio.gather(calling, return_exceptions=True)
        return "left"

    yard.function("toy.endless", {}, "str", endless)
    _top(yard, top, "toy.endless")
    assert yard.run(ONE).report.outputs == {"out": "left"}
    assert ended == ["stopped"]


def test_cancelling_a_run_stops_the_calls_of_its_steps(yard: Yard) -> None:
    ended: list[str] = []
    begun = asyncio.Event()

    async def endless(step: ScriptedCall) -> object:
        begun.set()
        try:
            await asyncio.sleep(60)
            return "never"
        finally:
            ended.append("stopped")

    async def top(step: ScriptedCall) -> object:
        return await value(step, "toy.endless")

    yard.function("toy.endless", {}, "str", endless)
    _top(yard, top, "toy.endless")

    async def run() -> None:
        running = asyncio.create_task(yard.scheduler(ONE, Recorder()).run())
        await begun.wait()
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)

    asyncio.run(run())
    assert ended == ["stopped"]


def test_files_go_there_and_back_without_a_copy(yard: Yard) -> None:
    async def top(step: ScriptedCall) -> object:
        (step.out / "made.txt").write_text("made")
        first = await value(step, "toy.pair", one={"$file": "/in/notes.txt"}, two={"$file": "/work/made.txt"})
        assert isinstance(first, list)
        assert step.session is not None
        found = [step.session / each["$file"].removeprefix("/run/shunter/") for each in first]
        assert [path.read_text() for path in found] == ["made", "notes"]
        for path, content in zip(found, (b"made", b"notes"), strict=True):
            blob = yard.store.blob_path(yard.store.put_bytes(content, "same"))
            assert path.stat().st_ino == blob.stat().st_ino
        return await value(step, "toy.pair", one=first[0], two=first[1])

    def pair(call: ScriptedCall) -> object:
        return [{"$file": f"/in/{call.action.arguments[name].name}"} for name in ("two", "one")]  # type: ignore[union-attr]

    yard.function("toy.pair", {"one": "File", "two": "File"}, "list[File]", pair)
    yard.function("toy.top", {"file": "File"}, "list[File]", top, calls=("toy.pair",))
    plan = (
        "version: 1\ninputs: {file: {type: File}}\nsteps: [{id: t, call: toy.top, with: {file: {from: file}}}]\n"
        "outputs: {out: {from: t}}\n"
    )
    ran = yard.run(plan, inputs={"file": yard.file("notes")})
    out = ran.report.outputs["out"]
    assert isinstance(out, tuple)
    assert [yard.text(file) for file in out] == ["notes", "made"]
