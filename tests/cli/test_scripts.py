"""`shunter run`, `plan` and `check` with a GPTScript file."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.cli.conftest import Ended, Shunter

from shunter.agent.endpoints import Say, ScriptedEndpoint

TALK = """\
Description: Shouts.
Tools: toy.shout, whisper
Args: text: What to shout.
Args: times: How often, \x1b[31m100 %.
Model: gpt-4

Shout the text.
---
Name: whisper
Args: text: What to whisper.

#!/bin/sh
echo "$TEXT" | tr A-Z a-z
"""
COMMAND = """\
Name: greet
Args: who: Whom to greet.
Args: input: Another thing (optional).

#!/bin/sh
echo "Hello, $WHO$INPUT."
"""
NOTES = """\
Tools: sys.read, note

Note it.
---
Name: note
Args: text: x

#!/bin/sh
echo "$TEXT" > $GPTSCRIPT_WORKSPACE_DIR/note.txt
"""


@pytest.fixture(scope="session")
def parser_home() -> Iterator[Path]:
    """One home for all tests of this file, so that the parser is installed once."""
    folder = Path(tempfile.mkdtemp(prefix="shunter-test-cli-scripts-"))
    folder.chmod(0o711)  # root's steps run under another uid
    yield folder / "home"
    shutil.rmtree(folder)


@pytest.fixture
def home(parser_home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SHUNTER_HOME", str(parser_home))
    return parser_home


@pytest.fixture
def scripts(here: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder `here`, with some scripts in it, and no model."""
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "SHUNTER_MODEL", "OPENAI_MODEL"):
        monkeypatch.delenv(name, raising=False)
    for name, text in {"talk": TALK, "greet": COMMAND, "notes": NOTES}.items():
        (here / f"{name}.gpt").write_text(text)
    return here


Run = Callable[..., Ended]


@pytest.fixture
def run(scripts: Path, shunter: Shunter) -> Run:
    return shunter


def test_a_script_is_planned_from_its_words_and_run(run: Run) -> None:
    ended = run("run", "talk.gpt", "--text", "hi there", "--times", "3", "--planner", "embedded")
    assert (ended.code, ended.out) == (0, "shout: HI THERE\n")
    assert "note: talk.gpt, line 5: model is left out; --model names the model that plans" in ended.err
    assert "toy.shout(text=text)" in ended.err
    again = run("run", "talk.gpt", "--text", "hi there", "--planner", "embedded", "--json")
    assert json.loads(again.out)["planner"] == "embedded"
    assert "isn't given" not in again.err


def test_an_argument_that_isnt_given_is_told(run: Run) -> None:
    ended = run("run", "talk.gpt", "--text", "hi", "--planner", "embedded")
    assert "note: --times isn't given (How often, \N{REPLACEMENT CHARACTER}[31m100 %.)" in ended.err


def test_a_script_that_is_a_command_is_run_as_it_is(run: Run) -> None:
    ended = run("run", "greet.gpt", "--who", "World")
    assert (ended.code, ended.out) == (0, "result: Hello, World.\n")
    assert (
        run("run", "greet.gpt", "--who", "World", "--with-input", "!", "-q").out == "result: Hello, World!.\n"
    )
    assert run("run", "greet.gpt", "--input", "who=me", "-q").out == "result: Hello, me.\n"
    assert json.loads(run("run", "greet.gpt", "--who", "World", "--json").out)["planner"] is None


def test_a_plan_of_a_script_runs_again_with_the_script_as_a_module(run: Run) -> None:
    assert run("plan", "greet.gpt", "--who", "World", "-o", "plan.yaml").out == "plan.yaml\n"
    assert "call: script.greet" in Path("plan.yaml").read_text()
    ended = run("run", "plan.yaml", "--input", "who=you", "--modules", "greet.gpt", "-q")
    assert (ended.code, ended.out) == (0, "result: Hello, you.\n")
    alone = run("run", "plan.yaml", "--input", "who=you")
    assert alone.code == 3
    assert "a script's own tools are there with --modules FILE.gpt" in alone.err
    Path("greet.gpt").write_text(COMMAND.replace("Hello", "Bye"))
    changed = run("run", "plan.yaml", "--input", "who=you", "--modules", "greet.gpt")
    assert changed.out == "result: Bye, you.\n"
    assert "the module script has changed since this plan was written" in changed.err


def test_plan_gives_the_plan_and_json(run: Run) -> None:
    text = run("plan", "talk.gpt", "--text", "hi", "--planner", "embedded").out
    assert "goal: Shout the text." in text
    document = json.loads(run("plan", "greet.gpt", "--who", "x", "--json").out)
    assert (document["planner"], document["plan"]["steps"][0]["call"]) == (None, "script.greet")


