"""The commands of the page about functions that call functions work as they are written."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest
from tests.docs.quiet import Quiet
from tests.serving import serving

ROOT = Path(__file__).parents[2]
BLOCK = re.compile(r"^```console\n(.*?)^```", re.DOTALL | re.MULTILINE)
USED = ("README.md", "docs/design", "docs/examples")


SERVING = "python3 -m http.server 8000 --bind 127.0.0.1 --directory docs/examples &"


def _commands() -> list[str]:
    page = (ROOT / "docs/functions-that-call-functions.md").read_text(encoding="utf-8")
    typed = "".join(BLOCK.findall(page)).replace("\\\n", " ")
    return [line.removeprefix("$ ") for line in typed.splitlines()]


@pytest.fixture
def copied(tmp_path: Path, home: Path) -> Path:
    """A folder that has what the page's commands name."""
    for name in USED:
        target = tmp_path / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, target)
        else:
            shutil.copy(ROOT / name, target)
    return tmp_path


def _typed(commands: list[str], where: Path) -> str:
    ran = subprocess.run(
        ["bash", "-euc", "\n".join(commands)],
        cwd=where,
        env={**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=110,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def test_the_commands_work(copied: Path) -> None:
    typed = [command for command in _commands() if "handbook.words" not in command]
    plain = typed.index(SERVING)
    out = _typed(typed[:plain], copied)
    assert "<html" in (copied / "out/handbook/page.html").read_text()
    calls = [line.split()[1] for line in out.splitlines() if line.startswith("    ✓")]
    assert sorted(calls) == ["files.find", "report.markdown_to_html", "text.concatenate", "text.count"]
    with serving(partial(Quiet, directory=str(copied / "docs/examples"))) as port:
        _typed([command.replace("8000", str(port)) for command in typed[plain + 1 :]], copied)
    page = (copied / "out/online/page.html").read_text()
    assert page.count("So a pipeline becomes a program that you can test") == 2


@pytest.mark.skipif(not Path("/usr/bin/curl").exists(), reason="steps see no curl: /usr/bin/curl is missing")
@pytest.mark.parametrize("executor", ["sandbox", "docker"])
def test_a_shell_calls_functions_by_curl(
    copied: Path, executor: str, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    if executor == "docker":
        request.getfixturevalue("docker_daemon")
    monkeypatch.setenv("SHUNTER_EXECUTOR", executor)
    (typed,) = [command for command in _commands() if "handbook.words" in command]
    words = len((copied / "docs/examples/talk.txt").read_text().split())
    assert _typed([typed], copied) == f"{words}\n"


def test_the_commands_of_curl_are_those_of_the_example() -> None:
    page = (ROOT / "docs/sessions-protocol.md").read_text(encoding="utf-8")
    (shown,) = re.findall(r"^```sh\n(.*?)^```", page, re.DOTALL | re.MULTILINE)
    assert shown.rstrip() in (ROOT / "docs/examples/handbook/module.toml").read_text(encoding="utf-8")


STRICTLY = ("--strict", "--cache-dir", "cache", "--explicit-package-bases", "--namespace-packages")


def test_the_example_and_all_bindings_are_strictly_typed(tmp_path: Path, home: Path) -> None:
    """As whoever writes such a module would check it, with nothing but the SDK."""
    shutil.copytree(ROOT / "docs/examples/handbook", tmp_path / "handbook")
    modules = sorted(path.parent.name for path in (ROOT / "tools/shunter/modules").glob("*/module.toml"))
    _typed([f"shunter bind {' '.join(modules)} -o everything.py"], tmp_path)
    (tmp_path / "wrong.py").write_text(
        "from everything import text_count\nfrom shunter.sdk import Directory\n\n"
        'print(text_count(Directory("x")).words.upper())\n'
    )
    checked = subprocess.run(
        [sys.executable, "-m", "mypy", *STRICTLY, "handbook", "everything.py", "wrong.py"],
        cwd=tmp_path,
        env={**os.environ, "MYPYPATH": str(ROOT / "tools")},
        capture_output=True,
        text=True,
        timeout=110,
        check=False,
    )
    found = [line for line in checked.stdout.splitlines() if "error:" in line]
    assert {line.rpartition("  [")[2] for line in found} == {"arg-type]", "attr-defined]"}, checked.stdout
    assert all(line.startswith("wrong.py:4:") for line in found)
