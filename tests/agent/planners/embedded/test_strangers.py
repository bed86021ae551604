"""How people put things who don't know the catalogue."""

from __future__ import annotations

import pytest
from tests.agent.planners.embedded.asking import Given, arguments, ask, calls, literals, plan_of

from shunter.agent.planners.protocol import Missing
from shunter.engine.plan.expression import write_expression


@pytest.mark.parametrize(
    ("goal", "given", "expected"),
    [
        ("take all lines saying TIMEOUT out of the log", {"log": "txt"}, ["text.grep"]),
        ("What does https://www.example.org/hours.txt say? Look up https://www.example.org/hours.txt and show me the lines about Sunday", {}, ["http.fetch", "text.grep"]),
        ("Look up https://www.example.org/prices.txt and keep the lines about apples", {}, ["http.fetch", "text.grep"]),
        ("tell me what the columns of the census are like, and how many are filled in", {"census": "csv"}, ["table.describe"]),
        ("profile the columns of the visits", {"visits": "csv"}, ["table.describe"]),
        ("nobody can read the settings, all is on one line. Lay them out so a person can read them.", {"settings": "json"}, ["json.pretty"]),
        ("What is optimizer.lr set to in the config?", {"config": "json"}, ["json.get"]),
        ("what's server.port in the settings?", {"settings": "json"}, ["json.get"]),
        ("get Whisper large-v3 and use it to make captions for the talk", {"talk": "mp3"}, ["speech.fetch_model", "speech.subtitles"]),
        ("what's in the checkpoints folder, with sizes, largest bytes first?", {"checkpoints": "folder"}, ["files.listing", "table.sort_rows"]),
        ("what's in the bundle?", {"bundle": "zip"}, ["archive.contents"]),
        ("those with rating at least 4 as a Markdown table, I paste that on our blog", {"reviews": "csv"}, ["table.where", "report.table_to_markdown"]),
        ("the members as a Markdown table with nothing but name and town", {"members": "csv"}, ["table.select", "report.table_to_markdown"]),
        ("the guides must be web pages when they get them, all together in a zip called guides.zip", {"guides": "md*"}, ["report.markdown_to_html", "files.collect", "archive.zip_folder"]),
        ("Which files in the share are over 5000 bytes? Markdown table, I'll paste it into the issue.", {"share": "folder"}, ["files.listing", "table.where", "report.table_to_markdown"]),
        ("top 15 words in the notes, I'm making a word cloud for the team", {"notes": "txt"}, ["text.word_frequencies"]),
        ("the MD5 of the installer, which we have to compare with the vendor's sheet", {"installer": "file"}, ["files.checksum"]),
        ("wav, 8 kHz, for all of the calls - telephony wants it that way", {"calls": "mp3*"}, ["speech.to_wav"]),
        ("Subtitles of the talk. It's in German, use the turbo model.", {"talk": "mp3"}, ["speech.fetch_model", "speech.subtitles"]),
        ("run make docs in the builder with the handbook and keep the folder that comes out", {"builder": "image", "handbook": "folder"}, ["container.run_for_folder"]),
        ("hit https://releases.example.dev/api/latest, what is assets[0].digest?", {}, ["http.get_json", "json.write", "json.get"]),
        ("sort these tickets into incident, request or question with the model small-1 at https://models.example.net/v1", {"tickets": "txt*"}, ["llm.classify"]),
        ("sort the names into sorted.txt", {"names": "txt"}, ["text.sort_lines", "files.rename"]),
        ("Make one JSON file of both, called stock.json", {"north_branch": "csv", "south_branch": "csv"}, ["table.to_json", "table.to_json", "json.merge"]),
        ("concatenate the manifests into all.yaml", {"manifests": "txt*"}, ["text.concatenate", "files.rename"]),
    ],
)  # fmt: skip
def test_what_is_meant_in_other_words(goal: str, given: Given, expected: list[str]) -> None:
    assert calls(goal, **given) == expected


