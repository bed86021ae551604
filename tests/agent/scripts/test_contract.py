"""What a `#!` tool finds in its container: GPTScript's contract, compared with GPTScript itself."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.agent.scripts.conftest import Script

from shunter.agent.pursuit import Pursuit
from shunter.engine.run.outcome import Outcome, Status

SHELL = 'printf "%s|%s|%s|%s" "$FILE_NAME" "$A_B" "$UP" "$GPTSCRIPT_INPUT"; echo'
ARGS = "Name: dump\nArgs: file-name: x\nArgs: a.b: x\nArgs: UP: x\n"


def _result(pursuit: Pursuit) -> object:
    report = pursuit.run.report
    assert report.status is Status.DONE, [call.failure for step in report.steps for call in step.failures]
    return report.outputs["result"]


@pytest.mark.parametrize(
    "body",
    [
        f"#!/bin/sh\n{SHELL}",
        f"#!/usr/bin/env bash\n{SHELL}",
        f"#!sh -u\n{SHELL}",
        "#!python3\nimport os, sys; print(os.environ['UP'], len(sys.argv), os.environ['A_B'])",
        "#!/usr/bin/env python3\nimport os; print(os.environ['GPTSCRIPT_INPUT'])",
        "#!/bin/sh -c 'echo ${UP} and $FILE_NAME'",
        '#!echo ${UP} ${NOTHING} $A_B x"${FILE_NAME}"',
        "#!/usr/bin/wc -l\na\nb",
        "#!/bin/cat\nthe script\nitself ${UP}",
    ],
)
def test_a_tool_gives_what_it_gives_under_gptscript(
    body: str, script: Script, binary: Callable[..., str], tmp_path: Path
) -> None:
    given = {"file-name": "a b", "a.b": "$HOME `id` ü", "UP": "it's"}
    ours = _result(script(f"{ARGS}\n{body}\n").pursue(file_name="a b", a_b=given["a.b"], up="it's"))
    if "python3" in body:  # GPTScript itself would download one
        found = re.sub("#!.*python3", "#!/usr/bin/python3", body)
        (tmp_path / "main.gpt").write_text(f"{ARGS}\n{found}\n")
    theirs = binary("main.gpt", json.dumps(given, ensure_ascii=False))
    if body.startswith("#!/usr/bin/wc"):
        ours, theirs = str(ours).split()[0], theirs.split()[0]
    if "GPTSCRIPT_INPUT" in body:
        ours, theirs = _sorted(str(ours)), _sorted(theirs)
    assert str(ours).strip() == theirs.strip()


def _sorted(text: str) -> str:
    """With the keys of JSON in order, as it is the object that counts."""
    before, brace, rest = text.partition("{")
    return before + json.dumps(json.loads(brace + rest), sort_keys=True)


def test_the_json_comes_by_stdin_only_where_it_is_asked_for(
    script: Script, binary: Callable[..., str]
) -> None:
    text = "Name: t\nArgs: x: y\nStdin: true\n\n#!/bin/sh\ncat\n"
    assert _result(script(text).pursue(x="hi")) == '{"x": "hi"}'
    assert binary("main.gpt", '{"x": "hi"}').strip() == '{"x": "hi"}'
    assert _result(script(text.replace("Stdin: true\n", "")).pursue(x="hi")) == ""


def test_a_file_or_folder_is_given_by_its_path(script: Script, tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_text("hello\n")
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder/inside.txt").write_text("x")
    text = 'Name: t\nArgs: file: a\nArgs: dir: b\n\n#!/bin/sh -e\ncat "$FILE"; ls "$DIR"; echo "$GPTSCRIPT_INPUT"\n'
    said = str(_result(script(text).pursue(file=tmp_path / "note.txt", dir=tmp_path / "folder")))
    assert said == 'hello\ninside.txt\n{"dir": "/in/dir", "file": "/in/file/note.txt"}'


def test_what_is_no_file_stays_text(script: Script) -> None:
    text = 'Name: t\nArgs: x: y\n\n#!/bin/sh\necho "$X"\n'
    for value in ("7", "true", "[not json", '{"a": 1}', "hello there", ""):
        assert _result(script(text).pursue(x=value)) == value


def test_types_make_data_of_what_is_printed_and_of_what_is_given(script: Script) -> None:
    text = (
        "Name: t\nArgs: n: y\nMetadata: n: int\nMetadata: returns: {n: int, twice: int}\n\n"
        '#!/usr/bin/env python3\nimport json, os\nn = json.loads(os.environ["GPTSCRIPT_INPUT"])["n"]\n'
        'print(json.dumps({"n": int(os.environ["N"]), "twice": 2 * n}))\n'
    )
    assert _result(script(text).pursue(n="4")) == {"n": 4, "twice": 8}


def test_the_tools_folder_is_there_for_tools_that_name_it(script: Script, tmp_path: Path) -> None:
    (tmp_path / "helper.py").write_text("import os\nprint('helped', os.environ['X'])\n")
    text = "Name: t\nArgs: x: y\n\n#!/usr/bin/env python3 ${GPTSCRIPT_TOOL_DIR}/helper.py\n"
    assert _result(script(text).pursue(x="me")) == "helped me"
    (tmp_path / "helper.py").write_text("print('changed')\n")
    assert _result(script(text).pursue(x="me")) == "changed"
    unnamed = "Name: t\n\n#!/bin/sh\nls /gptscript\n"
    assert _result(script(unnamed).pursue()) == "script"


def test_a_tool_that_fails_fails_with_what_it_said(script: Script) -> None:
    run = script("Name: t\n\n#!/bin/sh\necho out; echo why >&2; exit 3\n").pursue().run
    (failure,) = [call.failure for step in run.report.steps for call in step.failures]
    assert failure is not None
    assert (failure.exit_code, failure.stderr) == (3, "why")


def test_an_interpreter_that_isnt_there_is_named_and_never_fetched(script: Script) -> None:
    run = script("Name: t\n\n#!/usr/bin/env ruby9\nputs 1\n").pursue().run
    (failure,) = [call.failure for step in run.report.steps for call in step.failures]
    assert failure is not None
    assert "ruby9" in failure.stderr


def test_a_tool_reaches_no_network_and_none_of_the_environment(
    script: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-unmistakable")
    said = str(_result(script("Name: t\n\n#!/bin/sh\nenv; cat /proc/net/dev\n").pursue()))
    assert "sk-unmistakable" not in said
    assert [line.split(":")[0].strip() for line in said.splitlines() if ":" in line and "|" not in line][
        -1
    ] == "lo"


def test_text_that_no_variable_can_hold_is_a_failure_and_stdin_has_no_such_limit(script: Script) -> None:
    text = "Name: t\nArgs: x: y\n\n#!/bin/sh\nwc -c\n"
    run = script(text).pursue(x="y" * (128 << 10)).run
    (failure,) = [call.failure for step in run.report.steps for call in step.failures]
    assert failure is not None
    assert "at most 128 KiB" in failure.message
    size = _result(script(text.replace("\n\n", "\nStdin: true\n\n", 1)).pursue(x="y" * (128 << 10)))
    assert size == str((128 << 10) + len('{"x": ""}'))
    run = script(text).pursue(x="a\0b").run
    assert run.report.status is Status.FAILED


def test_the_key_is_the_tools_own_so_that_another_tool_or_a_comment_changes_nothing(script: Script) -> None:
    text = 'Name: t\nDescription: One.\nArgs: x: y\n\n#!/bin/sh\necho "$X"\n'
    script(text).pursue(x="key")
    outcomes = []
    for changed in (
        text.replace("One", "Two"),
        text + "---\nName: other\n\n#!/bin/sh\necho\n",
        text.replace('echo "$X"', 'echo "$X" # changed'),
        text.replace("Args: x", "Cache: false\nArgs: x"),
    ):
        (step,) = script(changed).pursue(x="key").run.report.steps
        outcomes.append(step.outcome)
    assert outcomes == [Outcome.CACHED, Outcome.CACHED, Outcome.EXECUTED, Outcome.EXECUTED]
