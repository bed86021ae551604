"""Data and texts against what is expected of them."""

from __future__ import annotations

from typing import Any

import pytest

from shunter.evals.case.wanted import WantedText, WantedValue
from shunter.evals.checks.data import data_problem
from shunter.evals.checks.text import text_problem
from shunter.evals.checks.verdict import Check

DATA = {"name": "pump", "on": True, "parts": [{"kg": 2.5}, {"kg": 4}], "none": None, "1": "one"}


def _problem(wanted: dict[str, Any], data: Any = DATA) -> str | None:
    read = WantedValue.model_validate({"json": wanted}).json_
    assert read is not None
    return data_problem(data, read)


@pytest.mark.parametrize(
    "wanted",
    [
        {"name": "pump", "on": True, "none": None, "1": "one"},
        {"parts[0].kg": 2.5, "parts[-1].kg": 4.0},
        {"parts": [{"kg": 2.5}, {"kg": 4}]},
        {"parts": {"same_items": [{"kg": 4}, {"kg": 2.5}]}},
        {"parts[1]": {"equals": {"kg": 4}}},
        {"parts[0].kg": {"about": 2.4, "within": 0.11}},
        {"parts[0].kg": {"at_least": 2.5, "at_most": 2.5}},
        {"parts": {"length": 2, "contains": {"kg": 4}}, "name": {"length": 4, "contains": "um"}},
        {".": {"contains": "name", "length": 5}},
    ],
)
def test_data_that_is_as_expected(wanted: dict[str, Any]) -> None:
    assert _problem(wanted) is None


@pytest.mark.parametrize(
    ("wanted", "why"),
    [
        ({"name": "tank"}, 'name: expected equals "tank", got "pump"'),
        ({"on": 1}, "on: expected equals 1, got true"),
        ({"parts[2].kg": 1}, f"there is nothing at parts[2].kg in {'{'}"),
        ({"name.first": 1}, "there is nothing at name.first in {"),
        ({"na[me": 1}, "there is nothing at na[me in {"),
        ({"parts": [{"kg": 4}, {"kg": 2.5}]}, 'parts: expected equals [{"kg": 4}, {"kg": 2.5}], got '),
        ({"parts": {"same_items": [{"kg": 4}]}}, 'parts: expected same items [{"kg": 4}], got '),
        ({"parts[0].kg": {"about": 2, "within": 0.1}}, 'parts[0].kg: expected about "2.0 ± 0.1", got 2.5'),
        ({"name": {"at_least": 2}}, 'name: expected at least 2.0, got "pump"'),
        ({"on": {"at_most": 2}}, "on: expected at most 2.0, got true"),
        ({"name": {"contains": "x"}}, 'name: expected contains "x", got "pump"'),
        ({"none": {"length": 0}}, "none: expected length 0, got null"),
        ({".": {"length": 1}}, "expected length 1, got {"),
    ],
)
def test_data_that_is_not_says_what_is_there(wanted: dict[str, Any], why: str) -> None:
    assert (_problem(wanted) or "").startswith(why)


@pytest.mark.parametrize(
    "wanted",
    [
        {"equals": "one\ntwo\n\n"},
        {"equals": "one  \r\ntwo"},
        {"contains": ["ne\ntw", "two"], "lacks": ["three"], "lines": 2},
        {"matches": ["^two$", "o.e"]},
    ],
)
def test_texts_are_compared_without_their_line_ends(wanted: dict[str, Any]) -> None:
    assert text_problem("one\ntwo \n", WantedText.model_validate(wanted)) is None


@pytest.mark.parametrize(
    ("wanted", "why"),
    [
        ({"equals": "one"}, r"expected 'one', got 'one\ntwo'"),
        ({"contains": ["one", "three"]}, r"it lacks 'three': 'one\ntwo'"),
        ({"lacks": ["two"]}, "it has 'two'"),
        ({"matches": ["^t$"]}, r"nothing in it matches ^t$: 'one\ntwo'"),
        ({"lines": 3}, "expected 3 lines, got 2"),
    ],
)
def test_a_text_that_is_off_says_how(wanted: dict[str, Any], why: str) -> None:
    assert text_problem("one\ntwo\n", WantedText.model_validate(wanted)) == why


def test_an_empty_text_has_no_lines() -> None:
    assert text_problem("\n", WantedText(lines=0)) is None


def test_a_check_that_breaks_is_a_verdict() -> None:
    def look(numbers: list[int]) -> str | None:
        return f"{numbers[3]} is there"

    verdict = Check("fourth", look).verdict([1])
    assert not verdict.passed
    assert verdict.crashed
    assert verdict.why.startswith("the check broke: IndexError: list index out of range (test_data.py:")
