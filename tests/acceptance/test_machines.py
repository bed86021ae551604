"""Machines that lack something: room on the disk, namespaces."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from tests.cli.conftest import COMMAND, Ended

from shunter.engine.executors.sandbox.launcher import bundled_bwrap


def _ran(*command: str, home: Path) -> Ended:
    ran = subprocess.run(
        command, env={**os.environ, "SHUNTER_HOME": str(home)}, capture_output=True, timeout=60, check=False
    )
    return Ended(ran.returncode, ran.stdout, ran.stderr.decode())


@pytest.fixture
def small_disk(open_folder: Path) -> Path:
    """Where a small disk can be put, in a mount namespace that ends with the command."""
    if os.geteuid() != 0 or shutil.which("unshare") is None:
        pytest.skip("only root can make a small disk")
    (open_folder / "disk").mkdir()
    return open_folder / "disk"


def _on_a_disk(disk: Path, options: str, *words: str, home: Path) -> Ended:
    script = f'mount -t tmpfs -o mode=711,{options} none "$0" && exec "$@"'
    return _ran("unshare", "--mount", "sh", "-c", script, str(disk), *COMMAND, *words, home=home)


SIZES = ["size=4k", "size=16k", "size=40k", "size=200k", "size=2m", "size=5m"]


@pytest.mark.parametrize("options", [*SIZES, "nr_inodes=20", "nr_inodes=40"])
def test_a_full_disk_under_the_home_is_one_clear_message(here: Path, small_disk: Path, options: str) -> None:
    (here / "big.txt").write_text("x" * 8_000_000)
    (here / "plan.yaml").write_text(
        """
version: 1
inputs: {notes: {type: "File[text/*]"}}
steps:
  - {id: one, call: toy.shout, each: {text: [a, b]}}
  - {id: two, call: toy.upper, with: {file: {from: notes}}}
"""
    )
    home = small_disk / "home"
    ended = _on_a_disk(small_disk, options, "run", "plan.yaml", "-q", "-i", "notes=big.txt", home=home)
    assert ended.code == 5, ended
    assert str(home) in ended.err.splitlines()[0]
    assert "no space is left" in ended.err.splitlines()[0]
    assert "SHUNTER_HOME" in ended.err.splitlines()[1]
    assert len(ended.err.splitlines()) == 2


def test_a_step_that_fills_the_disk_is_told_and_the_engine_goes_on(here: Path, small_disk: Path) -> None:
    """Its own writes fail inside the container, or what it left can't be taken: never a traceback."""
    (here / "modules/toy/module.toml").write_text(
        (here / "modules/toy/module.toml").read_text()
        + """
[functions.fill]
doc = "Write much."
command = "head -c 9000000 /dev/zero > /out/zeros"
shell = true
returns = {type = "File", from = "out/zeros"}
""".replace("[python]", "")
    )
    home = small_disk / "home"
    ended = _on_a_disk(small_disk, "size=6m", "call", "toy.fill", home=home)
    assert ended.code in (1, 5), ended
    assert "space" in ended.err
    assert "Traceback" not in ended.err


def test_outputs_that_do_not_fit_leave_nothing_half_written(here: Path, home: Path, small_disk: Path) -> None:
    (here / "big.txt").write_text("x" * 2_000_000)
    (here / "plan.yaml").write_text(
        """
version: 1
inputs: {notes: {type: "File[text/*]"}}
steps: [{id: one, call: toy.upper, with: {file: {from: notes}}}]
outputs: {small: 1, one: {from: one}}
"""
    )
    out = small_disk / "out"
    words = ("run", "plan.yaml", "-q", "-i", "notes=big.txt", "-o", str(out))
    script = f'mount -t tmpfs -o size=1m none "$0" && "$@"; code=$?; ls -A {out}; exit $code'
    ended = _ran("unshare", "--mount", "sh", "-c", script, str(small_disk), *COMMAND, *words, home=home)
    assert ended.code == 5, ended
    assert ended.out == ""
    assert ended.err.startswith("shunter: ")
    assert f"{out}" in ended.err
    assert "no space is left" in ended.err
    assert len(ended.err.splitlines()) == 2


USERS = [("--uid", "1000", "--gid", "1000"), ()] if os.geteuid() == 0 else [()]
"""What the person is to be inside: somebody ordinary, or who they are."""


def _without_namespaces(*words: str, home: Path, user: tuple[str, ...] = USERS[0]) -> Ended:
    """A machine as many CI runners are: a container in which no further one can be made."""
    wrapped = [
        str(bundled_bwrap()),
        "--unshare-user",
        *user,
        "--disable-userns",
        "--dev-bind",
        "/",
        "/",
        "--",
    ]
    return _ran(*wrapped, *COMMAND, *words, home=home)


@pytest.mark.parametrize("user", USERS, ids=lambda user: "ordinary" if user else "oneself")
@pytest.mark.parametrize(
    "words", [("call", "toy.shout", "--text", "x"), ("doctor",), ("run", "plan.yaml", "-q")]
)
def test_without_namespaces_it_says_what_is_missing_and_runs_nothing_unconfined(
    here: Path, home: Path, words: tuple[str, ...], user: tuple[str, ...]
) -> None:
    (here / "plan.yaml").write_text("{version: 1, steps: [{id: one, call: toy.shout, with: {text: x}}]}")
    ended = _without_namespaces(*words, home=home, user=user)
    assert ended.code == 5, ended
    assert "Traceback" not in ended.err
    assert ended.err.startswith("shunter: ")
    assert "namespace" in ended.err
    assert len(ended.err.splitlines()) == 2
    assert "X" not in ended.out.split()


def test_without_namespaces_what_needs_no_container_still_works(here: Path, home: Path) -> None:
    (here / "plan.yaml").write_text("{version: 1, steps: [{id: one, call: toy.shout, with: {text: x}}]}")
    assert _without_namespaces("check", "plan.yaml", home=home).code == 0
    assert _without_namespaces("functions", home=home).code == 0


def test_without_namespaces_doctor_is_still_one_document(here: Path, home: Path) -> None:
    ended = _without_namespaces("doctor", "--json", home=home)
    (finding,) = json.loads(ended.out)["findings"]
    assert (ended.code, finding["promise"], finding["enforced"]) == (5, "containers", "no")
    assert finding["remedy"]


def test_without_namespaces_the_cache_still_answers(here: Path, home: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can be somebody who makes namespaces and then somebody who can't")
    words = ("call", "toy.shout", "--text", "x")
    mapped = [str(bundled_bwrap()), "--unshare-user", *USERS[0], "--dev-bind", "/", "/", "--"]
    assert _ran(*mapped, *COMMAND, *words, home=home).out == "X\n"
    ended = _without_namespaces(*words, home=home)
    assert (ended.code, ended.out, ended.err) == (0, "X\n", "")
