"""Plans from files and texts: what isn't the form of a plan."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from tests.engine.plan.yard import problems

from shunter.engine.errors import InputError, PlanSyntaxError, ShunterError
from shunter.engine.plan.expression import Literal, Reference
from shunter.engine.plan.problem import Lines
from shunter.engine.plan.read import MAX_BYTES, load_plan
from shunter.engine.types import parse_type


def _refused(path: Path) -> str:
    with pytest.raises(ShunterError) as caught:
        load_plan(path)
    assert isinstance(caught.value, InputError | PlanSyntaxError)
    return caught.value.message.replace(str(path), "PATH")


def test_a_plan_is_read_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "plan.yaml"
    path.write_text("\ufeffversion: 1\nsteps:\n- {id: a, call: b.c, with: {x: {from: i, as: str}, y: [1]}}\n")
    plan, lines = load_plan(path)
    assert plan.steps[0].with_ == {"x": Reference("i", (), parse_type("str")), "y": Literal([1])}
    assert lines.of(("steps", 0, "with", "x")) == 3


def test_a_file_that_can_not_be_a_plan_gets_one_message(tmp_path: Path) -> None:
    path = tmp_path / "plan.yaml"
    assert _refused(path) == "can't read the plan PATH: No such file or directory"
    assert _refused(tmp_path) == "PATH is a folder, not a plan"
    path.write_bytes(b"\x89PNG\r\n\x1a\n\xff\xfe")
    assert _refused(path) == "PATH isn't a plan: it isn't UTF-8 text"
    path.write_bytes(b"just text")
    assert _refused(path) == "PATH: this isn't a plan: it has no fields"
    path.write_bytes(b"")
    assert _refused(path) == "PATH: the file is empty"
    os.truncate(path, MAX_BYTES + 1)
    assert _refused(path) == f"can't read the plan PATH: it has more than {MAX_BYTES} bytes"


def test_a_plan_without_end_is_not_read_to_its_end() -> None:
    assert _refused(Path("/dev/zero")) == f"can't read the plan PATH: it has more than {MAX_BYTES} bytes"


def test_a_pipe_that_nobody_writes_to_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "plan.yaml")
    assert _refused(tmp_path / "plan.yaml") == "PATH: the file is empty"


def test_a_plan_may_come_from_a_pipe() -> None:
    reader, writer = os.pipe()
    os.write(writer, b"version: 1\nsteps: []\n")
    os.close(writer)
    plan, _ = load_plan(Path(f"/dev/fd/{reader}"))
    os.close(reader)
    assert plan.steps == ()


def test_every_field_that_is_off_is_named_with_its_line() -> None:
    assert problems("""\
version: 2
goals: Ask
inputs:
  1st: {type: str}
  second: {type: strr}
  third: str
  fourth: {type: 1, defalt: x}
steps:
  - {id: a, cal: b.c, call: 3}
  - id: "b c"
    call: b.c
    each: [x]
    with:
      one: {from: 1}
      two: {from: a..b}
      three: {from: a, to: b}
      four: [{x: {from: a, as: strr}}]
  - text
modules: {speech: 1.2}
requires: {host: []}
""") == [
        "structure: line 1, version: the value doesn't fit; expected 1, got int 2",
        "structure: line 2, goals: there is no such field; fits: goal",
        (
            "structure: line 4, inputs.1st: the name doesn't fit; "
            "expected a letter, then letters, digits, `_` and `-`, 64 at most, got str '1st'"
        ),
        (
            "structure: line 5, inputs.second.type: "
            "the type `strr` has an unknown type 'strr'; did you mean str?"
        ),
        "structure: line 6, inputs.third: the value doesn't fit; expected a record, got str 'str'",
        "structure: line 7, inputs.fourth.type: a type is written as text, got 1",
        "structure: line 7, inputs.fourth.defalt: there is no such field; fits: default",
        "structure: line 9, steps.a.call: the value doesn't fit; expected text, got int 3",
        "structure: line 9, steps.a.cal: there is no such field; fits: call",
        (
            "structure: line 10, steps.b c.id: the name doesn't fit; "
            "expected a letter, then letters, digits, `_` and `-`, 64 at most, got str 'b c'"
        ),
        "structure: line 12, steps.b c.each: the value doesn't fit; expected a record, got a list of 1",
        (
            "structure: line 14, steps.b c.with.one: "
            "`from` wants a name such as `recording` or `page.title`, got 1"
        ),
        (
            "structure: line 15, steps.b c.with.two: "
            "`from` wants a name such as `recording` or `page.title`, got 'a..b'"
        ),
        (
            "structure: line 16, steps.b c.with.three: "
            "a reference takes `from` and `as`, not `to` (write {literal: …} for plain data)"
        ),
        (
            "structure: line 17, steps.b c.with.four: "
            "the type `strr` has an unknown type 'strr'; did you mean str?"
        ),
        "structure: line 18, steps[2]: the value doesn't fit; expected a record, got str 'text'",
        "structure: line 19, modules.speech: the value doesn't fit; expected a record, got float 1.2",
        "structure: line 20, requires.host: there is no such field; fits: hosts",
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{}", ["structure: line 1, version: it is missing", "structure: line 1, steps: it is missing"]),
        (
            "version: 1\nstep: []\n",
            [
                "structure: line 1, steps: it is missing",
                "structure: line 2, step: there is no such field; fits: steps",
            ],
        ),
        (
            "version: 1\nsteps: [{id: a, call: b.c, with_: {}}]\n",
            ["structure: line 2, steps.a.with_: there is no such field; fits: with"],
        ),
        (
            "version: 1\nsteps:\nwith: {}\n",
            [
                "structure: line 2, steps: the value doesn't fit; expected a list, got null",
                (
                    "structure: line 3, with: there is no such field; "
                    "fits: version, goal, inputs, steps, outputs, modules, images, requires"
                ),
            ],
        ),
    ],
)
def test_a_field_that_is_missing_or_unknown_is_named(text: str, said: list[str]) -> None:
    assert problems(text) == said


def test_a_place_without_a_line_has_that_of_what_is_around_it() -> None:
    lines = Lines({(): 1, ("steps",): 2})
    assert [lines.of(way) for way in [("steps", 3, "id"), ("other",), ()]] == [2, 1, 1]
    assert Lines().of(("steps",)) is None


def test_limits_that_are_off_are_named() -> None:
    assert problems("""\
version: 1
steps:
  - {id: a, call: b.c, limits: {timeout: -1, memory: much, time: 3}}
  - {id: b, call: b.c, limits: {timeout: soon, memory: 0}}
  - {id: c, call: b.c, limits: 3}
""") == [
        "structure: line 3, steps.a.limits.timeout: the value doesn't fit; expected a number above 0, got int -1",
        "structure: line 3, steps.a.limits.memory: not a size: 'much' (write it as 512MiB or 2GB)",
        "structure: line 3, steps.a.limits.time: there is no such field; fits: timeout",
        "structure: line 4, steps.b.limits.timeout: the value doesn't fit; expected a number, got str 'soon'",
        "structure: line 4, steps.b.limits.memory: a size is from 1 byte to 8 EiB, got 0",
        "structure: line 5, steps.c.limits: the value doesn't fit; expected a record, got int 3",
    ]
