"""`shunter doctor`."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from tests.cli.conftest import COMMAND, Shunter
from tests.terminal import terminal

from shunter.engine.executors.promises import Promise


def test_doctor_says_what_holds_and_where_the_home_is(shunter: Shunter, home: Path) -> None:
    ended = shunter("doctor")
    assert (ended.code, ended.err) == (0, "")
    assert ended.out.startswith(f"home      {home}\nexecutor  sandbox\n\n")
    assert "✓ containers " in ended.out


def test_json_of_doctor_is_one_document(shunter: Shunter, home: Path) -> None:
    document = json.loads(shunter("doctor", "--json").out)
    assert (document["home"], document["executor"]) == (str(home), "sandbox")
    found = {finding["promise"]: finding for finding in document["findings"]}
    assert list(found) == [promise.value for promise in Promise]
    assert found["containers"]["enforced"] == "yes"
    assert found["disk limit"] == {
        "promise": "disk limit",
        "promised": "all that a step writes is limited together",
        "enforced": "yes",
        "detail": "counted from time to time, so that what is written in between comes on top",
        "remedy": None,
    }


@pytest.mark.parametrize("columns", [80, 120])
def test_the_table_fits_the_terminal(here: Path, columns: int) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "COLUMNS"}
    with terminal([*COMMAND, "doctor"], environment=environment, columns=columns) as screen:
        assert screen.end() == 0
    lines = screen.screen.splitlines()
    assert [line for line in lines if len(line) > columns] == []
    assert sum(line.startswith(("✓ ", "~ ", "✗ ")) for line in lines) == len(Promise)
    assert len(lines) < 2 * len(Promise)
