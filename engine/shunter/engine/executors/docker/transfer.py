"""How files get from this machine into a container, and back."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Transfer(Enum):
    """By a bind mount, which takes a daemon that sees them, or in an archive over its API."""

    BIND = "bind"
    ARCHIVE = "archive"


@dataclass(frozen=True, slots=True)
class Transfers:
    """How inputs get in, and how what is written in /work gets out."""

    inputs: Transfer
    work: Transfer
