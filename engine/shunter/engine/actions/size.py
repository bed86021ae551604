"""Sizes as people write them."""

from __future__ import annotations

import re
from typing import Final

_UNITS: Final = {
    "": 1,
    "B": 1,
    "KiB": 1 << 10,
    "MiB": 1 << 20,
    "GiB": 1 << 30,
    "KB": 10**3,
    "MB": 10**6,
    "GB": 10**9,
}


def parse_size(text: str) -> int:
    """Bytes, from text such as `512MiB` or `2 GB`; raises ValueError."""
    match = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([A-Za-z]*)\s*", text)
    if match is None or match[2] not in _UNITS:
        raise ValueError(f"not a size: {text!r} (write it as 512MiB or 2GB)")
    return checked_size(float(match[1]) * _UNITS[match[2]])


def checked_size(size: float) -> int:
    """`size` as bytes; raises ValueError where no machine could count them."""
    if not 1 <= size < 1 << 63:
        raise ValueError(f"a size is from 1 byte to 8 EiB, got {size:g}")
    return int(size)


def size_text(size: int) -> str:
    """The shortest text that `parse_size` reads back as `size` bytes."""
    unit = next((unit for unit in ("GiB", "MiB", "KiB") if size and size % _UNITS[unit] == 0), "")
    return f"{size // _UNITS[unit]}{unit}"
