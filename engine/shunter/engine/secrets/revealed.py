"""Secrets on their way into a container: the one form in which values pass through the engine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from shunter.engine.secrets.redactor import Redactor


@dataclass(frozen=True, slots=True)
class Revealed:
    """What an executor is given along with an action.

    `files` are values by the path at which the container has them: in memory, readable by the step alone.
    `redactor` knows these and all other values of the run; an executor lets nothing past it that a container
    printed or named, and takes nothing of `/out` that holds one of `files`.
    """

    files: Mapping[str, bytes] = field(repr=False)
    redactor: Redactor


NOTHING: Final = Revealed({}, Redactor())
"""What an action without secrets is given."""
