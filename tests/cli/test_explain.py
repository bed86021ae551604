"""`shunter explain`, and what is run anyway or not at all."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from tests.cli.conftest import Ended, Shunter

PLAN = """\
version: 1
inputs: {texts: {type: "list[str]"}, notes: {type: "File[text/*]"}}
steps:
  - {id: loud, call: toy.shout, each: {text: {from: texts}}}
  - {id: joined, call: toy.join, with: {texts: {from: loud}}}
  - {id: up, call: toy.upper, with: {file: {from: notes}}}
outputs: {joined: {from: joined}, up: {from: up}}
"""


@pytest.fixture
def plan(here: Path) -> Path:
    (here / "plan.yaml").write_text(PLAN)
    (here / "notes.txt").write_text("notes\n")
    return here / "plan.yaml"


def _inputs(*texts: str) -> list[str]:
    return [*(f"-itexts={text}" for text in texts), "-inotes=notes.txt"]


def _steady(ended: Ended) -> str:
    text = re.sub(r"\([0-9a-f]{8}…\)", "(DIGEST…)", ended.out)
    return re.sub(r"\b(\d+|a) seconds?\b", "N seconds", text)


def test_before_the_first_run_it_says_what_will_run(shunter: Shunter, plan: Path) -> None:
    ended = shunter("explain", "plan.yaml", *_inputs("a"))
    assert (ended.code, ended.err) == (0, "")
    assert ended.out == (
        "+ loud    toy.shout  runs\n"
        "    loud[0]:\n"
        "      no result of this function is known\n"
        "+ up      toy.upper  runs\n"
        "    no result of this function is known\n"
        "? joined  toy.join   not known before loud ran\n"
        "0 calls in the cache, 2 to run, 1 step not known yet\n"
    )


def test_afterwards_it_says_what_is_different(shunter: Shunter, plan: Path) -> None:
    shunter("run", "plan.yaml", *_inputs("a", "b"))
    assert _steady(shunter("explain", "plan.yaml", *_inputs("a", "b"))) == (
        "= loud    toy.shout  in the cache (made N seconds ago, 2 calls)\n"
        "= up      toy.upper  in the cache (made N seconds ago)\n"
        "= joined  toy.join   in the cache (made N seconds ago)\n"
        "4 calls in the cache\n"
    )
    (plan.parent / "notes.txt").write_text("other notes\n")
    manifest = plan.parent / "modules" / "toy" / "module.toml"
    manifest.write_text(manifest.read_text().replace("Shout a text.", "Shout it."))
    assert _steady(shunter("explain", "plan.yaml", *_inputs("a"))) == (
        "+ loud    toy.shout  runs\n"
        "    loud[0]:\n"
        "      its module's source changed\n"
        "        module.toml changed\n"
        "      since N seconds ago, when the nearest call ran\n"
        "+ up      toy.upper  runs\n"
        "    argument file: notes.txt (DIGEST…) → notes.txt (DIGEST…)\n"
        "    its module's source changed\n"
        "      module.toml changed\n"
        "    since N seconds ago, when the nearest call ran\n"
        "? joined  toy.join   not known before loud ran\n"
        "0 calls in the cache, 2 to run, 1 step not known yet\n"
    )


def test_of_many_calls_a_few_are_shown(shunter: Shunter, plan: Path) -> None:
    ended = shunter("explain", "plan.yaml", *_inputs(*"abcdefg"))
    assert "    … and 4 more calls: --all shows them\n" in ended.out
    assert shunter("explain", "plan.yaml", "--all", *_inputs(*"abcdefg")).out.count("loud[") == 7


def test_json_has_the_keys_and_the_differences(shunter: Shunter, plan: Path) -> None:
    shunter("run", "plan.yaml", *_inputs("a"))
    document = json.loads(shunter("explain", "plan.yaml", *_inputs("b"), "--json").out)
    loud, up, joined = document["steps"]
    assert loud["calls"][0]["miss"]["kind"] == "changed"
    assert loud["calls"][0]["miss"]["differences"] == [
        {
            "part": "argument",
            "name": "text",
            "before": "a",
            "now": "b",
            "text": 'argument text: "a" → "b"',
            "details": [],
        }
    ]
    assert up["calls"][0]["expectation"] == "cached"
    assert joined["waits_for"] == ["loud"]


def test_a_goal_is_planned_and_explained(shunter: Shunter, plan: Path) -> None:
    ended = shunter(
        "explain", "Count the words in the notes", "-i", "notes=notes.txt", "--planner", "embedded"
    )
    assert ended.code == 0
    assert "runs\n" in ended.out


def test_a_list_without_elements_has_nothing_to_do(shunter: Shunter, plan: Path) -> None:
    ended = shunter("explain", "plan.yaml", "-itexts=[]", "-inotes=notes.txt")
    assert "= loud    toy.shout  has nothing to do: its list is empty\n" in ended.out


# --fresh and --offline


def _outcomes(ended: Ended) -> dict[str, str]:
    assert ended.code == 0, ended.err
    return {step["id"]: step["outcome"] for step in json.loads(ended.out)["steps"]}


@pytest.mark.parametrize(
    ("words", "outcomes"),
    [
        (["--fresh", "plan.yaml"], ["executed"] * 3),
        (["plan.yaml", "--fresh"], ["executed"] * 3),
        (["plan.yaml", "--fresh", "up"], ["cached", "cached", "executed"]),
        (["--fresh", "loud", "--fresh", "up", "plan.yaml"], ["executed", "cached", "executed"]),
        (["--fresh=joined", "plan.yaml"], ["cached", "executed", "cached"]),
    ],
)
def test_fresh_steps_run_again(shunter: Shunter, plan: Path, words: list[str], outcomes: list[str]) -> None:
    shunter("run", "plan.yaml", *_inputs("a"))
    found = _outcomes(shunter("run", *words, *_inputs("a"), "--json", "-q"))
    assert [found[name] for name in ("loud", "joined", "up")] == outcomes


def test_a_fresh_step_that_is_not_there_is_a_usage_error(shunter: Shunter, plan: Path) -> None:
    ended = shunter("run", "plan.yaml", "--fresh", "luod", *_inputs("a"), "-q")
    assert (ended.code, ended.err) == (2, "shunter: the plan has no step 'luod'\n  it has loud, up, joined\n")


def test_a_call_can_be_fresh(shunter: Shunter) -> None:
    shunter("call", "toy.shout", "--text", "a")
    assert _outcomes(shunter("call", "toy.shout", "--text", "a", "--json")) == {"call": "cached"}
    assert _outcomes(shunter("call", "toy.shout", "--text", "a", "--fresh", "--json")) == {"call": "executed"}


def test_offline_the_cache_answers_or_nothing_does(shunter: Shunter, plan: Path) -> None:
    ended = shunter("run", "plan.yaml", "--offline", *_inputs("a", "b"), "-q")
    assert (ended.code, ended.out) == (4, "")
    assert ended.err == (
        "shunter: not everything comes from the cache, and nothing may run: step loud (toy.shout, 2 of 2 calls); "
        "step up (toy.upper). Nothing was started\n"
        "  run it without --offline, or see with `shunter explain` what is different\n"
    )
    assert json.loads(shunter("runs", "list", "--json").out) == {"runs": []}
    shunter("run", "plan.yaml", *_inputs("a", "b"))
    assert set(
        _outcomes(shunter("run", "plan.yaml", "--offline", *_inputs("a", "b"), "--json")).values()
    ) == {"cached"}


@pytest.mark.parametrize(
    "words",
    [
        ["run", "plan.yaml", "--fresh", "--offline", "-itexts=a", "-inotes=notes.txt"],
        ["call", "toy.shout", "--text", "a", "--fresh", "--offline"],
        ["run", "Shout it", "--offline", "--planner", "model"],
    ],
)
def test_what_contradicts_itself_is_a_usage_error(shunter: Shunter, plan: Path, words: list[str]) -> None:
    ended = shunter(*words)
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.endswith("\n  give one of the two\n")
