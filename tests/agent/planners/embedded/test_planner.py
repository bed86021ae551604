"""What the embedded planner answers to goals."""

from __future__ import annotations

import time

import pytest
from tests.agent.goals.suite import bundled
from tests.agent.planners.embedded.asking import arguments, ask, calls, plan_of, task

from shunter.agent.planners.embedded.planner import EmbeddedPlanner
from shunter.agent.planners.protocol import Attempt, Missing, Proposal, Question
from shunter.engine.plan.check import check_plan


@pytest.mark.parametrize(
    ("goal", "given", "wanted"),
    [
        ("What's inside this archive? Don't unpack it.", {"archive": "zip"}, ["archive.contents"]),
        ("the last 50 lines of the log", {"log": "txt"}, ["text.tail"]),
        ("count the words of the talk", {"talk": "mp3"}, ["speech.transcribe", "text.count"]),
        ("make subtitles for the film", {"film": "mp4"}, ["media.extract_audio", "speech.subtitles"]),
        ("lint it and show the first 20 lines", {"project": "folder"}, ["python.lint", "text.head"]),
        ("zip the pictures", {"pictures": "png*"}, ["files.collect", "archive.zip_folder"]),
        ("test the code after formatting it", {"code": "folder"}, ["python.format", "python.test"]),
        ("read the notes aloud", {"notes": "txt"}, ["text.to_string", "speech.say"]),
        ("Who founded it?", {"page": "md"}, ["rag.answer"]),
        ("remove duplicate lines from it", {"names": "txt"}, ["text.sort_lines"]),
    ],
)
def test_a_goal_becomes_calls_with_conversions_in_between(
    goal: str, given: dict[str, str], wanted: list[str]
) -> None:
    assert calls(goal, **given) == wanted


def test_a_condition_goes_before_the_totals_that_drop_its_column() -> None:
    goal = "the mean duration per artist, only for rows where year is greater than 1999"
    assert calls(goal, songs="csv") == ["table.where", "table.group"]


def test_what_is_of_those_comes_after_them() -> None:
    goal = "From the log I want the lines that contain loss, and of those only the last 25."
    assert calls(goal, log="txt") == ["text.grep", "text.tail"]


def test_a_verb_that_only_begins_a_request_chooses_no_function() -> None:
    assert calls('Take the article and answer "Where was he born?"', article="md") == ["rag.answer"]


def test_a_folder_s_files_are_found_where_each_is_worked_on() -> None:
    goal = "Convert all wav files in the folder to mp3"
    assert calls(goal, folder="folder") == ["files.find", "media.convert_audio"]


def test_two_named_inputs_are_each_worked_on() -> None:
    goal = "transcribe both debates"
    assert calls(goal, debate_a="wav", debate_b="wav") == ["speech.transcribe"] * 2


def test_superlatives_in_fixed_phrases_are_read_as_such() -> None:
    assert calls("films with a rating of at least 8", films="csv") == ["table.where"]
    assert calls("which words are used most in the talk?", talk="txt") == ["text.word_frequencies"]


def test_a_result_is_known_by_what_was_done() -> None:
    plan = plan_of(ask("format my code, run the tests and zip the formatted code", code="folder"))
    (zipped,) = (step for step in plan.steps if step.call == "archive.zip_folder")
    assert str(zipped.with_["folder"]) == "format"


def test_both_are_the_two_inputs_that_there_are() -> None:
    goal = "what's the difference between list.txt and other.txt, after sorting both?"
    assert calls(goal, list="txt", other="txt") == ["text.sort_lines", "text.sort_lines", "text.diff"]


def test_an_input_that_the_goal_does_not_name_stays_out_of_lists() -> None:
    plan = plan_of(ask("Put the trees and the shrubs into one text", trees="txt", shrubs="txt", rules="txt"))
    assert set(plan.inputs) == {"trees", "shrubs"}


def test_the_older_text_is_compared_with_what_was_made_of_it() -> None:
    goal = 'Replace "a" with "b" in config.txt and show me what changed'
    plan = plan_of(ask(goal, config="txt"))
    assert str(plan.steps[1].with_["before"]) != str(plan.steps[1].with_["after"])
    assert "config" in str(plan.steps[1].with_["before"])


def test_no_function_that_reaches_out_is_called_unasked() -> None:
    assert "speech.fetch_model" not in calls("Transcribe the talk with the Whisper model", talk="wav")
    assert calls("Download the tiny model") == ["speech.fetch_model"]