@pytest.mark.parametrize(
    ("goal", "given", "expected"),
    [
        ("join the members with the payments on member_id, keep those who haven't paid too", {"members": "csv", "payments": "csv"}, {"on": "member_id", "kind": "left"}),
        ("join the sensors with the readings on sensor_id such that sensors without any readings stay in the result", {"sensors": "csv", "readings": "csv"}, {"on": "sensor_id", "kind": "left"}),
        ("average amount per department of the expenses, and publish that", {"expenses": "csv"}, {"by": ["department"], "column": "amount", "total": "mean"}),
        ("put the biggest files at the top by sorting on bytes", {"files": "csv"}, {"by": ["bytes"], "descending": True}),
        ("drop the opening 12 seconds of the clip", {"clip": "mp4"}, {"start": 12}),
        ("keep the lines of the log where timeout comes up", {"log": "txt"}, {"pattern": "timeout"}),
        ("lines of the sales where region is north", {"sales": "csv"}, {"column": "region", "operator": "equals", "value": "north"}),
        ("left-join the predictions with the labels on sample_id", {"predictions": "csv", "labels": "csv"}, {"on": "sample_id", "kind": "left"}),
        ("count the rows per value of label", {"runs": "csv"}, {"by": ["label"], "total": "count"}),
        ("sort by f1, then leave run_id, owner and f1 only", {"runs": "csv"}, {"columns": ["run_id", "owner", "f1"]}),
        ("in the end I want to see order_id, name and city, nothing else", {"orders": "csv"}, {"columns": ["order_id", "name", "city"]}),
        ("just timestamp, sensor and value of the measurements, in that order", {"measurements": "csv"}, {"columns": ["timestamp", "sensor", "value"]}),
        ("rows of measurements where sensor matches the regex ^T[0-9]+$", {"measurements": "csv"}, {"column": "sensor", "operator": "matches", "value": "^T[0-9]+$"}),
        ("diff old against new without any context lines", {"old": "txt", "new": "txt"}, {"context": 0}),
        ("diff old against new, no lines of context", {"old": "txt", "new": "txt"}, {"context": 0}),
        ("what changed from old to new? zero lines of context", {"old": "txt", "new": "txt"}, {"context": 0}),
        ("put the raffle in order of the numbers, highest first", {"raffle": "txt"}, {"numeric": True, "reverse": True}),
        ("order the lines by the number at the front", {"queue": "txt"}, {"numeric": True}),
        ("leave me only the five at the top of the list", {"names": "txt"}, {"lines": 5}),
        ("all *.log files in the dump, subdirs too", {"dump": "folder"}, {"pattern": "**/*.log"}),
        ("lines of the log that say disk in any capitalisation", {"log": "txt"}, {"pattern": "disk", "ignore_case": True}),
        ("lose everything before second 95 of the episode", {"episode": "mp3"}, {"start": 95}),
        ("in every letter Acme Ltd has to become Apex Trading Inc", {"letters": "txt*"}, {"old": "Acme Ltd", "new": "Apex Trading Inc"}),
    ],
)  # fmt: skip
def test_what_is_said_of_a_step(goal: str, given: Given, expected: dict[str, object]) -> None:
    assert arguments(goal, **given) == expected


@pytest.mark.parametrize(
    ("goal", "name"),
    [
        ("every photo needs the prefix raw- before its old name", "raw-{stem}{suffix}"),
        ('put "2024_" in front of the names of all photos', "2024_{stem}{suffix}"),
        ("add the suffix _old to the names of the photos", "{stem}_old{suffix}"),
        ('add "-final" to the name of each photo, directly before the extension', "{stem}-final{suffix}"),
        ("every photo must carry -approved at the end of its name", "{stem}-approved{suffix}"),
    ],
)
def test_names_are_made_of_the_old_ones(goal: str, name: str) -> None:
    assert literals(goal, photos="png*") == [{"name": name}]


