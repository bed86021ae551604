"""What is said out of courtesy, or to say what something is for."""

from __future__ import annotations

import pytest
from tests.agent.planners.embedded.asking import arguments, calls

from shunter.agent.planners.embedded.courtesy import reasons, without_courtesies


@pytest.mark.parametrize(
    "goal",
    [
        "Would you be so kind as to transcribe the talk?",
        "When you have a moment, transcribe the talk. Thanks a lot!",
        "If it isn't too much trouble, I'd be grateful for a transcript of the talk",
        "I was wondering whether you could possibly transcribe the talk for me",
        "It would be lovely if you could transcribe the talk, so that I can read it on the train.",
        "My aunt is hard of hearing, so please transcribe the talk",
    ],
)
def test_courtesies_ask_for_nothing(goal: str) -> None:
    assert calls(goal, talk="mp3") == ["speech.transcribe"]


def test_every_other_character_stays_where_it_is() -> None:
    text = "Hello there! Could you possibly count the lines, please?"
    cleaned = without_courtesies(text)
    assert len(cleaned) == len(text)
    assert cleaned.index("count") == text.index("count")


def test_a_courtesy_in_quotes_is_a_text() -> None:
    assert arguments('say "Thank you very much"') == {"text": "Thank you very much"}


def test_a_reason_begins_and_ends_with_its_part_of_the_sentence() -> None:
    text = "Zip it so that I can send it, and tell me its checksum"
    assert [text[start:end].strip() for start, end in reasons(text)] == ["so that I can send it"]


def test_what_is_told_is_passed_over() -> None:
    goal = (
        "The agency sent us a zip, and somewhere in it there is press/logo.png. Make that one 40 pixels tall."
    )
    assert calls(goal, kit="zip") == ["archive.unpack", "files.pick", "image.resize"]
