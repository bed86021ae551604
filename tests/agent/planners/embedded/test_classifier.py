"""What is learned from parts of goals, and what it counts for."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from shunter.agent.planners.embedded.classifier.classifier import NOTHING, Classifier, learned
from shunter.agent.planners.embedded.classifier.leaning import Leaning
from shunter.agent.planners.embedded.classifier.signs import Signs, signs_of
from shunter.agent.planners.embedded.classifier.training import Sample, train
from shunter.agent.planners.embedded.text import take_apart
from shunter.engine import types as t

BOTH = frozenset({"zip", "sum"})
PICTURE = {"cover": t.File("image/png")}


def signs(goal: str, inputs: Mapping[str, t.Type] | None = None) -> Signs:
    text = take_apart(goal, inputs or {})
    return signs_of(text.tokens, text.mentioned, text.aside)


def features(goal: str, inputs: Mapping[str, t.Type] | None = None) -> tuple[str, ...]:
    return tuple(feature for at in signs(goal, inputs) for feature in at)


def samples() -> list[Sample]:
    zips = ["zip the folder", "zip all of it please", "a zip of the folder"]
    sums = ["the checksum of the folder", "checksum please", "a checksum of it"]
    told = ["the folder is old", "nobody looks into it", "it came in on monday"]
    return [
        *(Sample(features(goal), "zip") for goal in zips),
        *(Sample(features(goal), "sum") for goal in sums),
        *(Sample(features(goal), NOTHING) for goal in told),
    ]


def likely(classifier: Classifier, goal: str) -> dict[str, float]:
    return classifier.log_likelihoods(classifier.sums(features(goal)), range(len(classifier.functions)))


def test_an_input_is_known_as_given_and_not_by_its_name() -> None:
    assert features("Shrink the cover", PICTURE) == features("Shrink the cat", {"cat": t.File("image/png")})
    assert "<given>" in features("Shrink the cover", PICTURE)


def test_literals_are_known_by_their_kind() -> None:
    assert features("to 300 pixels") == features("to 42 pixels")
    assert features("into notes.html") == features("into page.html") != features("into page.md")


def test_words_in_a_row_are_a_feature_and_those_of_two_sentences_are_not() -> None:
    assert features("zip folder") == ("zip", "folder", "zip folder")
    assert not any(" " in feature for feature in features("zip. folder"))


def test_words_that_stood_with_a_function_speak_for_it() -> None:
    found = likely(train(samples()), "checksum of the archive")
    assert max(found, key=lambda name: found[name]) == "sum"


def test_what_only_tells_something_is_told_apart() -> None:
    found = likely(train(samples()), "it came in on friday")
    assert max(found, key=lambda name: found[name]) == NOTHING


def test_the_same_parts_teach_the_same_in_whatever_order() -> None:
    assert train(samples()).text() == train(samples()[::-1]).text()


def test_what_was_learned_is_read_as_it_was_written(tmp_path: Path) -> None:
    classifier = train(samples())
    path = tmp_path / "weights.json"
    path.write_text(classifier.text(), encoding="utf-8")
    assert Classifier.read(path) == classifier


def test_each_part_of_a_goal_is_told_by_its_own_words() -> None:
    told = signs("zip the folder, checksum of it")
    leaning = Leaning(train(samples() * 9), told, BOTH)
    middle = next(at for at, features in enumerate(told) if not features)
    assert leaning.gain("sum", 0, middle) < leaning.gain("zip", 0, middle)
    assert leaning.gain("zip", middle, len(told)) < leaning.gain("sum", middle, len(told))


def test_what_is_unlikely_counts_against_a_function_and_no_more_than_so_much() -> None:
    classifier = train(samples() * 9)
    once, often = signs("zip the folder"), signs("zip the folder " * 40)
    assert Leaning(classifier, once, BOTH).gain("sum", 0, len(once)) < 0.0
    assert Leaning(classifier, often, BOTH).gain("sum", 0, len(often)) == pytest.approx(-4.8)


def test_what_was_learned_counts_less_in_a_short_goal() -> None:
    classifier = train(samples() * 9)
    alone, longer = signs("zip the folder"), signs("zip the folder. " + "so it is. " * 9)
    part = len(alone) - 1
    assert (
        0.0
        < Leaning(classifier, alone, BOTH).gain("zip", 0, part)
        < Leaning(classifier, longer, BOTH).gain("zip", 0, part)
    )


def test_functions_that_cannot_be_meant_take_nothing_from_the_others() -> None:
    told = signs("checksum of it")
    classifier = train(samples() * 9)
    assert Leaning(classifier, told, BOTH).gain("zip", 0, 3) < Leaning(classifier, told, {"zip"}).gain(
        "zip", 0, 3
    )


def test_nothing_is_known_of_a_function_that_nothing_was_learned_of() -> None:
    told = signs("zip the folder")
    assert Leaning(learned(), told, {"acme.widgets"}).gain("acme.widgets", 0, len(told)) == 0.0
    assert Leaning(Classifier(), told, BOTH).gain("zip", 0, len(told)) == 0.0
