"""The first process of a Docker container, by this machine's own shells: settings and secrets reach it in a line."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from shunter.engine.executors.docker.entry import NOT_GIVEN, entry, settings_text

SHELLS = [
    pytest.param(words, id=words[0], marks=pytest.mark.skipif(not shutil.which(words[0]), reason="not here"))
    for words in (("dash",), ("bash", "--posix"), ("busybox", "sh"))
]
VALUES = (
    "hunter22",
    "-n",
    "--",
    "100 % of $HOME `id` 'it' \"is\" \\n\\0101 !",
    "-----BEGIN KEY-----\nfirst\n\nlast\n\n",
    "\u00fcber \U0001f511",
    "\t\r\x7f",
    "x" * 65536,
)


def _ran(
    shell: tuple[str, ...], argv: tuple[str, ...], text: bytes, *, path: str = "/nothing/is/here"
) -> subprocess.CompletedProcess[bytes]:
    _, _, script, *words = entry(argv, stdin=None, settings=True)
    harmless = script.replace("kill -KILL -1", "exit")  # outside of a container it would reach far
    assert harmless != script
    return subprocess.run(
        [str(shutil.which(shell[0])), *shell[1:], "-c", harmless, *words],
        input=text,
        env={"PATH": path},
        capture_output=True,
        timeout=30,
        check=False,
    )


@pytest.mark.parametrize("shell", SHELLS)
def test_secrets_are_written_as_they_are_by_a_shell_alone(shell: tuple[str, ...], tmp_path: Path) -> None:
    secrets = {str(tmp_path / f"a b {number}"): value.encode() for number, value in enumerate(VALUES)}
    ran = _ran(shell, ("/bin/cat", *secrets), settings_text({}, {}, secrets))
    assert (ran.stderr, ran.stdout) == (b"", "".join(VALUES).encode())
    assert {(tmp_path / path).stat().st_mode & 0o777 for path in secrets} == {0o400}


@pytest.mark.parametrize("shell", SHELLS)
def test_variables_and_settings_are_set_as_they_are(shell: tuple[str, ...], tmp_path: Path) -> None:
    files = {str(tmp_path / "pip.conf"): b"password = 'x'\n\xff\xfe"}
    variables = {"A": VALUES[3], "B": VALUES[4], "not a name": "x", "C": "caf\udce9"}
    script = 'printf "%s|" "$A" "$B" "$C"; /bin/cat "$0"'
    ran = _ran(shell, ("/bin/sh", "-c", script, *files), settings_text(variables, files, {}))
    assert ran.stdout == f"{VALUES[3]}|{VALUES[4]}|".encode() + b"caf\xe9|" + b"password = 'x'\n\xff\xfe"


@pytest.mark.parametrize("shell", SHELLS)
def test_what_cannot_be_written_starts_no_command(shell: tuple[str, ...], tmp_path: Path) -> None:
    text = settings_text({}, {}, {str(tmp_path / "nowhere/token"): b"hunter22"})
    ran = _ran(shell, ("/bin/echo", "started"), text)
    assert (ran.returncode, ran.stdout) == (126, b"")
    assert ran.stderr.decode() == f"{NOT_GIVEN}\n"


@pytest.mark.parametrize("shell", SHELLS[:2])  # busybox has a sleep of its own
@pytest.mark.parametrize(("script", "code", "pauses"), [("kill -KILL $$", 137, 1), ("exit 3", 3, 0)])
def test_a_container_whose_command_was_killed_stays_for_a_moment(
    shell: tuple[str, ...], script: str, code: int, pauses: int, tmp_path: Path
) -> None:
    (tmp_path / "sleep").write_text(f"#!/bin/sh\necho pause >>{tmp_path}/pauses\n")
    (tmp_path / "sleep").chmod(0o755)
    (tmp_path / "pauses").touch()
    ran = _ran(shell, ("/bin/sh", "-c", script), b":\n", path=str(tmp_path))
    assert ran.returncode == code
    assert (tmp_path / "pauses").read_text() == "pause\n" * pauses


@pytest.mark.parametrize("shell", SHELLS)
def test_an_image_without_sleep_ends_at_once(shell: tuple[str, ...]) -> None:
    assert _ran(shell, ("/bin/sh", "-c", "kill -KILL $$"), b":\n").returncode == 137
