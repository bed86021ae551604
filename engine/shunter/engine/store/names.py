"""File names: any bytes on disk, text in trees.

Bytes that aren't UTF-8 become surrogates, whatever the machine's locale is, so that one tree has
one digest everywhere.
"""

from __future__ import annotations


def to_text(raw: bytes) -> str:
    """The name `raw` as text."""
    return raw.decode("utf-8", "surrogateescape")


def to_bytes(text: str) -> bytes:
    """The name that `text` stands for; raises UnicodeEncodeError where no name can be meant."""
    return text.encode("utf-8", "surrogateescape")


def order(path: str) -> bytes:
    """What paths are sorted by: the bytes of their parts, so that a folder's content comes right after it."""
    return to_bytes(path).replace(b"/", b"\0")


def shown(path: str) -> str:
    """`path` for a message: quoted, one line, and cut in the middle where it is very long."""
    text = ascii(path) if not path.isprintable() else repr(path)
    return text if len(text) <= 200 else f"{text[:120]}…{text[-60:]}"
