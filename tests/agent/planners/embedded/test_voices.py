"""Goals as engineers, newcomers and people in a hurry put them."""

from __future__ import annotations

import pytest
from tests.agent.planners.embedded.asking import Given, arguments, ask, calls, plan_of

from shunter.engine.plan.expression import write_expression


@pytest.mark.parametrize(
    ("goal", "given", "expected"),
    [
        ("last 500 lines of the log, without the DEBUG ones", {"log": "txt"}, ["text.tail", "text.grep"]),
        (
            "We need captions for the town hall video.",
            {"townhall": "mp4"},
            ["media.extract_audio", "speech.subtitles"],
        ),
        ("What changed from old to new?", {"old": "txt", "new": "txt"}, ["text.diff"]),
        (
            "Query the API at https://example.org/api and keep the answer in data.json",
            {},
            ["http.get_json", "json.write"],
        ),
        (
            "what the cast shows at 12.5 seconds, as a black-and-white jpeg",
            {"cast": "mp4"},
            ["media.frame", "image.grayscale", "image.convert"],
        ),
        (
            "Show me which files are in the backups folder, biggest first",
            {"backups": "folder"},
            ["files.listing", "table.sort_rows"],
        ),
        ("How many warnings were there in the build log?", {"build_log": "txt"}, ["text.grep", "text.count"]),
        ("Format the repo with ruff, then check that its tests pass", {"repo": "folder"}, ["python.format", "python.test"]),
        ("Total revenue per product; the best-selling product should come first", {"sales": "csv"}, ["table.group", "table.sort_rows"]),
        ("Lint the service and show me just the F401 findings", {"service": "folder"}, ["python.lint", "text.grep"]),
        ("make a markdown table of the runs that I can paste into the PR", {"runs": "csv"}, ["report.table_to_markdown"]),
        ("every png in the folder in grayscale", {"folder": "folder"}, ["files.find", "image.grayscale"]),
        ("make the photos 800 wide, in black and white", {"photos": "png*"}, ["image.resize", "image.grayscale"]),
        ("largest sum first: sum of amount per city", {"sales": "csv"}, ["table.group", "table.sort_rows"]),
        ("average of score by class; write it out as JSON", {"grades": "csv"}, ["table.group", "table.to_json"]),
        ("value of version in package.json of the project folder", {"project": "folder"}, ["files.pick", "json.get"]),
        ("find the yaml files in the chart and concatenate them into all.yaml", {"chart": "folder"}, ["files.find", "text.concatenate", "files.rename"]),
        (
            "Pull the sound from the wedding film and cut it to the first three minutes.",
            {"wedding": "mp4"},
            ["media.extract_audio", "media.trim_audio"],
        ),
        ("transcripts of all talks, one file", {"talks": "mp3*"}, ["speech.transcribe", "text.concatenate"]),
        (
            "which words does she use most in the call? ten are enough",
            {"customer_call": "mp3"},
            ["speech.transcribe", "text.word_frequencies"],
        ),
        ("Subtitles for it, please, and use the small model.", {"session": "mp3"}, ["speech.fetch_model", "speech.subtitles"]),
        ("rows that are open, oldest first by created, to markdown", {"tasks": "csv"}, ["table.sort_rows", "report.table_to_markdown"]),
        ("turn my speaker notes into something I can listen to", {"speaker_notes": "txt"}, ["text.to_string", "speech.say"]),
        ("put the reports into one archive", {"reports": "md*"}, ["files.collect", "archive.zip_folder"]),
    ],
)  # fmt: skip
def test_what_is_to_be_done(goal: str, given: Given, expected: list[str]) -> None:
    assert calls(goal, **given) == expected


@pytest.mark.parametrize(
    ("goal", "given", "expected"),
    [
        ("The talks are in German. Transcribe each.", {"talks": "mp3*"}, {"language": "de"}),
        ("subtitle the talk; language is French", {"talk": "mp3"}, {"language": "fr"}),
        ("What changed from old to new? One line of context.", {"old": "txt", "new": "txt"}, {"context": 1}),
        ("diff old and new, no context", {"old": "txt", "new": "txt"}, {"context": 0}),
        ("sort the products, cheapest first", {"products": "csv"}, {"by": ["price"]}),
        ("how many rows per status and per team", {"tickets": "csv"}, {"by": ["status", "team"], "total": "count"}),
        ("the members who said yes in the column rsvp", {"members": "csv"}, {"column": "rsvp", "operator": "equals", "value": "yes"}),
        ('Stitch a and b together, separated by "---"', {"a": "txt", "b": "txt"}, {"separator": "---"}),
        ("crop a 200x100 piece starting at 10,20 from the scan", {"scan": "png"}, {"width": 200, "height": 100, "left": 10, "top": 20}),
        ("only the errors of the log", {"log": "txt"}, {"pattern": "error", "ignore_case": True}),
        ("drop every line that isn't an ERROR", {"log": "txt"}, {"pattern": "ERROR"}),
        ("the events of type deploy", {"events": "csv"}, {"column": "type", "operator": "equals", "value": "deploy"}),
        ("sort the tasks by created, oldest first", {"tasks": "csv"}, {"by": ["created"]}),
        ("sort the members by age, oldest first", {"members": "csv"}, {"by": ["age"], "descending": True}),
        ("rename data to data.csv", {"data": "file"}, {"name": "data.csv"}),
        ('write "good day" to a file hello.txt', {}, {"text": "good day", "name": "hello.txt"}),
        ("a page of the story with the title My Story", {"story": "md"}, {"title": "My Story"}),
        ("sort the json keys and make it readable", {"settings": "json"}, {"sort_keys": True}),
        (
            "Ask phi-4 at https://example.org/v1 to write a haiku about rain",
            {},
            {"prompt": "write a haiku about rain", "endpoint": "https://example.org/v1", "model": "phi-4"},
        ),
        (
            "Label the note as bug, feature or question, using the model phi-4 at https://example.org/v1",
            {"note": "txt"},
            {"labels": ["bug", "feature", "question"], "endpoint": "https://example.org/v1", "model": "phi-4"},
        ),
    ],
)  # fmt: skip
def test_what_is_said_of_the_last_step(goal: str, given: Given, expected: dict[str, object]) -> None:
    assert arguments(goal, **given) == expected


def test_a_secret_is_named_by_the_place_that_holds_it() -> None:
    plan = plan_of(ask("fetch https://example.org/m.bin with token env:STORE_TOKEN and give me its sha256"))
    assert [step.call for step in plan.steps] == ["http.fetch", "files.checksum"]
    assert write_expression(plan.steps[0].with_["token"]) == "env:STORE_TOKEN"


def test_two_inputs_are_told_apart_by_a_word() -> None:
    plan = plan_of(ask("how does v1 of the letter differ from v2?", letter_v2="txt", letter_v1="txt"))
    written = {name: write_expression(value) for name, value in plan.steps[-1].with_.items()}
    assert written == {"before": {"from": "letter_v1"}, "after": {"from": "letter_v2"}}


def test_a_file_is_named_by_its_format_beside_another() -> None:
    plan = plan_of(ask("put the csv and the readme into a folder", figures="csv", readme="md"))
    assert write_expression(plan.steps[0].with_["files"]) == [{"from": "figures"}, {"from": "readme"}]


def test_nobody_gives_several_files_one_name() -> None:
    plan = plan_of(ask("find the logs in the folder and put them into all.log", folder="folder"))
    assert not any(step.each for step in plan.steps if step.call == "files.rename")
