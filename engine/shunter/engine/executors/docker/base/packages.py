"""Debian's packages, fetched by apt into a folder of its own: without root, and without this machine's state.

apt checks the signatures of the lists, and the packages by them. Of this machine's settings it keeps those
for fetching (`Acquire`), such as a proxy.
"""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Final

from shunter.engine.errors import ExecutorUnavailable
from shunter.engine.executors.docker.base.definition import Definition

OTHERWISE: Final = (
    "run it where apt can fetch Debian's packages, or name an image that the daemon has, "
    "with a shell and Python: SHUNTER_DOCKER_IMAGE=python:3.12"
)
_SECONDS: Final = 900

_SETTINGS: Final = """\
{acquire}
Dir "{folder}";
Dir::State "{folder}";
Dir::State::status "{folder}/status";
Dir::Cache "{folder}";
Dir::Etc::sourcelist "{folder}/sources.list";
Dir::Etc::sourceparts "/dev/null";
Dir::Etc::main "/dev/null";
Dir::Etc::parts "/dev/null";
Dir::Etc::preferences "/dev/null";
Dir::Etc::preferencesparts "/dev/null";
Dir::Bin::Methods "/usr/lib/apt/methods";
Dir::Log "{folder}";
APT::Architecture "{architecture}";
APT::Architectures "{architecture}";
APT::Install-Recommends "false";
APT::Sandbox::User "";
Acquire::Languages "none";
Acquire::Retries "3";
Debug::NoLocking "true";
"""


def fetch(definition: Definition, architecture: str, folder: Path) -> list[Path]:
    """The packages of `definition` for Debian's `architecture`, in order of their names, below `folder`.

    Raises ExecutorUnavailable where this machine has no apt, or apt can't fetch them.
    """
    _lay_out(definition, architecture, folder)
    _apt(folder, "update", "-qq")
    _apt(folder, "install", "-qq", "--yes", "--download-only", *definition.packages)
    found = sorted((folder / "archives").glob("*.deb"))
    return [path for path in found if path.name.partition("_")[0] not in definition.left_out]


def _lay_out(definition: Definition, architecture: str, folder: Path) -> None:
    for name in ("lists/partial", "archives/partial"):
        (folder / name).mkdir(parents=True)
    (folder / "status").touch()
    lines = [f"deb [signed-by={definition.keys}] {source}\n" for source in definition.sources]
    (folder / "sources.list").write_text("".join(lines))
    settings = _SETTINGS.format(folder=folder, architecture=architecture, acquire=_acquire())
    (folder / "apt.conf").write_text(settings)


def _acquire() -> str:
    """This machine's own settings for fetching, as apt prints them."""
    try:
        shown = subprocess.run(
            ["apt-config", "dump", "--format", '%f "%v";%n', "Acquire"],
            capture_output=True,
            text=True,
            timeout=30,
            check=True,
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise ExecutorUnavailable(
            f"the base image is made of Debian's packages by apt, which isn't here ({error})", hint=OTHERWISE
        ) from error
    return "\n".join(line for line in shown.stdout.splitlines() if "::" in line and '""' not in line)


def _apt(folder: Path, *words: str) -> None:
    environment = {**os.environ, "APT_CONFIG": str(folder / "apt.conf"), "LC_ALL": "C.UTF-8"}
    try:
        ran = subprocess.run(
            ["apt-get", *words],
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise ExecutorUnavailable(f"the base image can't be made: {error}", hint=OTHERWISE) from error
    if ran.returncode != 0:
        said = (ran.stderr.strip() or ran.stdout.strip()).splitlines()
        reason = next((line for line in said if line.startswith("E:")), said[-1] if said else "no word")
        raise ExecutorUnavailable(
            f"the base image is made of Debian's packages, which can't be fetched: {reason}", hint=OTHERWISE
        )
