"""Function options as authors write them: time, memory, disk, cache class, hosts."""

from __future__ import annotations

import math
from collections.abc import Sequence

from shunter.engine.actions.model import CachePolicy, Limits
from shunter.engine.actions.size import parse_size


def parse_cache(text: str) -> tuple[CachePolicy, float | None]:
    """A cache class, with its seconds where it is a time to live; raises ValueError."""
    name, _, seconds = text.partition(":")
    if name == "ttl" and _is_duration(seconds):
        return CachePolicy.TTL, float(seconds)
    if text in {"pure", "pinned", "never"}:
        return CachePolicy(text), None
    raise ValueError(f"not a cache class: {text!r} (one of pure, pinned, never, ttl:SECONDS)")


def limits_of(timeout: float | None, memory: str | None, disk: str | None) -> Limits:
    """The limits with what a function's author declared; raises ValueError."""
    standard = Limits()
    seconds = standard.seconds if timeout is None else float(timeout)
    if not _is_duration(seconds):
        raise ValueError(f"a timeout is a positive number of seconds, got {timeout}")
    return Limits(
        seconds=seconds,
        memory=None if memory is None else parse_size(memory),
        disk=standard.disk if disk is None else parse_size(disk),
    )


def all_hosts(own: Sequence[str], of_calls: Sequence[str]) -> tuple[str, ...]:
    """What a function reaches by itself, then what it reaches by its calls alone; raises ValueError."""
    twice = next((host for host in of_calls if host in own), None)
    if twice is not None:
        raise ValueError(f"hosts_of_calls: {twice} is among `hosts`, which are for what it calls as well")
    return (*own, *of_calls)


def _is_duration(seconds: float | str) -> bool:
    """Whether it is a positive, finite number, which a TOML file needn't have."""
    try:
        return 0 < float(seconds) < math.inf
    except ValueError:
        return False
