"""What is said in a roundabout way: by what something has to become, beforehand, or with reasons around it."""

from __future__ import annotations

import pytest
from tests.agent.planners.embedded.asking import Given, arguments, calls


@pytest.mark.parametrize(
    ("goal", "old", "new"),
    [
        ("In each of the letters Falcon has to become Heron", "Falcon", "Heron"),
        ('In the letters "Mr Smith" should be "Dr Smith".', "Mr Smith", "Dr Smith"),
        ("Our company is called otherwise now: in the letters Acme must become Umbra.", "Acme", "Umbra"),
    ],
)
def test_what_has_to_become_something_else_is_replaced(goal: str, old: str, new: str) -> None:
    assert calls(goal, letters="txt*") == ["text.replace"]
    assert arguments(goal, letters="txt*") == {"old": old, "new": new}


@pytest.mark.parametrize(
    ("goal", "value"),
    [
        ("the jobs whose started is 2025-01-01 or later", "2025-01-01"),
        ("jobs where started is 2024-06-30 or later, please", "2024-06-30"),
    ],
)
def test_a_value_with_its_comparison_behind_it_is_more_than_an_equal_one(goal: str, value: str) -> None:
    assert arguments(goal, jobs="csv") == {"column": "started", "operator": "at_least", "value": value}


@pytest.mark.parametrize(
    ("goal", "given", "expected"),
    [
        ("Make a webm of the clip; the website people can't use anything else, I'm told.", {"clip": "mp4"}, ["media.convert_video"]),
        ("The colour printer won't work today. Turn the photo grayscale.", {"photo": "png"}, ["image.grayscale"]),
        ("Testing whether this can replace my Makefile: run the unit tests of the repo.", {"repo": "folder"}, ["python.test"]),
        ("Trying out what this can do: a zip of the docs folder.", {"docs": "folder"}, ["archive.zip_folder"]),
        ("I'm a sociologist with a dozen interviews. I'd like them all typed out.", {"interviews": "mp3*"}, ["speech.transcribe"]),
    ],
)  # fmt: skip
def test_reasons_and_trials_ask_for_nothing(goal: str, given: Given, expected: list[str]) -> None:
    assert calls(goal, **given) == expected


@pytest.mark.parametrize(
    ("goal", "pattern"),
    [
        ("all *.log anywhere below the dump -> one file", "**/*.log"),
        ("every *.toml below the dump, put together in one file", "*.toml"),
        ("the *.md somewhere under the dump, in one file", "**/*.md"),
    ],
)
def test_a_pattern_finds_files_without_a_verb(goal: str, pattern: str) -> None:
    assert calls(goal, dump="folder")[0] == "files.find"
    assert arguments(goal.partition(",")[0].partition(" ->")[0], dump="folder") == {"pattern": pattern}


@pytest.mark.parametrize(
    "goal",
    [
        'embed "cold start" and "warm pool" with e5-small at https://embed.example.org/v1',
        'Embeddings for "cold start" and "warm pool", please: e5-small behind https://embed.example.org/v1.',
    ],
)
def test_several_quoted_texts_are_taken_together(goal: str) -> None:
    assert calls(goal) == ["llm.embed"]
    assert arguments(goal)["texts"] == ["cold start", "warm pool"]


@pytest.mark.parametrize(
    "goal",
    [
        "How many lines of the log mention timeout? Upper or lower case doesn't matter.",
        "How many lines of the log contain error? Ignore case.",
    ],
)
def test_a_sentence_on_case_belongs_to_the_question_before_it(goal: str) -> None:
    assert calls(goal, log="txt") == ["text.grep", "text.count"]


@pytest.mark.parametrize(
    "goal",
    [
        "Average accuracy per model. Join runs and scores on run_id first.",
        "The average accuracy per model. You have to join runs and scores over run_id first.",
    ],
)
def test_what_is_to_be_done_first_comes_first(goal: str) -> None:
    assert calls(goal, runs="csv", scores="csv") == ["table.join", "table.group"]


def test_first_may_as_well_be_the_beginning_of_an_order() -> None:
    assert calls("sort the orders by price, the highest first", orders="csv") == ["table.sort_rows"]
    assert calls("sort the orders with the highest price first", orders="csv") == ["table.sort_rows"]


@pytest.mark.parametrize(
    ("goal", "given", "expected"),
    [
        ("zip the docs and tell me the md5 of the archive you made", {"docs": "folder"}, ["archive.zip_folder", "files.checksum"]),
        ("put the folder site at /srv/www on top of base_image, and give me the sha512 of the container image you built", {"site": "folder", "base_image": "image"}, ["container.build", "files.checksum"]),
        ("ruff-format the scheduler service, then lint what comes out", {"scheduler": "folder"}, ["python.format", "python.lint"]),
        ("md5 of conf/app.json in backup", {"backup": "zip"}, ["archive.unpack", "files.pick", "files.checksum"]),
        ("the sha1 of the file bin/agentd in the backup", {"backup": "zip"}, ["archive.unpack", "files.pick", "files.checksum"]),
        ("run the tests of the billing service", {"billing": "folder"}, ["python.test"]),
        ("which port do we use? It should be somewhere in the .md files under docs.", {"docs": "folder"}, ["files.find", "rag.answer"]),
        ("What colour is the logo? It must be said in the .txt files of the wiki.", {"wiki": "folder"}, ["files.find", "rag.answer"]),
    ],
)  # fmt: skip
def test_things_are_called_by_what_was_done_or_what_they_are_of(
    goal: str, given: Given, expected: list[str]
) -> None:
    assert calls(goal, **given) == expected
