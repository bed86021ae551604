"""What is learned from goals, and what it counts for."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from tests.agent.goals.suite import bundled

from shunter.agent.planners.embedded.classifier.classifier import Classifier, learned
from shunter.agent.planners.embedded.classifier.features import features_of
from shunter.agent.planners.embedded.classifier.leaning import leanings
from shunter.agent.planners.embedded.classifier.training import Sample, train
from shunter.agent.planners.embedded.planner import EmbeddedPlanner
from shunter.agent.planners.embedded.text import take_apart
from shunter.agent.planners.protocol import Proposal, Task
from shunter.engine import types as t
from shunter.instructions.goal import Goal

PICTURE = {"cover": t.File("image/png")}


def features(goal: str, inputs: Mapping[str, t.Type] | None = None) -> frozenset[str]:
    given = inputs or {}
    return features_of(take_apart(goal, given), given)


def samples() -> list[Sample]:
    zips = ["zip the folder", "zip all of it please", "a zip of the folder"]
    sums = ["the checksum of the folder", "checksum please", "a checksum of it"]
    return [
        *(Sample(features(goal), frozenset({"zip"})) for goal in zips),
        *(Sample(features(goal), frozenset({"sum"})) for goal in sums),
    ]


def test_an_input_is_known_by_its_type_and_not_by_its_name() -> None:
    assert features("Shrink the cover", PICTURE) == features("Shrink the cat", {"cat": t.File("image/png")})
    assert "<File[image/png]>" in features("Shrink the cover", PICTURE)


def test_literals_are_known_by_their_kind() -> None:
    assert features("to 300 pixels") == features("to 42 pixels")
    assert features("into notes.html") == features("into page.html") != features("into page.md")


def test_words_that_stood_with_a_function_speak_for_it() -> None:
    odds = train(samples()).odds(features("checksum of the archive"))
    assert odds["sum"] > 0 > odds["zip"]


def test_the_same_goals_teach_the_same() -> None:
    assert train(samples()).text() == train(samples()).text()


def test_what_was_learned_is_read_as_it_was_written(tmp_path: Path) -> None:
    classifier = train(samples())
    path = tmp_path / "weights.json"
    path.write_text(classifier.text(), encoding="utf-8")
    assert Classifier.read(path) == classifier


def test_what_is_seen_once_teaches_nothing() -> None:
    classifier = train([*samples(), Sample(frozenset({"frobnicate"}), frozenset({"rare"}))])
    assert "frobnicate" not in classifier.weights
    assert "rare" not in classifier.functions


def test_nothing_is_known_of_a_function_that_nothing_was_learned_of() -> None:
    assert "acme.widgets" not in learned().odds(frozenset())


def test_the_unlikely_counts_against_a_function_and_no_more_than_so_much() -> None:
    told = leanings({"unlikely": -5.0, "likely": 0.0, "never": -50.0, "least": -500.0}, 40)
    assert told["unlikely"] < 0.0 < told["likely"]
    assert told["never"] == told["least"]


def test_what_was_learned_counts_less_in_a_short_goal() -> None:
    assert leanings({"sum": -9.0}, 40)["sum"] < leanings({"sum": -9.0}, 5)["sum"] < 0.0


def test_every_bundled_function_is_learned_of() -> None:
    assert set(bundled()) - set(learned().functions) == set()


def test_a_planner_may_be_given_another_classifier() -> None:
    against = Classifier(("image.resize",), (-5000,), {})
    task = Task(Goal("Make the cover 300 pixels wide", PICTURE), dict(bundled()))
    usual, other = EmbeddedPlanner().plan(task), EmbeddedPlanner(against).plan(task)
    assert isinstance(usual, Proposal)
    assert [step.call for step in usual.plan.steps] == ["image.resize"]
    assert usual != other
