"""The language page names everything that is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from shunter.instructions.gptscript import builtins, keys

PAGE = (Path(__file__).parents[2] / "docs/gptscript.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "name", [*builtins.REFUSED, "sys.ls", "sys.read", "sys.find", "sys.stat", "sys.time.now"]
)
def test_every_builtin_tool_is_on_the_page(name: str) -> None:
    assert f"`{name}`" in PAGE


@pytest.mark.parametrize("key", [key for key, _ in (*keys.REFUSED.values(), *keys.UNUSED.values())])
def test_every_key_that_isnt_supported_is_on_the_page(key: str) -> None:
    assert f"`{key.title().replace('Json', 'JSON')}:`" in PAGE


def test_the_script_on_the_page_is_the_readmes() -> None:
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    (shown,) = [block for block in PAGE.split("```") if block.startswith("text\nDescription:")]
    assert shown.removeprefix("text\nDescription: A recording in capitals.\n").strip() in readme
