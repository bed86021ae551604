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


@pytest.mark.parametrize(
    ("goal", "expected"),
    [
        ("What's new in the shop? I need a web page of all the items.", ["report.table_to_html"]),
        ("Why is the list so long? Leave only the columns item and price.", ["table.select"]),
        ("Who bought what? The rows sorted by price would already help me.", ["table.sort_rows"]),
    ],
)
def test_a_question_before_a_request_of_its_own_is_only_told(goal: str, expected: list[str]) -> None:
    assert calls(goal, items="csv") == expected


def test_a_question_that_the_request_goes_on_with_is_asked() -> None:
    assert calls("Who called first? Then turn that into a web page.", notes="txt")[0] == "rag.answer"


def test_where_the_value_stands_says_what_the_question_asks_for() -> None:
    goal = "Which port does the server take? The settings are config.json, and it's at server.http.port."
    assert calls(goal, config="json") == ["json.get"]


@pytest.mark.parametrize(
    "goal",
    [
        "For the meeting on Monday I need the talk as an mp3",
        "To find my way back to it, I'd like the talk as an mp3",
        "Convert the talk to mp3, since half of the team can't open the file",
        "The talk is too large for the mail, and I'd like it as an mp3",
        "Choir singer here, trying to learn a text. Convert the talk to mp3.",
    ],
)
def test_purposes_and_reasons_ask_for_nothing(goal: str) -> None:
    assert calls(goal, talk="wav") == ["media.convert_audio"]


def test_what_is_told_is_asked_for_where_the_request_only_points_at_it() -> None:
    assert calls("The film still lacks captions. Please produce them.", film="mp4")[-1] == "speech.subtitles"
