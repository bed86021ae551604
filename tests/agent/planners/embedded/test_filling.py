"""Literals for arguments, each found by the way in which people say it."""

from __future__ import annotations

import pytest
from tests.agent.goals.suite import bundled

from shunter.agent.planners.embedded.filling.clause import Clause
from shunter.agent.planners.embedded.filling.fill import fill
from shunter.agent.planners.embedded.filling.filling import Filling
from shunter.agent.planners.embedded.text import take_apart


def _fill(function: str, words: str) -> Filling:
    signature = bundled()[function]
    tokens = take_apart(words, {}).tokens
    return fill(signature, Clause(tokens, range(len(tokens))))


@pytest.mark.parametrize(
    ("words", "condition"),
    [
        ("rows where amount is at least 250", ("amount", "at_least", "250")),
        ("whose total is greater than 1000", ("total", "greater", "1000")),
        ("price > 9.5", ("price", "greater", "9.5")),
        ("status=open", ("status", "equals", "open")),
        ("with status unpaid, please", ("status", "equals", "unpaid")),
        ("city is not Berlin", ("city", "differs", "Berlin")),
        ("date before 2024-01-01", ("date", "less", "2024-01-01")),
        ("title contains “ghost”", ("title", "contains", "ghost")),
        ("whose phone is empty", ("phone", "is_empty", None)),
        ("without a supplier", ("supplier", "is_empty", None)),
        ("that have an empty manager column", ("manager", "is_empty", None)),
        ("whose value is empty", ("value", "is_empty", None)),
        ("drop the rows where email is empty", ("email", "is_filled", None)),
    ],
)
def test_a_condition(words: str, condition: tuple[str, str, str | None]) -> None:
    found = _fill("table.where", words).arguments
    assert (found.get("column"), found.get("operator"), found.get("value")) == condition


@pytest.mark.parametrize("words", ["the collection is in the cellar", "which are slowest", "all rows"])
def test_what_is_no_condition(words: str) -> None:
    assert "column" not in _fill("table.where", words).arguments


@pytest.mark.parametrize(
    ("words", "total"),
    [
        ("sum of sales by region", (["region"], "sales", "sum")),
        ("average salary per department", (["department"], "salary", "mean")),
        ("max of wind_speed for each day", (["day"], "wind_speed", "max")),
        ("how many per city", (["city"], None, "count")),
        ("the mean of age", ([], "age", "mean")),
    ],
)
def test_a_total(words: str, total: tuple[list[str], str | None, str]) -> None:
    found = _fill("table.group", words).arguments
    assert (found.get("by"), found.get("column"), found.get("total")) == total


@pytest.mark.parametrize(
    ("words", "columns"),
    [
        ("keep only name and email", ["name", "email"]),
        ("the columns name, email and city", ["name", "email", "city"]),
        ("keep name and email, write it down", ["name", "email"]),
    ],
)
def test_columns(words: str, columns: list[str]) -> None:
    assert _fill("table.select", words).arguments["columns"] == columns


@pytest.mark.parametrize(
    ("words", "order"),
    [
        ("sort by price", (["price"], False)),
        ("sort by price, highest first", (["price"], True)),
        ("sorted by bytes with the biggest on top", (["bytes"], True)),
        ("by age from oldest to youngest", (["age"], True)),
        ("by age from youngest to oldest", (["age"], False)),
        ("the highest amount first", (["amount"], True)),
        ("the lowest amount first", (["amount"], False)),
    ],
)
def test_an_order(words: str, order: tuple[list[str], bool]) -> None:
    found = _fill("table.sort_rows", words).arguments
    assert (found["by"], found.get("descending", False)) == order


@pytest.mark.parametrize(
    ("words", "span"),
    [
        ("from second 30 to second 90", (30.0, 90.0)),
        ("from 1:30 till 2:45", (90.0, 165.0)),
        ("the first 15 seconds", (None, 15.0)),
        ("the first two minutes", (None, 120.0)),
        ("start at second 10", (10.0, None)),
        ("skip the first 5 seconds", (5.0, None)),
        ("get rid of the first minute and a half", (90.0, None)),
    ],
)
def test_a_span_of_time(words: str, span: tuple[float | None, float | None]) -> None:
    found = _fill("media.trim_audio", words).arguments
    assert (found.get("start"), found.get("end")) == span


