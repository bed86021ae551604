"""A yard for every test of the scheduler."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.engine.run.yard import Yard, argument


@pytest.fixture
def yard(open_folder: Path) -> Iterator[Yard]:
    """A yard with `toy.echo(text: str) -> str` and `toy.join(texts: list[str]) -> str`."""
    made = Yard(open_folder / "home")
    made.function("toy.echo", {"text": "str"}, "str", argument("text"))
    made.function(
        "toy.join",
        {"texts": "list[str]"},
        "str",
        lambda call: "+".join(_texts(call.action.arguments["texts"])),
    )
    yield made
    made.store.close()


def _texts(value: object) -> list[str]:
    assert isinstance(value, tuple)
    return [str(item) for item in value]
