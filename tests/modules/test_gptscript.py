"""gptscript: files read by the language's own parser."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.modules.conftest import Call, CallFailed

Write = Callable[[str, str], Path]

pytestmark = pytest.mark.timeout(600)  # whichever comes first installs the packages


def test_a_script_is_its_tools(call: Call, write: Write) -> None:
    script = write(
        "talk.gpt", "Tools: greet\n\nGreet me.\n---\nName: greet\nArgs: who: Whom\n\n#!/bin/sh\necho\n"
    )
    first, second = [node["toolNode"]["tool"] for node in call("gptscript.parse", script=script)["nodes"]]
    assert (first["tools"], first["instructions"]) == (["greet"], "Greet me.")
    assert (second["name"], second["instructions"]) == ("greet", "#!/bin/sh\necho")
    assert second["arguments"]["properties"] == {"who": {"type": "string", "description": "Whom"}}
    assert second["source"]["lineNo"] == 5


def test_an_empty_script_has_no_tools(call: Call, write: Write) -> None:
    assert call("gptscript.parse", script=write("empty.gpt", "")) == {}


def test_what_the_parser_says_is_what_fails(call: Call, write: Write) -> None:
    with pytest.raises(
        CallFailed, match=r'^line 2: invalid boolean parameter, must be "true" or "false", got \[x\]$'
    ):
        call("gptscript.parse", script=write("bad.gpt", "Name: a\nChat: x\n\nHi.\n"))
