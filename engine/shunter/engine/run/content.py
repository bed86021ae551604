"""Files against media types: the content decides."""

from __future__ import annotations

from collections.abc import Mapping

from shunter.engine import types as t
from shunter.engine.store.protocol import ArtifactStore
from shunter.engine.types import media
from shunter.engine.values import File, Value
from shunter.engine.values.conform import Mismatch


def check_content(value: Value, kind: t.Type, store: ArtifactStore, where: str = "") -> None:
    """Raise Mismatch where a file inside `value` can't be of the media type that `kind` gives it.

    Only the first bytes are read, and only where the type names a media type.
    """
    match kind, value:
        case t.File(str(wanted)), File():
            _check_file(value, wanted, store, where)
        case t.Optional(inner), _ if value is not None:
            check_content(value, inner, store, where)
        case t.ListOf(item), tuple():
            if not t.is_plain(item):
                for index, element in enumerate(value):
                    check_content(element, item, store, f"{where}[{index}]")
        case t.Record(fields), Mapping():
            for name, field in fields:
                check_content(value.get(name), field, store, f"{where}.{name}")


def _check_file(file: File, wanted: str, store: ArtifactStore, where: str) -> None:
    with store.open(file) as stream:
        head = stream.read(media.SNIFFED_BYTES)
    reason = media.refutes(head, wanted)
    if reason is not None:
        raise Mismatch(where, f"File[{wanted}]", f"{file.name!r}: {reason}")
