"""What nobody asked for: calls made of words that only narrate, and conversions that no person would make."""

from __future__ import annotations

import pytest
from tests.agent.planners.embedded.asking import Given, ask, calls, plan_of

from shunter.engine.plan.expression import references


@pytest.mark.parametrize(
    ("goal", "given", "expected"),
    [
        (
            ("Pack the drawings folder into drawings.zip and give me its SHA-256, so the builder can check that "
            "it is complete"),
            {"drawings": "folder"},
            ["archive.zip_folder", "files.checksum"],
        ),
        (
            ("Our intranet is slow on Mondays and the scans are huge. Please make every scan 800 pixels wide and "
            "turn it into WebP."),
            {"scans": "png*"},
            ["image.resize", "image.convert"],
        ),
        (
            "The auditor phoned again this morning and was not amused. Convert the ledger to JSON.",
            {"ledger": "csv"},
            ["table.to_json"],
        ),
        (
            "Please transcribe the hearing. The judge is called Brown and speaks slowly.",
            {"hearing": "mp3"},
            ["speech.transcribe"],
        ),
        (
            "Nobody answered my question about the invoice. Count the words of letter.",
            {"letter": "txt"},
            ["text.count"],
        ),
        (
            "In casual style: the first 3 lines of every note, and put them together into heads.txt",
            {"notes": "txt*"},
            ["text.head", "text.concatenate"],
        ),
    ],
)  # fmt: skip
def test_what_only_narrates_leads_to_no_call(goal: str, given: Given, expected: list[str]) -> None:
    assert calls(goal, **given) == expected


@pytest.mark.parametrize(
    ("goal", "given"),
    [
        ("What files are in the bundle? And the sha512 of the bundle, please", {"bundle": "zip"}),
        ("List what the delivery holds, and compute the md5 of the delivery", {"delivery": "zip"}),
        ("Show me what is inside sent, and calculate the SHA-1 of the archive.", {"sent": "zip"}),
    ],
)
def test_nothing_is_written_to_a_file_to_feed_what_takes_any_file(goal: str, given: Given) -> None:
    plan = plan_of(ask(goal, **given))
    steps = {step.call: step for step in plan.steps}
    assert steps.keys() == {"archive.contents", "files.checksum"}
    assert [reference.name for reference in references(steps["files.checksum"].with_["file"])] == list(given)


def test_no_question_is_what_a_call_has_made() -> None:
    goal = (
        "Not everybody has replied to the survey. From survey take the rows where sent is no and send them to "
        "https://hooks.example.com/s as JSON"
    )
    assert calls(goal, survey="csv") == ["table.where", "table.to_json", "json.read", "http.post_json"]


def test_words_of_a_text_are_no_rows() -> None:
    goal = 'Cut the manuals into passages of at most 90 words, index those, and search it for "valve"'
    assert calls(goal, manuals="txt*") == ["rag.chunk", "rag.index", "rag.retrieve"]


@pytest.mark.parametrize(
    "goal",
    [
        "Run the tests of the project and show the last 5 lines of the test report",
        "Test the code in project and give me the last 5 lines of the report of the tests",
    ],
)
def test_no_conversion_is_made_twice(goal: str) -> None:
    assert calls(goal, project="zip") == ["archive.unpack", "python.test", "text.tail"]


def test_inputs_are_compared_rather_than_replaced_by_each_other() -> None:
    goal = "What changed from old_names to new_names? Show 4 lines of context around each change."
    assert calls(goal, old_names="txt", new_names="txt") == ["text.diff"]


@pytest.mark.parametrize(
    ("goal", "given", "last"),
    [
        ("Turn the clip into a WebM. Besides, I need subtitles for the clip.", {"clip": "mp4"}, "media.extract_audio"),
        ("Sort the names; plus count the lines of names", {"names": "txt"}, "text.count"),
    ],
)  # fmt: skip
def test_what_is_done_besides_is_done_with_what_is_given(goal: str, given: Given, last: str) -> None:
    step = next(step for step in plan_of(ask(goal, **given)).steps if step.call == last)
    assert [one.name for value in step.with_.values() for one in references(value)] == list(given)
