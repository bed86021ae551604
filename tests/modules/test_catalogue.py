"""What every bundled function owes to those who read of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from shunter.tools.modules.function import Function
from shunter.tools.modules.module import load_module

MODULES = Path(__file__).parents[2] / "tools/shunter/modules"


def _functions() -> Iterator[Function]:
    for folder in sorted(path.parent for path in MODULES.glob("*/module.toml")):
        yield from load_module(folder).functions.values()


@pytest.mark.parametrize("function", list(_functions()), ids=lambda function: function.signature.name)
def test_every_function_is_described_in_full(function: Function) -> None:
    signature = function.signature
    assert signature.doc.splitlines()[0].endswith("."), "the first line is a sentence"
    assert signature.returns_doc
    assert [parameter.name for parameter in signature.parameters if not parameter.doc] == []


@pytest.mark.parametrize("function", list(_functions()), ids=lambda function: function.signature.name)
def test_every_example_calls_the_function_with_parameters_that_it_has(function: Function) -> None:
    signature = function.signature
    given = {word[2:].replace("-", "_") for word in signature.example.split() if word.startswith("--")}
    assert signature.example.startswith(f"shunter call {signature.name} ")
    assert given - {"output", "allow", "yes"} <= {parameter.name for parameter in signature.parameters}
    assert {parameter.name for parameter in signature.parameters if parameter.required} <= given


def test_the_bundled_modules_are_those_that_are_documented() -> None:
    assert sorted(path.parent.name for path in MODULES.glob("*/module.toml")) == [
        "archive",
        "container",
        "files",
        "gptscript",
        "http",
        "image",
        "json",
        "llm",
        "media",
        "python",
        "rag",
        "report",
        "speech",
        "table",
        "text",
    ]


def test_only_modules_that_are_known_for_it_need_packages() -> None:
    parts = {
        path.parent.name: load_module(path.parent).manifest.python for path in MODULES.glob("*/module.toml")
    }
    assert sorted(name for name, part in parts.items() if part is not None and part.packages) == [
        "gptscript",
        "image",
        "llm",
        "media",
        "python",
        "report",
        "speech",
    ]
