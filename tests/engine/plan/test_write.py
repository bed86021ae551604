"""Plans as text."""

from __future__ import annotations

import json

from hypothesis import given
from tests.engine.plan.strategies import plans
from tests.engine.types.strategies import sampled

from shunter.engine.plan.model import Plan
from shunter.engine.plan.read import read_plan
from shunter.engine.plan.write import plan_data, plan_text

TEXT = """\
version: 1
goal: Who founded Dagger?
inputs:
  recordings: {type: 'list[File[audio/*]]'}
  language: {type: str, default: 'no'}
steps:
- id: transcripts
  call: speech.transcribe
  each:
    audio: {from: recordings}
  with:
    language: {from: language}
    when: '12:30'
    size: '1e5'
- id: answer
  call: rag.answer
  with:
    documents:
    - {from: transcripts, as: 'list[File[text/plain]]'}
outputs:
  answer: {from: answer.text}
requires: {}
"""


@sampled
@given(plans)
def test_a_plan_comes_back_from_its_text(plan: Plan) -> None:
    again, _ = read_plan(plan_text(plan))
    assert again == plan
    assert plan_text(again) == plan_text(plan)


@sampled
@given(plans)
def test_a_plan_comes_back_from_json(plan: Plan) -> None:
    for letters_escaped in (True, False):
        again, _ = read_plan(json.dumps(plan_data(plan), ensure_ascii=letters_escaped, indent="\t"))
        assert again == plan


def test_a_text_that_was_written_by_shunter_stays_as_it_is() -> None:
    plan, _ = read_plan(TEXT)
    assert plan_text(plan) == TEXT


def test_what_is_at_its_default_is_left_out() -> None:
    assert plan_text(Plan(version=1, steps=())) == "version: 1\nsteps: []\n"
