"""Packages of a module, installed from a folder of wheels: no test reaches a package index."""

from __future__ import annotations

import base64
import hashlib
import json
import shutil
import zipfile
from pathlib import Path

import pytest
from tests.cli.conftest import Shunter

MODULE = """
[module]
name = "greet"
version = "0.1.0"
description = "Greets with a package."

[python]
file = "greet.py"
packages = ["{package}"]
"""

CODE = '''
from shunter.sdk import function


@function
def hello(name: str) -> str:
    """Greet somebody."""
    from shuntertestgreetings import greeting

    return greeting(name)


@function
def place() -> dict:
    """Where the package is, and whether it can be written."""
    import os
    import shuntertestgreetings

    file = shuntertestgreetings.__file__
    return {"file": file, "writable": os.access(file, os.W_OK), "compiled": bool(shuntertestgreetings.__cached__ and os.path.exists(shuntertestgreetings.__cached__))}
'''.replace("-> dict:", "-> Json:").replace("import function", "import Json, function")


def _wheel(folder: Path, *, version: str = "1.0") -> None:
    """A wheel of the package `shuntertestgreetings`, made by hand."""
    name = f"shuntertestgreetings-{version}"
    info = f"{name}.dist-info"
    files = {
        "shuntertestgreetings/__init__.py": f"def greeting(name):\n    return f'hello {{name}}, {version}'\n",
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: shuntertestgreetings\nVersion: {version}\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    lines = [f"{path},sha256={_hash(text)},{len(text)}" for path, text in files.items()]
    files[f"{info}/RECORD"] = "\n".join([*lines, f"{info}/RECORD,,"]) + "\n"
    folder.mkdir(exist_ok=True)
    with zipfile.ZipFile(folder / f"{name}-py3-none-any.whl", "w") as archive:
        for path, text in files.items():
            archive.writestr(path, text)


def _hash(text: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()


@pytest.fixture
def wheels(here: Path, open_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The one place that packages come from; the module `greet` needs one."""
    folder = open_folder / "wheels"
    folder.mkdir()
    empty = open_folder / "person"
    empty.mkdir()
    for name in ("PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL", "PIP_FIND_LINKS", "UV_INDEX", "UV_DEFAULT_INDEX"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(empty))
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("UV_NO_INDEX", "1")
    monkeypatch.setenv("UV_FIND_LINKS", str(folder))
    _write_module(here, "shuntertestgreetings")
    return folder


def _write_module(here: Path, package: str) -> None:
    module = here / "modules" / "greet"
    module.mkdir(exist_ok=True)
    (module / "module.toml").write_text(MODULE.replace("{package}", package))
    (module / "greet.py").write_text(CODE)


def _installs(home: Path) -> int:
    """How many times an environment was built, in all runs."""
    return sum(
        path.read_text().count('"preparation-started"') for path in (home / "runs").glob("*/events.jsonl")
    )


def test_packages_are_installed_once_and_shared_by_all_steps_and_runs(
    shunter: Shunter, here: Path, home: Path, wheels: Path
) -> None:
    _wheel(wheels)
    (here / "plan.yaml").write_text(
        """
version: 1
steps:
  - {id: all, call: greet.hello, each: {name: [a, b]}}
  - {id: place, call: greet.place}
outputs: {all: {from: all}, place: {from: place}}
"""
    )
    first = shunter("run", "plan.yaml", "--json", "--jobs", "3")
    assert first.code == 0, first.err
    assert first.err.count("… installing the packages of greet (once)\n") == 1
    outputs = json.loads(first.out)["outputs"]
    assert outputs["all"] == ["hello a, 1.0", "hello b, 1.0"]
    assert outputs["place"] == {
        "file": "/env/shuntertestgreetings/__init__.py",
        "writable": False,
        "compiled": True,
    }
    shutil.rmtree(wheels)
    assert shunter("call", "greet.hello", "--name", "c").out == "hello c, 1.0\n"
    assert _installs(home) == 1


def test_other_requirements_are_another_environment(
    shunter: Shunter, here: Path, home: Path, wheels: Path
) -> None:
    _wheel(wheels)
    _wheel(wheels, version="2.0")
    _write_module(here, "shuntertestgreetings==1.0")
    assert shunter("call", "greet.hello", "--name", "a").out == "hello a, 1.0\n"
    _write_module(here, "shuntertestgreetings==2.0")
    assert shunter("call", "greet.hello", "--name", "a").out == "hello a, 2.0\n"
    assert _installs(home) == 2


def test_a_cached_step_needs_no_environment_and_no_index(
    shunter: Shunter, home: Path, wheels: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _wheel(wheels)
    assert shunter("call", "greet.hello", "--name", "a").code == 0
    shutil.rmtree(home / "trees")
    (home / "trees").mkdir(mode=0o711)
    shutil.rmtree(wheels)
    again = shunter("call", "greet.hello", "--name", "a")
    assert (again.code, again.out) == (0, "hello a, 1.0\n")
    assert _installs(home) == 1


def test_packages_that_cannot_be_had_are_a_clear_failure(
    shunter: Shunter, here: Path, home: Path, wheels: Path
) -> None:
    _write_module(here, "no-such-package-of-this-test==9")
    ended = shunter("call", "greet.hello", "--name", "a")
    assert (ended.code, ended.out) == (1, "")
    assert "Traceback" not in ended.err
    lines = ended.err.splitlines()
    assert lines[0].startswith(
        "failed: call: the packages of greet can't be installed: ended with exit code "
    )
    assert lines[1] == "  last lines of stderr:"
    assert "no-such-package-of-this-test" in ended.err
    assert "  check the module's packages, and that the package index can be reached" in lines
    failed = json.loads(shunter("call", "greet.hello", "--name", "a", "--json").out)
    assert failed["steps"][0]["failure"]["kind"] == "environment"


def test_an_index_that_refuses_is_a_clear_failure(
    shunter: Shunter, wheels: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("UV_NO_INDEX")
    monkeypatch.delenv("UV_FIND_LINKS")
    monkeypatch.setenv("PIP_INDEX_URL", "http://someone:hunter2@127.0.0.1:9/simple/")
    monkeypatch.setenv("UV_HTTP_RETRIES", "0")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    ended = shunter("call", "greet.hello", "--name", "a")
    assert ended.code == 1
    assert "127.0.0.1:9" in ended.err
    assert "hunter2" not in ended.err
    logs = shunter("runs", "logs", "last").out
    assert "hunter2" not in logs


def test_requirements_that_are_none_are_a_clear_failure(shunter: Shunter, here: Path, wheels: Path) -> None:
    _write_module(here, "not a requirement!")
    ended = shunter("call", "greet.hello", "--name", "a")
    assert ended.code in (1, 3)
    assert "Traceback" not in ended.err
    assert "not a requirement!" in ended.err
