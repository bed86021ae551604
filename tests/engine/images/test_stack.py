"""Layers over each other, as overlay file systems lay them."""

from __future__ import annotations

import pytest

from shunter.engine.digest import digest_bytes
from shunter.engine.images.layer import Layer
from shunter.engine.images.stack import stacked
from shunter.engine.images.stream import Packed
from shunter.engine.store.tree import Entry, FileEntry, FolderEntry, LinkEntry


def _file(text: str) -> FileEntry:
    return FileEntry(digest_bytes(text.encode()), len(text))


def _layer(*, gone: tuple[str, ...] = (), opaque: tuple[str, ...] = (), **entries: Entry) -> Layer:
    named = {name.replace("__", "/"): entry for name, entry in entries.items()}
    return Layer(named, set(gone), set(opaque))


BASE = _layer(
    a=FolderEntry(), a__x=_file("x"), a__y=_file("y"), ab=_file("beside"), b=FolderEntry(), b__z=_file("z")
)


def _paths(*layers: Layer) -> list[str]:
    return [path for path, _ in stacked(layers).entries]


def test_a_later_layer_adds_and_replaces() -> None:
    tree = stacked([BASE, _layer(a=FolderEntry(), a__x=_file("new"), c=_file("c"))])
    assert [path for path, _ in tree.entries] == ["a", "a/x", "a/y", "ab", "b", "b/z", "c"]
    assert tree.find("a/x") == _file("new")


def test_a_whiteout_removes_a_file_or_a_folder_with_all_in_it() -> None:
    assert _paths(BASE, _layer(gone=("a",), b=FolderEntry())) == ["ab", "b", "b/z"]
    assert _paths(BASE, _layer(gone=("a/x", "not/there"))) == ["a", "a/y", "ab", "b", "b/z"]


def test_a_whiteout_leaves_what_its_own_layer_brings() -> None:
    assert _paths(BASE, _layer(gone=("a",), a=FolderEntry(), a__n=_file("n"))) == [
        "a",
        "a/n",
        "ab",
        "b",
        "b/z",
    ]


def test_an_opaque_folder_hides_what_was_in_it() -> None:
    assert _paths(BASE, _layer(opaque=("a",), a=FolderEntry(), a__n=_file("n"))) == [
        "a",
        "a/n",
        "ab",
        "b",
        "b/z",
    ]
    assert _paths(BASE, _layer(opaque=("",), n=_file("n"))) == ["n"]


def test_a_file_or_a_symlink_takes_the_place_of_a_folder() -> None:
    assert _paths(BASE, _layer(a=_file("now a file"))) == ["a", "ab", "b", "b/z"]
    assert stacked([BASE, _layer(a=LinkEntry("b"))]).find("a") == LinkEntry("b")


def test_a_folder_takes_the_place_of_a_file() -> None:
    assert _paths(BASE, _layer(ab=FolderEntry(), ab__n=_file("n"))) == [
        "a",
        "a/x",
        "a/y",
        "ab",
        "ab/n",
        "b",
        "b/z",
    ]


def test_what_was_removed_can_come_back() -> None:
    back = _layer(a=FolderEntry(), a__x=_file("back"))
    assert _paths(BASE, _layer(gone=("a",)), back) == ["a", "a/x", "ab", "b", "b/z"]


def test_a_hard_link_to_a_file_of_a_lower_layer_is_that_file() -> None:
    above = Layer({"c": FolderEntry()}, {"a/x"}, links={"c/x": "a/x", "ab": "b/z"})
    tree = stacked([BASE, above])
    assert [path for path, _ in tree.entries] == ["a", "a/y", "ab", "b", "b/z", "c", "c/x"]
    assert (tree.find("c/x"), tree.find("ab")) == (_file("x"), _file("z"))


def test_a_hard_link_takes_the_place_of_a_folder() -> None:
    assert _paths(BASE, Layer(links={"a": "b/z"})) == ["a", "ab", "b", "b/z"]


def test_a_hard_link_to_a_symlink_of_a_lower_layer_stays_in_the_tree() -> None:
    lower = _layer(d=FolderEntry(), d__link=LinkEntry("../ab"))
    tree = stacked([BASE, lower, Layer(links={"link": "d/link"})])
    assert tree.find("link") == LinkEntry("ab")


@pytest.mark.parametrize("target", ["not/there", "a", ""])
def test_a_hard_link_to_what_no_layer_has_as_a_file_is_refused(target: str) -> None:
    with pytest.raises(Packed, match="'new' in it is a hard link to "):
        stacked([BASE, Layer(links={"new": target})])


def test_a_hard_link_leads_to_no_higher_layer() -> None:
    with pytest.raises(Packed):
        stacked([Layer(links={"new": "a/x"}), BASE])
