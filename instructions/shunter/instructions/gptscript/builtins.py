"""GPTScript's built-in tools: those that look at the workspace and the clock, and those that are refused."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from shunter.tools.modules.module import Module, load_module

FUNCTIONS: Final[Mapping[str, str]] = {
    "sys.ls": "sys.ls",
    "sys.read": "sys.read",
    "sys.find": "sys.find",
    "sys.stat": "sys.stat",
    "sys.time.now": "sys.time_now",
}
"""The functions that stand for built-in tools."""

_COMMAND: Final = "write the command as a tool of its own (Name: …, then #!/bin/sh): it runs in a container"
WEB: Final = (
    "name a function of the module http, whose hosts the plan declares, or take the data as an argument"
)
_WRITE: Final = "write from a #! tool, below $GPTSCRIPT_WORKSPACE_DIR: the workspace is handed on"
_TALK: Final = "a pipeline runs once and doesn't converse: take what it needs as Args"

REFUSED: Final[Mapping[str, str]] = {
    "sys.exec": _COMMAND,
    "sys.http.get": WEB,
    "sys.http.post": WEB,
    "sys.http.html2text": WEB,
    "sys.download": WEB,
    "sys.write": _WRITE,
    "sys.append": _WRITE,
    "sys.remove": _WRITE,
    "sys.getenv": "take the value as an argument: containers see nothing of the environment",
    "sys.prompt": _TALK,
    "sys.abort": "end a #! tool with another exit code than 0: the run fails, with what the tool printed",
    "sys.context": "there is none: leave it out",
    "sys.chat.current": _TALK,
    "sys.chat.finish": _TALK,
    "sys.chat.history": _TALK,
    "sys.model.provider.credential": "OPENAI_API_KEY stays with the planner, and no step is given it",
    "sys.daemon": "write what it serves as #! tools: steps leave nothing running",
    "sys.openapi": "write the calls as #! tools, or name a catalogue function that declares its hosts",
    "sys.echo": "write #!/bin/sh, and echo the text",
    "sys.call": "name the tool under Tools",
}
"""What to use instead of each."""


def builtin_module() -> Module:
    """The module `sys`, which only scripts have."""
    return load_module(Path(__file__).parent / "sys")