def test_arguments_are_said_in_many_ways() -> None:
    assert arguments("keep the payments with amount at least 250", payments="csv") == {
        "column": "amount", "operator": "at_least", "value": "250",
    }  # fmt: skip


@pytest.mark.parametrize("given", [{}, {"numbers": "txt"}, {"table": "csv", "talk": "mp3"}])
def test_a_nonsense_goal_is_missing_with_words_and_what_comes_near(given: dict[str, str]) -> None:
    answer = ask("order me a pizza", **given)
    assert isinstance(answer, Missing), answer
    assert "pizza" in answer.words
    assert set(answer.nearest) <= bundled().keys()
    assert "pizza" in answer.text


def test_a_goal_whose_input_is_missing_says_which() -> None:
    answer = ask("Transcribe the recording")
    assert isinstance(answer, Missing), answer
    assert answer.inputs == ("audio: File[audio/*]",)
    assert answer.nearest[0] == "speech.transcribe"
    assert "audio: File[audio/*]" in answer.text


def test_close_readings_are_a_question_with_a_plan_each() -> None:
    answer = ask("How long is it?", talk="wav")
    assert isinstance(answer, Question), answer
    texts = [choice.text for choice in answer.choices]
    assert len(set(texts)) == len(texts) > 1
    for choice in answer.choices:
        check_plan(choice.proposal.plan, bundled())


def test_a_refused_plan_is_not_proposed_again() -> None:
    first = plan_of(ask("How long is it?", talk="wav"))
    second = ask("How long is it?", Attempt(first), talk="wav")
    assert isinstance(second, Proposal)
    assert second.plan.steps != first.steps


def test_every_step_has_a_reason() -> None:
    answer = ask("count the words of the talk", talk="mp3")
    assert isinstance(answer, Proposal)
    assert [(reason.step, reason.text) for reason in answer.reasons] == [
        ("transcript", "to get File[text/plain] for what follows"),
        ("count", "count the words of the talk"),
    ]


def test_words_of_which_nothing_was_made_are_noted() -> None:
    answer = ask("Whimsically sort the guests by name", guests="csv")
    assert isinstance(answer, Proposal)
    assert answer.notes == ("nothing was made of “Whimsically”",)


def test_planning_is_the_same_each_time() -> None:
    goal = "Join a.csv and b.csv using the id column and keep rows where score is at least 50, as a page"
    answers = [EmbeddedPlanner().plan(task(goal, a="csv", b="csv")) for _ in range(3)]
    assert answers[0] == answers[1] == answers[2]


_HOSTILE = {
    "long": "sort the lines and count the words of it " * 250,
    "one word": "a" * 10_000,
    "regex bomb": "grep (a+)+$ " + "a" * 3_000 + "!",
    "stars": "*" * 5_000,
    "brackets": "(" * 3_000 + "[" * 3_000,
    "open quotes": '"' * 4_999,
    "quotes": "'“«`\"" * 900,
    "numbers": "1:1:1 2x2 3,000 " * 600,
    "dots": "a.b." * 2_000,
    "slashes": "/a" * 3_000,
    "emoji": "🚂🚃🚃 sort 🧾 the 🌳 lines 👍🏽" * 100,
    "nuls": "sort\x00the\x00lines\x00" * 300,
    "punctuation": ".,;:!?-()[]{}'\"" * 300,
    "commas": "," * 400,
    "listed": "a, " * 400,
    "questions": "what is that? " * 400,
    "conditions": "where a is b and " * 300,
    "nothing": "",
    "spaces": " \t\r\n" * 500,
    "right to left": "\u202esort the lines\u202c مرحبا " * 200,
    "lone surrogate": "sort \ud800 lines",
}


@pytest.mark.parametrize("name", _HOSTILE)
def test_a_hostile_text_is_answered_soon(name: str) -> None:
    started = time.process_time()
    answer = ask(_HOSTILE[name], names="txt", table="csv")
    assert time.process_time() - started < 1.0
    assert isinstance(answer, Proposal | Question | Missing)


def test_many_inputs_are_planned_with_soon() -> None:
    started = time.process_time()
    ask("put all the texts together and sort the lines", **{f"text_{number}": "txt" for number in range(60)})
    assert time.process_time() - started < 1.0
