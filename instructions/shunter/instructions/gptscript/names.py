"""What scripts and their module are called. Imports nothing, since every command asks."""

from __future__ import annotations

import os

ENDING = ".gpt"

MODULE = "script"
"""The module that holds a script's own tools."""


def is_script(target: str) -> bool:
    """Whether the words are the path of a GPTScript file."""
    return target.lower().endswith(ENDING) and (os.path.exists(target) or not any(map(str.isspace, target)))
