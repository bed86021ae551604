"""Sizes, counts and times as people read them."""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from typing import TypeVar

from shunter.engine.actions.size import parse_size
from shunter.engine.upkeep.age import age_text, parse_age

_Amount = TypeVar("_Amount", int, float)


def bytes_text(size: int) -> str:
    """`512 bytes`, `1.5 KiB`, `12.0 GiB`."""
    if size < 1024:
        return counted(size, "byte")
    amount, units = float(size), iter(("KiB", "MiB", "GiB", "TiB"))
    unit = ""
    while amount >= 1024 and (following := next(units, None)) is not None:
        amount, unit = amount / 1024, following
    return f"{amount:.1f} {unit}"


def counted(number: int, noun: str) -> str:
    """`1 result`, `1,204 results`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def ago(moment: float, now: float | None = None) -> str:
    """How long ago a moment was, in seconds since the epoch."""
    return f"{age_text((time.time() if now is None else now) - moment)} ago"


def size_option(text: str) -> int:
    """Bytes, for an option."""
    return _parsed(parse_size, text)


def age_option(text: str) -> float:
    """Seconds, for an option."""
    return _parsed(parse_age, text)


def _parsed(parse: Callable[[str], _Amount], text: str) -> _Amount:
    try:
        return parse(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
