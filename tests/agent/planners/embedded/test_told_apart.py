"""What several goals of people who don't know the planner were missed for."""

from __future__ import annotations

import pytest
from tests.agent.planners.embedded.asking import arguments, ask, calls, plan_of

from shunter.engine.plan.expression import write_expression


@pytest.mark.parametrize(
    ("goal", "given", "expected"),
    [
        (
            'I keep saying sorry and I say "literally" far too often. Give me the 10 most frequent words of the talk.',
            {"talk": "txt"},
            ["text.word_frequencies"],
        ),
        (
            "The old shows exist as wavs only. I'd like mp3 copies of all shows.",
            {"shows": "wav*"},
            ["media.convert_audio"],
        ),
        ("server.log of Friday attached. Show me its last 5 lines.", {"server": "txt"}, ["text.tail"]),
        (
            "Logs of two web servers, one file each. I want the first 10 lines of each log.",
            {"logs": "txt*"},
            ["text.head"],
        ),
        (
            "Here are the order confirmations as text files. Count the words of each.",
            {"confirmations": "txt*"},
            ["text.count"],
        ),
        (
            "I keep our machines in hosts.csv, and now somebody wants them as JSON.",
            {"hosts": "csv"},
            ["table.to_json"],
        ),
    ],
)  # fmt: skip
def test_what_is_told_of_things_asks_for_nothing(
    goal: str, given: dict[str, str], expected: list[str]
) -> None:
    assert calls(goal, **given) == expected


@pytest.mark.parametrize(
    ("goal", "old", "new"),
    [
        ("Put Site 7 wherever it says Harbour Street in the notes", "Harbour Street", "Site 7"),
        ("In the notes put Client A where it reads John Smith.", "John Smith", "Client A"),
        ("Write Acme wherever they say Globex Corporation in the notes", "Globex Corporation", "Acme"),
    ],
)
def test_names_are_put_where_others_are_said(goal: str, old: str, new: str) -> None:
    assert calls(goal, notes="txt") == ["text.replace"]
    assert arguments(goal, notes="txt") == {"old": old, "new": new}


@pytest.mark.parametrize(
    "goal",
    [
        "Have qwen3 (https://models.example.org/v1) answer from these notes: who paid the invoice?",
        "Let the model phi-4 (https://models.example.org/v1) answer from the notes: when is the next match?",
    ],
)
def test_an_address_may_stand_in_brackets(goal: str) -> None:
    step = plan_of(ask(goal, notes="txt*")).steps[-1]
    assert step.call == "rag.answer_with_model"
    assert write_expression(step.with_["endpoint"]) == "https://models.example.org/v1"


@pytest.mark.parametrize(
    ("goal", "at"),
    [
        ("A still from second 40 of the film, please", 40),
        ("I'd like a shot of the film at minute 2", 120),
        ("Give me the frame at second 12 of the film", 12),
    ],
)
def test_a_time_of_a_still_cuts_nothing(goal: str, at: int) -> None:
    step = plan_of(ask(goal, film="mp4")).steps[0]
    assert (step.call, write_expression(step.with_["at"])) == ("media.frame", at)


def test_what_stands_in_capitals_is_looked_for_as_it_stands() -> None:
    assert arguments("Only the lines of the log with FATAL in capitals", log="txt") == {"pattern": "FATAL"}


@pytest.mark.parametrize(
    "goal",
    [
        "I'd like one out of both, base.json and local.json, where local.json wins if they disagree",
        "Make a single config of base.json and local.json, in which local.json wins if they disagree",
    ],
)
def test_what_wins_says_that_files_are_merged(goal: str) -> None:
    assert calls(goal, base="json", local="json") == ["json.merge"]


def test_quotes_are_passages() -> None:
    goal = "What I want to find out from them is: why did they leave the village? Five quotes at most."
    assert arguments(goal, notes="txt*")["passages"] == 5
