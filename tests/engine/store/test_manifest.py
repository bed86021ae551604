"""Trees as bytes and back."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as some

from shunter.engine.digest import Digest, digest_bytes
from shunter.engine.store.manifest import check_tree, read_manifest, write_manifest
from shunter.engine.store.names import order, to_bytes, to_text
from shunter.engine.store.tree import Entry, FileEntry, FolderEntry, LinkEntry, Tree, tree_of

NAMES = (
    some.binary(min_size=1, max_size=12)
    .filter(lambda raw: raw not in (b".", b"..") and b"/" not in raw and b"\0" not in raw)
    .map(to_text)
)
FILES = some.builds(
    FileEntry, some.binary(max_size=3).map(digest_bytes), some.integers(0, 1 << 60), some.booleans()
)
LEAVES = FILES | some.builds(LinkEntry, NAMES)


def _flatten(folders: Mapping[str, object], prefix: str = "") -> list[tuple[str, Entry]]:
    entries: list[tuple[str, Entry]] = []
    for name, item in folders.items():
        if isinstance(item, dict):
            entries += [(prefix + name, FolderEntry()), *_flatten(item, f"{prefix}{name}/")]
        elif isinstance(item, FileEntry | LinkEntry):
            entries.append((prefix + name, item))
    return entries


TREES = some.dictionaries(
    NAMES,
    some.recursive(LEAVES, lambda inner: some.dictionaries(NAMES, inner, max_size=4), max_leaves=12),
    max_size=4,
).map(lambda folders: tree_of(_flatten(folders)))


@given(TREES)
def test_every_tree_comes_back(tree: Tree) -> None:
    check_tree(tree)
    assert read_manifest(write_manifest(tree)) == tree


@given(TREES, TREES)
def test_different_trees_have_different_bytes(one: Tree, two: Tree) -> None:
    assert (write_manifest(one) == write_manifest(two)) == (one == two)


@given(TREES)
def test_every_entry_is_found_and_every_folder_holds_what_is_below_it(tree: Tree) -> None:
    for path, entry in tree.entries:
        assert tree.find(path) == entry
        below = [name for name, _ in tree.entries if name.startswith(path + "/")]
        assert [f"{path}/{name}" for name, _ in tree.below(path).entries] == below
    assert tree.find("no\0name") is None


@given(some.binary())
def test_any_bytes_are_a_name(raw: bytes) -> None:
    assert to_bytes(to_text(raw)) == raw


@given(NAMES, NAMES, NAMES)
def test_nothing_sorts_between_a_folder_and_its_content(folder: str, inside: str, other: str) -> None:
    assert other == folder or not order(folder) < order(other) < order(f"{folder}/{inside}")


@pytest.mark.parametrize(
    "content", [b"[]", b"{}", b'{"entries":[],"format":2}', b'{"entries":[["a"]],"format":1}']
)
def test_other_data_is_no_tree(content: bytes) -> None:
    with pytest.raises(ValueError, match="not a"):
        read_manifest(content)


def test_the_bytes_of_a_tree_stay_what_they_are() -> None:
    """Whoever changes them changes every Directory's digest, and has to raise the formats."""
    tree = tree_of([("d", FolderEntry()), ("d/é", FileEntry(Digest("00ff"), 7, True)), ("l", LinkEntry("d"))])
    assert write_manifest(tree) == (
        b'{"entries":[["d","folder"],["d/\\u00e9","executable","00ff",7],["l","link","d"]],"format":1}'
    )
