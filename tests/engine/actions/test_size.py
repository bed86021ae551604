"""Sizes as people write them."""

from __future__ import annotations

import pytest

from shunter.engine.actions.size import parse_size, size_text


@pytest.mark.parametrize(
    ("text", "size"),
    [("1", 1), ("512MiB", 512 << 20), ("2 GB", 2 * 10**9), ("1.5KiB", 1536), (" 3 B ", 3), ("4GiB", 4 << 30)],
)
def test_a_size_is_a_number_with_a_unit(text: str, size: int) -> None:
    assert parse_size(text) == size
    assert parse_size(size_text(size)) == size


@pytest.mark.parametrize(
    "text", ["", "MiB", "much", "-1", "0", "1e9", "1XB", "0.1B", "9" * 400 + "GiB", "9" * 25, "nan", "inf"]
)
def test_what_is_no_size_that_a_machine_can_have_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="size"):
        parse_size(text)