@pytest.mark.parametrize(
    ("function", "words", "given"),
    [
        ("image.resize", "make it 800 by 600", {"width": 800, "height": 600}),
        ("image.resize", "to 1,024 pixels wide", {"width": 1024}),
        ("image.resize", "100px high", {"height": 100}),
        (
            "image.crop",
            "300x200 from the top left corner",
            {"width": 300, "height": 200, "left": 0, "top": 0},
        ),
        ("text.head", "the first twenty lines", {"lines": 20}),
        ("text.tail", "the last four entries", {"lines": 4}),
        ("text.head", "the first line", {"lines": 1}),
        ("rag.chunk", "of 80 words with 10 words overlap", {"size": 80, "overlap": 10}),
        ("speech.to_wav", "at 44.1 kHz", {"sample_rate": 44100}),
        ("media.frame", "200 pixels wide", {}),
    ],
)
def test_numbers(function: str, words: str, given: dict[str, int]) -> None:
    assert _fill(function, words).arguments == given


@pytest.mark.parametrize(
    ("function", "words", "given"),
    [
        ("text.replace", 'replace "a" by "b"', {"old": "a", "new": "b"}),
        ("text.replace", 'every "a" has to become "b"', {"old": "a", "new": "b"}),
        ("text.replace", r'replace \d+ by "#"', {"old": r"\d+", "new": "#", "regex": True}),
        ("text.grep", "lines that contain WARN", {"pattern": "WARN"}),
        ("text.grep", 'lines without "DEBUG"', {"pattern": "DEBUG", "invert": True}),
        ("text.grep", 'with "x" in any case, capitals or not', {"pattern": "x", "ignore_case": True}),
        ("text.sort_lines", "sort numerically without duplicates", {"numeric": True, "unique": True}),
        ("files.checksum", "its SHA-512", {"algorithm": "sha512"}),
        ("files.find", "**/*.py", {"pattern": "**/*.py"}),
        ("files.find", "all the png files", {"pattern": "**/*.png"}),
        ("text.grep", "all the png files", {}),
        ("json.get", "get version from it", {"path": "version"}),
        ("json.get", "look up server.port", {"path": "server.port"}),
        ("json.get", "make ep.tar.gz", {}),
        ("json.pretty", "its keys in alphabetical order", {"sort_keys": True}),
        ("json.write", "save it as titles.json", {"name": "titles.json"}),
        ("files.collect", "a folder called book", {"name": "book"}),
        ("files.collect", "a folder letters-new", {"name": "letters-new"}),
        ("files.rename", "as a-{stem}{suffix}", {"name": "a-{stem}{suffix}"}),
        ("archive.zip_folder", "named a-{stem}{suffix}", {}),
        ("report.text_to_html", 'titled "Findings"', {"title": "Findings"}),
        ("report.text_to_html", 'as web page "Findings"', {"title": "Findings"}),
        ("report.text_to_html", "called Findings", {"title": "Findings"}),
        ("speech.say", "with voice en-us+f3", {"voice": "en-us+f3"}),
        ("speech.transcribe", "the German talk", {"language": "de"}),
        ("speech.transcribe", 'the names are "Ito, Paz"', {"vocabulary": "Ito, Paz"}),
        ("image.convert", "from webp to jpeg", {"format": "jpeg"}),
        ("text.concatenate", 'with "---" in between', {"separator": "---"}),
    ],
)
def test_texts_choices_and_flags(function: str, words: str, given: dict[str, object]) -> None:
    assert _fill(function, words).arguments == given


def test_a_literal_that_finds_no_use_speaks_against_the_function() -> None:
    assert _fill("text.count", 'count "this"').gain < _fill("text.count", "count this").gain


def test_a_literal_that_is_said_twice_is_used() -> None:
    assert _fill("text.grep", 'with "DEBUG" (regex ^DEBUG)').gain > 0
