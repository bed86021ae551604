"""What people mean who say it plainly, in words that rules took for something else."""

from __future__ import annotations

import pytest
from tests.agent.planners.embedded.asking import Given, arguments, ask, calls, plan_of


@pytest.mark.parametrize(
    ("goal", "given"),
    [
        ("OPS-318: count the lines of the notes", {"notes": "txt"}),
        ("OPS-318 - how many lines do the notes have?", {"notes": "txt"}),
        ("ML-7 background: nobody has looked at them for a year. So: count the lines of the notes", {"notes": "txt"}),
    ],
)  # fmt: skip
def test_the_key_of_a_ticket_is_not_looked_for(goal: str, given: Given) -> None:
    assert calls(goal, **given) == ["text.count"]


def test_a_ticket_that_is_asked_for_is_looked_for() -> None:
    assert arguments("keep the lines of the notes with OPS-318", notes="txt")["pattern"] == "OPS-318"


@pytest.mark.parametrize(
    "goal",
    [
        "What's inside https://example.org/fonts.zip?",
        "What's inside https://example.org/fonts.zip? Don't unpack it, I only want the list.",
    ],
)
def test_what_is_inside_an_address_is_fetched_first(goal: str) -> None:
    assert calls(goal) == ["http.fetch", "archive.contents"]


@pytest.mark.parametrize(
    "goal",
    ["Squash the scan to exactly 28x28.", "squash the scan down to 28 by 28", "squeeze the scan to 28x28"],
)
def test_what_is_squashed_to_a_size_is_resized(goal: str) -> None:
    assert calls(goal, scan="png") == ["image.resize"]
    assert arguments(goal, scan="png") == {"width": 28, "height": 28}


@pytest.mark.parametrize(
    "goal",
    [
        "the portrait, cropped to its top left 400 by 500 pixels",
        "crop the portrait to the top left 400x500",
        "crop the portrait to the upper left 400 by 500 pixels",
    ],
)
def test_the_top_left_needs_no_corner(goal: str) -> None:
    assert arguments(goal, portrait="png") == {"left": 0, "top": 0, "width": 400, "height": 500}


@pytest.mark.parametrize(
    "goal", ["the talk as a mono 16-bit wav, 8 kHz", "make a 16-bit wav at 8 kHz of the talk"]
)
def test_how_finely_a_sound_is_told_apart_is_no_rate(goal: str) -> None:
    assert arguments(goal, talk="mp3") == {"sample_rate": 8000}


def test_a_format_in_brackets_is_no_language() -> None:
    assert "language" not in arguments("captions (vtt) of the talk", talk="mp3")


@pytest.mark.parametrize(
    "goal",
    [
        "Parse the script and write what comes out to tools.json",
        "parse the script, what came out goes to tools.json",
    ],
)
def test_what_comes_out_is_not_what_is_said(goal: str) -> None:
    assert calls(goal, script="gpt") == ["gptscript.parse", "json.write"]


@pytest.mark.parametrize(
    "goal",
    [
        "join plants and suppliers on supplier_id, keeping plants without one",
        "join plants and suppliers on supplier_id, also the plants that have none",
    ],
)
def test_those_that_have_none_stay(goal: str) -> None:
    assert arguments(goal, plants="csv", suppliers="csv") == {"on": "supplier_id", "kind": "left"}


@pytest.mark.parametrize(
    "goal",
    ["drop the files in one folder, call it datasets", "put the files into a folder and name it datasets"],
)
def test_a_folder_is_called_so(goal: str) -> None:
    assert calls(goal, files="csv*") == ["files.collect"]
    assert arguments(goal, files="csv*") == {"name": "datasets"}


@pytest.mark.parametrize(
    ("goal", "command"),
    [
        (
            "Put the service folder into an image on top of base at /opt/service, and it should start with python -m service",
            ["python", "-m", "service"],
        ),
        ("make an image out of the service folder with /app/server as the command", ["/app/server"]),
    ],
)
def test_an_image_starts_with_a_command(goal: str, command: list[str]) -> None:
    assert arguments(goal, service="folder", base="image")["command"] == command


@pytest.mark.parametrize("goal", ["wget all of these", "download all of them", "fetch them"])
def test_addresses_that_are_given_are_fetched_though_nobody_calls_them_so(goal: str) -> None:
    plan = plan_of(ask(goal, urls="str*"))
    assert [step.call for step in plan.steps] == ["http.fetch"]
    assert list(plan.steps[0].each) == ["url"]


@pytest.mark.parametrize(
    "goal",
    [
        "is the ticket urgent or routine? let qwen2.5 on http://llm.example.org/v1 decide",
        "qwen2.5 on http://llm.example.org/v1 should decide: urgent or routine?",
    ],
)
def test_a_model_decides_between_labels(goal: str) -> None:
    assert calls(goal, ticket="txt")[-1] == "llm.classify"
    assert arguments(goal, ticket="txt")["labels"] == ["urgent", "routine"]


@pytest.mark.parametrize("goal", ["count the words per card", "the number of lines per card"])
def test_per_file_is_each_of_them(goal: str) -> None:
    assert calls(goal, cards="md*") == ["text.count"]


def test_a_name_may_begin_small() -> None:
    goal = "captions of the talk, make sure that it spells Kubeflow, vLLM right"
    assert arguments(goal, talk="mp3")["vocabulary"] == "Kubeflow, vLLM"
