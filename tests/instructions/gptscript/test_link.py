"""Linking: names to tools and functions; all that is wrong, with file and line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.instructions.gptscript.conftest import Link

from shunter.engine.errors import InputError
from shunter.engine.types import parse_type
from shunter.instructions.gptscript import builtins, keys

Refused = Callable[..., list[str]]

GLUE = {"text.from_string", "text.to_string"}
TOOL = '---\nName: shout\nDescription: Shout.\nArgs: text: What.\n\n#!/bin/sh\necho "$TEXT" | tr a-z A-Z\n'


def test_the_first_tools_body_is_the_goal_and_its_tools_are_all_that_may_be_called(link: Link) -> None:
    program = link(
        "Tools: rag.answer, archive, shout\nArgs: notes: The notes.\n\nAnswer from ${NOTES}: why?\n" + TOOL
    )
    assert program.goal == "Answer from notes: why?"
    assert program.arguments == {"notes": "The notes."}
    archive = {"archive.zip_folder", "archive.tar_folder", "archive.unpack", "archive.contents"}
    assert program.allowed == {"rag.answer", "script.shout"} | archive | GLUE


def test_a_tool_is_a_function_with_its_arguments_and_texts_as_types(link: Link) -> None:
    program = link(
        "Tools: my tool\n\nDo it.\n---\nName: My Tool\nDescription: Work.\nArgs: file-name: A file.\n"
        "Args: size: (optional) How many.\nMetadata: file-name: File[text/*]\nMetadata: size: int\n"
        "Metadata: returns: File[text/csv]\n\n#!/bin/sh\ncat\n"
    )
    signature = program.functions["my_tool"].signature
    assert signature.name == "script.my_tool"
    assert {item.name: (str(item.type), item.required) for item in signature.parameters} == {
        "file_name": ("File[text/*]", True),
        "size": ("int | None", False),
    }
    assert (str(signature.returns), signature.doc) == ("File[text/csv]", "Work.")
    plain = link("Tools: shout\n\nShout.\n" + TOOL).functions["shout"].signature
    assert str(plain) == "script.shout(text: str) -> str"


def test_tools_come_from_other_files_by_file_by_name_by_pattern_and_under_another_name(
    link: Link, tmp_path: Path
) -> None:
    other = "Name: one\n\n#!/bin/sh\necho 1\n---\nName: two\n\n#!/bin/sh\necho 2\n"
    assert set(link("Tools: ./other.gpt\n\nGo.\n", other=other).functions) == {"one"}
    assert set(link("Tools: TWO from ./other.gpt\n\nGo.\n", other=other).functions) == {"two"}
    assert set(link("Tools: * from ./other.gpt\n\nGo.\n", other=other).functions) == {"one", "two"}
    assert set(link("Tools: two from ./other.gpt as three\n\nGo.\n", other=other).functions) == {"three"}
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder/tool.gpt").write_text("#!/bin/sh\necho\n")
    assert set(link("Tools: ./folder\n\nGo.\n").functions) == {"tool"}
    assert set(link("Tools: shout, shout from ./other.gpt\n\nGo.\n" + TOOL, other=TOOL).functions) == {
        "shout",
        "shout_2",
    }
    assert link("Tools: table.*\n\nGo.\n").allowed > {"table.group", "table.join"}


def test_a_name_of_the_file_comes_before_the_catalogue(link: Link) -> None:
    program = link("Tools: archive\n\nGo.\n" + TOOL.replace("shout", "archive"))
    assert program.allowed == {"script.archive"} | GLUE


def test_every_missing_name_is_told_with_file_line_and_what_is_close(refused: Refused) -> None:
    assert refused(
        "Tools: shuot, speach.transcribe\nTools: sys.raed, two from ./other.gpt,\n  ./nowhere.gpt\n\nGo.\n"
        + TOOL,
        other="Name: too\n\n#!/bin/sh\necho\n",
    ) == [
        "main.gpt, line 1: there is no tool, function or module 'shuot'; did you mean shout?",
        "main.gpt, line 1: there is no tool, function or module 'speach.transcribe'; did you mean speech.transcribe?",
        "main.gpt, line 2: there is no tool 'two' in ./other.gpt; did you mean too?",
        "main.gpt, line 2: there is no tool, function or module 'sys.raed'; did you mean sys.read, sys.stat, sys.find?",
        "main.gpt, line 3: ./nowhere.gpt: there is no file nowhere.gpt in " + str(Path.cwd()),
    ]


def test_rings_are_told_across_files(refused: Refused) -> None:
    found = refused(
        "Tools: ./a.gpt\n\nGo.\n",
        a="Name: a\nTools: ./b.gpt\n\n#!/bin/sh\necho\n",
        b="Name: b\nTools: ./a.gpt\n\n#!/bin/sh\necho\n",
    )
    assert "b.gpt, line 2: tools name each other in a ring: a → b → a; take one of the names out" in found
    assert refused("Name: me\nTools: me\n\nGo.\n") == [
        "main.gpt, line 2: tools name each other in a ring: me → me; take one of the names out"
    ]


@pytest.mark.parametrize("name", sorted(builtins.REFUSED))
def test_other_builtin_tools_are_refused_with_what_to_use_instead(name: str, refused: Refused) -> None:
    assert refused(f"Tools: {name}\n\nGo.\n") == [
        f"main.gpt, line 1: {name} isn't supported; {builtins.REFUSED[name]}"
    ]


@pytest.mark.parametrize(
    ("line", "key"),
    [
        ("Chat: true", "chat"),
        ("Context: ./c.gpt", "context"),
        ("Creds: ./c.gpt as c", "credentials"),
        ("Agents: bob", "agents"),
        ("Global Tools: sys.read", "global tools"),
        ("Share Tools: shout", "share tools"),
        ("Share Context: shout", "share context"),
        ("Share Credentials: shout", "share credentials"),
        ("Input Filters: shout", "input filters"),
        ("Share Input Filter: shout", "share input filters"),
        ("Output Filter: shout", "output filters"),
        ("Share Output Filters: shout", "share output filters"),
        ("Model Provider: true", "model provider"),
        ("Type: provider", "type"),
    ],
)
def test_keys_that_a_pipeline_has_no_use_for_are_refused(line: str, key: str, refused: Refused) -> None:
    instead = dict(keys.REFUSED.values())[key]
    assert refused(f"Tools: rag\n{line}\n\nGo.\n") == [
        f"main.gpt, line 2: `{key}` isn't supported; {instead}"
    ]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("Model: x", "model is left out; --model names the model that plans"),
        ("Temperature: 0.5", "temperature is left out; it has no effect here"),
        ("Max Tokens: 9", "max tokens is left out; it has no effect here"),
        ("JSON Response: true", "json response is left out; the functions' types say what comes out"),
    ],
)
def test_keys_that_change_no_result_are_noted(line: str, said: str, link: Link) -> None:
    assert link(f"Tools: rag\n{line}\n\nGo.\n").notes == (f"main.gpt, line 2: {said}",)


def test_keys_that_the_parser_passes_over_in_silence_are_told(refused: Refused) -> None:
    assert refused("Tools: rag\ntols: archive\ncontexts: x\nzzz: y\n\nGo.\n") == [
        "main.gpt, line 2: GPTScript has no key `tols`, and passes it over; did you mean `tools:`?",
        "main.gpt, line 3: GPTScript has no key `contexts`, and passes it over; did you mean `context:`?",
        "main.gpt, line 4: GPTScript has no key `zzz`, and passes it over; `Metadata: KEY: VALUE` is for keys of your own",
    ]


@pytest.mark.parametrize(
    ("reference", "said"),
    [
        ("github.com/someone/tool", "github.com/someone/tool is on another machine"),
        ("x from github.com/someone/tool", "x from github.com/someone/tool is on another machine"),
        ("https://example.com/tool.gpt", "https://example.com/tool.gpt is on another machine"),
        ("rag with x as y", "rag with x as y: `with` isn't supported"),
        ("./api.yaml", "./api.yaml: OpenAPI isn't supported"),
    ],
)
def test_references_that_lead_elsewhere_are_refused(reference: str, said: str, refused: Refused) -> None:
    (found,) = refused(f"Tools: {reference}\n\nGo.\n")
    assert found.startswith(f"main.gpt, line 1: {said}; ")


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("#!http://127.0.0.1:80/x", "#!http:// isn't supported"),
        ("#!https://example.com", "#!https:// isn't supported"),
        ("#!mcp\n{}", "#!mcp isn't supported"),
        ("#!sys.daemon ./serve", "#!sys.daemon isn't supported"),
        ("#!sys.openapi", "#!sys.openapi isn't supported"),
        ("#!sys.echo hi", "#!sys.echo isn't supported"),
        ("#!\necho", "#! names no interpreter"),
    ],
)
def test_bodies_that_are_no_command_are_refused(body: str, said: str, refused: Refused) -> None:
    (found,) = refused(f"Tools: rag, bad\n\nGo.\n---\nName: bad\n\n{body}\n")
    assert found.startswith(f"main.gpt, line 6: {said}; ")


def test_what_else_is_off_is_told_all_at_once(refused: Refused) -> None:
    found = refused(
        "Tools: helper, typed\n\nGo.\n---\nName: helper\n\nHelp.\n---\nName: typed\nArgs: a-b: x\nArgs: a.b: y\nArgs: c: z\n"
        "Metadata: c: Fil\nMetadata: returns: Directory\nMetadata: workspace: all\n\n#!/bin/sh\necho\n---\n\nhi\n"
        "---\nName: TYPED\n\n#!/bin/sh\n"
    )
    assert [text.partition("; ")[0] for text in found] == [
        "main.gpt, line 5: helper is a prompt, and only the first tool of the file that is run can be one",
        "main.gpt, line 10: 'a-b' and another argument are the same variable",
        "main.gpt, line 13: the type `Fil` has an unknown type 'Fil'",
        "main.gpt, line 14: what a tool prints can't be Directory",
        "main.gpt, line 15: access to the workspace can't be 'all'",
        "main.gpt, line 20: a tool without a name can't be called",
        "main.gpt, line 23: another tool is called 'TYPED' too",
    ]


def test_a_tools_folder_that_holds_too_much_is_refused(refused: Refused, tmp_path: Path) -> None:
    (tmp_path / "many").mkdir()
    for number in range(1001):
        (tmp_path / "many" / f"{number}").touch()
    text = "Name: t\n\n#!python3 ${GPTSCRIPT_TOOL_DIR}/t.py\n"
    (found,) = refused(text)
    assert found.startswith(
        "main.gpt, line 1: t is given the folder of its file, and more than 1000 files are in it"
    )
    (tmp_path / "link").symlink_to("many")
    assert "is a symlink to a folder" in refused(text)[0]


@pytest.mark.parametrize("name", ["path", "LD-PRELOAD", "a=b", "ifs"])
def test_an_argument_that_would_change_what_runs_is_refused(name: str, refused: Refused) -> None:
    (found,) = refused(f"Name: t\nArgs: {name}: x\n\n#!/bin/sh\necho\n")
    assert found.startswith(f"main.gpt, line 2: the argument {name!r} can't be the variable ")


def test_a_chain_without_end_is_refused_and_no_crash(refused: Refused) -> None:
    tools = [f"Name: t{number}\nTools: t{number + 1}\n\n#!/bin/sh\necho\n" for number in range(2000)]
    found = refused("Tools: t0\n\nGo.\n---\n" + "---\n".join(tools))
    assert any("tools name tools more than 50 levels deep" in text for text in found)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Go.\n", "line 1: the first tool names no tools, so that nothing may be called"),
        ("Tools: rag\n", "line 1: the first tool says nothing to do"),
        ("", "line 1: there is no tool in this file"),
        ("Tools: rag\nChat: maybe\n\nGo.\n", "line 2: invalid boolean parameter"),
        (
            "Tools: rag\n\n#!/bin/sh\necho\n",
            "line 1: the first tool is a command, and a command can't call tools",
        ),
    ],
)
def test_a_first_tool_that_can_do_nothing_is_refused(text: str, said: str, refused: Refused) -> None:
    (found,) = refused(text)
    assert found.startswith(f"main.gpt, {said}")


def test_a_file_that_isnt_there_or_isnt_text_is_told(link: Link, tmp_path: Path) -> None:
    (tmp_path / "main.gpt").mkdir()
    with pytest.raises(OSError, match="main.gpt"):
        link("x")
    (tmp_path / "main.gpt").rmdir()
    with pytest.raises(InputError, match=r"main.gpt isn't text in UTF-8"):
        link("a\0b")


def test_types_of_the_first_tools_arguments_are_those_of_its_metadata(link: Link) -> None:
    program = link("Tools: rag\nArgs: a: x\nArgs: b-c: y\nMetadata: b-c: list[File[audio/*]]\n\nGo.\n")
    assert program.types == {"b_c": parse_type("list[File[audio/*]]")}


def test_the_workspace_is_for_tools_that_name_it_or_say_so(link: Link) -> None:
    program = link(
        "Tools: w, r, n, sys.ls, sys.time.now\n\nGo.\n"
        "---\nName: w\n\n#!/bin/sh\nls $GPTSCRIPT_WORKSPACE_DIR\n"
        "---\nName: r\nMetadata: workspace: read\n\n#!/bin/sh\nls $GPTSCRIPT_WORKSPACE_DIR\n"
        "---\nName: n\n\n#!/bin/sh\nls\n"
    )
    assert {name: access.value for name, access in program.access.items()} == {
        "script.w": "write",
        "script.r": "read",
        "sys.ls": "read",
    }
    assert str(program.functions["w"].signature.returns) == "{output: str, workspace: Directory}"
    assert str(program.functions["r"].signature.returns) == "str"
