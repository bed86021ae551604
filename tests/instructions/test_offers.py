"""Values given along with a goal: what they are is told from what they look like."""

from __future__ import annotations

from pathlib import Path

import pytest

from shunter.engine.errors import InputError
from shunter.engine.store.local import LocalStore
from shunter.engine.values import Directory, File, Secret
from shunter.instructions.offers import offers_from_objects, offers_from_texts


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with some files."""
    monkeypatch.chdir(tmp_path)
    for name, content in {
        "a.txt": b"a",
        "b.md": b"# b",
        "page": b"text without a known extension",
        "table.csv": b"x,y\n",
        "raw.bin": b"\0\1\2",
        "a question": b"yes",
    }.items():
        (tmp_path / name).write_bytes(content)
    (tmp_path / "photos").mkdir()
    return tmp_path


@pytest.mark.parametrize(
    ("texts", "kind"),
    [
        (["a.txt"], "File[text/plain]"),
        (["page"], "File[text/plain]"),
        (["raw.bin"], "File"),
        (["./table.csv"], "File[text/csv]"),
        (["photos"], "Directory"),
        (["photos/"], "Directory"),
        (["a.txt", "a.txt"], "list[File[text/plain]]"),
        (["a.txt", "b.md"], "list[File[text/*]]"),
        (["a.txt", "raw.bin"], "list[File]"),
        (["*.csv"], "list[File[text/csv]]"),
        (["[ab].*", "table.csv"], "list[File[text/*]]"),
        (["Who founded Dagger?"], "str"),
        (["Is it a.txt?"], "str"),
        (["https://example.org/a.txt"], "str"),
        (["and/or"], "str"),
        ([""], "str"),
        (["3"], "int"),
        (["007"], "str"),
        (["-2.5"], "float"),
        (["true"], "bool"),
        (["3", "4"], "list[int]"),
        (["3", "4.5"], "list[float]"),
        (['["x", "y"]'], "list[str]"),
        (['{"name": "x", "size": 3}'], "{name: str, size: int}"),
    ],
)
def test_a_value_has_the_type_that_it_looks_like(
    folder: Path, store: LocalStore, texts: list[str], kind: str
) -> None:
    offers = offers_from_texts([("it", text) for text in texts], store)
    assert str(offers["it"].type) == kind


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("talk.wav", "there is no file or folder talk.wav"),
        ("./talk", "there is no file or folder talk"),
        ("missing/", "there is no file or folder missing"),
        ("*.wav", "no file matches *.wav"),
        ('{"a": ', "this begins as JSON and isn't"),
    ],
)
def test_a_misspelt_path_is_not_taken_for_words(
    folder: Path, store: LocalStore, text: str, message: str
) -> None:
    with pytest.raises(InputError) as caught:
        offers_from_texts([("one", text), ("two", "no.txt")], store)
    assert f"one: {message}" in caught.value.message
    assert "two: there is no file or folder no.txt" in caught.value.message


def test_a_list_of_unlike_things_is_refused(folder: Path, store: LocalStore) -> None:
    with pytest.raises(InputError, match="its elements differ: File.*, Directory"):
        offers_from_texts([("it", "a.txt"), ("it", "photos")], store)


def test_objects_of_a_program_are_offers_too(folder: Path, store: LocalStore) -> None:
    given = {"file": "a.txt", "path": Path("photos"), "several": [Path("a.txt"), "b.md"], "n": 3, "s": "who?"}
    offers = offers_from_objects(given, store)
    assert {name: str(offer.type) for name, offer in offers.items()} == {
        "file": "File[text/plain]",
        "path": "Directory",
        "several": "list[File[text/*]]",
        "n": "int",
        "s": "str",
    }
    assert isinstance(offers["file"].value, File)
    assert isinstance(offers["path"].value, Directory)
    with pytest.raises(InputError, match="odd: .*JSON data"):
        offers_from_objects({"odd": object()}, store)


@pytest.mark.parametrize("text", ["env:TOKEN", "file:a.txt", "file:[a].txt", "cmd:pass show token"])
def test_a_source_that_is_written_on_a_command_line_is_a_secret(
    folder: Path, store: LocalStore, text: str
) -> None:
    offer = offers_from_texts([("token", text)], store)["token"]
    assert (str(offer.type), offer.value) == ("Secret", Secret(text))
    several = offers_from_texts([("token", text), ("token", "env:OTHER")], store)["token"]
    assert str(several.type) == "list[Secret]"
    assert str(offers_from_objects({"token": text}, store)["token"].type) == "str"
