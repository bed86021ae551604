"""What comes with shunter as files: the SDK and the bundled modules. Neither is imported, only found."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from shunter.tools.errors import ModuleError


def sdk_folder() -> Path:
    """The folder of the SDK, which containers get."""
    return _folder("shunter.sdk")


def modules_folder() -> Path:
    """The folder of the bundled modules."""
    return _folder("shunter.modules")


def _folder(package: str) -> Path:
    found = find_spec(package)
    if found is None or not found.submodule_search_locations:
        raise ModuleError(f"{package} isn't installed", hint="install shunter again")
    return Path(next(iter(found.submodule_search_locations)))
