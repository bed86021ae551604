"""`shunter run`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.cli.conftest import Shunter
from tests.cli.text import steady

PLAN = """\
version: 1
goal: Shout it
inputs:
  word: {type: str}
steps:
  - id: loud
    call: toy.shout
    with: {text: {from: word}}
  - id: all
    call: toy.shout
    each: {text: [a, {from: loud}]}
  - id: joined
    call: toy.join
    with: {texts: {from: all}}
outputs:
  joined: {from: joined}
"""


@pytest.fixture
def plan(here: Path) -> Path:
    (here / "plan.yaml").write_text(PLAN)
    return here / "plan.yaml"


def _failing(here: Path) -> None:
    (here / "failing.yaml").write_text(
        """
version: 1
steps:
  - {id: bad, call: toy.fail}
  - {id: after, call: toy.shout, with: {text: {from: bad}}}
  - {id: beside, call: toy.shout, with: {text: beside}}
outputs: {after: {from: after}}
"""
    )


def test_a_run_shows_the_plan_its_progress_and_the_outputs(shunter: Shunter, plan: Path) -> None:
    ended = shunter("run", "plan.yaml", "--input", "word=hi", "--jobs", "1")
    assert ended.code == 0
    assert ended.out == "joined: A,HI\n"
    assert steady(ended.err) == (
        "plan: Shout it\n"
        "  loud    toy.shout(text=word)\n"
        '  all     toy.shout(text=each of ["a", loud])\n'
        "  joined  toy.join(texts=all)\n"
        "… loud\n"
        "✓ loud    toy.shout                 executed in N s\n"
        "… all\n"
        "✓ all     toy.shout                 executed in N s (2 calls)\n"
        "… joined\n"
        "✓ joined  toy.join                  executed in N s\n"
        "done in N s: 4 executed (run RUN)\n"
    )


def test_a_second_run_says_that_everything_came_from_the_cache(shunter: Shunter, plan: Path) -> None:
    shunter("run", "plan.yaml", "--input", "word=hi")
    ended = shunter("run", "plan.yaml", "--input", "word=hi")
    assert (ended.code, ended.out) == (0, "joined: A,HI\n")
    assert steady(ended.err).splitlines()[4:] == [
        "= loud    toy.shout                 cached",
        "= all     toy.shout                 cached (2 calls)",
        "= joined  toy.join                  cached",
        "done in N s: everything came from the cache (run RUN)",
    ]


def test_quiet_leaves_the_outputs_alone(shunter: Shunter, plan: Path) -> None:
    ended = shunter("run", "plan.yaml", "--input", "word=hi", "--quiet")
    assert (ended.code, ended.out, ended.err) == (0, "joined: A,HI\n", "")


def test_a_texts_first_lines_are_shown_and_bytes_are_not(shunter: Shunter, here: Path) -> None:
    (here / "a.txt").write_text("one\n\n" + "two " * 40 + "\nthree\n")
    (here / "plan.yaml").write_text(
        """
