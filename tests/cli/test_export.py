"""`shunter export`, and `shunter call` as what is exported calls it."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from tests.cli.conftest import Ended, Shunter


def _call(shunter: Shunter, monkeypatch: pytest.MonkeyPatch, function: str, **arguments: Any) -> Ended:
    monkeypatch.setattr("sys.stdin", io.StringIO(json.dumps(arguments)))
    return shunter("call", function, "--from-json", "-", "--handles", "-q")


def test_modules_and_functions_are_exported_in_each_form(shunter: Shunter) -> None:
    tools = json.loads(shunter("export", "openai", "text.head", "json", "text.head").out)
    assert [tool["function"]["name"] for tool in tools] == [
        "text-head",
        "json-get",
        "json-merge",
        "json-pretty",
        "json-read",
        "json-write",
    ]
    schema = json.loads(shunter("export", "json-schema", "toy.shout").out)
    assert list(schema["$defs"]) == ["toy.shout", "toy.shout.returns"]
    assert len(json.loads(shunter("export", "openai").out)) > 40


def test_gptscript_leaves_out_what_needs_leave_and_keeps_where_things_are(
    shunter: Shunter, here: Path
) -> None:
    ended = shunter("export", "gptscript", "-o", "tools.gpt", "toy", "--home", "h", "--modules", "modules")
    assert (ended.code, ended.out) == (0, "tools.gpt\n")
    assert ended.err.splitlines() == [
        "left out: toy.fetch does more than compute, and nobody could allow it",
        "left out: toy.get does more than compute, and nobody could allow it",
        "left out: toy.send does more than compute, and nobody could allow it",
    ]
    _, *tools = json.loads(Path("tools.gpt").read_text().removeprefix("#!GPTSCRIPT"))
    words = {tool["name"]: tool["instructions"] for tool in tools}
    assert words["toy.shout"].endswith(
        f"call toy.shout --from-json - --handles --quiet --home {here / 'h'} --modules {here / 'modules'}"
    )


def test_handles_go_from_call_to_call(shunter: Shunter, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("notes.txt").write_text("hello\n")
    handle = _call(shunter, monkeypatch, "toy.upper", file="notes.txt").out.strip()
    assert handle.startswith("artifact:")
    assert handle.endswith("/upper.txt")
    assert shunter("call", "text.to_string", "--file", handle).out == "HELLO\n"
    folder = _call(
        shunter,
        monkeypatch,
        "toy.folder",
        text="a",
    ).out.strip()
    assert folder.endswith("/")
    found = json.loads(_call(shunter, monkeypatch, "files.find", folder=folder, pattern="**").out)
    assert [text.partition("/")[2] for text in found] == ["a.txt", "b.txt"]
    pages = json.loads(_call(shunter, monkeypatch, "toy.pages", texts=["x"]).out)
    assert (pages[0]["title"], pages[0]["body"][-5:]) == ("x", "/x.md")
    assert _call(shunter, monkeypatch, "toy.shout", text="hi").out == "HI\n"


def test_arguments_come_from_a_file_as_well(shunter: Shunter) -> None:
    Path("arguments.json").write_text('{"text": "hi"}')
    assert shunter("call", "toy.shout", "--from-json", "arguments.json").out == "HI\n"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["export"], "export: the following arguments are required: FORM"),
        (["export", "yaml"], "export: argument FORM: invalid choice: 'yaml'"),
        (["export", "openai", "txt"], "there is no module 'txt'\n  did you mean text?"),
        (["export", "openai", "text.hed"], "there is no function 'text.hed'"),
        (
            ["call", "toy.shout", "--from-json", "no.json"],
            "call: --from-json no.json: can't be read: No such file",
        ),
        (["call", "toy.shout", "--text", "a", "--from-json", "-"], "--text is given too"),
    ],
)
def test_what_is_off_is_said(shunter: Shunter, words: list[str], said: str) -> None:
    ended = shunter(*words)
    assert (ended.code, ended.out) == (2, "")
    assert said in ended.err


def test_a_file_that_cant_be_written_is_told(shunter: Shunter) -> None:
    ended = shunter("export", "openai", "toy", "-o", "no/such/place.json")
    assert ended.code == 5
    assert "can't write no/such/place.json" in ended.err


def test_the_command_starts_without_its_script(shunter: Shunter) -> None:
    import subprocess
    import sys

    ran = subprocess.run(
        [sys.executable, "-m", "shunter.cli", "--version"], capture_output=True, text=True, check=True
    )
    assert ran.stdout.startswith("shunter ")
