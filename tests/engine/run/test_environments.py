"""Environments: folders that another action makes first."""

from __future__ import annotations

import pytest
from tests.engine.run.yard import Yard

from shunter.engine.actions.model import Action, CachePolicy, Command, OutPath, Prepared, Returns
from shunter.engine.digest import digest_bytes
from shunter.engine.executors.scripted import Answer, ScriptedCall
from shunter.engine.run.events import PreparationFinished, PreparationStarted
from shunter.engine.run.scheduler import OnFailure
from shunter.engine.types import Directory

FAN = "{version: 1, steps: [{id: all, call: toy.use, each: {text: [a, b, c]}}], outputs: {all: {from: all}}}"


def environment(text: str = "packages") -> Action:
    """An action that makes a folder."""
    return Action(
        label="packages of toy",
        identity=digest_bytes(text.encode()),
        arguments={},
        command=Command(("build",)),
        returns=Returns(Directory(), OutPath("packages")),
    )


@pytest.fixture(autouse=True)
def _build(yard: Yard) -> None:
    def build(call: ScriptedCall) -> object:
        (call.out / "packages").mkdir()
        (call.out / "packages" / "version.txt").write_text("1.0")
        return Answer(stdout=b"built\n")

    def use(call: ScriptedCall) -> object:
        return f"{call.action.arguments['text']} with {call.read('/env/version.txt').decode()}"

    yard.function("packages of toy", {}, "Directory", build)
    yard.function("toy.use", {"text": "str"}, "str", use, prepared=(Prepared("/env", environment()),))


def _built(yard: Yard) -> int:
    return sum(action.label == "packages of toy" for action in yard.executor.executed)


def test_an_environment_is_built_once_however_many_calls_wait_for_it(yard: Yard) -> None:
    ran = yard.run(FAN)
    assert ran.report.outputs == {"all": ("a with 1.0", "b with 1.0", "c with 1.0")}
    assert _built(yard) == 1
    assert len(ran.told(PreparationStarted)) == 1
    assert [event.succeeded for event in ran.events if isinstance(event, PreparationFinished)] == [True]


def test_an_environment_that_is_there_is_not_told_about(yard: Yard) -> None:
    yard.run(FAN)
    ran = yard.run(FAN.replace("[a, b, c]", "[d]"))
    assert ran.outcomes() == {"all": "executed"}
    assert (_built(yard), ran.told(PreparationStarted)) == (1, [])


def test_a_cached_step_needs_no_environment(yard: Yard) -> None:
    yard.run(FAN)
    built = yard.store.home / "trees"
    for manifest in built.glob("*/*.json"):
        manifest.unlink()
    assert yard.run(FAN).outcomes() == {"all": "cached"}
    assert _built(yard) == 1


def test_another_environment_is_another_call(yard: Yard) -> None:
    yard.run(FAN)
    yard.function(
        "toy.use",
        {"text": "str"},
        "str",
        lambda call: call.action.arguments["text"],
        prepared=(Prepared("/env", environment("other packages")),),
    )
    assert yard.run(FAN).outcomes() == {"all": "executed"}
    assert _built(yard) == 2


def test_an_environment_that_cannot_be_built_fails_the_step_and_is_tried_once_a_run(yard: Yard) -> None:
    yard.function(
        "packages of toy", {}, "Directory", lambda _: Answer(1, stderr=b"no such package: nothing-of-it\n")
    )
    ran = yard.run(FAN, jobs=1, on_failure=OnFailure.KEEP_GOING)
    assert ran.calls("all") == ["failed", "failed", "failed"]
    assert _built(yard) == 1
    failure = ran.step("all").failures[0].failure
    assert failure is not None
    assert (failure.kind.value, failure.stderr) == ("environment", "no such package: nothing-of-it")
    assert failure.message == "the packages of toy can't be installed: ended with exit code 1"
    assert failure.hint == "check the module's packages, and that the package index can be reached"
    assert [event.succeeded for event in ran.events if isinstance(event, PreparationFinished)] == [False]


def test_an_environment_that_failed_is_tried_again_by_the_next_run(yard: Yard) -> None:
    answers = iter([Answer(1)])

    def build(call: ScriptedCall) -> object:
        (call.out / "packages").mkdir()
        (call.out / "packages" / "version.txt").write_text("2.0")
        return next(answers, Answer())

    yard.function("packages of toy", {}, "Directory", build)
    assert yard.run(FAN).outcomes() == {"all": "failed"}
    assert yard.run(FAN).report.outputs == {"all": ("a with 2.0", "b with 2.0", "c with 2.0")}


def test_with_results_that_stand_apart_steps_run_again_and_environments_are_kept(yard: Yard) -> None:
    yard.run(FAN)
    yard.results = apart = yard.store.cache("apart")
    assert yard.run(FAN).calls("all") == ["executed"] * 3
    assert yard.run(FAN).calls("all") == ["cached"] * 3
    assert _built(yard) == 1
    apart.close()
    yard.store.drop_cache("apart")
    yard.results = again = yard.store.cache("apart")
    assert yard.run(FAN).calls("all") == ["executed"] * 3
    again.close()


def test_an_environment_that_was_built_for_results_apart_is_there_for_all(yard: Yard) -> None:
    yard.results = apart = yard.store.cache("apart")
    yard.run(FAN)
    apart.close()
    yard.results = None
    assert yard.run(FAN).calls("all") == ["executed"] * 3
    assert _built(yard) == 1


def test_what_is_computed_apart_leaves_the_others_results_alone(yard: Yard) -> None:
    answers = iter(["first", "second"])
    yard.function("toy.vary", {}, "str", lambda call: next(answers), cache=CachePolicy.PINNED)
    plan = "{version: 1, steps: [{id: a, call: toy.vary}], outputs: {a: {from: a}}}"
    yard.run(plan)
    yard.results = apart = yard.store.cache("apart")
    assert yard.run(plan).report.outputs == {"a": "second"}
    apart.close()
    yard.results = None
    assert yard.run(plan).report.outputs == {"a": "first"}
