"""Symlinks inside a tree: where they lead, followed as the kernel would."""

from __future__ import annotations

from shunter.engine.store.tree import LinkEntry, Tree

MAX_HOPS = 40
"""As many symlinks as Linux follows in one path."""


class LeadsOutside(Exception):
    """A path climbs out of the tree or is absolute."""


def follow(tree: Tree, path: str) -> str | None:
    """The path that `path` leads to in `tree`; None where it goes in a circle; raises LeadsOutside.

    Where a part is missing the rest is followed as if it were a folder: nothing need be at the
    path that is returned.
    """
    place: list[str] = []
    pending = _parts(path)
    hops = 0
    while pending:
        part = pending.pop()
        if part == "..":
            if not place:
                raise LeadsOutside(path)
            place.pop()
            continue
        entry = tree.find("/".join([*place, part]))
        if not isinstance(entry, LinkEntry):
            place.append(part)
            continue
        hops += 1
        if hops > MAX_HOPS:
            return None
        pending += _parts(entry.target)
    return "/".join(place)


def _parts(path: str) -> list[str]:
    """The parts of a relative path, last first."""
    if path.startswith("/"):
        raise LeadsOutside(path)
    return [part for part in reversed(path.split("/")) if part not in ("", ".")]


def leads_outside(tree: Tree, path: str) -> bool:
    """Whether the symlink at `path` leads out of `tree`."""
    try:
        follow(tree, path)
    except LeadsOutside:
        return True
    return False
