"""Addresses: what is fetched, what is sent, and what is a model's."""

from __future__ import annotations

import pytest
from tests.agent.planners.embedded.asking import arguments, ask, calls, plan_of

from shunter.engine.plan.expression import write_expression

MODEL = {"endpoint": "https://llm.example.org/v1", "model": "qwen3"}


@pytest.mark.parametrize("verb", ["Pull", "Call", "Snag", "From"])
def test_an_address_is_fetched_with_whatever_verb(verb: str) -> None:
    goal = f"{verb} https://example.org/rates.csv and sort it by day"
    assert calls(goal) == ["http.fetch", "table.sort_rows"]


def test_what_stands_between_a_verb_and_its_address_is_made_first() -> None:
    goal = "send the value of build.id in the status to https://hooks.example.org/id"
    assert calls(goal, status="json") == ["json.get", "http.post_json"]


def test_data_that_is_written_out_is_sent() -> None:
    goal = 'Post {"state": "done"} to https://hooks.example.org/state'
    assert arguments(goal) == {"url": "https://hooks.example.org/state", "data": {"state": "done"}}


def test_the_address_of_a_model_is_not_fetched() -> None:
    goal = "Let the model qwen3 at https://llm.example.org/v1 say whether each mail is spam or ham"
    assert calls(goal, mails="txt*") == ["llm.classify"]
    assert arguments(goal, mails="txt*") == {**MODEL, "labels": ["spam", "ham"]}


def test_a_model_answers_from_what_it_is_given() -> None:
    goal = "Ask qwen3 at https://llm.example.org/v1 who wrote the letter, using the letter and the diary"
    assert calls(goal, letter="txt", diary="md") == ["rag.answer_with_model"]
    assert arguments(goal, letter="txt", diary="md") == {**MODEL, "question": "who wrote the letter"}


def test_a_schema_is_read_for_the_model() -> None:
    goal = "With qwen3 at https://llm.example.org/v1 extract what the schema asks for from the letter"
    assert calls(goal, letter="txt", schema="json") == ["json.read", "llm.extract"]


@pytest.mark.parametrize(
    ("goal", "command"),
    [
        ("Run `make all` in the image", ["make", "all"]),
        ("Execute `ls | wc -l` in the image", ["sh", "-c", "ls | wc -l"]),
        ("run python -V in the image", ["python", "-V"]),
    ],
)
def test_a_command_is_its_words_or_a_line_of_the_shell(goal: str, command: list[str]) -> None:
    step = plan_of(ask(goal, image="image")).steps[-1]
    assert step.call == "container.run"
    assert write_expression(step.with_["command"]) == command


def test_the_small_model_is_fetched_for_a_transcript() -> None:
    goal = "Transcribe the talk with the small Whisper model"
    assert calls(goal, talk="mp3") == ["speech.fetch_model", "speech.transcribe"]