@pytest.mark.parametrize("part", ["../", "a/b", "{stem}", " "])
def test_what_no_name_has_in_it_is_put_before_none(part: str) -> None:
    answer = ask(f'put "{part}" in front of the names of all photos', photos="png*")
    assert isinstance(answer, Missing) or part not in str(plan_of(answer).steps[0].with_.get("name", ""))


@pytest.mark.parametrize("goal", ["How many errors are in the log?", "only the errors of the log"])
def test_things_in_a_log_are_found_however_they_are_written(goal: str) -> None:
    assert {"pattern": "error", "ignore_case": True} in literals(goal, log="txt")


def test_a_code_is_found_as_it_is_written() -> None:
    assert {"pattern": "ERROR"} in literals("How many ERROR lines are in the log?", log="txt")


def test_one_quote_is_a_number_of_passages() -> None:
    assert arguments("When is the cutover? One quote is enough.", minutes="txt")["passages"] == 1


def test_one_passage_is_plenty() -> None:
    assert arguments("When is the cutover? One passage is plenty.", minutes="txt")["passages"] == 1


@pytest.mark.parametrize(
    "counted", ["the number of failed tests", "the number of tests that failed", "how many failed"]
)
def test_a_number_is_sent_alone_where_it_is_asked_for(counted: str) -> None:
    goal = f"Run the tests of the service, then send {counted} to https://hooks.example.com/quality"
    sent = plan_of(ask(goal, service="folder")).steps[-1].with_["data"]
    assert write_expression(sent) == {"from": "test.failed"}


def test_all_of_a_result_is_sent_where_no_number_is_asked_for() -> None:
    goal = "Count the words of the essay. The numbers go to https://api.example.com/words."
    sent = plan_of(ask(goal, essay="txt")).steps[-1].with_["data"]
    assert write_expression(sent) == {"from": "count"}


def test_a_voice_is_called_by_its_code() -> None:
    assert arguments("read the text out by the fr voice, 100 words a minute", text="txt")["voice"] == "fr"


def test_a_voice_may_stand_alone() -> None:
    goal = 'Speak "the disk is full" with a British voice, en-gb-x-rp, at 120 words per minute'
    assert arguments(goal)["voice"] == "en-gb-x-rp"


def test_an_image_starts_what_stands_behind() -> None:
    goal = "Build an image from the folder service, and the image should start python3 main.py"
    assert arguments(goal, service="folder") == {"command": ["python3", "main.py"]}


def test_unlike_plurals_name_the_same() -> None:
    assert calls("Width and height of every confusion matrix plot", confusion_matrices="png*") == [
        "image.properties"
    ]


def test_what_a_model_listens_at_is_not_posted_to() -> None:
    goal = "Send the text to mistral-small at https://gateway.example.org/v1"
    answer = ask(goal, text="txt")
    assert isinstance(answer, Missing) or "http.post_json" not in calls(goal, text="txt")


def test_parentheses_with_nothing_in_them_break_nothing() -> None:
    assert calls("summary() of the table: which columns, and what values", table="csv") == ["table.describe"]


def test_strange_words_around_a_plain_request_do_not_hide_it() -> None:
    goal = "Printer says some of our pictures are too small. Which dimensions does each have?"
    assert calls(goal, pictures="png*") == ["image.properties"]


@pytest.mark.parametrize(
    ("goal", "given"),
    [
        ("Translate the whole contract into Japanese and have a lawyer look at whether the clauses still hold", {"contract": "txt"}),
        ("Paint the portrait in the style of Van Gogh and remove the people in the background", {"portrait": "png"}),
        ("Deploy the service to the staging cluster with helm and roll it back if the error rate goes up", {"service": "folder"}),
        ("Increase the volume of the recording by six decibels and remove the background hiss", {"recording": "wav"}),
    ],
)  # fmt: skip
def test_what_no_function_does_is_missing(goal: str, given: Given) -> None:
    assert isinstance(ask(goal, **given), Missing)
