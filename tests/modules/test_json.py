"""json: read, write, look up, merge."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.modules.conftest import Call, CallFailed

Write = Callable[[str, str], Path]
CONFIG = {"servers": [{"name": "a", "port": 1}, {"name": "b", "port": 2}], "odd key": {"x.y": None}}


@pytest.fixture
def config(write: Write) -> Path:
    return write("config.json", json.dumps(CONFIG))


def test_content_is_read_and_written(call: Call, config: Path) -> None:
    assert call("json.read", document=config) == CONFIG
    found = call("json.write", value={"b": "é", "a": [1]}, name="x.json", sort_keys=True)
    assert (found.name, found.read_text()) == ("x.json", '{\n  "a": [\n    1\n  ],\n  "b": "é"\n}\n')


def test_a_document_is_indented(call: Call, write: Write) -> None:
    found = call("json.pretty", document=write("a.json", '{"b":1,"a":2}'))
    assert (found.name, found.read_text()) == ("a.json", '{\n  "b": 1,\n  "a": 2\n}\n')


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("servers[0].name", "a"),
        ("servers[-1]", {"name": "b", "port": 2}),
        ("servers[*].port", [1, 2]),
        ("$.servers[1].port", 2),
        ('["odd key"]["x.y"]', None),
        ("odd key", {"x.y": None}),
        ("", CONFIG),
    ],
)
def test_values_are_looked_up_by_path(call: Call, config: Path, path: str, value: object) -> None:
    assert call("json.get", document=config, path=path) == value


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("servers[2]", r"^the document\.servers has 2 elements; there is none at \[2\]$"),
        ("server", r"^the document has no key 'server'; it has 'servers', 'odd key'$"),
        ("servers.name", r"^the document\.servers is a list; expected an object, because of the key 'name'$"),
        (
            "servers[0].name[*]",
            r"^the document\.servers\[0\]\.name is text; expected a list, because of \[\*\]$",
        ),
        ("servers[", r"^the path 'servers\[' can't be read at '\['"),
    ],
)
def test_a_path_that_leads_nowhere_says_where(call: Call, config: Path, path: str, message: str) -> None:
    with pytest.raises(CallFailed, match=message):
        call("json.get", document=config, path=path)


def test_objects_are_merged_key_by_key_and_lists_end_to_end(call: Call, write: Write) -> None:
    base = write("base.json", '{"a": {"x": 1, "y": 1}, "b": 1}')
    local = write("local.json", '{"a": {"y": 2}, "c": [3]}')
    found = json.loads(call("json.merge", documents=[base, local]).read_text())
    assert found == {"a": {"x": 1, "y": 2}, "b": 1, "c": [3]}
    lists = [write("1.json", "[1]"), write("2.json", "[2]")]
    assert json.loads(call("json.merge", documents=lists).read_text()) == [1, 2]


def test_documents_that_do_not_fit_are_refused(call: Call, write: Write) -> None:
    with pytest.raises(CallFailed, match=r"^b\.json can't be merged with a\.json"):
        call("json.merge", documents=[write("a.json", "{}"), write("b.json", "[]")])
    with pytest.raises(CallFailed, match="nothing to merge"):
        call("json.merge", documents=[])


@pytest.mark.parametrize("text", ["", "{", "[NaN]", "[" * 100_000])
def test_what_is_no_json_is_refused_in_a_sentence(call: Call, write: Write, text: str) -> None:
    with pytest.raises(CallFailed, match=r"\Aa\.json is(n't JSON: .*| nested too deeply)\Z"):
        call("json.pretty", document=write("a.json", text))
