"""Fan-out: one call for every element."""

from __future__ import annotations

import pytest
from tests.engine.run.yard import Yard, argument

from shunter.engine.executors.scripted import Answer, ScriptedCall
from shunter.engine.run.events import CallFinished, StepFinished, StepStarted
from shunter.engine.run.scheduler import OnFailure


def _pair(call: ScriptedCall) -> object:
    return f"{call.action.arguments['left']}-{call.action.arguments['right']}"


@pytest.fixture(autouse=True)
def _pairs(yard: Yard) -> None:
    yard.function("toy.pair", {"left": "str", "right": "str"}, "str", _pair)


def test_a_mapped_step_gives_a_list_in_the_order_of_its_elements(yard: Yard) -> None:
    ran = yard.run(
        """
        version: 1
        inputs: {words: {type: "list[str]"}}
        steps: [{id: all, call: toy.pair, each: {left: {from: words}}, with: {right: x}}]
        outputs: {all: {from: all}}
        """,
        inputs={"words": ("c", "a", "b")},
    )
    assert ran.report.outputs == {"all": ("c-x", "a-x", "b-x")}
    assert [call.index for call in ran.step("all").calls] == [0, 1, 2]


def test_several_lists_go_together(yard: Yard) -> None:
    ran = yard.run(
        """
        version: 1
        steps: [{id: all, call: toy.pair, each: {left: [a, b], right: [x, y]}}]
        outputs: {all: {from: all}}
        """
    )
    assert ran.report.outputs == {"all": ("a-x", "b-y")}


def test_an_empty_list_gives_an_empty_list_and_what_follows_runs(yard: Yard) -> None:
    ran = yard.run(
        """
        version: 1
        inputs: {words: {type: "list[str]"}}
        steps:
          - {id: all, call: toy.echo, each: {text: {from: words}}}
          - {id: joined, call: toy.join, with: {texts: {from: all}}}
        outputs: {all: {from: all}, joined: {from: joined}}
        """,
        inputs={"words": ()},
    )
    assert ran.report.outputs == {"all": (), "joined": ""}
    assert ran.step("all").calls == ()
    assert [event.report.id for event in ran.events if isinstance(event, StepFinished)] == ["all", "joined"]


def test_lists_of_different_lengths_fail_the_step_and_say_how_long_they_are(yard: Yard) -> None:
    ran = yard.run(
        """
        version: 1
        steps:
          - {id: all, call: toy.pair, each: {left: [a, b], right: [x, y, z]}}
          - {id: joined, call: toy.join, with: {texts: {from: all}}}
        outputs: {all: {from: joined}}
        """
    )
    assert ran.report.status.value == "failed"
    assert ran.outcomes() == {"all": "failed", "joined": "skipped"}
    assert ran.failure("all") == (
        "argument: `each` goes through its lists together, and they differ in length: left has 2, right has 3"
    )
    assert yard.executed == []


def test_a_mapped_step_feeds_a_mapped_step_element_by_element(yard: Yard) -> None:
    plan = """
        version: 1
        steps:
          - {id: one, call: toy.echo, each: {text: [a, b]}}
          - {id: two, call: toy.pair, each: {left: {from: one}}, with: {right: x}}
        outputs: {two: {from: two}}
        """
    assert yard.run(plan).report.outputs == {"two": ("a-x", "b-x")}
    ran = yard.run(plan.replace("[a, b]", "[a, c]"))
    assert (ran.calls("one"), ran.calls("two")) == (["cached", "executed"], ["cached", "executed"])


def test_one_failed_element_fails_its_step_and_the_others_are_kept(yard: Yard) -> None:
    bad = True

    def picky(call: ScriptedCall) -> object:
        text = call.action.arguments["text"]
        return Answer(3) if text == "b" and bad else text

    yard.function("toy.picky", {"text": "str"}, "str", picky)
    plan = "{version: 1, steps: [{id: all, call: toy.picky, each: {text: [a, b, c]}}], outputs: {all: {from: all}}}"
    ran = yard.run(plan, on_failure=OnFailure.KEEP_GOING)
    assert ran.calls("all") == ["executed", "failed", "executed"]
    assert ran.outcomes() == {"all": "failed"}
    bad = False
    again = yard.run(plan)
    assert again.calls("all") == ["cached", "executed", "cached"]
    assert again.report.outputs == {"all": ("a", "b", "c")}


def test_the_number_of_calls_is_told_before_they_run(yard: Yard) -> None:
    ran = yard.run("{version: 1, steps: [{id: all, call: toy.echo, each: {text: [a, b, c]}}]}")
    started = [event.calls for event in ran.events if isinstance(event, StepStarted)]
    assert started == [3]
    assert len([event for event in ran.events if isinstance(event, CallFinished)]) == 3


def test_an_element_that_does_not_fit_after_all_is_named(yard: Yard) -> None:
    yard.function("toy.names", {}, "list[File]", lambda call: _files(call, "a.csv", "b.png"))
    yard.function("toy.table", {"file": "File[text/csv]"}, "str", argument("file"))
    ran = yard.run(
        """
        version: 1
        steps:
          - {id: names, call: toy.names}
          - {id: tables, call: toy.table, each: {file: {from: names, as: "list[File[text/csv]]"}}}
        """
    )
    assert ran.outcomes() == {"names": "executed", "tables": "failed"}
    assert "[1]" in ran.failure("tables")
    assert "b.png" in ran.failure("tables")


def _files(call: ScriptedCall, *names: str) -> object:
    for name in names:
        content = b"\x89PNG\r\n\x1a\n" + bytes(20) if name.endswith(".png") else b"a,b\n1,2\n"
        (call.out / name).write_bytes(content)
    return [{"$file": f"/out/{name}"} for name in names]