def test_a_model_sees_the_scripts_tools_and_nothing_else(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    answer: dict[str, Any] = {
        "missing": None,
        "reasons": [],
        "steps": [{"script.whisper": {"id": "s1", "text": {"input": "text"}}}],
        "outputs": [{"name": "quiet", "step": "s1", "output": "*"}],
    }
    with ScriptedEndpoint([Say(answer)]) as endpoint:
        for name, value in (("API_KEY", "sk-x"), ("BASE_URL", endpoint.base_url), ("MODEL", "scripted")):
            monkeypatch.setenv(f"OPENAI_{name}", value)
        ended = run("run", "talk.gpt", "--text", "HI THERE", "-q")
        asked = json.dumps(endpoint.requests[0].body)
    assert (ended.code, ended.out) == (0, "quiet: hi there\n")
    assert "script.whisper" in asked
    assert "What to whisper." in asked
    assert "archive.zip_folder" not in asked


def test_check_shows_what_a_script_wants_takes_and_may_call(run: Run) -> None:
    ended = run("check", "talk.gpt")
    assert ended.code == 0
    assert ended.out == (
        "goal: Shout the text.\n"
        "  --text (text or a path): What to shout.\n"
        "  --times (text or a path): How often, \N{REPLACEMENT CHARACTER}[31m100 %.\n"
        "may call: script.whisper, text.from_string, text.to_string, toy.shout\n"
        "no problems\n"
    )
    assert run("check", "greet.gpt").out.startswith("command: script.greet(")
    assert "  --workspace (Directory): the folder that its tools share\n" in run("check", "notes.gpt").out
    document = json.loads(run("check", "talk.gpt", "--json").out)
    assert document["allowed"] == ["script.whisper", "text.from_string", "text.to_string", "toy.shout"]


def test_problems_are_told_all_at_once_and_nothing_is_started(run: Run, home: Path) -> None:
    before = list(home.glob("runs/*"))
    Path("bad.gpt").write_text("Tools: toy.shuot, sys.exec\nChat: true\n\nGo.\n")
    for command in ("check", "plan", "run"):
        ended = run(command, "bad.gpt")
        assert (ended.code, ended.out) == (3, "")
        lines = [line for line in ended.err.splitlines() if "install" not in line]
        assert [line.partition("; ")[0] for line in lines] == [
            "shunter: bad.gpt has 3 problems",
            "  bad.gpt, line 1: sys.exec isn't supported",
            "  bad.gpt, line 1: there is no tool, function or module 'toy.shuot'",
            "  bad.gpt, line 2: `chat` isn't supported",
        ]
    document = json.loads(run("check", "bad.gpt", "--json").out)
    assert document["error"]["problems"][0]["line"] == 1
    assert list(home.glob("runs/*")) == before


def test_a_scripts_own_options_are_in_its_help(run: Run) -> None:
    ended = run("run", "talk.gpt", "--help")
    assert ended.code == 0
    assert "arguments of talk.gpt:" in ended.out
    assert "How often, \N{REPLACEMENT CHARACTER}[31m100 %." in ended.out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["run", "greet.gpt"], "greet.gpt needs --who"),
        (["run", "greet.gpt", "--whom", "x"], "run: unrecognized arguments: --whom x"),
        (["run", "greet.gpt", "--input", "whom=x"], "greet.gpt has no argument 'whom'"),
        (["run", "-q", "greet.gpt", "--who", "x"], "a script comes first: shunter run greet.gpt …"),
        (["plan", "-o", "x", "greet.gpt"], "a script comes first: shunter plan greet.gpt …"),
        (["plan", "talk.gpt", "--only", "text"], "--only isn't for scripts"),
        (["plan", "talk.gpt", "--text", "x", "--max-steps", "0"], "expected a number from 1 on"),
        (["run", "gret.gpt"], "there is no file gret.gpt in "),
        (["run", "greet.gpt", "--who", "./nobody.txt"], "who: there is no file or folder nobody.txt"),
        (["run", "notes.gpt", "--workspace", "greet.gpt"], "greet.gpt is a file; expected a folder"),
        (["run", "greet.gpt", "--who", "x", "--modules", "nope.gpt"], "there is no file nope.gpt in "),
    ],
)
def test_what_is_off_is_said(run: Run, words: list[str], said: str) -> None:
    ended = run(*words)
    assert (ended.code, ended.out) == (2, "")
    assert said in ended.err
    assert "Traceback" not in ended.err
