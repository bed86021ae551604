"""Every command of the README, run as a newcomer would: one after the other, in a shell, in a checkout."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
BLOCK = re.compile(r"^```console\n(.*?)^```", re.DOTALL | re.MULTILINE)
FAILING = "shunter check wrong.yaml"


def _commands(page: str) -> str:
    """What a page tells to type, without the prompts; `make` commands have runs of their own."""
    lines = [line.removeprefix("$ ") for block in BLOCK.findall(page) for line in block.splitlines()]
    return "\n".join(line for line in lines if not line.startswith("make "))


def _checkout(folder: Path) -> Path:
    for name in ("README.md", "docs"):
        source = ROOT / name
        (shutil.copytree if source.is_dir() else shutil.copy)(source, folder / name)
    return folder


def test_every_command_of_the_readme_works(tmp_path: Path, home: Path) -> None:
    page = (ROOT / "README.md").read_text(encoding="utf-8")
    script = _commands(page)
    assert script.count("shunter ") > 10
    assert FAILING in script
    script = script.replace(FAILING, f"{FAILING} 2>wrong.txt || test $? = 3")
    here = _checkout(tmp_path)
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    ran = subprocess.run(
        ["bash", "-euxc", script],
        cwd=here,
        env={**os.environ, "PATH": path, "SHUNTER_HOME": str(home)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    assert "Containers carry programs from one machine to another." in ran.stdout
    assert '"status": "done"' in ran.stdout
    assert "shout: DOCKER PUT SOFTWARE INTO CONTAINERS." in ran.stdout
    assert "table.from_json" in (here / "orders.yaml").read_text()
    (visits,) = (here / "out/visits").glob("*.md")
    assert "| Lyon |" in visits.read_text().replace("  ", " ")
    assert "Graz" not in visits.read_text()
    assert (here / "out/words/plan.yaml").exists()
    assert (here / "wrong.txt").read_text() in page


def test_the_readme_shows_python_that_works(tmp_path: Path, home: Path) -> None:
    page = (ROOT / "README.md").read_text(encoding="utf-8")
    assert _commands("```console\n$ make demo\n$ a\nb\n```\n```text\nc\n```\n") == "a\nb"
    (example,) = re.findall(r"^```python\n(.*?)^```", page, re.DOTALL | re.MULTILINE)
    (tmp_path / "words.yaml").write_text(
        'version: 1\ninputs: {recordings: {type: "list[File[audio/*]]"}}\n'
        "steps: [{id: a, call: files.checksum, each: {file: {from: recordings}}}]\noutputs: {a: {from: a}}\n"
    )
    shutil.copy(ROOT / "docs/examples/talk.wav", tmp_path / "hello.wav")
    environment = {**os.environ, "SHUNTER_HOME": str(home), "PYTHONPATH": os.pathsep.join(sys.path)}
    subprocess.run([sys.executable, "-c", example], cwd=tmp_path, env=environment, timeout=60, check=True)
    assert (tmp_path / "out/checksum/plan.yaml").exists()
    assert (tmp_path / "out/plan.yaml").exists()
