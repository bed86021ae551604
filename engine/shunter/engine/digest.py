"""Digests: BLAKE3, 256 bits, written as 64 lower-case hexadecimal digits."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Final, NewType, TypeAlias

_CANONICAL: Final = json.JSONEncoder(sort_keys=True, separators=(",", ":"), allow_nan=False)

Digest = NewType("Digest", str)

JsonValue: TypeAlias = "None | bool | int | float | str | Sequence[JsonValue] | Mapping[str, JsonValue]"


def digest_bytes(content: bytes) -> Digest:
    """The digest of `content`."""
    from blake3 import blake3

    return Digest(blake3(content).hexdigest())


def canonical_json(value: JsonValue) -> bytes:
    """`value` as JSON in ASCII with sorted keys and no blanks: equal values, equal bytes."""
    return _CANONICAL.encode(value).encode("ascii")


def digest_json(value: JsonValue) -> Digest:
    """The digest of `value`'s canonical JSON."""
    return digest_bytes(canonical_json(value))
