"""An engine that ends early, in whatever way."""

from __future__ import annotations

import json
import os
import random
import signal
from pathlib import Path

import pytest
from tests.acceptance.engines import assert_gone, engine
from tests.cli.conftest import Shunter
from tests.conformance.steps import processes_with

CHAIN = """
version: 1
steps:
  - {id: a, call: toy.wait, with: {text: a, seconds: 0.05}}
  - {id: b, call: toy.wait, with: {text: {from: a}, seconds: 0.06}}
  - {id: c, call: toy.wait, with: {text: {from: b}, seconds: 0.07}}
  - {id: beside, call: toy.wait, with: {text: x, seconds: 0.12}}
  - {id: end, call: toy.join, with: {texts: [{from: c}, {from: beside}]}}
outputs: {end: {from: end}}
"""


def _stuck() -> tuple[str, str]:
    """A plan whose second step never ends, and what its process is known by."""
    marker = f"{random.randrange(10_000, 99_999)}.25"
    plan = f"""
        version: 1
        steps:
          - {{id: quick, call: toy.shout, with: {{text: x}}}}
          - {{id: stuck, call: toy.wait, with: {{text: {{from: quick}}, seconds: {marker}}}}}
        outputs: {{end: {{from: stuck}}}}
        """
    return plan, f"sleep\0{marker}"


@pytest.mark.parametrize(
    ("kind", "step"),
    [
        ("run-started", ""),
        ("call-started", "a"),
        ("call-finished", "a"),
        ("call-started", "c"),
        ("call-finished", "beside"),
        ("call-finished", "end"),
    ],
)
def test_a_kill_at_any_moment_loses_at_most_what_was_running(
    shunter: Shunter, here: Path, home: Path, kind: str, step: str
) -> None:
    (here / "plan.yaml").write_text(CHAIN)
    with engine("run", "plan.yaml", "-q", "--jobs", "2", home=home) as killed:
        killed.wait_for(kind, step) if step else killed.wait_for("call-started", "beside")
        code, _, err = killed.end(signal.SIGKILL)
        finished = killed.finished()
        over = killed.events()[-1]["event"] == "run-finished"
    assert code in (-signal.SIGKILL, 0)
    assert err == ""
    again = shunter("run", "plan.yaml", "-q", "--json")
    document = json.loads(again.out)
    outcomes = {item["id"]: item["outcome"] for item in document["steps"]}
    assert (again.code, document["outputs"]) == (0, {"end": "a,x"})
    assert {name for name in finished if outcomes[name] != "cached"} == set()
    statuses = [run["status"] for run in json.loads(shunter("runs", "list", "--json").out)["runs"]]
    assert statuses == ["done", "done" if over else "killed"]
    assert shunter("call", "toy.shout", "--text", "something new").code == 0
    assert os.listdir(home / "scratch") == [], "what the killed engine left is swept by the next that works"


@pytest.mark.parametrize("sent", [signal.SIGKILL, signal.SIGTERM, signal.SIGHUP])
def test_no_container_outlives_its_engine(
    shunter: Shunter, here: Path, home: Path, sent: signal.Signals
) -> None:
    plan, marker = _stuck()
    (here / "plan.yaml").write_text(plan)
    with engine("run", "plan.yaml", home=home) as killed:
        killed.wait_for("call-started", "stuck")
        while not processes_with(marker):
            assert killed.process.poll() is None
        code, _, _ = killed.end(sent)
    assert code == -sent
    assert_gone(marker)
    assert shunter("runs", "show", "last").out.splitlines()[0].endswith(": killed")


def test_interrupting_stops_the_containers_keeps_what_is_done_and_says_so(
    shunter: Shunter, here: Path, home: Path
) -> None:
    plan, marker = _stuck()
    (here / "plan.yaml").write_text(plan)
    with engine("run", "plan.yaml", "-q", "--output", "out", home=home) as interrupted:
        interrupted.wait_for("call-started", "stuck")
        while not processes_with(marker):
            assert interrupted.process.poll() is None
        ended = interrupted.end(signal.SIGINT)
    assert ended == (130, "", "interrupted; what ran was stopped, what is done stays in the cache\n")
    assert processes_with(marker) == []
    assert not (here / "out").exists()
    assert os.listdir(home / "scratch") == []
    shown = shunter("runs", "show", "last").out.splitlines()
    assert shown[0].endswith(": cancelled")
    assert shown[1].startswith("  ✓ quick  executed")
    (here / "plan.yaml").write_text("{version: 1, steps: [{id: quick, call: toy.shout, with: {text: x}}]}")
    assert "everything came from the cache" in shunter("run", "plan.yaml").err


def test_json_of_an_interrupted_run_is_no_half_document(shunter: Shunter, here: Path, home: Path) -> None:
    plan, marker = _stuck()
    (here / "plan.yaml").write_text(plan)
    with engine("run", "plan.yaml", "-q", "--json", home=home) as interrupted:
        interrupted.wait_for("call-started", "stuck")
        code, out, _ = interrupted.end(signal.SIGINT)
    assert code == 130
    assert out == ""
    assert processes_with(marker) == []


def test_an_impatient_second_interrupt_leaves_nothing_running(here: Path, home: Path) -> None:
    plan, marker = _stuck()
    (here / "plan.yaml").write_text(plan)
    with engine("run", "plan.yaml", "-q", home=home) as interrupted:
        interrupted.wait_for("call-started", "stuck")
        while not processes_with(marker):
            assert interrupted.process.poll() is None
        interrupted.process.send_signal(signal.SIGINT)
        code, _, err = interrupted.end(signal.SIGINT)
    assert code == 130
    assert "Traceback" not in err
    assert_gone(marker)
