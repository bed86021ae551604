"""Arguments as models write them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from shunter.engine.errors import InputError, UsageError
from shunter.engine.store.local import LocalStore
from shunter.engine.types import parse_type
from shunter.engine.values import Directory, File
from shunter.instructions.inputs import Wanted, bind_inputs
from shunter.instructions.json_inputs import inputs_from_json
from shunter.instructions.offers import offers_from_texts


def _read(store: LocalStore, kind: str, value: Any) -> Any:
    return inputs_from_json({"x": Wanted(parse_type(kind))}, json.dumps({"x": value}), store)["x"]


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        ("str", "a", "a"),
        ("int", 3, 3),
        ("list[int]", [1, 2], (1, 2)),
        ("Json", '{"a": [1]}', {"a": (1,)}),
        ("Json", {"a": 1}, {"a": 1}),
        ("Json", "no json", "no json"),
        ("Json | None", "[]", ()),
        ("{a: Json, b: str | None}", {"a": "3"}, {"a": 3, "b": None}),
    ],
)
def test_data_is_what_it_is_and_json_may_come_as_text(
    kind: str, value: Any, expected: Any, store: LocalStore
) -> None:
    assert _read(store, kind, value) == expected


def test_null_stands_for_what_isnt_given(store: LocalStore) -> None:
    wanted = {"x": Wanted(parse_type("int"), required=False, default=5), "y": Wanted(parse_type("str"))}
    assert inputs_from_json(wanted, '{"x": null, "y": "a"}', store) == {"x": 5, "y": "a"}
    with pytest.raises(UsageError, match="y is missing"):
        inputs_from_json(wanted, '{"y": null}', store)
    assert inputs_from_json({}, "", store) == {}


def test_files_and_folders_are_handles_or_paths_in_the_current_folder(here: Path, store: LocalStore) -> None:
    (here / "sub").mkdir()
    (here / "sub/a.txt").write_text("a")
    file = _read(store, "File[text/*]", "sub/a.txt")
    assert isinstance(file, File)
    assert _read(store, "File", store.handle(file)) == file
    assert _read(store, "list[File] | None", [store.handle(file), str(here / "sub/a.txt")]) == (file, file)
    folder = _read(store, "Directory", "sub")
    assert isinstance(folder, Directory)
    assert _read(store, "{d: Directory}", {"d": store.handle(folder)}) == {"d": folder}


@pytest.mark.parametrize("path", ["/etc/passwd", "../x", "sub/../../x", "link/x", "~/x/../../../etc/passwd"])
def test_a_path_that_leads_out_is_refused(path: str, here: Path, store: LocalStore) -> None:
    (here / "link").symlink_to("/etc")
    with pytest.raises(InputError, match="^x: ") as caught:
        _read(store, "File", path)
    assert "outside of the current folder" in caught.value.message


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "aren't JSON"),
        ("[1]", "expected a JSON object"),
        ('{"y": 1}', "there is no 'y'"),
        ('{"x": "a"}', "x: "),
    ],
)
def test_what_is_off_is_told(text: str, said: str, store: LocalStore) -> None:
    with pytest.raises((InputError, UsageError), match=said):
        inputs_from_json({"x": Wanted(parse_type("int"))}, text, store)


def test_handles_are_taken_wherever_people_give_a_file(store: LocalStore) -> None:
    file = store.put_bytes(b"hello", "a.txt")
    handle = store.handle(file)
    wanted = {"x": Wanted(parse_type("list[File[text/*]]"))}
    assert bind_inputs(wanted, [("x", handle), ("x", handle)], store, flag="--{name}")["x"] == (file, file)
    assert str(offers_from_texts([("x", handle)], store)["x"].type) == "File[text/plain]"
    assert bind_inputs({"x": Wanted(parse_type("str"))}, [("x", handle)], store, flag="-")["x"] == handle


@pytest.mark.parametrize(
    ("kind", "said"),
    [("File[audio/*]", "is text/plain; expected audio/\\*"), ("Directory", "is a file; expected Directory")],
)
def test_a_handle_of_another_kind_is_refused(kind: str, said: str, store: LocalStore) -> None:
    handle = store.handle(store.put_bytes(b"hello", "a.txt"))
    with pytest.raises(InputError, match=said):
        _read(store, kind, handle)
