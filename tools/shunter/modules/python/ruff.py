"""ruff, run on the Python files of a folder."""

from __future__ import annotations

import os
import subprocess
from importlib.util import find_spec
from tempfile import NamedTemporaryFile

from shunter.sdk import Directory, Failure

SUFFIXES = (".py", ".pyi", ".ipynb")


def findings(folder: Directory) -> list[str]:
    """What ruff finds in `folder`, one text each, sorted by place; raises Failure where it finds no code."""
    done = _on_files(folder, "check", "--output-format=concise", "--quiet")
    if done.returncode not in (0, 1):
        raise Failure(f"ruff can't check the folder: {_reason(done, folder)}")
    return done.stdout.splitlines()


def reformat(folder: Directory) -> None:
    """Format the code in `folder` where it stands; raises Failure where there is none, or it is broken."""
    done = _on_files(folder, "format")
    if done.returncode != 0:
        raise Failure(f"ruff can't format the folder: {_reason(done, folder)}")


def _on_files(folder: Directory, command: str, *options: str) -> subprocess.CompletedProcess[str]:
    """Run ruff on each file once: through a link and its target it would write one file twice at a time."""
    paths = [path for path in _code(folder) if not os.path.islink(path)]
    if not paths:
        raise Failure(
            "the folder has no Python files; expected .py, .pyi or .ipynb that ruff doesn't exclude"
        )
    with NamedTemporaryFile("w", suffix=".txt") as listed:
        listed.write("".join(f"{path}\n" for path in paths))
        listed.flush()
        return _ruff(folder, command, "--no-cache", "--force-exclude", *options, f"@{listed.name}")


def _code(folder: Directory) -> list[str]:
    """The paths that ruff would look at, by its own rules and the project's."""
    done = _ruff(folder, "check", "--no-cache", "--show-files", ".")
    if done.returncode != 0:
        raise Failure(f"ruff can't look at the folder: {_reason(done, folder)}")
    return sorted(path for path in done.stdout.splitlines() if path.endswith(SUFFIXES))


def _ruff(folder: Directory, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [_program(), *words], cwd=folder, capture_output=True, encoding="utf-8", errors="replace", check=False
    )


def _program() -> str:
    """The pinned one: the package's own search takes one of the system before it."""
    spec = find_spec("ruff")
    assert spec is not None
    assert spec.origin is not None
    return os.path.join(os.path.dirname(os.path.dirname(spec.origin)), "bin/ruff")


def _reason(done: subprocess.CompletedProcess[str], folder: Directory) -> str:
    text = (done.stderr.strip() or done.stdout.strip()).replace(f"{os.path.realpath(folder)}/", "")
    lines = [line for line in text.replace(f"{os.fspath(folder)}/", "").splitlines() if line.strip()]
    return "\n".join(lines[:20])
