"""Which types go where."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.engine.types.strategies import related, sampled, types

from shunter.engine.types import ListOf, Type, fits, holds_secret, is_plain, is_scalar, narrows, parse_type


@sampled
@given(types)
def test_every_type_fits_itself(kind: Type) -> None:
    assert fits(kind, kind)


@sampled
@given(st.lists(related, min_size=3, max_size=12))
def test_what_fits_into_what_fits_fits(kinds: list[Type]) -> None:
    for first, second, third in itertools.product(kinds, repeat=3):
        if fits(first, second) and fits(second, third):
            assert fits(first, third)


@sampled
@given(types, types)
def test_what_fits_can_be_narrowed_to(given_type: Type, wanted: Type) -> None:
    assert narrows(given_type, wanted) or not fits(given_type, wanted)


@sampled
@given(types)
def test_nothing_becomes_a_list_by_itself(kind: Type) -> None:
    assert not fits(kind, ListOf(kind))


@pytest.mark.parametrize(
    ("given_type", "wanted"),
    [
        ("File[text/csv]", "File[text/*]"),
        ("File[text/csv]", "File"),
        ("File[text/*]", "File"),
        ("int", "float"),
        ("str", "str | None"),
        ('"a"', "str"),
        ('"b" | "a"', '"a" | "b" | "c"'),
        ("list[int]", "list[float]"),
        ("{name: str, size: int}", "{name: str}"),
        ("{size: int, name: str}", "{name: str, size: float}"),
        ("list[{name: str | None}]", "Json"),
        ("list[File[audio/wav]]", "list[File[audio/*]] | None"),
    ],
)
def test_a_type_goes_where_a_wider_one_is_wanted_and_not_the_other_way_round(
    given_type: str, wanted: str
) -> None:
    assert fits(parse_type(given_type), parse_type(wanted))
    assert not fits(parse_type(wanted), parse_type(given_type))


def test_a_record_may_lack_what_may_be_null() -> None:
    assert fits(parse_type("{name: str}"), parse_type("{name: str, note: str | None}"))
    assert not fits(parse_type("{name: str, note: int}"), parse_type("{name: str, note: str | None}"))


@pytest.mark.parametrize(
    ("given_type", "wanted"),
    [
        ("str", "list[str]"),
        ("str", "File[text/plain]"),
        ("File[text/plain]", "str"),
        ("bool", "int"),
        ("File[image/png]", "File[audio/*]"),
        ("File[text/csv]", "File[text/plain]"),
        ("File", "Json"),
        ("{file: File}", "Json"),
        ("Directory", "File"),
        ("str", "Secret"),
        ("Secret", "str"),
        ("Secret", "Json"),
    ],
)
def test_nothing_is_converted_silently(given_type: str, wanted: str) -> None:
    assert not fits(parse_type(given_type), parse_type(wanted))


@pytest.mark.parametrize(
    ("given_type", "wanted", "possible"),
    [
        ("File", "File[text/csv]", True),
        ("File[text/*]", "File[text/csv]", True),
        ("File[text/*]", "File[image/png]", False),
        ("File", "File[text/csv] | None", True),
        ("str | None", "str", True),
        ("str", '"a" | "b"', True),
        ("str", '"a" | None', True),
        ('"a" | "b"', '"b" | "c"', True),
        ('"a"', '"b"', False),
        ("float", "int", True),
        ("Json", "list[{name: str}]", True),
        ("Json", "File", False),
        ("Json", "Secret", False),
        ("list[File]", "list[File[text/csv]]", True),
        ("{file: File}", "{file: File[text/csv]}", True),
        ("{file: File}", "{other: str}", False),
        ("str", "int", False),
        ("str", "list[str]", False),
    ],
)
def test_narrowing_is_possible_where_a_look_at_the_value_decides(
    given_type: str, wanted: str, possible: bool
) -> None:
    assert narrows(parse_type(given_type), parse_type(wanted)) is possible


@pytest.mark.parametrize(
    ("text", "plain", "scalar", "secret"),
    [
        ("str", True, True, False),
        ("int | None", True, True, False),
        ("Json", True, False, False),
        ("list[str]", True, False, False),
        ("File", False, False, False),
        ("{a: list[Directory]}", False, False, False),
        ("Secret | None", False, False, True),
        ("{a: list[Secret]}", False, False, True),
    ],
)
def test_what_kind_of_values_a_type_has(text: str, plain: bool, scalar: bool, secret: bool) -> None:
    kind = parse_type(text)
    assert (is_plain(kind), is_scalar(kind), holds_secret(kind)) == (plain, scalar, secret)
