"""Text that fits the terminal."""

from __future__ import annotations

import pytest

from shunter.cli.page import filled, page_width, paragraphs


def test_without_a_terminal_lines_stay_whole(capsys: pytest.CaptureFixture[str]) -> None:
    assert page_width() is None
    assert filled("word " * 50, None, first="a  ") == "a  " + "word " * 50
    assert paragraphs("one\ntwo\n\nthree", None, "  ") == "  one\n  two\n\n  three"


def test_lines_are_broken_between_words_and_hang(capsys: pytest.CaptureFixture[str]) -> None:
    text = filled(
        "Filter a table: keep the rows that meet a condition.", 50, first="table.where  ", rest=" " * 13
    )
    assert text == "table.where  Filter a table: keep the rows that\n             meet a condition."


def test_on_a_terminal_that_is_too_narrow_a_word_keeps_its_letters() -> None:
    lines = filled("Everything hangs together " * 3, 10, first="a" * 20 + "  ", rest=" " * 22).splitlines()
    assert all(
        word in {"Everything", "hangs", "together", "a" * 20} for line in lines for word in line.split()
    )
    assert max(map(len, lines)) <= 52


def test_prose_is_filled_again_and_lists_and_examples_are_not() -> None:
    text = "One sentence that\ngoes on.\n\n- an item\n- another\n\n    code  as it is"
    assert paragraphs(text, 80, "  ") == (
        "  One sentence that goes on.\n\n  - an item\n  - another\n\n      code  as it is"
    )
