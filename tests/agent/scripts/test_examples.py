"""The programs in `gptscript/examples`, each run in containers.

`PLANS` has the plan that is right for each: a scripted planner gives it, and the embedded planner has to come to
the same steps.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from tests.agent.scripts.film import write_film, write_picture

import shunter.instructions.gptscript as package
from shunter.agent import Workspace
from shunter.agent.loop import Loop
from shunter.agent.planners.embedded.planner import EmbeddedPlanner
from shunter.agent.planners.protocol import Planner, Proposal, Task
from shunter.agent.planners.scripted import ScriptedPlanner
from shunter.agent.scripts import ReadyScript, open_script
from shunter.engine.plan.model import Plan
from shunter.engine.plan.write import plan_data
from shunter.engine.run.outcome import Outcome, Status

ROOT = Path(__file__).parents[3]
EXAMPLES = Path(package.__file__).parent / "examples"
TALK = ROOT / "docs/examples/talk.wav"

pytestmark = pytest.mark.timeout(600)  # whichever comes first installs the packages


def _step(name: str, call: str, each: Mapping[str, Any] | None = None, **arguments: Any) -> dict[str, Any]:
    return {
        "id": name,
        "call": call,
        **({"each": each} if each else {}),
        **({"with": arguments} if arguments else {}),
    }


def _from(name: str) -> dict[str, str]:
    return {"from": name}


PLANS: Mapping[str, list[dict[str, Any]]] = {
    "interview": [
        _step("transcript", "speech.transcribe", audio=_from("recording")),
        _step("answer", "rag.answer", documents=[_from("transcript")], question=_from("question")),
    ],
    "subtitles": [
        _step("audio", "media.extract_audio", video=_from("video")),
        _step("subtitles", "speech.subtitles", audio=_from("audio")),
    ],
    "sales": [
        _step("sums", "table.group", table=_from("sales"), by=["product"], column="amount", total="sum"),
        _step("page", "report.table_to_html", table=_from("sums")),
    ],
    "thumbnails": [
        _step("small", "image.resize", {"image": _from("pictures")}, width=64),
        _step("grey", "image.grayscale", {"image": _from("small")}),
    ],
    "review": [
        _step("findings", "python.lint", source=_from("project")),
        _step("tests", "python.test", source=_from("project")),
    ],
    "reading": [
        _step("time", "script.reading_time", article=_from("article")),
        _step("words", "text.word_frequencies", file=_from("article"), top=5),
    ],
    "diary": [
        _step("written", "script.write_entry", entry=_from("entry")),
        _step("contents", "script.table_of_contents"),
    ],
    "search": [
        _step("found", "sys.find", pattern="*.md"),
        _step("now", "sys.time_now"),
    ],
    "release": [
        _step("archive", "archive.zip_folder", folder=_from("project")),
        _step("sums", "script.sums", folder=_from("project")),
    ],
}


@pytest.fixture
def example(workspace: Workspace) -> Callable[[str], ReadyScript]:
    return lambda name: open_script(workspace, EXAMPLES / f"{name}.gpt")


@pytest.fixture
def given(tmp_path: Path) -> Callable[[str], dict[str, Any]]:
    """Arguments for each example."""

    def _given(name: str) -> dict[str, Any]:
        project = tmp_path / "project"
        project.mkdir()
        (project / "README.md").write_text("# It\n")
        (project / "test_it.py").write_text("import os\n\ndef test_it():\n    assert 1 + 1 == 2\n")
        (tmp_path / "sales.csv").write_text("product,amount\npear,2\nplum,1\npear,3\n")
        for picture in ("one.png", "two.png"):
            write_picture(tmp_path / picture)
        write_film(TALK, tmp_path / "talk.avi")
        (tmp_path / "article.txt").write_text("word " * 440 + "other " * 3)
        arguments: dict[str, dict[str, Any]] = {
            "interview": {"recording": TALK, "question": "Who founded Dagger?"},
            "subtitles": {"video": tmp_path / "talk.avi"},
            "sales": {"sales": tmp_path / "sales.csv"},
            "thumbnails": {"pictures": [tmp_path / "one.png", tmp_path / "two.png"]},
            "review": {"project": project},
            "reading": {"article": tmp_path / "article.txt"},
            "diary": {"entry": "It rained."},
            "search": {"workspace": project},
            "release": {"project": project},
        }
        return arguments[name]

    return _given


def _planned(name: str) -> ScriptedPlanner:
    """A planner that gives the right plan, with the inputs that there are."""
    steps = PLANS[name]

    def propose(task: Task) -> Proposal:
        inputs = {key: {"type": str(kind)} for key, kind in task.goal.inputs.items()}
        outputs = {step["id"]: _from(step["id"]) for step in steps}
        return Proposal(
            Plan.model_validate({"version": 1, "inputs": inputs, "steps": steps, "outputs": outputs})
        )

    return ScriptedPlanner([propose])


def _shape(steps: object) -> list[str]:
    """The steps in any order and under any names: what is called, with what."""
    assert isinstance(steps, list)
    calls = {step["id"]: step["call"] for step in steps}

    def named(value: Any) -> Any:
        match value:
            case {"from": str(source)}:
                name, dot, field = source.partition(".")
                return {"from": calls.get(name, name) + dot + field}
            case dict():
                return {key: named(item) for key, item in sorted(value.items())}
            case list():
                return [named(item) for item in value]
        return value

    return sorted(
        f"{step['call']} {named(step.get('each', {}))} {named(step.get('with', {}))}" for step in steps
    )


def test_every_example_is_here() -> None:
    assert {path.stem for path in EXAMPLES.glob("*.gpt")} == {*PLANS, "changes"}


@pytest.mark.parametrize("name", sorted(PLANS))
def test_an_example_runs_and_is_answered_from_the_cache_then(
    name: str, example: Callable[[str], ReadyScript], given: Callable[[str], dict[str, Any]], tmp_path: Path
) -> None:
    script, arguments = example(name), given(name)
    run = script.pursue(planner=_planned(name), **arguments).run
    assert run.report.status is Status.DONE, run.report.steps
    saved = run.save(tmp_path / "out")
    _check(name, saved, run.report.outputs)
    again = script.pursue(planner=_planned(name), **arguments).run
    executed = {step.call for step in again.report.steps if step.outcome is not Outcome.CACHED}
    assert executed <= {"sys.time_now"}


def _check(name: str, saved: Mapping[str, Path], outputs: Mapping[str, Any]) -> None:
    match name:
        case "interview":
            assert "Solomon" in saved["answer"].read_text()
        case "subtitles":
            assert "00:00:0" in saved["subtitles"].read_text()
        case "sales":
            page = saved["page"].read_text()
            assert "<td" in page
            assert "5" in page
        case "thumbnails":
            assert [path.name for path in sorted(saved["grey"].iterdir())] == ["one.png", "two.png"]
        case "review":
            assert "F401" in saved["findings"].read_text()
            assert "1" in str(outputs["tests"])
        case "reading":
            assert outputs["time"] == {"words": 443, "minutes": 2.0}
            assert outputs["words"][0]["word"] == "word"
        case "diary":
            assert saved["contents"].read_text() == "# Diary\n- entry-1.txt: It rained.\n"
            assert sorted(path.name for path in saved["workspace"].iterdir()) == [
                "contents.md",
                "entry-1.txt",
            ]
        case "search":
            assert outputs["found"] == "README.md"
        case "release":
            lines = saved["sums"].read_text().splitlines()
            assert [line.split()[1] for line in lines] == ["README.md", "test_it.py"]
            assert saved["archive"].suffix == ".zip"


@pytest.mark.parametrize("name", sorted(PLANS))
def test_the_embedded_planner_comes_to_the_same_steps(
    name: str, example: Callable[[str], ReadyScript], given: Callable[[str], dict[str, Any]]
) -> None:
    request = example(name).request([*_texts(given(name))])

    def steps(planner: Planner) -> list[str]:
        loop = Loop(request.workspace, request.planner(planner))
        return _shape(plan_data(loop.assemble(request.request).ready.plan)["steps"])

    assert steps(EmbeddedPlanner()) == steps(_planned(name))


def _texts(arguments: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, value in arguments.items():
        for item in value if isinstance(value, list) else [value]:
            yield name, str(item)


def test_a_diary_goes_on_where_it_was_left(example: Callable[[str], ReadyScript], tmp_path: Path) -> None:
    script = example("diary")
    first = script.pursue(planner=_planned("diary"), entry="It rained.").run
    first.save(tmp_path / "out")
    second = script.pursue(planner=_planned("diary"), entry="Sun.", workspace=tmp_path / "out/workspace").run
    assert second.report.outputs["written"] == "entry 2"


def test_a_command_is_a_plan_of_one_step(example: Callable[[str], ReadyScript], tmp_path: Path) -> None:
    (tmp_path / "log.txt").write_text("da100bc The planner\nc0a3219 Modules\n")
    run = example("changes").pursue(log=tmp_path / "log.txt", title="News").run
    saved = run.save(tmp_path / "out")
    assert saved["result"].read_text() == "# News\n\n- The planner (da100bc)\n- Modules (c0a3219)\n"
    assert run.plan.goal == "Turns the output of `git log --oneline` into a list of changes in Markdown."
