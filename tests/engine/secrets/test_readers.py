"""The places that secrets are read from, and what may be wrong with them."""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path

import pytest

from shunter.engine.secrets.command import CommandReader
from shunter.engine.secrets.draining import MAX_BYTES
from shunter.engine.secrets.errors import SecretUnreadable
from shunter.engine.secrets.protocol import SecretReader
from shunter.engine.secrets.readers import EnvironmentReader, FileReader

VALUE = "hunter22"


def _read(reader: SecretReader, place: str) -> bytes:
    return reader.read(place, threading.Event())


def _checked_and_read(reader: SecretReader, place: str) -> bytes:
    reader.check(place)
    return _read(reader, place)


def _refusal(reader: SecretReader, place: str) -> str:
    with pytest.raises(SecretUnreadable) as caught:
        _checked_and_read(reader, place)
    assert VALUE not in caught.value.message + (caught.value.hint or "")
    return caught.value.message


def test_a_variable_is_read_when_it_is_asked_for() -> None:
    variables: dict[str, str] = {}
    reader = EnvironmentReader(variables)
    assert _refusal(reader, "TOKEN") == "there is no variable TOKEN"
    variables["TOKEN"] = VALUE
    assert _read(reader, "TOKEN") == b"hunter22"


def test_a_file_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "token").write_text(VALUE)
    monkeypatch.setenv("HOME", str(tmp_path))
    assert _read(FileReader(), str(tmp_path / "token")) == b"hunter22"
    assert _read(FileReader(), "~/token") == b"hunter22"


def test_a_file_that_is_none_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "folder").mkdir()
    reader = FileReader(seconds=0.3)
    assert (
        _refusal(reader, str(tmp_path / "gone"))
        == f"{tmp_path}/gone can't be read: No such file or directory"
    )
    assert _refusal(reader, str(tmp_path / "folder")) == f"{tmp_path}/folder is a folder"
    assert _refusal(reader, "/dev/zero") == "/dev/zero is neither a file nor a pipe"
    assert _refusal(reader, str(tmp_path / "pipe")) == "its end didn't come within 0.3 s"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every file")
def test_a_file_that_may_not_be_read_is_refused(tmp_path: Path) -> None:
    (tmp_path / "closed").write_text(VALUE)
    (tmp_path / "closed").chmod(0)
    assert _refusal(FileReader(), str(tmp_path / "closed")).endswith("can't be read: Permission denied")


def test_a_pipe_is_read_to_its_end_and_not_for_ever(tmp_path: Path) -> None:
    ours, theirs = os.pipe()
    os.write(theirs, b"hunter22")
    try:
        assert _refusal(FileReader(seconds=0.2), f"/dev/fd/{ours}") == "its end didn't come within 0.2 s"
        os.write(theirs, b"hunter22")
        os.close(theirs)
        assert _read(FileReader(), f"/dev/fd/{ours}") == b"hunter22"
    finally:
        os.close(ours)


def test_of_more_than_a_secret_has_only_the_beginning_is_read(tmp_path: Path) -> None:
    (tmp_path / "large").write_bytes(b"x" * (MAX_BYTES + 10))
    assert len(_read(FileReader(), str(tmp_path / "large"))) == MAX_BYTES + 1
    assert len(_read(CommandReader(seconds=20), "yes hunter22")) == MAX_BYTES + 1


def test_a_command_prints_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KEPT", VALUE)
    assert _read(CommandReader(), 'printf "%s\n" "$KEPT" | tr -d x; echo failed >&2') == b"hunter22\n"


def test_a_command_that_fails_is_told_without_what_it_printed() -> None:
    assert (
        _refusal(CommandReader(), f"echo {VALUE}; echo {VALUE} >&2; exit 3")
        == "the command ended with exit code 3"
    )
    assert _refusal(CommandReader(), "no-such-command-here") == "the command ended with exit code 127"


def test_a_command_has_no_input_and_no_terminal() -> None:
    assert _read(CommandReader(), "cat; test -t 0 || echo none") == b"none\n"


@pytest.mark.parametrize(
    "script", ["sleep 1000", "sleep 1000 & wait", "exec >&-; sleep 1000", "(sleep 1000 &) ; sleep 1000"]
)
def test_a_command_that_hangs_is_ended_with_all_that_it_started(script: str) -> None:
    marker = f"sleep 1000.{os.getpid()}{time.monotonic_ns()}"
    began = time.monotonic()
    said = _refusal(CommandReader(seconds=0.3), script.replace("sleep 1000", marker))
    assert said in ("its end didn't come within 0.3 s", "the command didn't end within 0.3 s")
    assert time.monotonic() - began < 10
    assert _running(marker.replace(" ", "\0").encode()) == []


def test_a_command_ends_with_the_run() -> None:
    stop = threading.Event()
    threading.Timer(0.2, stop.set).start()
    with pytest.raises(SecretUnreadable, match="the run was ended"):
        CommandReader(seconds=60).read("sleep 1000", stop)


def _running(words: bytes) -> list[str]:
    """Processes with these words on their command line that haven't ended; a killed one may take a moment."""
    deadline = time.monotonic() + 5
    while found := [str(path) for path in Path("/proc").glob("[0-9]*/cmdline") if words in _content(path)]:
        if time.monotonic() > deadline:
            break
        time.sleep(0.01)
    return found


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""
