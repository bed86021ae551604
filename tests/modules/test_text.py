"""text: lines, words, search, comparison."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.modules.conftest import Call, CallFailed

Write = Callable[[str, str], Path]


def test_head_and_tail_keep_the_name(call: Call, write: Write) -> None:
    notes = write("-notes.txt", "".join(f"{number}\n" for number in range(1, 21)))
    head, tail = call("text.head", file=notes, lines=2), call("text.tail", file=notes, lines=2)
    assert (head.name, head.read_text(), tail.read_text()) == ("-notes.txt", "1\n2\n", "19\n20\n")
    assert call("text.head", file=notes).read_text().count("\n") == 10


def test_lines_are_sorted_by_character_or_number(call: Call, write: Write) -> None:
    numbers = write("numbers.txt", "10\n9\nb\n9\n")
    assert call("text.sort_lines", file=numbers).read_text() == "10\n9\n9\nb\n"
    found = call("text.sort_lines", file=numbers, numeric=True, reverse=True, unique=True)
    assert found.read_text() == "10\n9\nb\n"


def test_text_is_counted(call: Call, write: Write) -> None:
    assert call("text.count", file=write("a.txt", "é b\nc")) == {
        "lines": 2,
        "words": 3,
        "characters": 5,
        "bytes": 6,
    }
    assert call("text.count", file=write("b.txt", "")) == {
        "lines": 0,
        "words": 0,
        "characters": 0,
        "bytes": 0,
    }


def test_the_most_frequent_words_come_first(call: Call, write: Write) -> None:
    found = call("text.word_frequencies", file=write("a.txt", "The cat. The dog's cat, the end"), top=2)
    assert found == [{"word": "the", "count": 3}, {"word": "cat", "count": 2}]


def test_lines_that_match_are_kept(call: Call, write: Write) -> None:
    log = write("build.log", "ok\r\nError: x\nwarning\nok")
    found = call("text.grep", file=log, pattern="^error|ing$", ignore_case=True)
    assert (found.name, found.read_bytes()) == ("build.log", b"Error: x\nwarning\n")
    assert call("text.grep", file=log, pattern="ok$", invert=True).read_text() == "Error: x\nwarning\n"
    assert call("text.grep", file=log, pattern="nothing").read_bytes() == b""


def test_a_malformed_pattern_is_refused(call: Call, write: Write) -> None:
    with pytest.raises(CallFailed, match=r"^'\(' is no regular expression: .+"):
        call("text.grep", file=write("a.txt", "x"), pattern="(")


def test_words_are_replaced_as_they_are_written(call: Call, write: Write) -> None:
    letter = write("letter.md", "a.b A.B axb\r\n")
    assert call("text.replace", file=letter, old="a.b", new=r"\1").read_bytes() == b"\\1 A.B axb\r\n"
    assert call("text.replace", file=letter, old="a.b", new="-", ignore_case=True).read_text() == "- - axb\n"
    found = call("text.replace", file=letter, old="(a).b", new=r"\1!", regex=True)
    assert (found.name, found.read_text()) == ("letter.md", "a! A.B a!\n")


@pytest.mark.parametrize(("old", "new"), [("", "x"), ("(", "x"), ("a", r"\9")])
def test_a_replacement_that_makes_no_sense_is_refused(call: Call, write: Write, old: str, new: str) -> None:
    with pytest.raises(CallFailed) as caught:
        call("text.replace", file=write("a.txt", "a"), old=old, new=new, regex=True)
    assert "Traceback" not in str(caught.value)


def test_texts_are_put_together_with_whole_lines(call: Call, write: Write) -> None:
    parts = [write("1/a.txt", "a"), write("2/a.txt", "b\n"), write("c.txt", "")]
    found = call("text.concatenate", files=parts, separator="--", name="both.txt")
    assert (found.name, found.read_text()) == ("both.txt", "a\n--\nb\n--\n")
    assert call("text.concatenate", files=[]).read_text() == ""


def test_text_and_files_turn_into_each_other(call: Call) -> None:
    file = call("text.from_string", text="Hello,\n“world”\n", name="hello.txt")
    assert (file.name, file.read_text()) == ("hello.txt", "Hello,\n“world”\n")
    assert call("text.to_string", file=file) == "Hello,\n“world”"


def test_differences_are_shown_as_patch_reads_them(call: Call, write: Write) -> None:
    before, after = write("old.txt", "a\nb\nc\n"), write("new.txt", "a\nx\nc")
    found = call("text.diff", before=before, after=after, context=0)
    assert found.name == "new.diff"
    assert found.read_text() == (
        "--- a/old.txt\n+++ b/new.txt\n@@ -2,2 +2,2 @@\n-b\n-c\n+x\n+c\n\\ No newline at end of file\n"
    )
    assert call("text.diff", before=before, after=before).read_text() == ""


def test_what_is_no_text_is_refused(call: Call, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(CallFailed, match=r"^a\.txt is not text in UTF-8: byte 0xff at position 0$"):
        call("text.count", file=path)
