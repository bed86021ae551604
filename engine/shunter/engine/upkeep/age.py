"""Ages as people write them."""

from __future__ import annotations

import re
from typing import Final

_SECONDS: Final = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 7 * 86400}
_FORM: Final = re.compile(r"\s*(\d+(?:\.\d+)?)\s*([smhdw])\s*")


def parse_age(text: str) -> float:
    """Seconds, from text such as `90m`, `12h`, `7d` or `2w`; raises ValueError."""
    match = _FORM.fullmatch(text)
    if match is None:
        raise ValueError(f"not an age: {text!r} (write it as 90m, 12h, 7d or 2w)")
    return float(match[1]) * _SECONDS[match[2]]


def age_text(seconds: float) -> str:
    """About how long: `3 days`, `1 hour`, `90 minutes`; in units of which there are two, or one."""
    for name, unit in (("week", "w"), ("day", "d"), ("hour", "h"), ("minute", "m")):
        count = seconds / _SECONDS[unit]
        if count >= 2 or count == 1:
            return f"{count:.0f} {name}{'' if count == 1 else 's'}"
    return "a second" if seconds < 1.5 else f"{seconds:.0f} seconds"
