"""`--executor` and SHUNTER_EXECUTOR."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from tests.cli.conftest import Shunter

JOIN = ("toy.join", "--texts", "a", "--texts", "b")
NOBODY = "unix:///nobody/listens/here"


def test_an_executor_that_is_not_there_starts_nothing_and_says_what_to_do(
    shunter: Shunter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DOCKER_HOST", NOBODY)
    ended = shunter("call", *JOIN, "--executor", "docker")
    assert (ended.code, ended.out) == (5, "")
    assert ended.err.endswith(
        f"shunter: no Docker daemon answers at {NOBODY}: No such file or directory\n"
        "  start it (`sudo systemctl start docker`), or say where it is with DOCKER_HOST\n"
    )


def test_the_flag_goes_before_the_environment(shunter: Shunter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_HOST", NOBODY)
    monkeypatch.setenv("SHUNTER_EXECUTOR", "docker")
    assert shunter("call", *JOIN).code == 5
    assert shunter("call", *JOIN, "--executor", "sandbox").code == 0


def test_a_name_that_no_executor_has_is_a_usage_error(
    shunter: Shunter, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert shunter("doctor", "--executor", "podman").code == 2
    monkeypatch.setenv("SHUNTER_EXECUTOR", "podman")
    ended = shunter("doctor")
    assert (ended.code, ended.err) == (
        2,
        "shunter: SHUNTER_EXECUTOR is 'podman', and no executor is called that\n  set it to sandbox or docker\n",
    )


def test_results_of_two_executors_are_two_results(shunter: Shunter, docker_daemon: str) -> None:
    words = ("call", *JOIN)
    outs = [shunter(*words, "--json", "--executor", name).out for name in ("sandbox", "docker", "docker")]
    assert ['"cached"' in out for out in outs] == [False, False, True]
    assert [shunter(*words, "--executor", name).out for name in ("sandbox", "docker")] == ["a,b\n"] * 2


def test_doctor_tells_of_docker(shunter: Shunter, home: Path, docker_daemon: str) -> None:
    document = json.loads(shunter("doctor", "--json", "--executor", "docker").out)
    assert (document["home"], document["executor"]) == (str(home), "docker")
    found = {finding["promise"]: finding for finding in document["findings"]}
    assert f"at {docker_daemon}; " in found["containers"]["detail"]
    bound = os.geteuid() in (0, 1000)  # others get /work as an archive
    partly = [] if bound else ["disk limit"]
    assert [name for name, finding in found.items() if finding["enforced"] != "yes"] == partly
