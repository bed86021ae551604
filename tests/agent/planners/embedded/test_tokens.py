"""Tokens of goals."""

from __future__ import annotations

import pytest

from shunter.agent.planners.embedded.kinds import Kind
from shunter.agent.planners.embedded.tokens import MAX_TOKENS, tokenise


def _kinds(text: str) -> list[tuple[Kind, str]]:
    return [(token.kind, token.text) for token in tokenise(text)]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("names.txt", Kind.PATH),
        ("docs/a.md", Kind.PATH),
        (".python-version", Kind.PATH),
        ("**/*.png", Kind.GLOB),
        ("*.csv", Kind.GLOB),
        (r"\d+", Kind.REGEX),
        ("^ERROR|WARN$", Kind.REGEX),
        ("^;", Kind.REGEX),
        ("items[*].title", Kind.KEYS),
        ("[0].email", Kind.KEYS),
        ("database.connection", Kind.KEYS),
        ("800x600", Kind.SIZE),
        ("1:30", Kind.TIME),
        ("2024-05-01", Kind.DATE),
        ("https://example.org/a.mp3", Kind.URL),
        ("twelve", Kind.NUMBER),
        ("-3.5", Kind.NUMBER),
        ("csv", Kind.WORD),
        ("and/or", Kind.WORD),
    ],
)
def test_a_literal_is_known_by_its_form(text: str, kind: Kind) -> None:
    assert _kinds(text) == [(kind, text)]


@pytest.mark.parametrize("quoted", ['"a b"', "“a b”", "«a b»", "`a b`", "'a b'"])
def test_what_stands_in_quotes_is_one_token(quoted: str) -> None:
    assert _kinds(quoted) == [(Kind.QUOTED, "a b")]


def test_an_apostrophe_opens_no_quotes() -> None:
    assert [kind for kind, _ in _kinds("Ada's and Bob's")] == [Kind.WORD] * 3


def test_punctuation_stands_apart() -> None:
    assert _kinds("Sort names.txt, please.") == [
        (Kind.WORD, "Sort"), (Kind.PATH, "names.txt"), (Kind.BREAK, ","), (Kind.WORD, "please"), (Kind.BREAK, "."),
    ]  # fmt: skip


def test_units_become_words_of_their_own() -> None:
    assert [token.word for token in tokenise("5s 200px 3min")] == [
        "5", "seconds", "200", "pixels", "3", "minutes",
    ]  # fmt: skip


def test_a_time_is_counted_in_seconds() -> None:
    assert [token.number for token in tokenise("1:30 1:00:05 0:07.5")] == [90.0, 3605.0, 7.5]


def test_abbreviations_say_nothing() -> None:
    assert [token.word for token in tokenise("a file, i.e. a text, e.g. notes")] == [
        "a", "file", ",", "a", "text", ",", "notes",
    ]  # fmt: skip


def test_a_long_text_is_cut() -> None:
    assert len(tokenise("word " * 5000)) <= MAX_TOKENS
