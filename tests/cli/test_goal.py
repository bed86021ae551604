"""`shunter run GOAL` and `shunter plan GOAL`, with a scripted model over HTTP and real containers."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.cli.conftest import Shunter

from shunter.agent.endpoints import Say, ScriptedEndpoint, Status

KEY = "sk-test-7Qp2m-unmistakable"


def _answer(*steps: dict[str, Any], output: str = "s1") -> Say:
    return Say(
        {
            "missing": None,
            "reasons": [{"step": "s1", "why": "Shout"}],
            "steps": [*steps],
            "outputs": [{"name": "loud", "step": output, "output": "*"}],
        }
    )


SHOUT = _answer({"toy.shout": {"id": "s1", "text": "hi"}})
WRONG = _answer({"toy.shout": {"id": "s1", "text": {"step": "s9", "output": "*"}}})
FAIL = _answer(
    {"toy.shout": {"id": "s1", "text": "hi"}},
    {"toy.fail": {"id": "s2", "text": {"step": "s1", "output": "*"}}},
    output="s2",
)
SEND = _answer({"toy.send": {"id": "s1", "text": "hi"}})

Configure = Callable[[ScriptedEndpoint], None]


@pytest.fixture
def configure(monkeypatch: pytest.MonkeyPatch) -> Configure:
    """Makes an endpoint the model that the environment names."""

    def use(endpoint: ScriptedEndpoint) -> None:
        monkeypatch.setenv("OPENAI_API_KEY", KEY)
        monkeypatch.setenv("OPENAI_BASE_URL", endpoint.base_url)
        monkeypatch.setenv("SHUNTER_MODEL", "scripted")

    return use


@pytest.fixture(autouse=True)
def _no_model(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "SHUNTER_MODEL", "OPENAI_MODEL"):
        monkeypatch.delenv(name, raising=False)


def test_a_goal_is_planned_by_the_model_that_is_configured_and_run(
    shunter: Shunter, configure: Configure
) -> None:
    with ScriptedEndpoint([SHOUT]) as endpoint:
        configure(endpoint)
        ended = shunter("run", "Shout hi", "--only", "toy", "--explain")
    assert (ended.code, ended.out) == (0, "loud: HI\n")
    lines = ended.err.splitlines()
    assert lines[0].startswith("scripted at 127.0.0.1:")
    assert lines[1] == "plan: Shout hi"
    assert lines[2].split() == ["shout", 'toy.shout(text="hi")']
    assert lines[3].strip() == "Shout"
    assert lines[4].startswith("  note: planned by scripted at 127.0.0.1:")


def test_a_wrong_plan_is_repaired_and_a_failing_step_is_replanned(
    shunter: Shunter, configure: Configure
) -> None:
    with ScriptedEndpoint([WRONG, FAIL, SHOUT]) as endpoint:
        configure(endpoint)
        ended = shunter("run", "Shout hi", "--only", "toy", "--json")
        asked = [request.messages[-1]["content"] for request in endpoint.requests]
    document = json.loads(ended.out)
    assert (ended.code, document["outputs"], document["planner"]) == (0, {"loud": "HI"}, "model")
    assert [attempt["status"] for attempt in document["attempts"]] == ["failed", "done"]
    assert [(step["id"], step["outcome"]) for step in document["steps"]] == [("shout", "cached")]
    assert "there is no input or step 's9'" in asked[1]
    assert "toy.fail" in asked[2]
    assert "last" in asked[2]


def test_when_nothing_helps_the_last_failure_is_shown_with_what_ended_it(
    shunter: Shunter, configure: Configure
) -> None:
    with ScriptedEndpoint([], otherwise=FAIL) as endpoint:
        configure(endpoint)
        ended = shunter("run", "Shout hi", "--only", "toy")
    assert ended.code == 1
    assert "failed: fail: toy.fail ended with exit code 3" in ended.err
    assert "not planned again: " in ended.err


def test_effects_need_leave_and_the_refusal_names_the_option(shunter: Shunter, configure: Configure) -> None:
    with ScriptedEndpoint([], otherwise=SEND) as endpoint:
        configure(endpoint)
        refused = shunter("run", "Send hi", "--only", "toy")
        assert (refused.code, refused.out) == (4, "")
        assert "`--allow effect:mail` allows it" in refused.err
        for words in (["--allow", "effect:mail"], ["--yes"]):
            assert shunter("run", "Send hi", "--only", "toy", "-q", *words).out == "loud: hi\n"
    assert shunter("run", "Send hi", "--allow", "mail", "--planner", "embedded").code == 2


def test_the_key_is_nowhere_in_the_home_or_in_what_is_printed(
    shunter: Shunter, configure: Configure, home: Path
) -> None:
    with ScriptedEndpoint([FAIL, Status(401, f"Incorrect API key provided: {KEY}")]) as endpoint:
        configure(endpoint)
        ended = shunter("run", "Shout hi", "--only", "toy")
    assert ended.code == 5
    assert KEY not in ended.out + ended.err
    kept = [path.read_bytes() for path in home.rglob("*") if path.is_file()]
    assert kept
    assert not any(KEY.encode() in content for content in kept)


def test_plan_writes_a_plan_that_runs_without_any_planner(shunter: Shunter, configure: Configure) -> None:
    with ScriptedEndpoint([SHOUT]) as endpoint:
        configure(endpoint)
        assert shunter("plan", "Shout hi", "--only", "toy", "-o", "p.yaml").out == "p.yaml\n"
    text = Path("p.yaml").read_text()
    assert "goal: Shout hi" in text
    assert "modules:" in text
    assert shunter("run", "p.yaml", "-q").out == "loud: HI\n"


def test_plan_gives_json(shunter: Shunter, configure: Configure) -> None:
    with ScriptedEndpoint([SHOUT]) as endpoint:
        configure(endpoint)
        ended = shunter("plan", "Shout hi", "--only", "toy", "--json")
    document = json.loads(ended.out)
    assert (ended.code, ended.err) == (0, "")
    assert (document["status"], document["planner"]) == ("ok", "model")
    assert document["plan"]["steps"] == [{"id": "shout", "call": "toy.shout", "with": {"text": "hi"}}]
    assert document["reasons"] == {"shout": "Shout"}


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["run", " "], 2, "the goal is empty"),
        (["run", ""], 2, "the goal is empty"),
        (["plan", ""], 2, "the goal is empty"),
        (["run", "Shout", "--input", "x"], 2, "--input x: expected NAME=VALUE"),
        (["run", "Shout", "--input", "notes=no.txt"], 2, "notes: there is no file or folder no.txt"),
        (["plan", "Shout", "--input", "notes:Fil"], 2, "--input notes:Fil: "),
        (["run", "Shout", "--planner", "model"], 5, "no model is configured"),
        (["run", "Shout", "--only", "nothing"], 2, "there is no module 'nothing'"),
    ],
)
def test_what_is_off_is_said(shunter: Shunter, words: list[str], code: int, said: str) -> None:
    ended = shunter(*words)
    assert (ended.code, ended.out) == (code, "")
    assert said in ended.err
    assert "Traceback" not in ended.err
