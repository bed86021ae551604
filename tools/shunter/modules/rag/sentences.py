"""Documents cut into sentences, each with the place that it stands at."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from shunter.sdk import File

ABBREVIATIONS = frozenset(
    "dr mr mrs ms prof st jr sr vs etc no vol fig al inc ltd co e.g i.e u.s approx".split()
)
END = re.compile(r"[.!?…]+[\"'”’)\]]*(?=\s|$)")
BREAK = re.compile(
    r"\n[ \t]*(?:\r?\n|(?=[-*+•#>|] ?|```|~~~)|(?=\d+[.)] ))"
)  # an empty line, a heading, a list's next item
CODE = re.compile(r"^[ \t]*(```|~~~).*?(?:^[ \t]*\1|\Z)", re.MULTILINE | re.DOTALL)
HEADING = re.compile(r"^#{1,6} .*$", re.MULTILINE)
MARKUP = re.compile(r"^(?:#{1,6} |[-*+•>] |\d+[.)] )+")


class Sentence(NamedTuple):
    """One sentence: white space is single blanks; `line` counts from 1; `block` numbers the paragraphs.

    A heading, and a line of code, is no prose.
    """

    document: str
    line: int
    block: int
    text: str
    is_prose: bool = True


def read_sentences(documents: Sequence[File]) -> list[Sentence]:
    """Every sentence of `documents`, in order; raises Failure when one isn't text."""
    names = unique_names([document.name for document in documents])
    pairs = zip(names, documents, strict=True)
    return [sentence for name, document in pairs for sentence in split(name, document.read_text())]


def split(document: str, text: str) -> Iterator[Sentence]:
    """The sentences of `text`, which are said to be of `document`."""
    headings, code = ([range(*match.span()) for match in form.finditer(text)] for form in (HEADING, CODE))
    ends = {match.start() for match in BREAK.finditer(text)} | {heading.stop for heading in headings}
    start, line, counted = 0, 1, 0
    for block, end in enumerate([*sorted(ends), len(text)]):
        for first, last in _spans(text, start, end):
            line, counted = line + text.count("\n", counted, first), first
            content = MARKUP.sub("", " ".join(text[first:last].split()))
            if content:
                is_prose = not any(first in span for span in (*headings, *code))
                yield Sentence(document, line, block, content, is_prose)
        start = end


def unique_names(names: Sequence[str]) -> list[str]:
    """`names` with a number behind those that were there before: "a.txt", "a.txt (2)"."""
    seen: dict[str, int] = {}
    found = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        found.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return found


def _spans(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Where each sentence of one block begins and ends."""
    first = _skip_space(text, start, end)
    for match in END.finditer(text, start, end):
        if match.start() >= first and not _is_inside_sentence(text, first, match):
            yield first, match.end()
            first = _skip_space(text, match.end(), end)
    if first < end:
        yield first, end


def _skip_space(text: str, start: int, end: int) -> int:
    while start < end and text[start].isspace():
        start += 1
    return start


def _is_inside_sentence(text: str, first: int, match: re.Match[str]) -> bool:
    """Whether the mark belongs to an abbreviation, an initial, or a list's number."""
    if match.group() != ".":
        return False
    before = text[first : match.start()].split()
    word = before[-1].lstrip("(\"'“‘") if before else ""
    is_initial = len(word) == 1 and word.isupper() and word != "I"
    return is_initial or word.lower() in ABBREVIATIONS or (len(before) == 1 and word.isdigit())
