"""Cuts in a goal's text, what its words speak for, and readings of both."""

from __future__ import annotations

import pytest
from tests.agent.goals.suite import bundled
from tests.agent.planners.embedded.asking import kinds

from shunter.agent.planners.embedded.bridges import Bridges
from shunter.agent.planners.embedded.chunks import MAX_CHUNKS, chunks_of
from shunter.agent.planners.embedded.classifier.classifier import Classifier
from shunter.agent.planners.embedded.classifier.leaning import Leaning
from shunter.agent.planners.embedded.flow import Flow
from shunter.agent.planners.embedded.joints import Joint
from shunter.agent.planners.embedded.lexicon import lexicon_of
from shunter.agent.planners.embedded.readings import Reader
from shunter.agent.planners.embedded.text import take_apart

LEXICON = lexicon_of(bundled())
BRIDGES = Bridges(bundled().values())


def _reader(goal: str, **given: str) -> Reader:
    inputs = kinds(given)
    flow = Flow(bundled(), inputs.values(), BRIDGES)
    text = take_apart(goal, inputs, LEXICON.choices)
    return Reader(text, LEXICON, flow, Leaning(Classifier(), [()] * len(text.tokens), ()))


def _read(goal: str, **given: str) -> list[str]:
    return [stretch.function for stretch in _reader(goal, **given).readings()[0].stretches]


def _cut(goal: str, **given: str) -> list[tuple[str, Joint]]:
    text = take_apart(goal, kinds(given))
    words = range(len(text.tokens))
    return [
        (" ".join(token.word for token in text.tokens[chunk.start : chunk.end]), chunk.joint)
        for chunk in chunks_of(text.tokens, words, text.mentioned)
    ]


def test_words_between_clauses_say_which_comes_first() -> None:
    assert _cut("sort it and zip it of its size") == [
        ("sort it", Joint.BREAK),
        ("and zip it", Joint.AFTER),
        ("of its size", Joint.BEFORE),
    ]


def test_what_is_of_those_is_said_to_come_after() -> None:
    assert _cut("grep it , of those ten")[-1][1] is Joint.AFTER


def test_a_participle_says_what_is_done_first() -> None:
    assert _cut("a page sorted by name")[1] == ("sorted", Joint.BEFORE)
    assert _cut("the last ten , sorted")[-1][1] is Joint.BREAK


def test_names_in_a_row_are_not_cut_apart() -> None:
    assert len(_cut("merge a.json, b.json and c.json", a="json", b="json", c="json")) == 1


def test_a_text_has_only_so_many_chunks() -> None:
    assert len(_cut("sort it, " * 200)) == MAX_CHUNKS


@pytest.mark.parametrize(
    ("goal", "given", "functions"),
    [
        ("unzip it and list the files", {"box": "zip"}, ["archive.unpack", "files.listing"]),
        ("make it black and white", {"photo": "png"}, ["image.grayscale"]),
        ("put the letters in a folder", {"letters": "txt*"}, ["files.collect"]),
        ("write down what the talk says", {"talk": "wav"}, ["speech.transcribe"]),
        ("the ERROR lines of the log", {"log": "txt"}, ["text.grep"]),
        ("the biggest on top by size", {"table": "csv"}, ["table.sort_rows"]),
        ("its frame rate", {"film": "mp4"}, ["media.properties"]),
    ],
)
def test_words_speak_for_functions(goal: str, given: dict[str, str], functions: list[str]) -> None:
    assert _read(goal, **given) == functions


def test_only_functions_that_can_be_fed_are_read() -> None:
    few = {name: bundled()[name] for name in ("image.convert", "speech.transcribe", "text.count")}
    flow = Flow(few, kinds({"talk": "wav"}).values(), Bridges(few.values()))
    reached = {name for name in few if flow.reaches(name)}
    assert reached == {"speech.transcribe", "text.count"}


def test_what_is_denied_speaks_against_a_function() -> None:
    weights = {cue.meanings[0][0]: cue.weight for cue in _reader("don't unpack it, list it", box="zip").cues}
    assert weights["unpack"] < 0 < weights["list"]


def test_a_word_that_functions_hardly_say_tells_little() -> None:
    assert LEXICON.rarity["stand"] < LEXICON.rarity["transcrib"]


def test_a_format_that_is_given_tells_less_than_one_that_is_made() -> None:
    given, made = (
        next(cue.weight for cue in _reader(goal, data="csv").cues if cue.media == "text/csv")
        for goal in ("the csv, please", "turn it into csv")
    )
    assert given < made
