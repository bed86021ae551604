"""Looking through what a container left."""

from __future__ import annotations

import base64
import os
import subprocess
from pathlib import Path

import pytest

from shunter.engine.secrets.leaks import leak_of, leaks, scrub, was_printed
from shunter.engine.secrets.redactor import Redactor
from shunter.engine.secrets.revealed import NOTHING, Revealed

REDACTOR = Redactor(["hunter22"])
REVEALED = Revealed({"/run/secrets/token": b"hunter22"}, REDACTOR)


def test_a_value_is_found_in_content_names_and_links(tmp_path: Path) -> None:
    (tmp_path / "deep/er").mkdir(parents=True)
    (tmp_path / "deep/er/plain.txt").write_text("the token is hunter22.")
    (tmp_path / "deep/encoded").write_bytes(base64.b64encode(b"x:hunter22"))
    (tmp_path / "hunter22.txt").write_text("x")
    (tmp_path / "link").symlink_to("hunter22")
    (tmp_path / "clean").write_text("hunter 2")
    found = sorted(leaks(tmp_path, REDACTOR))
    assert found == ["[secret].txt", "deep/encoded", "deep/er/plain.txt", "link"]
    assert leak_of(tmp_path, REVEALED) in found
    assert leak_of(tmp_path, NOTHING) is None


def test_a_folder_that_is_kept_loses_what_holds_a_value(tmp_path: Path) -> None:
    (tmp_path / "hunter22/inner").mkdir(parents=True)
    (tmp_path / "hunter22/inner/file").write_text("x")
    (tmp_path / "plain").write_text("hunter22")
    (tmp_path / "link").symlink_to("hunter22")
    (tmp_path / "clean").write_text("x")
    assert sorted(scrub(tmp_path, REDACTOR)) == [
        "[secret]",
        "[secret]/inner",
        "[secret]/inner/file",
        "link",
        "plain",
    ]
    assert os.listdir(tmp_path) == ["clean"]
    assert scrub(tmp_path, REDACTOR) == []
    assert scrub(tmp_path, Redactor()) == []


def test_a_value_is_found_where_it_goes_over_what_is_read_at_once(tmp_path: Path) -> None:
    with (tmp_path / "large").open("wb") as file:
        file.write(b"." * ((1 << 20) - 4) + b"hunter22" + b"." * (1 << 20))
    assert list(leaks(tmp_path, REDACTOR)) == ["large"]
    assert was_printed(tmp_path / "large", REVEALED)
    assert not was_printed(tmp_path / "large", NOTHING)


@pytest.mark.skipif(os.geteuid() == 0, reason="to root nothing is closed")
def test_what_is_closed_to_its_owner_is_looked_through(tmp_path: Path) -> None:
    (tmp_path / "closed").mkdir()
    (tmp_path / "closed/file").write_text("hunter22")
    (tmp_path / "closed/file").chmod(0)
    (tmp_path / "closed").chmod(0)
    assert list(leaks(tmp_path, REDACTOR)) == ["closed/file"]


def test_nothing_is_waited_for_and_no_link_followed(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    outside = tmp_path.parent / f"{tmp_path.name}-outside"
    outside.mkdir()
    (outside / "file").write_text("hunter22")
    (tmp_path / "link").symlink_to(outside)
    assert list(leaks(tmp_path, REDACTOR)) == []


def test_folders_of_any_depth_are_no_trouble(tmp_path: Path) -> None:
    handle = os.open(tmp_path, os.O_RDONLY)
    for _ in range(1500):
        os.mkdir("d", dir_fd=handle)
        inner = os.open("d", os.O_RDONLY, dir_fd=handle)
        os.close(handle)
        handle = inner
    os.close(handle)
    try:
        assert list(leaks(tmp_path, REDACTOR)) == []
    finally:
        subprocess.run(["rm", "-rf", str(tmp_path / "d")], check=True)  # Python's own remover goes as deep
