"""Goals of few words, and words that stand for what has to be done first."""

from __future__ import annotations

import pytest
from tests.agent.planners.embedded.asking import arguments, ask, calls, plan_of

from shunter.engine.plan.expression import write_expression


@pytest.mark.parametrize(
    ("goal", "given", "expected"),
    [
        ("log -> last 50 -> only ERROR -> count", {"log": "txt"}, ["text.tail", "text.grep", "text.count"]),
        ("clip 0:10-0:25, mp3", {"song": "wav"}, ["media.trim_audio", "media.convert_audio"]),
        ("how many errors are in the log?", {"log": "txt"}, ["text.grep", "text.count"]),
        ("mp4: sound, mp3", {"film": "mp4"}, ["media.extract_audio", "media.convert_audio"]),
        ("format, lint, test", {"project": "folder"}, ["python.format", "python.lint", "python.test"]),
        ("sha256 of every file in the folder", {"folder": "folder"}, ["files.find", "files.checksum"]),
        ("how big is each file in the zip? don't unpack it", {"box": "zip"}, ["archive.contents"]),
        ("a 32x32 jpeg of the logo", {"logo": "png"}, ["image.resize", "image.convert"]),
        ("a 32x32 png of the logo", {"logo": "png"}, ["image.resize"]),
        (
            "the readme as a page called index.html",
            {"readme": "md"},
            ["report.markdown_to_html", "files.rename"],
        ),
        ('the passages on "fire" in the rules', {"rules": "md"}, ["rag.chunk", "rag.index", "rag.retrieve"]),
        ("What does the box contain? Leave it shut.", {"box": "zip"}, ["archive.contents"]),
    ],
)
def test_few_words_are_enough(goal: str, given: dict[str, str], expected: list[str]) -> None:
    assert calls(goal, **given) == expected


def test_two_parts_of_one_thing_stand_beside_each_other() -> None:
    goal = "Take the first 2 lines of the log and its last 3 lines and join both parts"
    plan = plan_of(ask(goal, log="txt"))
    assert [step.call for step in plan.steps] == ["text.head", "text.tail", "text.concatenate"]
    assert [write_expression(step.with_["file"]) for step in plan.steps[:2]] == [{"from": "log"}] * 2


@pytest.mark.parametrize(
    ("goal", "before", "after"),
    [
        ("How does the final draft differ from the first draft?", "first_draft", "final_draft"),
        ("compare the rules", "rules_2023", "rules_2024"),
    ],
)
def test_the_older_of_two_versions_comes_first(goal: str, before: str, after: str) -> None:
    step = plan_of(ask(goal, **{after: "txt", before: "txt"})).steps[-1]
    written = {name: write_expression(value) for name, value in step.with_.items()}
    assert written == {"before": {"from": before}, "after": {"from": after}}


@pytest.mark.parametrize(
    ("goal", "old", "new"),
    [
        ("swap 10.0.0.5 for 10.0.0.9 in the text", "10.0.0.5", "10.0.0.9"),
        ('it is "Dr Ray", not "Mr Ray": replace that in the text', "Mr Ray", "Dr Ray"),
        ('the word "draft" must be removed from the text', "draft", ""),
        (r"replace the regex \s+$ with nothing", r"\s+$", ""),
    ],
)
def test_one_text_takes_the_place_of_another(goal: str, old: str, new: str) -> None:
    found = arguments(goal, text="txt")
    assert (found["old"], found["new"]) == (old, new)


def test_what_begins_after_a_moment_has_no_end() -> None:
    assert arguments("everything after minute 5 of the call", call="mp3") == {"start": 300.0}


def test_a_number_of_words_is_no_number_of_passages() -> None:
    goal = 'Cut the rules into passages of 60 words, index them and search for "fire"'
    plan = plan_of(ask(goal, rules="md"))
    assert write_expression(plan.steps[0].with_["size"]) == 60
    assert "top" not in plan.steps[-1].with_


def test_a_table_of_what_a_function_tells_goes_on_with_what_it_tells() -> None:
    goal = "Describe the columns of usage and show the result as a Markdown table"
    expected = ["table.describe", "json.write", "table.from_json", "report.table_to_markdown"]
    assert calls(goal, usage="csv") == expected
