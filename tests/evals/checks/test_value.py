"""Values of a store against what is expected of them; judges run in containers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from shunter.agent import Workspace
from shunter.engine.values import Value
from shunter.evals.case.wanted import WantedResult, WantedValue
from shunter.evals.checks.results import result_checks
from shunter.evals.checks.value import ValueLooker
from shunter.evals.checks.verdict import verdicts


@pytest.fixture
def values(workspace: Workspace, tmp_path: Path) -> dict[str, Value]:
    """A value of each kind."""
    (tmp_path / "d" / "e").mkdir(parents=True)
    (tmp_path / "d" / "e" / "b.txt").write_text("hello\n")
    put = workspace.store.put_bytes
    return {
        "text": "one\ntwo",
        "file": put(b"one\ntwo\n", "a.txt"),
        "data": put(b'{"n": 3}', "a.json"),
        "binary": put(b"\0\1\xff", "a.bin"),
        "folder": workspace.store.put_path(tmp_path / "d"),
        "list": (put(b"x", "x.csv"), put(b"yy", "y.csv")),
        "record": {"n": 3, "file": put(b"x", "x.csv")},
        "odd": "half \ud800",
    }


def _problem(workspace: Workspace, value: Value, wanted: dict[str, Any]) -> str | None:
    return ValueLooker(workspace).problem(value, WantedValue.model_validate(wanted))


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("text", {"text": {"equals": "one\ntwo"}, "json": {".": "one\ntwo"}}),
        ("file", {"text": {"lines": 2}, "media": "text/*", "name": "*.txt"}),
        ("data", {"json": {"n": 3}, "media": "application/json", "text": {"contains": ["n"]}}),
        (
            "folder",
            {
                "folder": {
                    "has": ["e/*.txt"],
                    "lacks": ["*.md"],
                    "files": {"e/b.txt": {"text": {"equals": "hello"}}},
                }
            },
        ),
        ("list", {"items": 2, "each": {"media": "text/csv"}, "json": {"[1].size": 2}}),
        ("record", {"json": {"n": 3, "file.file": "x.csv"}}),
        (
            "text",
            {"judge": {"call": "toy.shout", "value": "text", "expect": {"text": {"equals": "ONE\nTWO"}}}},
        ),
        ("file", {"judge": {"call": "toy.upper", "value": "file", "expect": {"media": "text/plain"}}}),
        (
            "text",
            {"judge": {"call": "toy.join", "value": "texts", "expect": {"text": {"contains": ["one,two"]}}}},
        ),
        (
            "text",
            {
                "judge": {
                    "call": "toy.wait",
                    "value": "text",
                    "with": {"seconds": 0},
                    "expect": {"text": {"lines": 2}},
                }
            },
        ),
    ],
)
def test_a_value_that_is_as_expected(
    workspace: Workspace, values: dict[str, Value], name: str, wanted: dict[str, Any]
) -> None:
    assert _problem(workspace, values[name], wanted) is None


@pytest.mark.parametrize(
    ("name", "wanted", "why"),
    [
        ("list", {"text": {"lines": 1}}, "expected a file, got a list of 2"),
        ("binary", {"text": {"lines": 1}}, "expected text, got File 'a.bin' that isn't UTF-8"),
        ("file", {"json": {"a": 1}}, "expected data, got File 'a.txt' that isn't JSON"),
        ("file", {"media": "image/*"}, "expected image/*, got text/plain"),
        ("file", {"name": "b.*"}, "expected the name b.*, got a.txt"),
        ("file", {"items": 1}, "expected a list, got File 'a.txt'"),
        ("list", {"items": 3}, "expected 3 items, got 2"),
        ("list", {"each": {"text": {"equals": "x"}}}, "[1]: expected 'x', got 'yy'"),
        ("text", {"folder": {}}, r"expected a folder, got str 'one\ntwo'"),
        ("folder", {"folder": {"has": ["*.md"]}}, "there is no *.md in it; there are e/b.txt"),
        ("folder", {"folder": {"lacks": ["e/*"]}}, "there is e/b.txt in it"),
        ("folder", {"folder": {"files": {"e": {"items": 1}}}}, "there is no e in it; there are e/b.txt"),
        (
            "folder",
            {"folder": {"files": {"e/b.txt": {"text": {"equals": "x"}}}}},
            "e/b.txt: expected 'x', got 'hello'",
        ),
        (
            "text",
            {"judge": {"call": "toy.fail", "value": "text", "expect": {"items": 1}}},
            "toy.fail: toy.fail ended with exit code 3",
        ),
        (
            "text",
            {"judge": {"call": "toy.shout", "value": "text", "expect": {"text": {"equals": "x"}}}},
            r"toy.shout says: expected 'x', got 'ONE\nTWO'",
        ),
        (
            "folder",
            {"judge": {"call": "toy.shout", "value": "text", "expect": {"items": 1}}},
            (
                "toy.shout doesn't take Directory: steps.verdict.with.text: the value's type doesn't fit; "
                "expected str, got Directory"
            ),
        ),
        ("odd", {"text": {"equals": "x"}}, r"expected 'x', got 'half \ud800'"),
    ],
)
def test_a_value_that_is_not_says_what_is_there(
    workspace: Workspace, values: dict[str, Value], name: str, wanted: dict[str, Any], why: str
) -> None:
    assert _problem(workspace, values[name], wanted) == why


def _verdicts(
    workspace: Workspace, values: dict[str, Value], *wanted: dict[str, Any]
) -> list[tuple[str, str]]:
    read = tuple(WantedResult.model_validate(one) for one in wanted)
    return [(it.check, it.why) for it in verdicts(result_checks(read, workspace), values)]


def test_a_result_is_the_output_of_that_name_or_any(workspace: Workspace, values: dict[str, Value]) -> None:
    some = {name: values[name] for name in ("text", "file")}
    assert _verdicts(workspace, some, {"name": "a.txt"}, {"output": "file", "name": "a.txt"}) == [
        ("result 1 (name)", ""),
        ("result 2 (file: name)", ""),
    ]
    assert _verdicts(
        workspace, some, {"output": "text", "name": "a.txt"}, {"items": 1}, {"output": "x", "items": 1}
    ) == [
        ("result 1 (text: name)", r"text: expected a file, got str 'one\ntwo'"),
        (
            "result 2 (items)",
            r"text: expected a list, got str 'one\ntwo'; file: expected a list, got File 'a.txt'",
        ),
        ("result 3 (x: items)", "there is no output x; there are text, file"),
    ]
