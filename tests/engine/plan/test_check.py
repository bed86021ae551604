"""The checker: what is wrong with a plan, all of it, as people read it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.engine.plan.yard import FUNCTIONS, checked, problems, refused

from shunter.engine.errors import PlanRefused
from shunter.engine.plan.capabilities import required_by
from shunter.engine.plan.check import check_plan
from shunter.engine.plan.model import Plan
from shunter.engine.plan.problem import Code
from shunter.engine.plan.read import read_plan
from shunter.engine.types import parse_type

GOOD = """
version: 1
inputs:
  recordings: {type: "list[File[audio/*]]"}
  question: {type: str, default: Who?}
steps:
  - id: answer
    call: rag.answer
    with: {documents: {from: transcripts}, question: {from: question}}
  - id: transcripts
    call: speech.transcribe
    each: {audio: {from: recordings}}
    with: {language: de}
outputs:
  text: {from: answer.text}
  all: [{from: answer.passages}, {from: transcripts}]
"""


def test_a_good_plan_is_put_in_an_order_that_can_run() -> None:
    plan = checked(GOOD)
    assert [step.id for step in plan.steps] == ["transcripts", "answer"]
    assert {step.id: str(step.type) for step in plan.steps} == {
        "transcripts": "list[File[text/plain]]",
        "answer": "{text: str, passages: list[File[text/plain]]}",
    }
    assert {name: str(kind) for name, kind in plan.output_types.items()} == {
        "text": "str",
        "all": "list[list[File[text/plain]]]",
    }
    inputs = {name: (item.required, item.default) for name, item in plan.inputs.items()}
    assert inputs == {"recordings": (True, None), "question": (False, "Who?")}


def test_every_problem_is_reported_at_once_with_its_line_and_what_would_fit() -> None:
    assert problems("""\
version: 1
inputs:
  recording: {type: "File[audio/*]"}
  picture: {type: "File[image/png]"}
  count: {type: int, default: many}
steps:
  - id: transcript
    call: speech.transcripe
    with: {audio: {from: recordin}}
  - id: heard
    call: speech.transcribe
    with:
      audio: {from: picture}
      langage: en
  - id: answer
    call: rag.answer
    with:
      documents: [{from: heard}, {from: recording}]
      style: shrt
  - id: answer
    call: text.same
    with: {text: {from: answer.txt}}
outputs:
  answer: {from: missing}
