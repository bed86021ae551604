"""Sentences that only tell something, beside those that ask for something."""

from __future__ import annotations

import pytest
from tests.agent.planners.embedded.asking import arguments, calls

from shunter.agent.planners.embedded.text import take_apart


def _told(goal: str) -> str:
    text = take_apart(goal, {})
    return " ".join(text.tokens[at].text for at in sorted(text.told))


@pytest.mark.parametrize(
    ("goal", "told"),
    [
        ("I work in a library. Zip it.", "I work in a library"),
        ("Nobody agreed on a style; tidy the code.", "Nobody agreed on a style"),
        ("They sell sunglasses in two shops. Sort them.", "They sell sunglasses in two shops"),
        ("Here's a scan of the map. Shrink it.", "Here's a scan of the map"),
    ],
)
def test_people_and_things_that_have_a_verb_only_tell(goal: str, told: str) -> None:
    assert _told(goal) == told


@pytest.mark.parametrize(
    "goal",
    [
        "Take a frame at second 3. It has to be a JPEG.",
        "Make a page. The title shall be News.",
        "I prefer an mp3. Convert it.",
        "We are only interested in the first ten lines. Count them.",
        "That is, take the last line. Count it.",
        "Sort them, so that only distinct ones are left.",
        "All of them end with .jpg. Find them.",
    ],
)
def test_what_has_to_be_done_is_no_narration(goal: str) -> None:
    assert _told(goal) == ""


@pytest.mark.parametrize(
    ("goal", "expected"),
    [
        ("I work in a library and we own a scan of the map. Make it grayscale, please.", ["image.grayscale"]),
        ("Half of our readers don't sort anything. Shrink the map to 300 pixels.", ["image.resize"]),
        ("We pay per word of print. Which format does the map have?", ["image.properties"]),
        ("They look at it from above, by bike. Turn the map into a webp.", ["image.convert"]),
    ],
)
def test_nothing_is_done_for_what_is_told(goal: str, expected: list[str]) -> None:
    assert calls(goal, map="png") == expected


def test_columns_that_are_only_told_of_are_no_arguments() -> None:
    goal = "My expenses table has the columns date, shop, amount. I want the sum of amount for each shop."
    assert arguments(goal, expenses="csv") == {"by": ["shop"], "column": "amount", "total": "sum"}


def test_what_is_told_may_name_what_the_request_needs() -> None:
    goal = "They sell sunglasses in two places, and both have a sku_no. Join the shops and the stock."
    assert arguments(goal, shops="csv", stock="csv") == {"on": "sku_no"}
