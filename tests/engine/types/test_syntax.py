"""Types as text."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.engine.types.strategies import sampled, types

from shunter.engine.types import (
    Enum,
    File,
    Int,
    ListOf,
    Optional,
    Record,
    Str,
    Type,
    TypeSyntaxError,
    parse_type,
)


@sampled
@given(types)
def test_a_type_prints_as_the_text_that_is_read_back(kind: Type) -> None:
    assert parse_type(str(kind)) == kind


@sampled
@given(st.text(alphabet=' "\\|[]{}:,abFile/*\n\x00é', max_size=30))
def test_any_text_is_a_type_or_one_clear_error(text: str) -> None:
    with contextlib.suppress(TypeSyntaxError):
        kind = parse_type(text)
        assert parse_type(str(kind)) == kind


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("str", Str()),
        (" list[ File[ audio/* ] ] ", ListOf(File("audio/*"))),
        ('File["text/csv"]', File("text/csv")),
        ("File[audio/x-wav]", File("audio/wav")),
        ("File[Text/CSV]", File("text/csv")),
        ('"a" | "b" | None', Optional(Enum(("a", "b")))),
        ('None | "a"', Optional(Enum(("a",)))),
        ("{name: str, size: int | None}", Record((("name", Str()), ("size", Optional(Int()))))),
        ("{}", Record(())),
        ("list[str | None] | None", Optional(ListOf(Optional(Str())))),
    ],
)
def test_written_types(text: str, kind: Type) -> None:
    assert parse_type(text) == kind


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "the type `` ends too early"),
        ("strr", "the type `strr` has an unknown type 'strr'; did you mean str?"),
        ("file", "the type `file` has an unknown type 'file'; did you mean File?"),
        ("str | int", "the type `str | int` only `T | None` and texts can be joined with `|`"),
        ('str | "a"', 'the type `str | "a"` only `T | None` and texts can be joined with `|`'),
        ("None", "the type `None` None alone is no type"),
        (
            "str | None | None",
            "the type `str | None | None` only `T | None` and texts can be joined with `|`",
        ),
        ('"a" | "a"', 'the type `"a" | "a"` names a choice twice'),
        ('"\\q"', 'the type `"\\q"` has a choice that isn\'t text as JSON writes it: "\\q"'),
        ("list", "the type `list` wants `[` where it has the end"),
        ("list[str", "the type `list[str` wants `]` where it has the end"),
        ("str str", "the type `str str` goes on with 'str'"),
        ("File[text", "the type `File[text` lacks a closing `]`"),
        (
            "File[text]",
            "the type `File[text]` not a media type: 'text' (expected something like text/csv or audio/*)",
        ),
        ("{a: str, a: int}", "the type `{a: str, a: int}` has a bad or repeated field name 'a'"),
        ("{1: str}", "the type `{1: str}` stops making sense at '1: str}'"),
    ],
)
def test_text_that_is_no_type_says_where_it_stops_making_sense(text: str, message: str) -> None:
    with pytest.raises(TypeSyntaxError) as caught:
        parse_type(text)
    assert str(caught.value) == message


def test_a_type_can_not_be_nested_without_end() -> None:
    with pytest.raises(TypeSyntaxError, match="is nested too deeply"):
        parse_type("list[" * 5000 + "str" + "]" * 5000)
