"""Why a container didn't start, and what allows it, read from what bubblewrap says."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

_NAMESPACES: Final = (
    "No permissions to create",
    "Creating new namespace failed",
    "setting up uid map",
    "uid map",
    "Failed to make / slave",
    "loopback: Failed",
    "unshare user ns",
)
_IN_CONTAINER: Final = ("Can't mount proc", "Can't mount devpts", "pivot_root", "Failed to mount tmpfs")


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """Why, in one sentence.

    `remedy` says what to do where it is the machine that refuses containers. `no_command` tells that there
    was a container, and that it lacks the command.
    """

    reason: str
    remedy: str | None = None
    no_command: bool = False


def diagnose(stderr: str, *, bwrap: Path, sysctl: Path = Path("/proc/sys")) -> Diagnosis:
    """What bubblewrap's `stderr` means on this machine; `bwrap` is the path that it was started by."""
    said = _last_words(stderr)
    if "execvp" in said:
        reason = f"the container has no such command: {said.partition('execvp ')[2]}"
        return Diagnosis(reason, no_command=True)
    if any(words in said for words in _NAMESPACES):
        return _refused_namespaces(said, bwrap, sysctl)
    if any(words in said for words in _IN_CONTAINER):
        return Diagnosis(f"the kernel refuses a mount in a new namespace ({said})", _DOCKER)
    return Diagnosis(f"the container couldn't be made: {said or 'bubblewrap ended without a word'}")


def _last_words(stderr: str) -> str:
    lines = [line.partition("bwrap: ")[2] for line in stderr.splitlines() if "bwrap: " in line]
    return lines[-1] if lines else "\n".join(stderr.splitlines()[-3:])


def _refused_namespaces(said: str, bwrap: Path, sysctl: Path) -> Diagnosis:
    if _read(sysctl / "user/max_user_namespaces") == "0":
        return Diagnosis("user namespaces are turned off (user.max_user_namespaces is 0)", _MAX)
    if _read(sysctl / "kernel/unprivileged_userns_clone") == "0":
        return Diagnosis("user namespaces are for root only (kernel.unprivileged_userns_clone is 0)", _CLONE)
    if _read(sysctl / "kernel/apparmor_restrict_unprivileged_userns") == "1":
        return Diagnosis("AppArmor refuses unprivileged user namespaces", apparmor_remedy(bwrap))
    return Diagnosis(f"new namespaces are refused ({said})", _DOCKER)


def apparmor_remedy(bwrap: Path) -> str:
    """How Ubuntu 24.04 and later are told to let `bwrap` make namespaces."""
    profile = f"abi <abi/4.0>, profile shunter {bwrap} flags=(unconfined) {{ userns, }}"
    return (
        f"write this profile to /etc/apparmor.d/shunter: `{profile}`, and load it with "
        "`sudo apparmor_parser -r /etc/apparmor.d/shunter`; or allow all programs with "
        "`sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0`"
    )


def _read(setting: Path) -> str | None:
    try:
        return setting.read_text().strip()
    except OSError:
        return None


_MAX: Final = "allow them with `sudo sysctl -w user.max_user_namespaces=15000`"
_CLONE: Final = "allow them with `sudo sysctl -w kernel.unprivileged_userns_clone=1`"
_DOCKER: Final = (
    "if this is itself a container, start it with `--security-opt seccomp=unconfined --security-opt "
    "apparmor=unconfined --security-opt systempaths=unconfined` (Docker), or run shunter outside of it"
)
