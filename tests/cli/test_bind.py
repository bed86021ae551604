"""`shunter bind`: typed Python functions for functions that call others."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from tests.cli.conftest import Shunter


def test_bindings_are_printed_or_written(shunter: Shunter, here: Path) -> None:
    printed = shunter("bind", "toy.shout")
    assert printed.code == 0
    assert "def toy_shout(text: str) -> str:" in printed.out
    written = shunter("bind", "toy.shout", "-o", "functions.py")
    assert (written.code, written.out) == (0, "functions.py\n")
    assert (here / "functions.py").read_text() == printed.out
    names = [node.name for node in ast.parse(printed.out).body if isinstance(node, ast.FunctionDef)]
    assert names == ["toy_shout"]


def test_in_a_modules_folder_it_binds_what_the_module_uses(
    shunter: Shunter, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    about = '[module]\nname = "mine"\nversion = "1"\ndescription = "Mine."\nuses = ["text", "toy"]\n'
    (here / "modules/mine").mkdir()
    (here / "modules/mine/module.toml").write_text(about)
    monkeypatch.chdir(here / "modules/mine")
    out = shunter("bind").out
    assert "Made by `shunter bind text toy`." in out
    assert "def text_count(" in out
    assert "def toy_shout(" in out  # of the module beside it


def test_without_modules_it_says_what_to_name(shunter: Shunter, here: Path) -> None:
    ended = shunter("bind")
    assert ended.code == 2
    assert ended.err == (
        "shunter: bind: no module is named, and the current folder isn't one\n"
        "  name the modules, as in `shunter bind text speech`\n"
    )
    (here / "module.toml").write_text('[module]\nname = "here"\nversion = "1"\ndescription = "Here."\n')
    ended = shunter("bind")
    assert ended.code == 2
    assert ended.err.endswith('module.toml uses no module\n  write `uses = ["text"]` into it\n')


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (("tixt",), 2, "shunter: there is no module 'tixt'\n  did you mean text?\n"),
        (("x.y",), 2, "shunter: there is no function 'x.y'\n  `shunter functions` lists what there is\n"),
        (("text", "-o", "no/where.py"), 5, "shunter: can't write no/where.py: No such file or directory\n"),
    ],
)
def test_what_cannot_be_bound_is_said(
    shunter: Shunter, words: tuple[str, ...], code: int, message: str
) -> None:
    ended = shunter("bind", *words)
    assert (ended.code, ended.err) == (code, message)


def test_a_module_that_uses_what_is_not_there_is_shown_as_broken(shunter: Shunter, here: Path) -> None:
    about = '[module]\nname = "odd"\nversion = "1"\ndescription = "Odd."\nuses = ["texts"]\n'
    (here / "modules/odd").mkdir()
    (here / "modules/odd/module.toml").write_text(
        about + '[functions.act]\ndoc = "Act."\ncommand = ["true"]\nreturns = {type = "str"}\n'
    )
    ended = shunter("call", "odd.act")
    assert ended.code == 3
    assert ended.err == (
        "shunter: "
        + str(here / "modules/odd/module.toml")
        + ": uses: there is no module 'texts'\n  did you mean text?\n"
    )