version: 1
inputs: {notes: {type: "File[text/*]"}}
steps: [{id: up, call: toy.upper, with: {file: {from: notes}}}, {id: raw, call: toy.binary}]
outputs: {up: {from: up}, raw: {from: raw}}
"""
    )
    assert shunter("run", "plan.yaml", "-q", "-i", "notes=a.txt").out.splitlines() == [
        "up: upper.txt, 172 bytes",
        "  | ONE",
        "  | " + "TWO " * 24 + "TWO…",
        "raw: bytes.bin, 3 bytes",
    ]


def test_json_is_one_document_with_the_documented_keys(shunter: Shunter, plan: Path) -> None:
    ended = shunter("run", "plan.yaml", "-i", "word=hi", "--json", "-q", "-o", "out")
    document = json.loads(ended.out)
    assert (ended.code, ended.err) == (0, "")
    about = {"status", "run_id", "seconds", "planner", "attempts"}
    assert document.keys() == about | {"outputs", "saved", "steps"}
    assert (document["planner"], len(document["attempts"])) == (None, 1)
    assert (document["status"], document["outputs"], document["saved"]) == (
        "done",
        {"joined": "A,HI"},
        {"joined": "out/joined.txt"},
    )
    assert [(step["id"], step["call"], step["outcome"]) for step in document["steps"]] == [
        ("loud", "toy.shout", "executed"),
        ("all", "toy.shout", "executed"),
        ("joined", "toy.join", "executed"),
    ]
    assert all(isinstance(step["seconds"], float) for step in document["steps"])
    assert [call["outcome"] for call in document["steps"][1]["calls"]] == ["executed", "executed"]
    assert document["run_id"] in shunter("runs", "list").out


def test_a_failed_run_says_what_failed_and_what_was_not_started(shunter: Shunter, here: Path) -> None:
    _failing(here)
    ended = shunter("run", "failing.yaml", "--jobs", "1", "--output", "out")
    assert (ended.code, ended.out) == (1, "")
    assert steady(ended.err) == (
        "plan\n"
        "  bad     toy.fail()\n"
        '  beside  toy.shout(text="beside")\n'
        "  after   toy.shout(text=bad)\n"
        "… bad\n"
        "✗ bad     toy.fail                  failed in N s\n"
        "failed: bad: toy.fail ended with exit code 3\n"
        "  command: /bin/sh -eu -c echo begun; echo 'first line' >&2; printf '\\033[2Jlast %s\\n' \"$text\" >&2; "
        "exit 3\n"
        "  last lines of stderr:\n"
        "    first line\n"
        "    [2Jlast words\n"
        "  all that it printed: shunter runs logs RUN bad\n"
        "  look into it: shunter debug RUN bad\n"
        "failed in N s: 1 failed, 2 not started (run RUN)\n"
    )
    assert not (here / "out").exists()


def test_keep_going_runs_what_does_not_depend_on_the_failure(shunter: Shunter, here: Path) -> None:
    _failing(here)
    ended = shunter("run", "failing.yaml", "--jobs", "1", "--keep-going", "--json", "-q")
    document = json.loads(ended.out)
    assert (ended.code, document["status"], document["outputs"]) == (1, "failed", {})
    outcomes = {step["id"]: step["outcome"] for step in document["steps"]}
    assert outcomes == {"bad": "failed", "beside": "executed", "after": "skipped"}


def test_only_the_first_failed_calls_of_a_step_are_shown_in_full(shunter: Shunter, here: Path) -> None:
    (here / "many.yaml").write_text(
        "{version: 1, steps: [{id: all, call: toy.fail, each: {text: [a, b, c, d, e]}}]}"
    )
    ended = shunter("run", "many.yaml", "--keep-going", "-q")
    assert ended.code == 1
    assert [line for line in ended.err.splitlines() if line.startswith(("failed: ", "…"))] == [
        "failed: all[0]: toy.fail ended with exit code 3",
        "failed: all[1]: toy.fail ended with exit code 3",
        "failed: all[2]: toy.fail ended with exit code 3",
        "… and 2 more calls of all failed",
    ]


def test_inputs_that_are_missing_or_unknown_are_all_named(shunter: Shunter, plan: Path) -> None:
    ended = shunter("run", "plan.yaml", "--input", "wrod=x")
    assert (ended.code, ended.out) == (2, "")
    assert ended.err == (
        "shunter: there is no 'wrod'; did you mean word?\n         word is missing: give --input word=… (str)\n"
    )


@pytest.mark.parametrize("text", ["word", "=x", ""])
def test_an_input_without_a_name_and_a_value_is_a_usage_error(
    shunter: Shunter, plan: Path, text: str
) -> None:
    ended = shunter("run", "plan.yaml", "--input", text)
    assert (ended.code, ended.out) == (2, "")
    assert ended.err == f"shunter: --input {text}: expected NAME=VALUE\n"


def test_a_value_may_hold_equals_signs_and_be_empty(shunter: Shunter, plan: Path) -> None:
    assert shunter("run", "plan.yaml", "-q", "--input", "word=a=b").out == "joined: A,A=B\n"
    assert shunter("run", "plan.yaml", "-q", "--input", "word=").out == "joined: A,\n"


@pytest.mark.parametrize("jobs", ["0", "-1", "many", "1.5"])
def test_jobs_is_a_number_from_one_on(shunter: Shunter, plan: Path, jobs: str) -> None:
    ended = shunter("run", "plan.yaml", "--input", "word=x", "--jobs", jobs)
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith("shunter: run: argument --jobs: ")


def test_long_values_are_shown_in_short_and_kept_in_full(shunter: Shunter, plan: Path) -> None:
    ended = shunter("run", "plan.yaml", "-q", "--input", f"word={'long ' * 1000}", "-o", "out")
    assert len(ended.out) < 500
    assert Path("out/joined.txt").stat().st_size > 5000


def test_a_plan_problem_is_shown_with_its_line_and_nothing_starts(shunter: Shunter, plan: Path) -> None:
    plan.write_text(PLAN.replace("toy.join", "toy.jion").replace("text: {from: word}", "text: {from: wrod}"))
    ended = shunter("run", "plan.yaml", "--input", "word=x")
    assert (ended.code, ended.out) == (3, "")
    assert ended.err.splitlines()[:2] == [
        "shunter: the plan has 2 problems; nothing was started",
        "  line 8, steps.loud.with.text: there is no input or step 'wrod'; fits: word",
    ]
    assert ended.err.splitlines()[2].startswith(
        "  line 13, steps.joined.call: there is no function 'toy.jion'; fits: toy.join"
    )
    assert shunter("runs", "list").out.startswith("there are no runs yet")


def test_json_of_a_plan_problem_is_one_document(shunter: Shunter, plan: Path) -> None:
    plan.write_text(PLAN.replace("toy.join", "toy.jion"))
    ended = shunter("run", "plan.yaml", "--input", "word=x", "--json")
    document = json.loads(ended.out)
    assert (ended.code, document["status"], document["error"]["exit_code"]) == (3, "error", 3)
    (problem,) = document["error"]["problems"]
    assert (problem["code"], problem["where"], problem["line"], problem["candidates"][0]) == (
        "unknown-function",
        "steps.joined.call",
        13,
        "toy.join",
    )


def test_an_effect_in_a_plan_is_refused_until_it_is_allowed(shunter: Shunter, here: Path) -> None:
    (here / "send.yaml").write_text(
        "{version: 1, steps: [{id: send, call: toy.send, with: {text: hi}}], outputs: {sent: {from: send}}}"
    )
    refused = shunter("run", "send.yaml", "-o", "out")
    assert (refused.code, refused.out) == (4, "")
    assert "mail" in refused.err
    assert not (here / "out").exists()
    assert shunter("run", "send.yaml", "--yes", "-q", "-o", "out").out == "sent: hi  → out/sent.txt\n"
    again = shunter("run", "out/plan.yaml", "--yes", "--json", "-q")
    assert json.loads(again.out)["steps"][0]["outcome"] == "executed"


def test_the_plan_that_was_kept_runs_again_and_tells_of_a_changed_module(
    shunter: Shunter, here: Path, plan: Path
) -> None:
    shunter("run", "plan.yaml", "-i", "word=x", "-o", "out", "-q")
    kept = shunter("run", "out/plan.yaml", "-i", "word=x")
    assert "everything came from the cache" in kept.err
    assert "note:" not in kept.err
    manifest = here / "modules/toy/module.toml"
    manifest.write_text(manifest.read_text().replace('version = "0.1.0"', 'version = "0.2.0"'))
    changed = shunter("run", "out/plan.yaml", "-i", "word=x")
    assert (
        "  note: the module toy has changed since this plan was written (0.1.0 then, 0.2.0 now)\n"
        in changed.err
    )
    assert changed.code == 0


def test_a_place_that_outputs_cannot_be_written_to_is_told_before_anything_runs(
    shunter: Shunter, here: Path
) -> None:
    (here / "plan.yaml").write_text("{version: 1, steps: [{id: one, call: toy.shout, with: {text: x}}]}")
    (here / "file").write_text("x")
    ended = shunter("run", "plan.yaml", "-o", "file")
    assert (ended.code, ended.out) == (5, "")
    assert ended.err == (
        "shunter: can't write to file: file is not a folder\n  name a place that doesn't exist yet\n"
    )
    assert "no runs" in shunter("runs", "list").out
