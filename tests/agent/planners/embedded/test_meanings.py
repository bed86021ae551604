"""Goals in words that are far from what functions say of themselves."""

from __future__ import annotations

import pytest
from tests.agent.planners.embedded.asking import arguments, ask, calls, plan_of

from shunter.engine.plan.expression import write_expression


def test_a_column_may_stand_behind_the_number_it_is_compared_with() -> None:
    goal = "the orders with more than 3 items"
    assert arguments(goal, orders="csv") == {"column": "items", "operator": "greater", "value": "3"}


def test_files_of_a_folder_are_chosen_by_their_size() -> None:
    goal = "which files in the backup are larger than 70000 bytes?"
    assert calls(goal, backup="folder") == ["files.listing", "table.where"]
    assert arguments(goal, backup="folder")["column"] == "bytes"


def test_rows_without_a_value_are_left_out() -> None:
    goal = "Leave out the rows with an empty phone"
    assert arguments(goal, people="csv") == {"column": "phone", "operator": "is_filled"}


def test_who_speaks_is_no_column() -> None:
    assert arguments("All I need are city and size of the shops", shops="csv") == {
        "columns": ["city", "size"]
    }


def test_the_question_is_what_stands_behind_the_colon() -> None:
    goal = "What do they say in the call: who pays for the repair?"
    assert calls(goal, call="mp3") == ["speech.transcribe", "rag.answer"]
    assert arguments(goal, call="mp3") == {"question": "who pays for the repair?"}


def test_a_question_that_a_page_answers_is_not_its_title() -> None:
    goal = 'a page with the answer to "Where is the meeting?" from the invitation'
    assert calls(goal, invitation="md") == ["rag.answer", "report.markdown_to_html"]


def test_a_question_that_is_given_is_answered_from_documents_of_two_kinds() -> None:
    goal = "Answer the question from the letter and the voicemail"
    given = {"question": "str", "letter": "txt", "voicemail": "mp3"}
    assert calls(goal, **given) == ["speech.transcribe", "rag.answer"]


def test_the_table_that_columns_are_added_to_is_the_left_one() -> None:
    goal = "Add the columns of rates to trips by zone, even if a trip has no rate"
    first = plan_of(ask(goal, trips="csv", rates="csv")).steps[0]
    step = {name: write_expression(value) for name, value in first.with_.items()}
    expected = {"left": {"from": "trips"}, "right": {"from": "rates"}, "on": "zone", "kind": "left"}
    assert step == expected


def test_what_was_made_is_called_after_how_it_was_made() -> None:
    goal = "Transcribe every memo and sort the lines of each transcript"
    assert calls(goal, memos="mp3*") == ["speech.transcribe", "text.sort_lines"]


def test_two_acts_may_stand_side_by_side() -> None:
    goal = "Grayscale thumbnails, 80 pixels wide, of all the stamps"
    assert sorted(calls(goal, stamps="png*")) == ["image.grayscale", "image.resize"]


def test_a_part_of_the_data_becomes_a_table() -> None:
    goal = "The records under staff in export.json, as a table sorted by name"
    expected = ["json.get", "json.write", "table.from_json", "table.sort_rows"]
    assert calls(goal, export="json") == expected


def test_the_new_stands_before_instead_of() -> None:
    goal = "It should say Lisbon instead of Porto in the letter"
    assert arguments(goal, letter="txt") == {"old": "Porto", "new": "Lisbon"}


def test_no_image_of_a_folder_is_built_unasked() -> None:
    goal = "Unpack every upload and list the files in it, with their sizes"
    assert calls(goal, uploads="zip*") == ["archive.unpack", "files.listing"]


@pytest.mark.parametrize(
    ("goal", "given", "function"),
    [
        ("I only need setup.cfg from the sources", {"sources": "folder"}, "files.pick"),
        ("peek into the bundle", {"bundle": "zip"}, "archive.contents"),
        ("open up the bundle", {"bundle": "zip"}, "archive.unpack"),
        ("make a tarball out of the folder", {"site": "folder"}, "archive.tar_folder"),
        ("what's wrong with the code?", {"project": "folder"}, "python.lint"),
        ("an overview of the ledger", {"ledger": "csv"}, "table.describe"),
        ("how many pixels does the scan have?", {"scan": "png"}, "image.properties"),
        ("the portrait without colours", {"portrait": "png"}, "image.grayscale"),
        ("what is being said in the memo?", {"memo": "mp3"}, "speech.transcribe"),
        ("which lines of the log have WARN in them?", {"log": "txt"}, "text.grep"),
        ("one long text of all the chapters", {"chapters": "txt*"}, "text.concatenate"),
        ("how long is the essay in words?", {"essay": "txt"}, "text.count"),
        ("lay the extra settings over base", {"base": "json", "extra": "json"}, "json.merge"),
        ("put the films in order of year", {"films": "csv"}, "table.sort_rows"),
    ],
)
def test_one_function_that_is_meant_in_other_words(goal: str, given: dict[str, str], function: str) -> None:
    assert calls(goal, **given) == [function]


def test_a_list_of_a_folder_is_no_report_to_compare() -> None:
    goal = "Unpack the bundle and lint it; lint the engine too, and show me the difference between the two reports"
    steps = calls(goal, bundle="zip", engine="folder")
    assert steps == ["archive.unpack", "python.lint", "python.lint", "text.diff"]
