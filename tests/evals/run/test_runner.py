"""Suites run to their end, whatever a case does; each case leaves a record."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest
from tests.evals.conftest import Evaluate, Silent, Write, head_of

from shunter.agent import Workspace
from shunter.agent.errors import PlannerUnavailable
from shunter.agent.planners.protocol import Answer, Missing, Proposal, Task, Usage
from shunter.agent.planners.scripted import ScriptedPlanner
from shunter.engine.plan.read import read_plan
from shunter.evals.bundled import chosen, load_suites
from shunter.evals.case.reach import Reach
from shunter.evals.run.record import Calls, CaseStatus, Record
from shunter.evals.run.results import Results, ResultsFile, read_results
from shunter.evals.run.runner import Runner, Setting


def _proposal(steps: str, output: str, usage: Usage | None = None) -> Proposal:
    return Proposal(
        read_plan(f"version: 1\nsteps: {steps}\noutputs: {{it: {{from: {output}}}}}\n")[0], usage=usage
    )


SHOUT = _proposal("[{id: a, call: toy.shout, with: {text: hi}}]", "a", Usage(1, 1200))
FAIL = _proposal("[{id: b, call: toy.fail}, {id: a, call: toy.shout, with: {text: {from: b}}}]", "a")
BROKEN = _proposal("[{id: a, call: toy.shout}]", "a", Usage(3, 34))
SLOW = _proposal("[{id: a, call: toy.slow, with: {seconds: 60}}]", "a")


class Goals:
    """Answers each goal with what was told for it; an exception is raised."""

    name = "goals"

    def __init__(self, **answers: Answer | BaseException) -> None:
        self._answers = answers

    def plan(self, task: Task) -> Answer:
        """The answer for the goal."""
        answer = self._answers[task.goal.text]
        if isinstance(answer, BaseException):
            raise answer
        return answer


def _by_id(results: Results) -> dict[str, Record]:
    return {record.case.partition("/")[2]: record for record in results.records}


def test_a_case_passes_where_all_that_is_expected_holds(evaluate: Evaluate) -> None:
    text = "cases: [{id: one, goal: g, expect: {plan: {uses: [toy.shout]}, results: [{text: {equals: HI}}]}}]"
    (record,) = evaluate(text, ScriptedPlanner([SHOUT])).records
    assert (record.case, record.epoch, record.status, record.why) == ("small/one", 1, CaseStatus.PASSED, "")
    assert (record.planner, record.valid, record.asked, record.replans) == ("scripted", True, 1, 0)
    assert [check.check for check in record.checks] == [
        "plan uses toy.shout",
        "the run succeeds",
        "result 1 (text)",
    ]
    assert record.plan is not None
    assert record.plan["steps"] == [{"id": "a", "call": "toy.shout", "with": {"text": "hi"}}]
    assert (record.calls.executed, record.calls.cached, record.tokens, len(record.runs)) == (1, 0, 1200, 1)
    assert 0 < record.seconds < 60


def test_a_case_fails_where_something_does_not(evaluate: Evaluate) -> None:
    text = "cases: [{id: one, goal: g, expect: {results: [{text: {equals: HO}}, {text: {equals: HI}}]}}]"
    (record,) = evaluate(text, ScriptedPlanner([SHOUT])).records
    assert (record.status, record.why) == (CaseStatus.FAILED, "result 1 (text): it: expected 'HO', got 'HI'")


def test_repairs_and_replans_are_counted_with_all_their_tokens(evaluate: Evaluate) -> None:
    results = evaluate("cases: [{id: one, goal: g}]", ScriptedPlanner([BROKEN, FAIL, SHOUT]))
    (record,) = results.records
    assert (record.status, record.asked, record.replans, len(record.runs)) == (CaseStatus.PASSED, 3, 2, 2)
    assert (record.tokens, record.calls.failed, record.calls.executed) == (1234, 1, 1)


def test_a_crash_in_a_case_is_a_record_and_the_suite_goes_on(evaluate: Evaluate) -> None:
    planner = Goals(
        a=ZeroDivisionError("planner"),
        b=SHOUT,
        c=Missing("nothing fits"),
        d=PlannerUnavailable("gone"),
        e=BROKEN,
    )
    cases = ", ".join(f"{{id: {name}, goal: {name}}}" for name in "abcde")
    found = _by_id(evaluate(f"cases: [{cases}]", planner, jobs=2))
    assert {name: (it.status.value, it.why, it.valid) for name, it in found.items()} == {
        "a": ("crashed", "ZeroDivisionError: planner", False),
        "b": ("passed", "", True),
        "c": ("failed", "NoPlan: nothing fits", False),
        "d": ("crashed", "PlannerUnavailable: gone", False),
        "e": ("failed", "PlanRefused: the plan has 1 problem; nothing was started", False),
    }
    trouble = found["a"].trouble
    assert trouble is not None
    assert trouble.trace[-1] == "ZeroDivisionError: planner"
    assert any("in plan" in line for line in trouble.trace)


def test_a_run_that_fails_is_a_failed_case_and_its_results_are_not_looked_at(evaluate: Evaluate) -> None:
    text = "cases: [{id: one, goal: g, limits: {attempts: 1}, expect: {results: [{items: 3}]}}]"
    (record,) = evaluate(text, ScriptedPlanner([FAIL])).records
    assert (record.status, record.valid) == (CaseStatus.FAILED, True)
    assert record.why == "the run succeeds: toy.fail ended with exit code 3"
    assert len(record.checks) == 1


def test_a_case_that_takes_too_long_is_ended(evaluate: Evaluate) -> None:
    began = time.monotonic()
    text = "cases: [{id: one, goal: a, limits: {seconds: 0.5}}, {id: two, goal: b}]"
    found = _by_id(evaluate(text, Goals(a=SLOW, b=SHOUT)))
    assert time.monotonic() - began < 30
    assert found["one"].why == "OutOfTime: its 0.5 seconds were over before it was done"
    assert (found["one"].status, found["two"].status) == (CaseStatus.FAILED, CaseStatus.PASSED)


def test_a_case_without_values_is_only_assembled(evaluate: Evaluate, home: Path) -> None:
    text = (
        "cases:\n"
        "  - {id: right, goal: a, inputs: {x: {type: 'File[audio/*]'}, n: 3}, expect: {plan: {accepts: "
        "[{steps: [{id: y, call: toy.shout, with: {text: ho}}]}, {steps: [{id: y, call: toy.shout, with: {text: Hi}}]}]}}}\n"
        "  - {id: wrong, goal: b, inputs: {x: {type: str}}, expect: {plan: {uses: [toy.shout]}}}\n"
        "  - {id: refused, goal: c, inputs: {x: {type: str}}}\n"
        "  - {id: none, goal: d, inputs: {x: {type: str}}}\n"
        "  - {id: crash, goal: e, inputs: {x: {type: str}}}\n"
    )
    planner = Goals(a=SHOUT, b=SLOW, c=BROKEN, d=Missing("nothing fits"), e=ZeroDivisionError("planner"))
    found = _by_id(evaluate(text, planner))
    assert {name: (it.status.value, it.valid, it.why) for name, it in found.items()} == {
        "right": ("passed", True, ""),
        "wrong": ("failed", True, "plan uses toy.shout: it calls toy.slow"),
        "refused": ("failed", False, "PlanRefused: the plan has 1 problem; nothing was started"),
        "none": ("failed", False, "NoPlan: nothing fits"),
        "crash": ("crashed", False, "ZeroDivisionError: planner"),
    }
    assert {(it.reach, it.runs, it.calls) for it in found.values()} == {(Reach.PLAN, (), Calls())}
    assert [check.check for check in found["right"].checks] == ["plan is accepted"]
    assert found["right"].plan is not None
    assert (found["right"].tokens, found["refused"].asked) == (1200, 3)
    assert list((home / "runs").glob("*")) == []


def test_a_plan_that_took_too_long_to_assemble_is_out_of_time(evaluate: Evaluate) -> None:
    class Pondering(Goals):
        def plan(self, task: Task) -> Answer:
            time.sleep(0.02)
            return super().plan(task)

    text = "cases: [{id: one, goal: a, inputs: {x: {type: str}}, limits: {seconds: 0.01}}]"
    (record,) = evaluate(text, Pondering(a=SHOUT)).records
    assert record.why == "OutOfTime: its 0.01 seconds were over before it was done"
    assert (record.status, record.valid) == (CaseStatus.FAILED, True)


def test_what_a_plan_would_reach_needs_no_permission_where_it_is_only_assembled(evaluate: Evaluate) -> None:
    steps = "[{id: a, call: speech.fetch_model, with: {size: medium}}]"
    planner = ScriptedPlanner([_proposal(steps, "a")])
    results = evaluate("cases: [{id: one, goal: g, inputs: {x: {type: str}}}, {id: two, goal: g}]", planner)
    assert {name: it.why.partition(":")[0] for name, it in _by_id(results).items()} == {
        "one": "",
        "two": "Refused",
    }


def test_a_committed_plan_is_run_and_checked_without_a_planner(evaluate: Evaluate, tmp_path: Path) -> None:
    (tmp_path / "p.yaml").write_text(
        "version: 1\ninputs: {text: {type: str}}\n"
        "steps: [{id: a, call: toy.shout, with: {text: {from: text}}}]\noutputs: {loud: {from: a}}\n"
    )
    planner = ScriptedPlanner([SHOUT])
    text = (
        "cases:\n"
        "  - {id: one, plan: p.yaml, inputs: {text: ho}, expect: {plan: {edges: [text -> toy.shout]}, "
        "results: [{output: loud, text: {equals: HO}}]}}\n"
        "  - {id: two, plan: p.yaml}\n"
    )
    found = _by_id(evaluate(text, planner))
    assert planner.tasks == []
    assert (found["one"].status, found["one"].planner, found["one"].asked) == (CaseStatus.PASSED, None, 0)
    assert found["two"].status is CaseStatus.FAILED
    assert found["two"].why.startswith("UsageError: ")


def test_a_gptscript_file_is_a_goal_with_its_own_functions_or_a_plan(
    evaluate: Evaluate, tmp_path: Path
) -> None:
    (tmp_path / "goal.gpt").write_text("Tools: toy.shout\n\nShout hi.\n")
    (tmp_path / "command.gpt").write_text('Args: word: What to say.\n\n#!/bin/sh\necho "$WORD, $WORD"\n')
    planner = ScriptedPlanner([SHOUT])
    found = _by_id(
        evaluate(
            "cases:\n"
            "  - {id: goal, gpt: goal.gpt, expect: {plan: {uses: [toy.shout]}, results: [{text: {equals: HI}}]}}\n"
            "  - {id: command, gpt: command.gpt, inputs: {word: hi}, expect: {results: [{text: {contains: ['hi, hi']}}]}}\n",
            planner,
        )
    )
    assert {name: (record.status, record.why) for name, record in found.items()} == {
        "goal": (CaseStatus.PASSED, ""),
        "command": (CaseStatus.PASSED, ""),
    }
    (task,) = planner.tasks
    assert task.goal.text == "Shout hi."
    assert task.goal.functions == frozenset({"text.from_string", "text.to_string", "toy.shout"})


def test_limits_and_modules_reach_the_planner(evaluate: Evaluate) -> None:
    planner = ScriptedPlanner([SHOUT])
    text = "cases: [{id: one, goal: g, modules: [toy], inputs: {n: 3}, limits: {steps: 4, attempts: 2, seconds: 50}}]"
    evaluate(text, planner)
    (task,) = planner.tasks
    assert {name.partition(".")[0] for name in task.functions} == {"toy"}
    assert (task.goal.limits.steps, task.goal.limits.attempts, task.goal.limits.seconds) == (4, 2, 50)
    assert {name: str(kind) for name, kind in task.goal.inputs.items()} == {"n": "int"}


def test_each_pass_begins_with_an_empty_cache_that_cases_share(
    evaluate: Evaluate, home: Path, workspace: Workspace
) -> None:
    workspace.run(workspace.check(SHOUT.plan), {})
    results = evaluate("cases: [{id: one, goal: g}, {id: two, goal: g}]", ScriptedPlanner([SHOUT]), epochs=2)
    assert [(it.case, it.epoch, it.calls.executed, it.calls.cached) for it in results.records] == [
        ("small/one", 1, 1, 0),
        ("small/two", 1, 0, 1),
        ("small/one", 2, 1, 0),
        ("small/two", 2, 0, 1),
    ]
    assert list((home / "caches").iterdir()) == []
    again = workspace.run(workspace.check(SHOUT.plan), {})
    assert [step.outcome.value for step in again.report.steps] == ["cached"]


def test_half_a_character_in_a_result_does_no_harm(evaluate: Evaluate) -> None:
    planner = ScriptedPlanner([_proposal("[{id: a, call: toy.odd}]", "a")])
    (record,) = evaluate(
        "cases: [{id: one, goal: g, expect: {results: [{json: {'.': x}}]}}]", planner
    ).records
    assert record.why.startswith('result 1 (json): it: expected equals "x", got "odd ?"')


def test_an_interrupt_stops_what_runs_and_keeps_what_is_done(
    write: Write, home: Path, toys: Path, tmp_path: Path
) -> None:
    cases = chosen(
        load_suites([str(write("cases: [{id: a, goal: a}, {id: b, goal: b}, {id: c, goal: b}]"))]), []
    )
    path = tmp_path / "results.jsonl"

    class Interrupting(Silent):
        def recorded(self, record: Record, done: int, total: int) -> None:
            raise KeyboardInterrupt

    began = time.monotonic()
    setting = Setting(lambda: Goals(a=SHOUT, b=SLOW), home, (toys,))
    with ResultsFile.create(path, head_of(cases)) as results, pytest.raises(KeyboardInterrupt):
        Runner(setting, 2).run([(1, case) for case in cases], results, Interrupting())
    assert time.monotonic() - began < 30
    found = read_results(path)
    assert ([record.case for record in found.records], found.end) == (["small/a"], None)
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("case")]


def test_a_text_stays_a_text_where_a_file_has_that_name(
    evaluate: Evaluate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("notes").write_text("x")
    planner = ScriptedPlanner([SHOUT])
    evaluate("cases: [{id: one, goal: g, inputs: {goal: notes, self: a/b.txt, more: [./c, notes]}}]", planner)
    (task,) = planner.tasks
    assert {name: str(kind) for name, kind in task.goal.inputs.items()} == {
        "goal": "str",
        "self": "str",
        "more": "list[str]",
    }


def test_a_judge_has_no_more_time_than_the_case(evaluate: Evaluate) -> None:
    judge = "{judge: {call: toy.wait, value: text, with: {seconds: 60}, expect: {items: 1}}}"
    text = f"cases: [{{id: one, goal: g, limits: {{seconds: 1}}, expect: {{results: [{judge}]}}}}]"
    (record,) = evaluate(text, ScriptedPlanner([SHOUT])).records
    assert record.why == "OutOfTime: its 1 seconds were over before it was done"
    assert (record.calls.executed, record.valid) == (1, True)
