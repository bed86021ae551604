"""What the parser answers, as tools."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from pydantic import BaseModel, ConfigDict, Field

from shunter.engine.digest import JsonValue
from shunter.instructions.gptscript.text import ToolLines, tool_lines

Parse: TypeAlias = Callable[[bytes], JsonValue]
"""The parser: a file's content in, its answer out; raises ParseError."""


class ParseError(ValueError):
    """The parser can't read a file; the message begins with `line N: ` where it says which line."""


class _Arguments(BaseModel):
    properties: Mapping[str, Mapping[str, Any]] = Field(default_factory=dict)


class _Tool(BaseModel):
    model_config = ConfigDict(extra="allow")

    name: str = ""
    description: str = ""
    arguments: _Arguments = _Arguments()
    tools: tuple[str, ...] = ()
    instructions: str = ""
    stdin: bool = False
    cache: bool | None = None
    metadata: Mapping[str, str] = Field(default_factory=dict, alias="metaData")
    source: Mapping[str, Any] = Field(default_factory=dict)


class _ToolNode(BaseModel):
    tool: _Tool


class _Node(BaseModel):
    tool: _ToolNode | None = Field(default=None, alias="toolNode")


class _Answer(BaseModel):
    nodes: tuple[_Node, ...] = ()


@dataclass(frozen=True)
class Tool:
    """One tool of a file.

    `arguments` are descriptions by name. `settings` are keys that pipelines have no use for, by the parser's
    name.
    """

    file: Path
    lines: ToolLines
    name: str
    description: str
    arguments: Mapping[str, str]
    tools: tuple[str, ...]
    body: str
    stdin: bool
    cached: bool
    metadata: Mapping[str, str]
    settings: frozenset[str]

    @property
    def is_command(self) -> bool:
        """Whether its body is a `#!` command rather than words."""
        return self.body.startswith("#!")

    @property
    def title(self) -> str:
        """What it is called in messages."""
        return self.name or "the first tool"


@dataclass(frozen=True)
class Script:
    """A file's tools in order; the first is what the file does."""

    path: Path
    content: bytes
    tools: tuple[Tool, ...]

    def named(self, name: str) -> Tool | None:
        """The tool called `name`, in any case."""
        return next((tool for tool in self.tools if tool.name.lower() == name.lower() and name), None)


def read_script(path: Path, content: bytes, parse: Parse) -> Script:
    """The script that `content` of the file `path` is; raises ParseError."""
    answer = _Answer.model_validate(parse(content))
    text = content.decode("utf-8", "replace")
    tools = tuple(_tool(path, text, node.tool.tool) for node in answer.nodes if node.tool is not None)
    return Script(path, content, tools)


def _tool(path: Path, text: str, parsed: _Tool) -> Tool:
    line = parsed.source.get("lineNo")
    return Tool(
        path,
        tool_lines(text, line if isinstance(line, int) else 1, parsed.instructions),
        parsed.name,
        parsed.description,
        {name: str(entry.get("description", "")) for name, entry in parsed.arguments.properties.items()},
        parsed.tools,
        parsed.instructions,
        parsed.stdin,
        parsed.cache is not False,
        parsed.metadata,
        frozenset(name for name, value in (parsed.model_extra or {}).items() if value),
    )
