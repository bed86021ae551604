"""Functions on text files."""

from __future__ import annotations

from typing import Annotated, TypedDict

from shunter.sdk import Failure, File, function

Text = Annotated[File, "text/*"]
Plain = Annotated[File, "text/plain"]


class Counts(TypedDict):
    """How much text there is; a line ends with a line feed, and the last one needn't."""

    lines: int
    words: int
    characters: int
    bytes: int


class WordCount(TypedDict):
    """A word in lower case and how often it occurs."""

    word: str
    count: int


@function
def count(file: Text) -> Counts:
    """Count the lines, words, characters and bytes of a text file.

    Args:
        file: The text to measure.
    Returns:
        The four numbers.
    Example:
        shunter call text.count --file notes.txt
    """
    text = file.read_text()
    lines = text.count("\n") + (1 if text and not text.endswith("\n") else 0)
    return Counts(lines=lines, words=len(text.split()), characters=len(text), bytes=file.size)


@function
def word_frequencies(file: Text, top: int = 20) -> list[WordCount]:
    """Find the most frequent words of a text file.

    Args:
        file: The text to look at.
        top: How many words to return at most.
    Returns:
        Words in lower case with their numbers, the most frequent first, equal ones by the alphabet.
    Example:
        shunter call text.word_frequencies --file notes.txt --top 5
    """
    import re
    from collections import Counter

    found = Counter(re.findall(r"[^\W\d_]+(?:['’][^\W\d_]+)*", file.read_text().lower()))
    ranking = sorted(found.items(), key=lambda entry: (-entry[1], entry[0]))
    return [WordCount(word=word, count=number) for word, number in ranking[: max(top, 0)]]


@function
def grep(file: Text, pattern: str, *, ignore_case: bool = False, invert: bool = False) -> Plain:
    """Search a text file: keep the lines that match a pattern, drop the others.

    Args:
        file: The text to search.
        pattern: A regular expression as Python's re reads it, such as "error|warning".
        ignore_case: Take capital and small letters for the same.
        invert: Keep the lines that don't match instead.
    Returns:
        The lines that were kept, under the same name; empty when there is none.
    Example:
        shunter call text.grep --file build.log --pattern "error|warning" --output problems.txt
    """
    from .pattern import compiled

    matcher = compiled(pattern, ignore_case=ignore_case)
    kept = [line for line in _lines(file) if bool(matcher.search(line.rstrip("\r\n"))) is not invert]
    return File.write_text(file.name, "".join(kept))


@function
def replace(file: Text, old: str, new: str, *, regex: bool = False, ignore_case: bool = False) -> Plain:
    r"""Replace every occurrence of some words in a text file by others.

    Args:
        file: The text to change.
        old: What to look for: the words themselves, or a regular expression with regex.
        new: What to put in its place; with regex, \1 stands for the first group.
        regex: Read old as a regular expression.
        ignore_case: Take capital and small letters for the same.
    Returns:
        The changed text, under the same name.
    Example:
        shunter call text.replace --file letter.txt --old "Mr. Smith" --new "Ms. Jones" --output letter2.txt
    """
    from .pattern import replaced

    if not old:
        raise Failure("old is empty; expected the words to look for")
    text = replaced(file.read_text(), old, new, regex=regex, ignore_case=ignore_case)
    return File.write_text(file.name, text)


@function
def concatenate(files: list[Text], *, separator: str = "", name: str = "all.txt") -> Plain:
    """Put several text files together into one (cat, join, merge), in the order given.

    Args:
        files: The texts to put together.
        separator: A line to put between two files; none when empty.
        name: The name of the result.
    Returns:
        One text; every file ends with a line feed in it.
    Example:
        shunter call text.concatenate --files one.txt --files two.txt --output both.txt
    """
    texts = [file.read_text() for file in files]
    ended = [text if text.endswith("\n") or not text else f"{text}\n" for text in texts]
    return File.write_text(name, (f"{separator}\n" if separator else "").join(ended))


@function
def from_string(text: str, name: str = "text.txt") -> Plain:
    """Write a string into a text file: turn text that was given as a value into a file.

    Args:
        text: The content, written as it is.
        name: The name of the file.
    Returns:
        The file.
    Example:
        shunter call text.from_string --text "Hello" --name hello.txt --output hello.txt
    """
    return File.write_text(name, text)


@function
def to_string(file: Text) -> str:
    """Read a text file into a string: turn a file into text that another function takes as a value.

    Args:
        file: The text file.
    Returns:
        Its content, without line feeds at the end.
    Example:
        shunter call text.to_string --file hello.txt
    """
    return file.read_text().rstrip("\r\n")


@function
def diff(before: Text, after: Text, context: int = 3) -> Annotated[File, "text/x-diff"]:
    """Compare two text files and list the differences, as a unified diff.

    Args:
        before: The old text.
        after: The new text.
        context: How many unchanged lines to show around each change.
    Returns:
        The differences, as the program patch reads them; empty when the texts are equal.
    Example:
        shunter call text.diff --before old.txt --after new.txt --output changes.diff
    """
    from difflib import unified_diff

    if context < 0:
        raise Failure(f"context is {context}; expected 0 or more lines")
    found = unified_diff(_lines(before), _lines(after), f"a/{before.name}", f"b/{after.name}", n=context)
    marked = [line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in found]
    return File.write_text(f"{after.stem}.diff", "".join(marked))


def _lines(file: File) -> list[str]:
    """The lines with their ends; only a line feed ends one, unlike with str.splitlines."""
    import io

    return io.StringIO(file.read_text(), newline="\n").readlines()
