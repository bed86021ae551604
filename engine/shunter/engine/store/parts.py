"""A part of a tree as an artifact: what a function means when it returns a path."""

from __future__ import annotations

import posixpath
from dataclasses import replace

from shunter.engine.store.errors import UnsafeOutput
from shunter.engine.store.links import LeadsOutside, follow, leads_outside
from shunter.engine.store.names import shown
from shunter.engine.store.protocol import ArtifactStore
from shunter.engine.store.tree import Entry, FileEntry, FolderEntry, LinkEntry, Tree
from shunter.engine.values import Directory, File


def artifact_at(tree: Tree, path: str, store: ArtifactStore) -> File | Directory | None:
    """The file or folder at `path` of `tree`, symlinks followed; the empty path is the whole tree.

    None where there is nothing, or where `path` leads out of the tree. Raises UnsafeOutput for a
    folder that can't stand alone, since a symlink in it leads to a folder beside it.
    """
    try:
        place = follow(tree, path)
    except LeadsOutside:
        return None
    if place == "":
        return store.put_tree(tree)
    match tree.find(place) if place is not None else None:
        case FileEntry(digest, size, executable):
            return File(posixpath.basename(posixpath.normpath(path)), digest, size, executable)
        case FolderEntry() if place is not None:
            return store.put_tree(standing_alone(tree, place))
    return None


def standing_alone(tree: Tree, path: str) -> Tree:
    """The folder `path` of `tree` by itself: symlinks that leave it become the files that they lead to."""
    part = tree.below(path)
    if not any(isinstance(entry, LinkEntry) for _, entry in part.entries):
        return part
    return replace(
        part, entries=tuple((name, _kept(name, entry, part, tree, path)) for name, entry in part.entries)
    )


def _kept(name: str, entry: Entry, part: Tree, whole: Tree, path: str) -> Entry:
    if not isinstance(entry, LinkEntry) or not leads_outside(part, name):
        return entry
    place = follow(whole, f"{path}/{name}")
    target = whole.find(place) if place is not None else None
    if isinstance(target, FileEntry):
        return target
    raise UnsafeOutput(
        f"the symlink {shown(name)} in the folder {shown(path)} leads to {shown(entry.target)}, "
        "outside of that folder"
    )
