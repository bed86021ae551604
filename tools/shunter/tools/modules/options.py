"""Function options as authors write them: time, memory, cache class."""

from __future__ import annotations

import math
import re

from shunter.engine.actions.model import CachePolicy, Limits

_UNITS = {
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
    return int(float(match[1]) * _UNITS[match[2]])


def parse_cache(text: str) -> tuple[CachePolicy, float | None]:
    """A cache class, with its seconds where it is a time to live; raises ValueError."""
    name, _, seconds = text.partition(":")
    if name == "ttl" and _is_duration(seconds):
        return CachePolicy.TTL, float(seconds)
    if text in {"pure", "pinned", "never"}:
        return CachePolicy(text), None
    raise ValueError(f"not a cache class: {text!r} (one of pure, pinned, never, ttl:SECONDS)")


def limits_of(timeout: float | None, memory: str | None) -> Limits:
    """The limits with what a function's author declared; raises ValueError."""
    standard = Limits()
    seconds = standard.seconds if timeout is None else float(timeout)
    if not _is_duration(seconds):
        raise ValueError(f"a timeout is a positive number of seconds, got {timeout}")
    return Limits(seconds=seconds, memory=None if memory is None else parse_size(memory))


def _is_duration(seconds: float | str) -> bool:
    """Whether it is a positive, finite number, which a TOML file needn't have."""
    try:
        return 0 < float(seconds) < math.inf
    except ValueError:
        return False
