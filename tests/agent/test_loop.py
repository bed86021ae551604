"""The loop: plan, check, approve, run; diagnose, and plan again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from shunter.agent import Workspace
from shunter.agent.approval import Allowed
from shunter.agent.errors import NoPlan, Refused
from shunter.agent.loop import REPAIRS, Loop
from shunter.agent.planners.protocol import Choice, Missing, Proposal, Question, StepFailure
from shunter.agent.planners.scripted import Line, ScriptedPlanner
from shunter.agent.ready import ReadyPlan
from shunter.engine.actions.failure import FailureKind
from shunter.engine.errors import PlanRefused
from shunter.engine.plan.model import Plan, Requires
from shunter.engine.run.outcome import Status
from shunter.instructions.goal import Goal, GoalLimits


def _plan(*steps: dict[str, Any], outputs: Sequence[str] = (), **more: Any) -> Proposal:
    data = {"version": 1, "steps": steps, "outputs": {name: {"from": name} for name in outputs}, **more}
    return Proposal(Plan.model_validate(data))


def _step(name: str, call: str, **arguments: Any) -> dict[str, Any]:
    return {"id": name, "call": call, "with": arguments}


SHOUT = _plan(_step("loud", "toy.shout", text="hi"), outputs=["loud"])
FAIL = _plan(_step("loud", "toy.shout", text="hi"), _step("bad", "toy.fail", text="no"), outputs=["loud"])
ILL = _plan(_step("loud", "toy.shout", txt="hi"))
SEND = _plan(_step("sent", "toy.send", text="hi"), outputs=["sent"])


@dataclass
class Watching:
    """A person who notes everything; `answer` is what they choose, `agrees` what they allow."""

    answer: int | None = None
    agrees: bool = False
    seen: list[str] = field(default_factory=list)
    failures: list[StepFailure] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def choose(self, question: Question) -> int | None:
        self.seen.append("choose")
        return self.answer

    def proposed(self, ready: ReadyPlan, proposal: Proposal, attempt: int) -> None:
        self.seen.append(f"plan {attempt}")
        self.notes += proposal.notes

    def allow(self, lacking: Requires) -> bool:
        self.seen.append("allow")
        return self.agrees

    def failed(self, failures: tuple[StepFailure, ...]) -> None:
        self.seen.append("failed")
        self.failures += failures


def _loop(workspace: Workspace, *lines: Line, **more: Any) -> tuple[Loop, ScriptedPlanner, Watching]:
    planner, person = ScriptedPlanner(lines), more.pop("dialogue", None) or Watching()
    return Loop(workspace, planner, person, **more), planner, person


def test_a_goal_becomes_a_plan_that_is_run(workspace: Workspace) -> None:
    loop, planner, person = _loop(workspace, SHOUT)
    pursuit = loop.pursue(workspace.request("Shout hi"))
    assert (pursuit.run.report.outputs, pursuit.planner, pursuit.ended) == ({"loud": "HI"}, "scripted", None)
    assert person.seen == ["plan 1"]
    assert planner.tasks[0].goal.text == "Shout hi"
    assert "toy.shout" in planner.tasks[0].functions


def test_only_the_modules_that_the_goal_allows_are_shown_to_the_planner(workspace: Workspace) -> None:
    loop, planner, _ = _loop(workspace, SHOUT)
    loop.pursue(workspace.request(Goal("Shout hi", modules=frozenset({"toy"}))))
    assert {name.partition(".")[0] for name in planner.tasks[0].functions} == {"toy"}


def test_given_values_reach_the_plans_inputs(workspace: Workspace, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("words")
    plan = _plan(
        _step("up", "toy.upper", file={"from": "notes"}),
        outputs=["up"],
        inputs={"notes": {"type": "File[text/*]"}},
    )
    loop, planner, _ = _loop(workspace, plan)
    pursuit = loop.pursue(workspace.request("Capitals", notes=tmp_path / "a.txt"))
    assert pursuit.run.report.status is Status.DONE
    assert str(planner.tasks[0].goal.inputs["notes"]) == "File[text/plain]"


def test_what_the_checker_refuses_goes_back_to_the_planner(workspace: Workspace) -> None:
    loop, planner, person = _loop(workspace, ILL, SHOUT)
    assert loop.pursue(workspace.request("Shout")).run.report.outputs == {"loud": "HI"}
    (attempt,) = planner.tasks[1].attempts
    assert {problem.code.value for problem in attempt.problems} == {"unknown-parameter", "missing-argument"}
    assert person.seen == ["plan 1"]


def test_a_planner_that_never_mends_its_plan_is_given_up(workspace: Workspace) -> None:
    loop, planner, person = _loop(workspace, ILL)
    with pytest.raises(PlanRefused):
        loop.pursue(workspace.request("Shout"))
    assert len(planner.tasks) == REPAIRS + 1
    assert person.seen == []


@pytest.mark.parametrize(
    ("inputs", "outputs", "problem"),
    [
        ({"extra": {"type": "str"}}, {}, "unknown-reference: inputs.extra: no such input was given; fits: n"),
        ({"n": {"type": "str"}}, {}, "type: inputs.n: what was given doesn't fit; expected str, got int"),
        ({}, {"page": None}, "structure: outputs.page: the goal wants this output; fits: loud"),
    ],
)
def test_a_plan_is_held_against_the_goal(
    workspace: Workspace, inputs: dict[str, Any], outputs: dict[str, None], problem: str
) -> None:
    plan = _plan(_step("loud", "toy.shout", text="hi"), outputs=["loud"], inputs=inputs)
    loop, _, _ = _loop(workspace, plan)
    with pytest.raises(PlanRefused) as refused:
        loop.pursue(workspace.request(Goal("Shout", outputs=outputs), n=3))
    assert [f"{found.code.value}: {found}" for found in refused.value.problems] == [problem]


def test_a_plan_that_is_longer_than_the_goal_allows_is_refused(workspace: Workspace) -> None:
    loop, _, _ = _loop(workspace, FAIL)
    with pytest.raises(PlanRefused) as refused:
        loop.pursue(workspace.request(Goal("Shout", limits=GoalLimits(steps=1))))
    assert "the plan has 2 steps; the goal's limit is 1" in str(refused.value.problems[0])


def test_a_failure_is_told_to_the_planner_and_what_did_not_change_is_cached(workspace: Workspace) -> None:
    loop, planner, person = _loop(workspace, FAIL, SHOUT)
    pursuit = loop.pursue(workspace.request("Shout"))
    assert [run.report.status for run in pursuit.runs] == [Status.FAILED, Status.DONE]
    assert pursuit.run.report.steps[0].outcome.value == "cached"
    assert person.seen == ["plan 1", "failed", "plan 2"]
    (attempt,) = planner.tasks[1].attempts
    (failure,) = attempt.failures
    assert attempt.plan == FAIL.plan
    assert (failure.step, failure.function, failure.kind) == ("bad", "toy.fail", FailureKind.EXIT)
    assert (failure.exit_code, failure.arguments) == (3, {"text": '"no"'})
    assert "last" in failure.said
    assert "\x1b" not in failure.said


def test_the_same_plan_is_not_run_twice(workspace: Workspace) -> None:
    renamed = Proposal(FAIL.plan.model_copy(update={"goal": "in other words"}))
    loop, planner, _ = _loop(workspace, FAIL, renamed)
    pursuit = loop.pursue(workspace.request("Shout"))
    assert (len(pursuit.runs), pursuit.ended) == (1, "the planner proposed the same plan again")
    assert len(planner.tasks) == 2


def test_attempts_are_limited(workspace: Workspace) -> None:
    def another(number: int) -> Proposal:
        return _plan(_step("bad", "toy.fail", text=f"try {number}"))

    loop, planner, _ = _loop(workspace, *(another(number) for number in range(9)))
    pursuit = loop.pursue(workspace.request("Fail"))
    assert (len(pursuit.runs), pursuit.ended) == (3, "3 plans were tried")
    once = loop.pursue(workspace.request(Goal("Fail", limits=GoalLimits(attempts=1))))
    assert (len(once.runs), once.ended) == (1, "one plan was allowed")
    over = loop.pursue(workspace.request(Goal("Fail", limits=GoalLimits(seconds=1e-6))))
    assert (len(over.runs), over.ended) == (1, "the 1e-06 seconds are over")
    assert len(planner.tasks) == 5


def test_a_planner_that_knows_no_other_plan_ends_with_the_failed_run(workspace: Workspace) -> None:
    loop, _, _ = _loop(workspace, FAIL, Missing("nothing else fits"))
    pursuit = loop.pursue(workspace.request("Shout"))
    assert pursuit.run.report.status is Status.FAILED
    assert pursuit.ended == "no other plan was found: nothing else fits"


def test_without_a_plan_it_says_what_is_missing(workspace: Workspace) -> None:
    missing = Missing("no function transcribes", nearest=("toy.shout",), inputs=("audio: File[audio/*]",))
    loop, _, _ = _loop(workspace, missing)
    with pytest.raises(NoPlan, match="no function transcribes") as caught:
        loop.pursue(workspace.request("Transcribe"))
    assert caught.value.missing == missing
    assert caught.value.hint == "near to it: toy.shout; give --input audio=… (audio: File[audio/*])"


QUESTION = Question("Which?", (Choice("shout hi", SHOUT), Choice("fail", FAIL)))


def test_a_plan_calls_only_functions_that_the_goal_allows(workspace: Workspace) -> None:
    goal = Goal("Shout", functions=frozenset({"toy.shout", "toy.join"}))
    loop, planner, _ = _loop(workspace, FAIL, SHOUT)
    assert loop.pursue(workspace.request(goal)).run.report.outputs == {"loud": "HI"}
    assert set(planner.tasks[0].functions) == {"toy.shout", "toy.join"}
    (attempt,) = planner.tasks[1].attempts
    assert [str(problem) for problem in attempt.problems] == [
        "steps.bad.call: the goal doesn't allow toy.fail; fits: toy.join, toy.shout"
    ]
    elsewhere = Goal("Shout", modules=frozenset({"text"}))
    loop, _, _ = _loop(workspace, SHOUT)
    with pytest.raises(PlanRefused):
        loop.pursue(workspace.request(elsewhere))


def test_a_question_is_asked_and_the_answer_taken(workspace: Workspace) -> None:
    loop, _, person = _loop(workspace, QUESTION, SHOUT, dialogue=Watching(answer=1))
    assert len(loop.pursue(workspace.request("Something")).runs) == 2
    assert person.seen[:2] == ["choose", "plan 1"]


def test_where_nobody_can_be_asked_the_first_choice_is_taken_and_the_others_are_told(
    workspace: Workspace,
) -> None:
    loop, _, person = _loop(workspace, QUESTION)
    assert loop.pursue(workspace.request("Something")).run.report.outputs == {"loud": "HI"}
    assert person.notes == ["Which? Took: shout hi. Or: fail"]


def test_what_goes_beyond_computing_needs_leave(workspace: Workspace) -> None:
    loop, _, person = _loop(workspace, SEND)
    with pytest.raises(Refused) as refused:
        loop.pursue(workspace.request("Send"))
    assert refused.value.requires.effects == ("mail",)
    assert "--allow effect:mail" in (refused.value.hint or "")
    assert not workspace.runs.exists()
    assert person.seen == ["plan 1", "allow"]
    for more in ({"dialogue": Watching(agrees=True)}, {"allowed": Allowed(Requires(effects=("mail",)))}):
        loop, _, _ = _loop(workspace, SEND, **more)
        assert loop.pursue(workspace.request("Send")).run.report.outputs == {"sent": "hi"}


def test_a_later_plan_may_not_do_more_than_the_approved_one_even_where_all_is_allowed(
    workspace: Workspace,
) -> None:
    loop, _, person = _loop(
        workspace, FAIL, SEND, dialogue=Watching(agrees=True), allowed=Allowed(everything=True)
    )
    pursuit = loop.pursue(workspace.request("Shout"))
    assert pursuit.ended == "the next plan would do more: effect:mail"
    assert len(pursuit.runs) == 1
    assert "plan 2" not in person.seen


def test_a_later_plan_may_not_bring_in_a_module_of_somebody_elses(
    workspace: Workspace, tmp_path: Path
) -> None:
    (tmp_path / "a.json").write_text("{}")
    request = workspace.request("Look it up", doc=tmp_path / "a.json")
    inputs = {"doc": {"type": "File[application/json]"}}
    first = _plan(_step("bad", "json.get", document={"from": "doc"}, path="x"), inputs=inputs)
    loop, _, _ = _loop(workspace, first, SHOUT)
    assert loop.pursue(request).ended == "the next plan would do more: toy"
    bundled = _plan(_step("sum", "files.checksum", file={"from": "doc"}), inputs=inputs)
    loop, _, _ = _loop(workspace, first, bundled)
    assert loop.pursue(request).run.report.status is Status.DONE


PAGE = _plan(
    _step("page", "toy.get", url={"from": "link"}), outputs=["page"], inputs={"link": {"type": "str"}}
)
LINKED = _plan(
    _step("link", "toy.wait", text={"from": "written"}, seconds=0),
    _step("page", "toy.get", url={"from": "link"}),
    outputs=["page"],
    inputs={"written": {"type": "str"}},
)


def test_a_url_that_is_given_needs_leave_for_its_host_alone(workspace: Workspace) -> None:
    request = workspace.request("Look", link="https://a.org/x")
    loop, _, _ = _loop(workspace, PAGE)
    with pytest.raises(Refused) as refused:
        loop.pursue(request)
    assert refused.value.requires == Requires(hosts=("a.org",))
    loop, _, _ = _loop(workspace, PAGE, allowed=Allowed(Requires(hosts=("a.org",))))
    pursuit = loop.pursue(request)
    assert pursuit.run.report.outputs == {"page": "https://a.org/x"}
    assert pursuit.run.plan.requires == Requires(hosts=("*",))  # whatever the input is the next time


def test_an_input_that_a_plan_takes_for_a_url_and_is_none_goes_back_to_the_planner(
    workspace: Workspace,
) -> None:
    loop, planner, _ = _loop(workspace, PAGE, SHOUT)
    assert loop.pursue(workspace.request("Look", link="not one")).run.report.outputs == {"loud": "HI"}
    (attempt,) = planner.tasks[1].attempts
    assert list(map(str, attempt.problems)) == [
        "inputs: an input goes to url, which takes a URL or a host, and holds none"  # and not what it holds
    ]


def test_a_later_plan_may_not_reach_another_host(workspace: Workspace) -> None:
    def bad(host: str) -> Proposal:
        url = f"https://{host}/"
        return _plan(_step("page", "toy.get", url=url), _step("bad", "toy.fail", text={"from": "page"}))

    loop, _, _ = _loop(workspace, bad("a.org"), bad("b.org"), allowed=Allowed(everything=True))
    assert loop.pursue(workspace.request("Look")).ended == "the next plan would do more: host:b.org"


def test_a_host_that_only_the_run_tells_takes_a_pattern(workspace: Workspace) -> None:
    for allowed in (Allowed(), Allowed(Requires(hosts=("x.a.org",)))):
        loop, _, _ = _loop(workspace, LINKED, allowed=allowed)
        with pytest.raises(Refused) as refused:
            loop.pursue(workspace.request("Look", written="https://x.a.org/"))
        assert refused.value.requires == Requires(hosts=("*",))


@pytest.mark.parametrize(
    ("link", "allowed", "reached"),
    [
        ("https://x.a.org/", Allowed(Requires(hosts=("*.a.org",))), True),
        ("https://a.org/", Allowed(Requires(hosts=("*.a.org",))), False),
        ("https://a.org/", Allowed(Requires(hosts=("*",))), True),
        ("https://a.org/", Allowed(everything=True), True),
        ("http://127.0.0.1:1/", Allowed(everything=True), False),
        ("http://127.0.0.1:1/", Allowed(Requires(hosts=("127.0.0.1:1",)), everything=True), True),
        ("not a URL", Allowed(everything=True), False),
    ],
)
def test_a_host_that_only_the_run_tells_is_held_against_what_was_allowed(
    workspace: Workspace, link: str, allowed: Allowed, reached: bool
) -> None:
    loop, _, person = _loop(workspace, LINKED, Missing("nothing else"), allowed=allowed)
    run = loop.pursue(workspace.request("Look", written=link)).run
    assert (run.report.status is Status.DONE) is reached
    kinds = {failure.kind for failure in person.failures}
    refused = FailureKind.ARGUMENT if link == "not a URL" else FailureKind.REFUSED_HOST
    assert kinds == (set() if reached else {refused})


def test_where_a_person_says_yes_to_any_host_it_is_any_public_one(workspace: Workspace) -> None:
    loop, _, person = _loop(workspace, LINKED, LINKED, Missing("no"), dialogue=Watching(agrees=True))
    assert loop.pursue(workspace.request("Look", written="https://a.org/")).run.report.status is Status.DONE
    local = loop.pursue(workspace.request("Look", written="http://localhost:1/")).run
    assert local.report.status is Status.FAILED
    assert person.failures[0].kind is FailureKind.REFUSED_HOST


def test_each_attempt_is_a_run_that_tells_of_its_place(workspace: Workspace) -> None:
    loop, _, _ = _loop(workspace, FAIL, SHOUT)
    pursuit = loop.pursue(workspace.request("Shout"))
    from shunter.engine.run.history import find_run

    kept = [find_run(workspace.runs, run.id).about() for run in pursuit.runs]
    assert [(about["planner"], about["attempt"]) for about in kept] == [("scripted", 1), ("scripted", 2)]
