"""`shunter functions`."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.conftest import Shunter

from shunter.agent import Workspace
from shunter.engine.plan.read import read_plan


def test_every_function_is_listed_with_what_it_does(shunter: Shunter) -> None:
    ended = shunter("functions")
    assert (ended.code, ended.err) == (0, "")
    lines = ended.out.splitlines()
    assert lines == sorted(lines)
    assert any(line.startswith("toy.shout ") and line.endswith("  Shout a text.") for line in lines)
    assert any(line.startswith("speech.transcribe ") for line in lines)


def test_a_module_lists_its_own(shunter: Shunter) -> None:
    lines = shunter("functions", "toy").out.splitlines()
    assert "toy.shout" in lines[-2] or any(line.startswith("toy.shout") for line in lines)
    assert all(line.startswith("toy.") for line in lines)


def test_one_function_is_shown_in_full(shunter: Shunter) -> None:
    ended = shunter("functions", "toy.shout")
    assert (ended.code, ended.err) == (0, "")
    assert ended.out == (
        "toy.shout(text: str) -> str\n"
        "\n"
        "  Shout a text.\n"
        "\n"
        "parameters:\n"
        "  text: str\n"
        "      what to shout\n"
        "\n"
        "returns:\n"
        "  str\n"
        "      the text in capitals\n"
        "\n"
        "example:\n"
        "  shunter call toy.shout --text hello\n"
        "\n"
        "as a step of a plan:\n"
        "  - {id: shout, call: toy.shout, with: {text: {from: text}}}\n"
    )


def test_the_step_that_is_shown_for_a_function_is_one(shunter: Shunter, here: Path) -> None:
    with Workspace() as workspace:
        for name, signature in workspace.catalogue.items():
            step = shunter("functions", name).out.rpartition("as a step of a plan:\n")[2]
            needed = {one.name: {"type": str(one.type)} for one in signature.parameters if one.required}
            plan, _ = read_plan(f"version: 1\ninputs: {json.dumps(needed)}\nsteps:\n{step}")
            assert workspace.check(plan).checked.steps[0].signature == signature


def test_what_a_function_may_do_is_shown(shunter: Shunter) -> None:
    assert "\neffects: mail\n" in shunter("functions", "toy.send").out
    assert "\nhosts: example.org\n" in shunter("functions", "toy.fetch").out


def test_json_has_everything_of_a_function(shunter: Shunter) -> None:
    (found,) = json.loads(shunter("functions", "toy.shout", "--json").out)["functions"]
    assert found == {
        "name": "toy.shout",
        "summary": "Shout a text.",
        "doc": "Shout a text.",
        "parameters": [
            {"name": "text", "type": "str", "required": True, "default": None, "doc": "what to shout"}
        ],
        "returns": {"type": "str", "doc": "the text in capitals"},
        "example": "shunter call toy.shout --text hello",
        "hosts": [],
        "hosts_of_calls": [],
        "secrets": [],
        "effects": [],
        "image": None,
    }


def test_an_unknown_name_is_a_usage_error(shunter: Shunter) -> None:
    for name in ("nothing", "nothing.at_all"):
        ended = shunter("functions", name)
        assert (ended.code, ended.out) == (2, "")
        assert ended.err.startswith(f"shunter: there is no function {name!r}\n")


def _break(here: Path, *, python: str = "def broken(:\n") -> None:
    folder = here / "modules" / "broken"
    folder.mkdir()
    (folder / "module.toml").write_text(
        '[module]\nname = "broken"\nversion = "1"\ndescription = "x"\n[python]\nfile = "broken.py"\n'
    )
    (folder / "broken.py").write_text(python)


def test_a_broken_module_is_left_out_and_named(shunter: Shunter, here: Path) -> None:
    _break(here)
    ended = shunter("functions")
    assert ended.code == 0
    assert "toy.shout" in ended.out
    assert ended.err.startswith("left out: ")
    assert "broken.py" in ended.err
    assert "line 1" in ended.err
    assert ended.err.count("\n") == 1


def test_a_broken_module_does_not_disturb_the_others(shunter: Shunter, here: Path) -> None:
    _break(here)
    assert shunter("call", "toy.shout", "--text", "x").out == "X\n"


def test_a_function_of_a_broken_module_is_a_plan_error_that_names_the_line(
    shunter: Shunter, here: Path
) -> None:
    _break(here)
    ended = shunter("call", "broken.broken")
    assert (ended.code, ended.out) == (3, "")
    assert "broken.py" in ended.err
    assert "line 1" in ended.err
    (here / "plan.yaml").write_text("{version: 1, steps: [{id: one, call: broken.broken}]}")
    assert shunter("check", "plan.yaml").code == 3


def test_a_listing_cannot_repaint_the_terminal(shunter: Shunter, here: Path) -> None:
    """A module is a stranger's text."""
    _break(
        here,
        python=(
            "from shunter.sdk import function\n\n\n"
            "@function\ndef evil(text: str = 'a\\x1b[2Jb') -> str:\n"
            '    """Clear\\x1b[2J the screen.\n\n    Args:\n        text: also\\x1b[31m here\n    """\n'
            "    return text\n"
        ),
    )
    for words in (["functions"], ["functions", "broken.evil"], ["call", "broken.evil", "--help"]):
        ended = shunter(*words)
        assert (ended.code, ended.err) == (0, ""), words
        assert "evil" in ended.out
        assert b"\x1b" not in ended.raw, words


def test_a_function_says_which_image_it_runs_in(shunter: Shunter) -> None:
    shown = shunter("functions", "container.run")
    assert "\nimage: {image}\n" in shown.out
    listed = json.loads(shunter("functions", "container.run", "--json").out)
    assert listed["functions"][0]["image"] == "{image}"
