"""The workspace, put into plans that don't know of it."""

from __future__ import annotations

from typing import Any

import pytest

from shunter.engine.plan.model import Plan
from shunter.engine.plan.write import plan_data
from shunter.engine.types import parse_type
from shunter.engine.types.signature import Parameter, Signature
from shunter.instructions.gptscript.threading import plain, threaded
from shunter.tools.modules.function import Access

ACCESS = {"script.write": Access.WRITE, "sys.read": Access.READ}


def _step(name: str, call: str, **arguments: Any) -> dict[str, Any]:
    return {"id": name, "call": call, "with": arguments}


def _threaded(*steps: dict[str, Any], given: bool = False, **outputs: str) -> dict[str, Any]:
    data = {
        "version": 1,
        "steps": steps,
        "outputs": {name: {"from": source} for name, source in outputs.items()},
    }
    return dict(plan_data(threaded(Plan.model_validate(data), ACCESS, given=given)))


def test_each_step_gets_what_the_last_writer_left_and_readers_change_nothing() -> None:
    plan = _threaded(
        _step("a", "script.write", text="x"),
        _step("b", "sys.read", filename="f"),
        _step("c", "script.write", text={"from": "a"}),
        _step("d", "sys.read", filename={"from": "c"}),
        _step("e", "text.count", text=[{"from": "d"}, {"from": "c"}]),
        given=True,
        said="c",
        read="d",
    )
    assert {step["id"]: step["with"] for step in plan["steps"]} == {
        "a": {"text": "x", "workspace": {"from": "workspace"}},
        "b": {"filename": "f", "workspace": {"from": "a.workspace"}},
        "c": {"text": {"from": "a.output"}, "workspace": {"from": "a.workspace"}},
        "d": {"filename": {"from": "c.output"}, "workspace": {"from": "c.workspace"}},
        "e": {"text": [{"from": "d"}, {"from": "c.output"}]},
    }
    assert plan["outputs"] == {
        "said": {"from": "c.output"},
        "read": {"from": "d"},
        "workspace": {"from": "c.workspace"},
    }
    assert plan["inputs"] == {"workspace": {"type": "Directory"}}


def test_without_one_given_the_first_writer_begins_with_none() -> None:
    plan = _threaded(_step("a", "script.write"), _step("b", "script.write"), out="b")
    assert "with" not in plan["steps"][0]
    assert plan["steps"][1]["with"] == {"workspace": {"from": "a.workspace"}}
    assert "inputs" not in plan


def test_readers_alone_give_no_workspace_out_and_other_plans_stay_as_they_are() -> None:
    plan = _threaded(_step("b", "sys.read"), given=True, read="b")
    assert plan["outputs"] == {"read": {"from": "b"}}
    assert _threaded(_step("e", "text.count", x=1), given=True, out="e") == {
        "version": 1,
        "steps": [_step("e", "text.count", x=1)],
        "outputs": {"out": {"from": "e"}},
    }


def test_the_order_is_that_in_which_the_steps_can_run() -> None:
    plan = _threaded(_step("late", "script.write", text={"from": "early"}), _step("early", "script.write"))
    assert {step["id"]: step["with"].get("workspace") for step in plan["steps"] if "with" in step} == {
        "late": {"from": "early.workspace"}
    }


def test_an_output_of_that_name_is_the_plans_own() -> None:
    plan = _threaded(_step("a", "script.write"), workspace="a")
    assert plan["outputs"] == {"workspace": {"from": "a.output"}}


@pytest.mark.parametrize("returns", ["{output: int, workspace: Directory}", "int"])
def test_a_planner_sees_the_function_without_it(returns: str) -> None:
    workspace = Parameter("workspace", parse_type("Directory | None"))
    text = Parameter("text", parse_type("str"))
    seen = plain(Signature("script.write", (text, workspace), parse_type(returns)))
    assert str(seen) == "script.write(text: str) -> int"
