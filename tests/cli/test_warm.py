"""What a run costs that the cache answers: as little as it takes to say so."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from tests.cli.conftest import Shunter, process

PLAN = """
version: 1
steps:
  - {id: said, call: toy.shout, with: {text: hello}}
outputs: {said: {from: said}}
"""
NOT_NEEDED = (
    "asyncio",
    "logging",
    "shunter.engine.executors.protocol",
    "shunter.engine.executors.sandbox.executor",
    "shunter.engine.egress.proxy",
    "shunter.engine.run.job",
    "shunter.engine.run.making",
    "shunter.engine.run.underway",
    "shunter.engine.secrets.keyring",
    "shunter.engine.sessions.session",
    "shunter.agent.loop",
)
_LISTING = """
import sys
from shunter.cli.main import main
code = main(sys.argv[2:])
sys.stderr.write("\\n".join(set(sys.argv[1].split()) & set(sys.modules)))
sys.exit(code)
"""


def test_a_run_that_the_cache_answers_imports_nothing_that_runs_steps(here: Path, shunter: Shunter) -> None:
    (here / "plan.yaml").write_text(PLAN)
    words = ["run", "plan.yaml", "--quiet", "--json"]
    assert shunter(*words).code == 0
    again = subprocess.run(
        [sys.executable, "-c", _LISTING, " ".join(NOT_NEEDED), *words],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (again.returncode, again.stderr) == (0, "")
    assert json.loads(again.stdout)["steps"][0]["outcome"] == "cached"


def test_a_cached_run_in_a_process_of_its_own_gives_what_the_first_one_gave(here: Path) -> None:
    (here / "plan.yaml").write_text(PLAN)
    first, second = (process("run", "plan.yaml", "--quiet") for _ in range(2))
    assert (first.code, first.err) == (second.code, second.err) == (0, "")
    assert first.out == second.out
