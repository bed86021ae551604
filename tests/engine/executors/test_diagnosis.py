"""What is said when no container can be started."""

from __future__ import annotations

from pathlib import Path

import pytest

from shunter.engine.executors.sandbox.diagnosis import diagnose

BWRAP = Path("/opt/bwrap")


def _settings(folder: Path, **values: str) -> Path:
    for name, value in values.items():
        path = folder / name.replace("__", "/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(value + "\n")
    return folder


REFUSED = "bwrap: No permissions to create a new namespace, likely because the kernel does not allow …"


@pytest.mark.parametrize(
    ("settings", "reason", "remedy"),
    [
        ({"user__max_user_namespaces": "0"}, "turned off", "user.max_user_namespaces=15000"),
        ({"kernel__unprivileged_userns_clone": "0"}, "for root only", "kernel.unprivileged_userns_clone=1"),
        ({"kernel__apparmor_restrict_unprivileged_userns": "1"}, "AppArmor", "/etc/apparmor.d/shunter"),
        ({}, "refused", "--security-opt seccomp=unconfined"),
    ],
)
def test_refused_namespaces_are_explained_by_the_setting_that_refuses_them(
    tmp_path: Path, settings: dict[str, str], reason: str, remedy: str
) -> None:
    diagnosis = diagnose(REFUSED, bwrap=BWRAP, sysctl=_settings(tmp_path, **settings))
    assert reason in diagnosis.reason
    assert remedy in (diagnosis.remedy or "")


def test_the_apparmor_profile_names_the_program_that_is_used(tmp_path: Path) -> None:
    settings = _settings(tmp_path, kernel__apparmor_restrict_unprivileged_userns="1")
    said = "bwrap: setting up uid map: Permission denied"
    assert str(BWRAP) in (diagnose(said, bwrap=BWRAP, sysctl=settings).remedy or "")


def test_a_refused_mount_points_at_the_outer_container(tmp_path: Path) -> None:
    diagnosis = diagnose("bwrap: Can't mount proc on /newroot/proc: Operation not permitted", bwrap=BWRAP)
    assert "systempaths=unconfined" in (diagnosis.remedy or "")


def test_a_missing_command_is_no_fault_of_the_machine() -> None:
    diagnosis = diagnose("warning\nbwrap: execvp ffmpeg: No such file or directory\n", bwrap=BWRAP)
    assert diagnosis.reason == "the container has no such command: ffmpeg: No such file or directory"
    assert diagnosis.remedy is None


def test_anything_else_is_quoted() -> None:
    assert "out of luck" in diagnose("bwrap: out of luck", bwrap=BWRAP).reason
    assert "without a word" in diagnose("", bwrap=BWRAP).reason
