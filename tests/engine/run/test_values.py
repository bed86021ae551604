"""Joins, records, fields and narrowing, on their way from step to step."""

from __future__ import annotations

import pytest
from tests.engine.run.yard import Yard, argument

from shunter.engine.actions.model import Limits
from shunter.engine.executors.scripted import ScriptedCall

PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)


def test_a_join_is_a_list_of_values(yard: Yard) -> None:
    ran = yard.run(
        """
        version: 1
        inputs: {last: {type: str}}
        steps:
          - {id: a, call: toy.echo, with: {text: a}}
          - {id: all, call: toy.join, with: {texts: [{from: a}, literal, {from: last}]}}
        outputs: {all: {from: all}, raw: [{from: last}, {from: a}]}
        """,
        inputs={"last": "z"},
    )
    assert ran.report.outputs == {"all": "a+literal+z", "raw": ("z", "a")}


def test_fields_of_a_record_go_their_own_ways(yard: Yard) -> None:
    yard.function(
        "toy.page", {}, "{title: str, size: int, note: str | None}", lambda _: {"title": "T", "size": 3}
    )
    ran = yard.run(
        """
        version: 1
        steps:
          - {id: page, call: toy.page}
          - {id: title, call: toy.echo, with: {text: {from: page.title}}}
        outputs: {title: {from: title}, size: {from: page.size}, note: {from: page.note}}
        """
    )
    assert ran.report.outputs == {"title": "T", "size": 3, "note": None}


def test_a_field_of_a_list_of_records_is_the_list_of_that_field(yard: Yard) -> None:
    yard.function(
        "toy.page", {"text": "str"}, "{title: str}", lambda call: {"title": call.action.arguments["text"]}
    )
    ran = yard.run(
        """
        version: 1
        steps:
          - {id: pages, call: toy.page, each: {text: [a, b]}}
          - {id: joined, call: toy.join, with: {texts: {from: pages.title}}}
        outputs: {joined: {from: joined}}
        """
    )
    assert ran.report.outputs == {"joined": "a+b"}


def test_a_record_made_of_values_loses_the_fields_that_are_not_wanted(yard: Yard) -> None:
    yard.function("toy.wide", {}, "{name: str, size: int}", lambda _: {"name": "n", "size": 1})
    yard.function("toy.narrow", {"record": "{name: str}"}, "Json", argument("record"))
    plan = """
        version: 1
        steps:
          - {id: wide, call: toy.wide}
          - {id: narrow, call: toy.narrow, with: {record: {from: wide}}}
          - {id: made, call: toy.narrow, with: {record: {name: {from: wide.name}}}}
        outputs: {narrow: {from: narrow}, made: {from: made}}
        """
    ran = yard.run(plan)
    assert ran.report.outputs == {"narrow": {"name": "n"}, "made": {"name": "n"}}
    assert len(yard.executed) == 2, "the two calls are equal, as the field that differs isn't wanted"


def test_a_parameter_that_is_not_given_and_can_be_null_is_null(yard: Yard) -> None:
    yard.function("toy.maybe", {"text": "str | None"}, "Json", lambda call: [call.action.arguments["text"]])
    ran = yard.run("{version: 1, steps: [{id: one, call: toy.maybe}], outputs: {got: {from: one}}}")
    assert ran.report.outputs == {"got": (None,)}


NARROWED = """
version: 1
steps:
  - {id: page, call: toy.fetch}
  - {id: rows, call: toy.rows, with: {file: {from: page, as: "File[text/csv]"}}}
  - {id: after, call: toy.echo, with: {text: {from: rows}}}
outputs: {rows: {from: after}}
"""


@pytest.mark.parametrize("content", [PNG, b"%PDF-1.7\n"])
def test_a_narrowing_that_the_content_refutes_fails_the_step_before_it_starts(
    yard: Yard, content: bytes
) -> None:
    yard.function("toy.fetch", {}, "File", lambda call: _left(call, "page", content))
    yard.function("toy.rows", {"file": "File[text/csv]"}, "str", lambda _: "rows")
    ran = yard.run(NARROWED)
    assert ran.outcomes() == {"page": "executed", "rows": "failed", "after": "skipped"}
    assert ran.failure("rows").startswith("argument: an argument of toy.rows isn't what the plan says")
    assert "File[text/csv]" in ran.failure("rows")
    assert yard.executed == ["fetch()"]


def test_a_narrowing_that_holds_lets_the_step_start(yard: Yard) -> None:
    yard.function("toy.fetch", {}, "File", lambda call: _left(call, "page.csv", b"a,b\n"))
    yard.function(
        "toy.rows", {"file": "File[text/csv]"}, "str", lambda call: call.read("/in/page.csv").decode()
    )
    assert yard.run(NARROWED).report.outputs == {"rows": "a,b\n"}


def test_json_narrowed_to_a_type_is_looked_at(yard: Yard) -> None:
    yard.function(
        "toy.data",
        {"text": "str"},
        "Json",
        lambda call: {"n": 1} if call.action.arguments["text"] == "r" else 1,
    )
    plan = """
        version: 1
        steps:
          - {id: data, call: toy.data, with: {text: WHICH}}
        outputs: {n: {from: data, as: "{n: int}"}}
        """
    assert yard.run(plan.replace("WHICH", "r")).report.outputs == {"n": {"n": 1}}
    wrong = yard.run(plan.replace("WHICH", "x")).report
    assert wrong.status.value == "failed"
    assert wrong.failure is not None
    assert wrong.failure.message == "an output isn't what the plan says: expected {n: int}, got int 1"


def test_files_go_on_by_reference(yard: Yard) -> None:
    yard.function("toy.write", {}, "File[text/plain]", lambda call: _left(call, "a.txt", b"hello"))
    yard.function(
        "toy.upper", {"file": "File[text/*]"}, "str", lambda call: call.read("/in/a.txt").decode().upper()
    )
    ran = yard.run(
        """
        version: 1
        steps:
          - {id: write, call: toy.write}
          - {id: upper, call: toy.upper, with: {file: {from: write}}}
        outputs: {upper: {from: upper}}
        """
    )
    assert ran.report.outputs == {"upper": "HELLO"}


def _left(call: ScriptedCall, name: str, content: bytes) -> object:
    (call.out / name).write_bytes(content)
    return {"$file": f"/out/{name}"}


def test_a_steps_limits_replace_those_that_its_function_declares_and_leave_its_key(yard: Yard) -> None:
    limits: list[Limits] = []

    def body(call: ScriptedCall) -> object:
        limits.append(call.action.limits)
        return "x"

    yard.function("toy.watched", {}, "str", body)
    step = "{id: a, call: toy.watched, limits: {timeout: 3, memory: 2MiB, disk: 5GiB}}"
    yard.run(f"version: 1\nsteps: [{step}]")
    (given,) = limits
    assert (given.seconds, given.memory, given.disk) == (3, 2 << 20, 5 << 30)
    again = yard.run("version: 1\nsteps: [{id: a, call: toy.watched}]")
    assert again.outcomes() == {"a": "cached"}
