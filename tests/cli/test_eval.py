"""`shunter eval`, `eval gate` and `eval baseline`: a small suite, a scripted model over HTTP, real containers."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.cli.conftest import COMMAND, Shunter
from tests.cli.text import steady

from shunter.agent.endpoints import Say, ScriptedEndpoint, ScriptedRequest

SUITE = """
description: Small.
cases:
  - id: loud
    goal: Shout hi
    reference: {steps: [{id: a, call: toy.shout, with: {text: hi}}]}
    expect:
      plan: {uses: [toy.shout]}
      results: [{text: {equals: HI}}]
  - id: joined
    goal: Join hi and ho
    inputs: {words: [hi, ho]}
    reference: {steps: [{id: a, call: toy.join, with: {texts: {from: words}}}, {id: b, call: toy.shout, with: {text: {from: a}}}]}
    expect:
      plan: {edges: [words -> toy.join, toy.join -> toy.shout]}
      results: [{text: {equals: "HI,HO"}}]
  - id: planned
    plan: plan.yaml
    inputs: {text: ha}
    expect: {results: [{output: loud, text: {equals: HA}}]}
"""
PLAN = """
version: 1
inputs: {text: {type: str}}
steps: [{id: a, call: toy.shout, with: {text: {from: text}}}]
outputs: {loud: {from: a}}
"""
SLOW = """
cases:
  - {id: one, goal: One, reference: {steps: [{id: a, call: toy.shout, with: {text: one}}]}}
  - {id: two, goal: Two, reference: {steps: [{id: a, call: toy.wait, with: {text: two, seconds: SECONDS}}]}}
"""


@pytest.fixture(autouse=True)
def _suite(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "SHUNTER_MODEL", "OPENAI_MODEL"):
        monkeypatch.delenv(name, raising=False)
    (here / "small.yaml").write_text(SUITE)
    (here / "plan.yaml").write_text(PLAN)


def _shout(text: str) -> Say:
    steps = [{"toy.shout": {"id": "s1", "text": text}}]
    outputs = [{"name": "loud", "step": "s1", "output": "*"}]
    return Say({"missing": None, "reasons": [], "steps": steps, "outputs": outputs})


@pytest.fixture
def model(monkeypatch: pytest.MonkeyPatch) -> Callable[[ScriptedEndpoint], None]:
    """Makes an endpoint the model that the environment names."""

    def use(endpoint: ScriptedEndpoint) -> None:
        monkeypatch.setenv("OPENAI_BASE_URL", endpoint.base_url)
        monkeypatch.setenv("SHUNTER_MODEL", "scripted")

    return use


def _columns(text: str) -> str:
    """With one space between words, and no figures of time."""
    return re.sub(r" +", " ", steady(text))


def test_a_suite_is_run_and_shown_as_a_table(shunter: Shunter) -> None:
    ended = shunter("eval", "small.yaml", "--planner", "reference", "--jobs", "1", "-o", "r.jsonl")
    assert ended.code == 0
    assert _columns(ended.err) == (
        "each case's reference is its plan: it was asked for\n"
        "3 cases to run\n"
        "✓ 1/3 small/loud N s\n"
        "✓ 2/3 small/joined N s\n"
        "✓ 3/3 small/planned N s\n"
    )
    assert _columns(ended.out) == (
        "suite cases success valid plans replans cache reuse tokens time\n"
        "small 3 100.0 % 100.0 % 0 0.0 % - N s\n"
        "\nresults: r.jsonl\n"
    )
    lines = [json.loads(line) for line in Path("r.jsonl").read_text().splitlines()]
    assert [line.get("case") for line in lines] == [None, "small/loud", "small/joined", "small/planned", None]


UNSEEN = """
cases:
  - id: told
    goal: Shout what is told
    inputs: {told: {type: str}}
    expect:
      plan: {accepts: [{steps: [{id: a, call: toy.join, with: {texts: [{from: told}]}}, {id: b, call: toy.shout, with: {text: {from: a}}}]}]}
