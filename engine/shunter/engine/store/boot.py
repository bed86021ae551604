"""Which start of the machine this is: a power cut may have lost what was written before it."""

from __future__ import annotations

from pathlib import Path


def boot_identity() -> str:
    """The kernel's identity of this boot; the same text for all where it gives none."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip()
    except OSError:
        return "unknown"
