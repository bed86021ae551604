"""Manifests of modules whose functions are shell commands, for tests that need some of their own."""

from __future__ import annotations

import json
from collections.abc import Sequence


def module_text(name: str, *functions: str, uses: Sequence[str] = ()) -> str:
    """A whole `module.toml`."""
    about = f'[module]\nname = "{name}"\nversion = "0.1.0"\ndescription = "For tests."\nuses = {list(uses)}\n'
    return "\n".join([about, *functions])


def shell_function(name: str, command: str, returns: str, **parameters: str) -> str:
    """A function's entry: the types of its parameters as in plans, `returns` as in TOML."""
    declared = [f"parameters.{key} = {{type = {json.dumps(kind)}}}" for key, kind in parameters.items()]
    head = [f"[functions.{name}]", f'doc = "Do {name}."', f"command = {json.dumps(command)}", "shell = true"]
    return "\n".join([*head, *declared, f"returns = {returns}", ""])
