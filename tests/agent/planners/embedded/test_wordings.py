"""Goals as people word them: what each wording has to lead to."""

from __future__ import annotations

import pytest
from tests.agent.planners.embedded.asking import arguments, ask, calls, plan_of

from shunter.engine.plan.expression import write_expression


def _written(goal: str, /, **given: str) -> list[dict[str, object]]:
    """The arguments of each step, with what is mapped over."""
    return [
        {name: write_expression(value) for name, value in {**step.with_, **step.each}.items()}
        for step in plan_of(ask(goal, **given)).steps
    ]


@pytest.mark.parametrize(
    ("goal", "columns"),
    [
        ("leave only the columns title and total", ["title", "total"]),
        ("show the year column", ["year"]),
        ("throw away all columns but title and year", ["title", "year"]),
        ("from the table just the title, the year and the genre", ["title", "year", "genre"]),
    ],
)
def test_columns_that_are_kept(goal: str, columns: list[str]) -> None:
    assert arguments(goal, films="csv") == {"columns": columns}


def test_columns_are_sorted_by_one_after_the_other() -> None:
    assert arguments("sort the films by genre and then by year", films="csv") == {"by": ["genre", "year"]}


def test_an_order_without_a_column_is_that_of_the_total() -> None:
    goal = "total length by director, highest first"
    assert arguments(goal, films="csv") == {"by": ["sum_length"], "descending": True}


def test_an_order_without_a_column_is_that_of_the_column_compared() -> None:
    goal = "the films with a rating over 7, best first"
    assert arguments(goal, films="csv") == {"by": ["rating"], "descending": True}


def test_an_order_of_nothing_that_is_known_sorts_no_rows() -> None:
    assert "table.sort_rows" not in calls("sort the lines, biggest first", numbers="txt")


def test_a_column_of_totals_is_compared_after_they_are_made() -> None:
    goal = "the mean value by probe, rows with mean_value over 50 only"
    assert calls(goal, probes="csv") == ["table.group", "table.where"]


@pytest.mark.parametrize(
    ("goal", "pattern"),
    [
        ("lines with WARN or ERROR", "WARN|ERROR"),
        ('lines that contain "tea" or "coffee"', "tea|coffee"),
        ('lines starting with "note:"', "^note:"),
        ("lines that contain 404", "404"),
    ],
)
def test_a_pattern_of_lines(goal: str, pattern: str) -> None:
    assert arguments(goal, journal="txt")["pattern"] == pattern


@pytest.mark.parametrize(
    "said", ["no matter the case", "in any case", "case ignored", "in upper or lower case"]
)
def test_case_is_ignored_in_whatever_words(said: str) -> None:
    goal = f'replace "tea" by "coffee" in the menu, {said}, and make a page of it'
    assert _written(goal, menu="md")[0]["ignore_case"] is True


@pytest.mark.parametrize(
    ("goal", "start", "end"),
    [
        ("cut off the first four seconds of the tune", 4, None),
        ("everything after the first minute of the tune", 60, None),
        ("the tune from 0:30 on", 30, None),
        ("a 20 second clip of the tune starting at 0:40", 40, 60),
        ("the tune from minute 2 to minute 3", 120, 180),
        ("keep seconds 5 to 15 of the tune", 5, 15),
    ],
)
def test_a_span_of_time(goal: str, start: float, end: float | None) -> None:
    found = arguments(goal, tune="mp3")
    assert (found.get("start"), found.get("end")) == (start, end)


def test_each_input_gets_what_is_said_of_it() -> None:
    goal = "sort the birds without duplicates and the weights as numbers"
    first, second = _written(goal, birds="txt", weights="txt")
    assert first == {"file": {"from": "birds"}, "unique": True}
    assert second == {"file": {"from": "weights"}, "numeric": True}


def test_what_is_said_behind_both_inputs_is_said_of_both() -> None:
    written = _written("sort the birds and the weights as numbers", birds="txt", weights="txt")
    assert [one["numeric"] for one in written] == [True, True]


def test_two_answers_are_compared_that_come_from_one_text_each() -> None:
    goal = 'Answer "How old is it?" from the guide and from the leaflet, and diff the answers'
    assert calls(goal, guide="txt", leaflet="txt") == ["rag.answer", "rag.answer", "text.diff"]


def test_an_input_that_has_to_be_converted_goes_into_the_list_as_well() -> None:
    goal = "Answer from the notes and the recording of the visit: who pays the rent?"
    assert calls(goal, notes="txt", recording="mp3") == ["speech.transcribe", "rag.answer"]
    documents = _written(goal, notes="txt", recording="mp3")[-1]["documents"]
    assert documents == [{"from": "notes"}, {"from": "transcript"}]


@pytest.mark.parametrize(
    ("goal", "given", "wanted"),
    [
        ("transcribe the first 30 seconds of each show", "mp3*", ["media.trim_audio", "speech.transcribe"]),
        ("How many lines mention “snow” in the diary?", "txt", ["text.grep", "text.count"]),
        (
            "the diary as a web page, but only the lines with RAIN",
            "txt",
            ["text.grep", "report.text_to_html"],
        ),
        ("sort the diary and save it as sorted.txt", "txt", ["text.sort_lines", "files.rename"]),
        ("transcribe every *.mp3 in it", "zip", ["archive.unpack", "files.find", "speech.transcribe"]),
        ("how many words are spoken in the voice memo?", "wav", ["speech.transcribe", "text.count"]),
        ("build a search index of it", "txt*", ["rag.chunk", "rag.index"]),
    ],
)
def test_steps_are_done_in_the_order_that_is_meant(goal: str, given: str, wanted: list[str]) -> None:
    name = next((name for name in ("shows", "diary", "memo") if name.rstrip("s") in goal), "it_all")
    assert calls(goal, **{name: given}) == wanted


def test_what_takes_a_name_itself_is_not_renamed() -> None:
    assert calls("zip the folder and call it site.zip", folder="folder") == ["archive.zip_folder"]


def test_a_page_gets_its_name_by_renaming() -> None:
    goal = "make a page of the notes and call it index.html"
    assert calls(goal, notes="txt") == ["report.text_to_html", "files.rename"]


def test_a_question_that_is_put_in_other_words_is_not_answered_as_well() -> None:
    goal = "Which lines were added? Diff the drafts and keep the lines that match ^[+]"
    assert calls(goal, draft_a="txt", draft_b="txt") == ["text.diff", "text.grep"]


def test_another_is_of_the_kind_that_was_said_before() -> None:
    goal = "take a still at 5 seconds and another at 1:05"
    assert [one["at"] for one in _written(goal, film="mp4")] == [5, 65]


def test_a_verb_counts_that_stands_before_what_is_sent() -> None:
    goal = "Post the column descriptions of the rates to https://example.org/meta"
    assert calls(goal, rates="csv") == ["table.describe", "http.post_json"]


def test_a_conversion_that_is_only_undone_is_left_out() -> None:
    goal = "Turn each voice note into a wav with 22050 samples a second, and how long are those?"
    assert calls(goal, notes="mp3*")[0] == "speech.to_wav"


def test_pictures_that_are_found_by_their_ending_are_taken_for_pictures() -> None:
    goal = "Find the pictures (**/*.jpg) in the album and tell me their sizes"
    assert calls(goal, album="folder") == ["files.find", "image.properties"]


def test_an_address_ends_before_the_comma() -> None:
    goal = "Get https://api.example.org/items, make a table of it, and sort it by price"
    assert _written(goal)[0] == {"url": "https://api.example.org/items"}
