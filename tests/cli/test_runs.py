"""`shunter runs`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.cli.conftest import Shunter
from tests.cli.text import steady

PLAN = """\
version: 1
goal: Say two things
steps:
  - {id: loud, call: toy.shout, each: {text: [a, b]}}
  - {id: joined, call: toy.join, with: {texts: {from: loud}}}
outputs: {joined: {from: joined}}
"""


@pytest.fixture
def plan(here: Path) -> Path:
    (here / "plan.yaml").write_text(PLAN)
    return here / "plan.yaml"


def test_without_runs_the_list_says_so(shunter: Shunter) -> None:
    assert shunter("runs", "list").out == "there are no runs yet: `shunter run PLAN` makes one\n"
    assert json.loads(shunter("runs", "list", "--json").out) == {"runs": []}
    ended = shunter("runs", "show", "last")
    assert (ended.code, ended.err) == (
        2,
        "shunter: there are no runs yet\n  `shunter run PLAN` makes one\n",
    )


def test_runs_are_listed_the_latest_first(shunter: Shunter, plan: Path) -> None:
    shunter("run", "plan.yaml", "-q")
    shunter("call", "toy.fail")
    ended = shunter("runs", "list")
    assert (ended.code, ended.err) == (0, "")
    assert steady(ended.out) == "RUN  WHEN  failed     Call toy.fail\nRUN  WHEN  done       Say two things\n"
    (first,) = json.loads(shunter("runs", "list", "--last", "1", "--json").out)["runs"]
    assert (first["status"], first["goal"]) == ("failed", "Call toy.fail")
    assert isinstance(first["started"], float)


def test_a_run_is_shown_call_by_call(shunter: Shunter, plan: Path) -> None:
    shunter("run", "plan.yaml", "-q", "--jobs", "1")
    ended = shunter("runs", "show", "last")
    assert (ended.code, ended.err) == (0, "")
    lines = steady(ended.out).splitlines()
    assert lines[:4] == [
        "run RUN: done, Say two things",
        "  ✓ loud[0]  executed in N s",
        "  ✓ loud[1]  executed in N s",
        "  ✓ joined   executed in N s",
    ]
    assert lines[4] == "what the steps printed: shunter runs logs RUN"
    assert lines[5].startswith("folder: ")
    assert len(lines) == 6


def test_a_failed_run_is_shown_with_its_last_words(shunter: Shunter) -> None:
    shunter("call", "toy.fail")
    lines = steady(shunter("runs", "show", "last").out).splitlines()
    assert lines[:5] == [
        "run RUN: failed, Call toy.fail",
        "  ✗ call  failed in N s",
        "    toy.fail ended with exit code 3",
        "    | first line",
        "    | [2Jlast words",
    ]


def test_what_a_step_wanted_of_the_network_is_shown(shunter: Shunter) -> None:
    shunter("call", "http.fetch", "--url", "http://localhost:1/", "--allow", "host:localhost:1")
    lines = steady(shunter("runs", "show", "last").out).splitlines()
    assert lines[:5] == [
        "run RUN: failed, Call http.fetch",
        "  ✗ call  failed in N s",
        "    network: localhost:1 unreachable (Connection refused)",
        "    http.fetch couldn't reach localhost:1 (Connection refused)",
        "    | http://localhost:1/ can't be reached: localhost:1 can't be reached: Connection refused",
    ]


def test_json_of_a_run_has_its_events(shunter: Shunter, plan: Path) -> None:
    shunter("run", "plan.yaml", "-q")
    shown = json.loads(shunter("runs", "show", "last", "--json").out)
    assert (shown["status"], shown["goal"]) == ("done", "Say two things")
    assert shown["events"][0]["event"] == "run-started"
    assert shown["events"][-1]["event"] == "run-finished"


def test_logs_are_given_byte_by_byte_also_from_the_cache(shunter: Shunter, plan: Path) -> None:
    shunter("run", "plan.yaml", "-q", "--jobs", "1")
    executed = shunter("runs", "logs", "last")
    assert (executed.code, executed.err) == (0, "")
    assert executed.out == (
        "== loud.0 stdout (executed)\nA\n== loud.1 stdout (executed)\nB\n== joined stdout (executed)\nA,B\n"
    )
    shunter("run", "plan.yaml", "-q")
    cached = shunter("runs", "logs", "last")
    assert cached.out == executed.out.replace("executed", "cached")


def test_logs_of_one_step_alone(shunter: Shunter, plan: Path) -> None:
    shunter("run", "plan.yaml", "-q")
    assert shunter("runs", "logs", "last", "joined").out == "== joined stdout (executed)\nA,B\n"
    ended = shunter("runs", "logs", "last", "jioned")
    assert (ended.code, ended.out) == (2, "")
    assert "has no step 'jioned'\n  it has joined, loud\n" in ended.err


def test_logs_of_a_failed_step_have_both_streams(shunter: Shunter) -> None:
    shunter("call", "toy.fail")
    ended = shunter("runs", "logs", "last")
    assert ended.raw == (
        b"== call stdout (failed)\nbegun\n== call stderr (failed)\nfirst line\n\x1b[2Jlast words\n"
    )


def test_a_run_that_printed_nothing_says_so(shunter: Shunter) -> None:
    shunter("call", "toy.binary")
    ended = shunter("runs", "logs", "last")
    assert (ended.code, ended.out, ended.err) == (0, "", "nothing was printed\n")


def test_a_run_that_is_not_there_is_a_usage_error(shunter: Shunter) -> None:
    shunter("call", "toy.binary")
    for command in ("show", "logs"):
        ended = shunter("runs", command, "nothing")
        assert (ended.code, ended.out) == (2, "")
        assert ended.err == "shunter: there is no run 'nothing'\n  `shunter runs list` shows them\n"


def test_a_goal_cannot_repaint_the_terminal(shunter: Shunter, here: Path) -> None:
    (here / "plan.yaml").write_text('{version: 1, goal: "clear\\e[2J it\\nrun fake", steps: []}')
    for words in (["run", "plan.yaml"], ["check", "plan.yaml"], ["runs", "list"], ["runs", "show", "last"]):
        ended = shunter(*words)
        assert ended.code == 0
        assert "clear" in ended.out + ended.err
        assert "\x1b" not in ended.out + ended.err
