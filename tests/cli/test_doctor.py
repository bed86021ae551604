"""`shunter doctor`."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.conftest import Shunter


def test_doctor_says_what_holds_and_where_the_home_is(shunter: Shunter, home: Path) -> None:
    ended = shunter("doctor")
    assert (ended.code, ended.err) == (0, "")
    assert ended.out.startswith(f"home      {home}\nexecutor  sandbox\n\n")
    assert "✓ containers " in ended.out


def test_json_of_doctor_is_one_document(shunter: Shunter, home: Path) -> None:
    document = json.loads(shunter("doctor", "--json").out)
    assert (document["home"], document["executor"]) == (str(home), "sandbox")
    found = {finding["subject"]: finding for finding in document["findings"]}
    assert found["containers"]["holds"] is True
    assert all(finding.keys() == {"subject", "holds", "detail", "remedy"} for finding in found.values())
    assert all(finding["detail"] for finding in found.values())
