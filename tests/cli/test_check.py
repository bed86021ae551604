"""`shunter check`."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.conftest import Shunter

GOOD = """\
version: 1
goal: Shout it
inputs: {word: {type: str}}
steps:
  - {id: loud, call: toy.shout, with: {text: {from: word}}}
outputs: {loud: {from: loud}}
"""


def test_a_good_plan_is_shown_and_starts_nothing(shunter: Shunter, here: Path) -> None:
    (here / "plan.yaml").write_text(GOOD)
    ended = shunter("check", "plan.yaml")
    assert (ended.code, ended.err) == (0, "")
    assert ended.out == "plan: Shout it\n  loud  toy.shout(text=word)\nno problems\n"
    assert shunter("runs", "list").out.startswith("there are no runs yet")


def test_json_of_a_good_plan_says_ok(shunter: Shunter, here: Path) -> None:
    (here / "plan.yaml").write_text(GOOD)
    ended = shunter("check", "plan.yaml", "--json")
    assert (ended.code, ended.err) == (0, "")
    requires: dict[str, list[str]] = {"hosts": [], "secrets": [], "effects": []}
    assert json.loads(ended.out) == {"status": "ok", "notices": [], "requires": requires}


def test_what_a_plan_may_do_beyond_computing_is_shown(shunter: Shunter, here: Path) -> None:
    steps = "  - {id: page, call: toy.get, with: {url: 'https://a.org/x'}}\n  - {id: mail, call: toy.send, with: {text: x}}\n"
    (here / "plan.yaml").write_text(f"version: 1\nsteps:\n{steps}")
    assert shunter("check", "plan.yaml").out.endswith("\n  it may reach a.org; mail\nno problems\n")
    assert json.loads(shunter("check", "plan.yaml", "--json").out)["requires"]["hosts"] == ["a.org"]


def test_all_problems_are_shown_at_once_with_lines(shunter: Shunter, here: Path) -> None:
    (here / "plan.yaml").write_text(
        """\
version: 1
inputs: {word: {type: str}, notes: {type: "File[text/*]"}}
steps:
  - id: loud
    call: toy.shout
    with: {text: {from: notes}}
  - id: again
    call: toy.shout
  - id: mapped
    call: toy.shout
    each: {text: {from: word}}
outputs: {x: {from: nowhere}}
"""
    )
    ended = shunter("check", "plan.yaml")
    assert (ended.code, ended.out) == (3, "")
    lines = ended.err.splitlines()
    assert lines[0] == "shunter: the plan has 4 problems; nothing was started"
    assert lines[1].startswith("  line 6, steps.loud.with.text: ")
    assert "expected str, got File[text/*]; fits: " in lines[1]
    assert "word" in lines[1]
    assert lines[2].startswith("  line 7, steps.again")
    assert "text" in lines[2]
    assert lines[3].startswith("  line 11, steps.mapped.each.text: ")
    assert "expected list[str], got str" in lines[3]
    assert lines[4].startswith("  line 12, outputs.x: ")
    assert len(lines) == 5


def test_a_cycle_is_named(shunter: Shunter, here: Path) -> None:
    (here / "plan.yaml").write_text(
        """\
version: 1
steps:
  - {id: one, call: toy.shout, with: {text: {from: two}}}
  - {id: two, call: toy.shout, with: {text: {from: one}}}
"""
    )
    ended = shunter("check", "plan.yaml", "--json")
    (problem,) = json.loads(ended.out)["error"]["problems"]
    assert (ended.code, problem["code"]) == (3, "cycle")
    assert "one" in problem["message"]
    assert "two" in problem["message"]


def test_the_schema_is_one_json_document(shunter: Shunter) -> None:
    ended = shunter("check", "--schema")
    assert (ended.code, ended.err) == (0, "")
    assert set(json.loads(ended.out)["required"]) == {"version", "steps"}


def test_which_plan_has_to_be_said(shunter: Shunter) -> None:
    ended = shunter("check")
    assert (ended.code, ended.out, ended.err) == (
        2,
        "",
        "shunter: check: which plan?\n  `shunter check PLAN`\n",
    )


def test_a_long_plan_is_cut_in_the_display(shunter: Shunter, here: Path) -> None:
    steps = "".join(f"  - {{id: s{number}, call: toy.shout, with: {{text: x}}}}\n" for number in range(100))
    (here / "plan.yaml").write_text(f"version: 1\nsteps:\n{steps}")
    out = shunter("check", "plan.yaml").out
    assert "  … and 70 more steps\n" in out
    assert len(out.splitlines()) == 33
