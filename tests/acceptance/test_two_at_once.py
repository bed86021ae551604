"""Several engines with one home."""

from __future__ import annotations

import json
from contextlib import ExitStack
from pathlib import Path

from tests.acceptance.engines import engine

PLAN = """
version: 1
steps:
  - {id: one, call: toy.wait, with: {text: one, seconds: 0.8}}
  - {id: each, call: toy.wait, each: {text: [a, b, {from: one}]}, with: {seconds: 0.2}}
outputs: {each: {from: each}}
"""


def test_what_two_engines_need_at_once_runs_once(here: Path, home: Path) -> None:
    (here / "plan.yaml").write_text(PLAN)
    with ExitStack() as stack:
        engines = [
            stack.enter_context(engine("run", "plan.yaml", "--json", "-q", "--jobs", "4", home=home))
            for _ in range(3)
        ]
        ended = [each.end() for each in engines]
    assert [code for code, _, _ in ended] == [0, 0, 0], "".join(err for _, _, err in ended)
    documents = [json.loads(out) for _, out, _ in ended]
    assert all(document["outputs"] == {"each": ["a", "b", "one"]} for document in documents)
    steps = [step for document in documents for step in document["steps"]]
    assert [step["outcome"] for step in steps if step["id"] == "one"].count("executed") == 1
    calls = [call["outcome"] for step in steps for call in step.get("calls", ())]
    assert len(calls) == 9
    assert calls.count("executed") == 3
    assert calls.count("cached") == 6


def test_an_engine_takes_over_what_a_killed_one_was_running(here: Path, home: Path) -> None:
    (here / "plan.yaml").write_text(PLAN.replace("seconds: 0.8", "seconds: 1.5"))
    words = ("run", "plan.yaml", "--json", "-q")
    with engine(*words, home=home) as first:
        first.wait_for("call-started", "one")
        with engine(*words, home=home) as second:
            second.wait_for("call-started", "one")
            first.process.kill()
            first.process.wait()
            code, out, _ = second.end()
    assert code == 0
    assert {step["id"]: step["outcome"] for step in json.loads(out)["steps"]}["one"] == "executed"