"""


def test_what_is_only_assembled_is_shown_apart(shunter: Shunter) -> None:
    Path("small.yaml").write_text(SUITE + UNSEEN.replace("\ncases:\n", ""))
    Path("unseen.yaml").write_text(UNSEEN)
    words = ("--planner", "reference", "--jobs", "1")
    ended = shunter("eval", "small.yaml", "unseen.yaml", *words, "-o", "r.jsonl")
    assert ended.code == 0
    assert "\n✓ 4/5 small/told N s, only assembled\n" in _columns(ended.err)
    assert _columns(ended.out) == (
        "suite cases success valid plans replans cache reuse tokens time\n"
        "small 4 100.0 % 100.0 % 0 0.0 % - N s\n"
        " run 3 100.0 % 100.0 % 0 0.0 % - N s\n"
        " only assembled 1 100.0 % 100.0 % 0 - - N s\n"
        "unseen 1 100.0 % 100.0 % 0 - - N s\n"
        " only assembled 1 100.0 % 100.0 % 0 - - N s\n"
        "all 5 100.0 % 100.0 % 0 0.0 % - N s\n"
        " run 3 100.0 % 100.0 % 0 0.0 % - N s\n"
        " only assembled 2 100.0 % 100.0 % 0 - - N s\n"
        "\nresults: r.jsonl\n"
    )
    again = shunter("eval", "small.yaml", "unseen.yaml", *words, "--resume", "--json", "-o", "r.jsonl")
    document = json.loads(again.out)
    assert [it["reach"] for it in document["cases"]] == ["run", "run", "run", "plan", "plan"]
    assert [(it["suite"], it["reach"]) for it in document["suites"][:3]] == [
        ("small", None),
        ("small", "run"),
        ("small", "plan"),
    ]


def test_the_gate_catches_what_is_only_assembled_too(shunter: Shunter) -> None:
    Path("unseen.yaml").write_text(UNSEEN)
    words = ("eval", "unseen.yaml", "--planner", "reference", "-q")
    assert shunter(*words, "-o", "good.jsonl").code == 0
    assert shunter("eval", "baseline", "good.jsonl", "-o", "b.json").code == 0
    assert shunter("eval", "gate", "good.jsonl", "--baseline", "b.json").code == 0
    assert shunter(*words, "--fault", "drop-last", "-o", "bad.jsonl").code == 0
    gate = shunter("eval", "gate", "bad.jsonl", "--baseline", "b.json")
    assert (gate.code, gate.out) == (
        6,
        (
            "✗ unseen/told: passed, and doesn't any more; now plan is accepted: it is another graph: toy.join\n"
            "1 worse, 0 better, 0 as before\n"
        ),
    )


def test_a_model_is_measured_with_what_it_costs(
    shunter: Shunter, model: Callable[[ScriptedEndpoint], None]
) -> None:
    def answer(request: ScriptedRequest) -> Say:
        return _shout("hi" if "Shout hi" in request.messages[-1]["content"] else "hi,ho")

    with ScriptedEndpoint([], otherwise=answer) as endpoint:
        model(endpoint)
        ended = shunter("eval", "small.yaml", "--planner", "model", "--jobs", "1", "--json", "-o", "r.jsonl")
        counted = len(endpoint.requests)
    document = json.loads(ended.out)
    assert (ended.code, ended.err, document["status"], document["planner"]) == (0, "", "done", "model")
    assert {it["case"]: (it["status"], it["why"]) for it in document["cases"]} == {
        "small/loud": ("passed", ""),
        "small/joined": ("failed", "plan has words -> toy.join: into toy.join goes nothing"),
        "small/planned": ("passed", ""),
    }
    (row,) = document["suites"]
    assert row["success"]["mean"] == pytest.approx(2 / 3)
    assert row["tokens"]["mean"] >= 10 * counted > 0


def test_what_does_not_pass_is_listed_and_is_no_error(shunter: Shunter) -> None:
    Path("small.yaml").write_text(SUITE.replace("equals: HI}", "equals: HO}"))
    ended = shunter("eval", "small.yaml", "--planner", "reference", "--filter", "loud", "-q")
    assert (ended.code, ended.err) == (0, "")
    assert "\nnot passed:\n  ✗ small/loud: result 1 (text): a: expected 'HO', got 'HI'\n" in ended.out


def test_several_epochs_show_mean_and_spread_and_begin_with_nothing_cached(shunter: Shunter) -> None:
    ended = shunter(
        "eval", "small.yaml", "--planner", "reference", "--epochs", "2", "--json", "-o", "r.jsonl"
    )
    (row,) = json.loads(ended.out)["suites"]
    assert (row["cases"], row["epochs"]) == (3, 2)
    assert (row["success"], row["reuse"]) == ({"mean": 1, "spread": 0}, {"mean": 0, "spread": 0})
    shown = shunter(
        "eval", "small.yaml", "--planner", "reference", "--epochs", "2", "--resume", "-o", "r.jsonl"
    )
    assert "0 cases to run, 6 are done already" in shown.err
    assert re.search(r"small +3 × 2 +100\.0 ± 0\.0 % ", shown.out)


def test_the_gate_names_what_got_worse_and_has_an_exit_code_of_its_own(shunter: Shunter) -> None:
    assert shunter("eval", "small.yaml", "--planner", "reference", "-q", "-o", "good.jsonl").code == 0
    Path("why.yaml").write_text("small/other: nobody knows\n")
    made = shunter("eval", "baseline", "good.jsonl", "-o", "b.json", "--reasons", "why.yaml")
    assert (made.code, made.out) == (0, "b.json: 3 cases, 0 misses\n")
    assert made.err == "small/other has a reason and is no miss\n"
    same = shunter("eval", "gate", "good.jsonl", "--baseline", "b.json")
    assert (same.code, same.out) == (0, "0 worse, 0 better, 3 as before\n")

    faulty = ("--planner", "reference", "--fault", "drop-last")
    assert shunter("eval", "small.yaml", *faulty, "-q", "-o", "bad.jsonl").code == 0
    gate = shunter("eval", "gate", "bad.jsonl", "--baseline", "b.json")
    assert (gate.code, gate.err) == (6, "")
    assert gate.out == (
        "✗ small/joined: passed, and doesn't any more; "
        "now plan has toy.join -> toy.shout: into toy.shout goes nothing\n"
        "1 worse, 0 better, 2 as before\n"
    )
    document = json.loads(shunter("eval", "gate", "bad.jsonl", "--baseline", "b.json", "--json").out)
    assert (document["status"], [it["case"] for it in document["worse"]]) == ("worse", ["small/joined"])


def test_a_baseline_says_which_misses_have_no_reason(shunter: Shunter) -> None:
    Path("small.yaml").write_text(SUITE.replace("equals: HI}", "equals: HO}"))
    shunter("eval", "small.yaml", "--planner", "reference", "-q")
    made = shunter("eval", "baseline", "last", "-o", "b.json")
    assert (made.code, made.out) == (0, "b.json: 3 cases, 1 misses\n")
    assert made.err == "no reason is given for small/loud: result 1 (text): a: expected 'HO', got 'HI'\n"
    assert shunter("eval", "gate", "last", "--baseline", "b.json").code == 0


def _start(*words: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [*COMMAND, "eval", "slow.yaml", "--planner", "reference", "--jobs", "1", "-o", "r.jsonl", *words],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def _wait_for(done: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not done():
        assert time.monotonic() < end
        time.sleep(0.02)


def _events() -> str:
    home = Path(os.environ["SHUNTER_HOME"])
    return "".join(path.read_text() for path in home.glob("runs/*/events.jsonl"))


def _waits() -> bool:
    """Whether the first case has its record, and the second one its container."""
    recorded = Path("r.jsonl").exists() and Path("r.jsonl").read_bytes().count(b"\n") == 2
    return recorded and _events().count('"call-started"') == 2


def test_a_run_that_was_killed_goes_on_where_it_was(shunter: Shunter) -> None:
    Path("slow.yaml").write_text(SLOW.replace("SECONDS", "50"))
    running = _start()
    _wait_for(_waits)
    running.kill()
    running.communicate()
    assert len(Path("r.jsonl").read_text().splitlines()) == 2
    with Path("r.jsonl").open("a") as stream:
        stream.write('{"case": "slow/tw')
    Path("slow.yaml").write_text(SLOW.replace("SECONDS", "0"))
    ended = shunter("eval", "slow.yaml", "--planner", "reference", "--resume", "-o", "r.jsonl")
    assert ended.code == 0
    assert "1 case to run, 1 are done already\n✓ 1/1 slow/two" in ended.err
    assert re.search(r"slow +2 +100\.0 %", ended.out)
    assert list(Path(os.environ["SHUNTER_HOME"], "caches").iterdir()) == []


def test_an_interrupt_ends_it_at_once_and_says_how_to_go_on() -> None:
    Path("slow.yaml").write_text(SLOW.replace("SECONDS", "50"))
    running = _start("-q")
    _wait_for(_waits)
    running.send_signal(signal.SIGINT)
    out, err = running.communicate(timeout=30)
    assert (running.returncode, out) == (130, b"")
    assert err.decode() == (
        "results so far: r.jsonl; `--resume` goes on with them\n"
        "interrupted; what ran was stopped, what is done stays in the cache\n"
    )
    assert '"status": "cancelled"' in _events()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            ["small.yaml", "--planner", "embedded"],
            "r.jsonl was begun with planner reference, and this is embedded",
        ),
        (["small.yaml", "--planner", "reference", "--epochs", "2"], "was begun with epochs 1, and this is 2"),
        (
            ["small.yaml", "--planner", "reference", "--filter", "lo"],
            "was begun with filters none, and this is lo",
        ),
    ],
)
def test_only_what_was_asked_in_the_same_way_can_be_resumed(
    shunter: Shunter, words: list[str], said: str
) -> None:
    shunter("eval", "small.yaml", "--planner", "reference", "-q", "-o", "r.jsonl")
    before = Path("r.jsonl").read_bytes()
    ended = shunter("eval", *words, "--resume", "-q", "-o", "r.jsonl")
    assert ended.code == 2
    assert said in ended.err
    assert Path("r.jsonl").read_bytes() == before


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        ([], 2, "the following arguments are required: SUITE"),
        (["nothing"], 2, "there is no suite nothing: no such file or folder"),
        (["small.yaml", "--filter", "zz"], 2, "no case matches --filter zz"),
        (["small.yaml", "--planner", "model"], 5, "no model is configured"),
        (["small.yaml", "--planner", "reference", "-o", "small.yaml"], 2, "small.yaml is there already"),
        (["small.yaml", "--planner", "reference", "--resume", "-o", "small.yaml"], 2, "this isn't what"),
        (["small.yaml", "--resume"], 2, "there are no results yet"),
        (["small.yaml", "--jobs", "0"], 2, "expected a number from 1 on"),
        (["gate", "last", "--baseline", "small.yaml"], 2, "small.yaml isn't a baseline"),
        (["gate", "last"], 2, "required: --baseline"),
        (["baseline", "last", "-o", "b.json"], 2, "there are no results yet"),
        (["baseline", "no.jsonl", "-o", "b.json"], 2, "can't use no.jsonl: No such file"),
    ],
)
def test_what_is_off_is_said(shunter: Shunter, words: list[str], code: int, said: str) -> None:
    ended = shunter("eval", *words)
    assert (ended.code, ended.out) == (code, "")
    assert said in ended.err
    assert "Traceback" not in ended.err


def test_a_suite_with_problems_runs_nothing(shunter: Shunter) -> None:
    Path("small.yaml").write_text("cases:\n  - {id: one, gaol: x}\n")
    ended = shunter("eval", "small.yaml")
    assert ended.code == 2
    assert ended.err == (
        "shunter: the suite has 1 problem; nothing was run\n"
        "         small.yaml, line 2: one.gaol: there is no such field; fits: goal\n"
    )
    Path("small.yaml").write_text("cases:\n  - {id: two, goal: x, expect: {plan: {uses: [toy.shot]}}}\n")
    ended = shunter("eval", "small.yaml")
    assert (ended.code, ended.err) == (
        2,
        (
            "shunter: the suite has 1 problem; nothing was run\n"
            "         small.yaml, line 2: two: there is no function toy.shot\n"
            "  `shunter functions` lists them\n"
        ),
    )


def test_each_part_has_help(shunter: Shunter) -> None:
    for words in ((), ("gate",), ("baseline",)):
        ended = shunter("eval", *words, "--help")
        assert (ended.code, ended.err) == (0, "")
        assert ended.out.startswith(f"usage: shunter eval{''.join(f' {word}' for word in words)} ")
        assert "6  worse: results are worse than their baseline" in ended.out
    assert "suites that come with shunter: basics, pipelines" in shunter("eval", "--help").out