""") == [
        "type: line 5, inputs.count.default: the value doesn't fit; expected int, got str 'many'",
        (
            "unknown-function: line 8, steps.transcript.call: there is no function 'speech.transcripe'; "
            "fits: speech.transcribe"
        ),
        (
            "unknown-reference: line 9, steps.transcript.with.audio: there is no input or step 'recordin'; "
            "fits: recording"
        ),
        (
            "type: line 13, steps.heard.with.audio: the value's type doesn't fit; "
            "expected File[audio/*], got File[image/png]; fits: recording"
        ),
        (
            "unknown-parameter: line 14, steps.heard.with.langage: "
            "speech.transcribe has no parameter 'langage'; fits: language"
        ),
        "missing-argument: line 15, steps.answer: rag.answer needs question; expected str, got nothing",
        "cycle: line 15, steps.answer: the steps wait for each other: answer → answer",
        (
            "type: line 18, steps.answer.with.documents.1: the value's type doesn't fit; "
            "expected File[text/*], got File[audio/*]; fits: heard"
        ),
        (
            "type: line 19, steps.answer.with.style: the value doesn't fit; "
            'expected "long" | "short", got str \'shrt\'; fits: short'
        ),
        "duplicate-name: line 20, steps.answer.id: 'answer' is the name of another step already",
        "unknown-field: line 22, steps.answer.with.text: answer is str and has no field 'txt'",
        (
            "unknown-reference: line 24, outputs.answer: there is no input or step 'missing'; "
            "fits: recording, picture, count, transcript, heard"
        ),
    ]


def _steps(*steps: str, inputs: str = "{}") -> str:
    return f"version: 1\ninputs: {inputs}\nsteps:\n" + "".join(f"  - {{{step}}}\n" for step in steps)


def _one_step(case: dict[str, Any]) -> Plan:
    step = {"id": "it", **case["step"]}
    return Plan.model_validate({"version": 1, "inputs": case.get("inputs", {}), "steps": [step]})


def _cases(name: str) -> dict[str, Any]:
    cases: dict[str, Any] = yaml.safe_load((Path(__file__).parent / name).read_text())
    return cases


REFUSED = _cases("refused.yaml")
PASSING = _cases("passing.yaml")


@pytest.mark.parametrize("case", list(REFUSED))
def test_a_plan_is_refused_for(case: str) -> None:
    with pytest.raises(PlanRefused) as caught:
        check_plan(_one_step(REFUSED[case]), FUNCTIONS)
    said = [f"{problem.code.value}: {problem}" for problem in caught.value.problems]
    assert said == REFUSED[case]["problems"]


@pytest.mark.parametrize("case", list(PASSING))
def test_a_plan_passes_with(case: str) -> None:
    plan = check_plan(_one_step(PASSING[case]), FUNCTIONS)
    assert plan.steps[0].type == parse_type(PASSING[case]["type"])


def test_every_kind_of_problem_has_a_test() -> None:
    met = {line.partition(":")[0] for case in REFUSED.values() for line in case["problems"]}
    elsewhere = {"structure", "unknown-reference", "requires"}
    assert met | elsewhere == {code.value for code in Code}


def test_steps_that_wait_for_each_other_are_shown_as_a_ring() -> None:
    ring = _steps(
        "id: a, call: text.same, with: {text: {from: c}}",
        "id: b, call: text.same, with: {text: {from: a}}",
        "id: c, call: text.same, with: {text: {from: b}}",
        "id: d, call: text.same, with: {text: {from: c}}",
    )
    assert problems(ring) == ["cycle: line 4, steps.a: the steps wait for each other: a → c → b → a"]


def test_every_ring_is_shown() -> None:
    rings = _steps(
        "id: x, call: math.add, with: {a: {from: p}, b: {from: y}}",
        "id: p, call: math.add, with: {a: {from: q}, b: 1}",
        "id: q, call: math.add, with: {a: {from: p}, b: 1}",
        "id: y, call: math.add, with: {a: {from: x}, b: {from: y}}",
    )
    assert problems(rings) == [
        "cycle: line 4, steps.x: the steps wait for each other: x → y → x",
        "cycle: line 5, steps.p: the steps wait for each other: p → q → p",
        "cycle: line 7, steps.y: the steps wait for each other: y → y",
    ]


def test_candidates_never_close_a_ring() -> None:
    (missing,) = refused(
        _steps(
            "id: first, call: text.same",
            "id: second, call: text.same, with: {text: {from: first}}",
            "id: third, call: text.same, with: {text: {from: second}}",
            "id: free, call: text.same, with: {text: a}",
        )
    )
    assert missing.candidates == ("free",)


def test_a_mistake_is_reported_once_and_not_where_its_value_goes() -> None:
    assert problems(
        _steps(
            "id: a, call: no.such, with: {x: 1}",
            "id: b, call: text.same, with: {text: {from: a.field}}",
            "id: c, call: text.join, with: {parts: [{from: b}, {from: a}]}",
        )
    ) == ["unknown-function: line 4, steps.a.call: there is no function 'no.such'"]


def test_a_plan_may_not_do_more_than_it_says() -> None:
    text = _steps(
        "id: page, call: web.fetch, with: {url: a}", "id: out, call: web.publish, with: {page: {from: page}}"
    )
    assert problems(text + "requires: {hosts: [other.org]}\n") == [
        "requires: line 6, requires.hosts: the plan's functions need hosts that it doesn't name: example.org",
        "requires: line 6, requires.effects: the plan's functions need effects that it doesn't name: publish",
    ]
    assert required_by(checked(text).steps).model_dump() == {
        "hosts": ("example.org",),
        "secrets": (),
        "effects": ("publish",),
    }
    assert len(checked(text + "requires: {hosts: [example.org], effects: [publish]}\n").steps) == 2


def test_an_inputs_default_becomes_a_value_of_its_type() -> None:
    plan = checked("version: 1\ninputs: {n: {type: float, default: 1}, o: {type: str | None}}\nsteps: []\n")
    assert repr(plan.inputs["n"].default) == "1.0"
    assert not plan.inputs["o"].required


def test_a_plan_without_a_file_is_checked_too() -> None:
    plan = Plan.model_validate({"version": 1, "steps": [{"id": "a", "call": "text.same"}]})
    with pytest.raises(PlanRefused) as caught:
        check_plan(plan, FUNCTIONS)
    assert [str(problem) for problem in caught.value.problems] == [
        "steps.a: text.same needs text; expected str, got nothing"
    ]
    assert caught.value.message == "the plan has 1 problem; nothing was started"


def test_a_chain_of_thousands_of_steps_is_no_problem() -> None:
    steps = [{"id": "s0", "call": "text.same", "with": {"text": "a"}}]
    steps += [
        {"id": f"s{n}", "call": "text.same", "with": {"text": {"from": f"s{n - 1}"}}} for n in range(1, 3000)
    ]
    plan = Plan.model_validate({"version": 1, "steps": steps[::-1]})
    assert [step.id for step in check_plan(plan, FUNCTIONS).steps] == [f"s{n}" for n in range(3000)]


def test_a_catalogue_is_asked_only_for_what_a_good_plan_calls() -> None:
    class Asked(dict[str, object]):
        def __iter__(self) -> object:  # type: ignore[override]
            raise AssertionError("listing reads every module")

    plan, lines = read_plan(GOOD)
    assert check_plan(plan, Asked(FUNCTIONS), lines).steps  # type: ignore[arg-type]


def test_a_secret_is_no_output() -> None:
    text = "version: 1\ninputs: {t: {type: Secret}}\nsteps: []\noutputs: {t: {from: t}, all: [{from: t}]}\n"
    assert problems(text) == [
        "secret: line 4, outputs.t: a secret can't be an output",
        "secret: line 4, outputs.all: a secret can't be an output",
    ]
