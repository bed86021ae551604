"""What the page on images tells to type works, in one go."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from tests.engine.images.making import busybox

PAGE = Path(__file__).parents[2] / "docs/images.md"
BLOCK = re.compile(r"^```console\n(.*?)^```", re.DOTALL | re.MULTILINE)


def test_what_the_page_on_images_tells_to_type_works(tmp_path: Path, home: Path) -> None:
    busybox()  # skips where there is none
    script = re.sub(r"^\$ ", "", "".join(BLOCK.findall(PAGE.read_text(encoding="utf-8"))), flags=re.MULTILINE)
    assert script.count("shunter call") == 4
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    ran = subprocess.run(
        ["bash", "-euc", script],
        cwd=tmp_path,
        env={**os.environ, "SHUNTER_HOME": str(home), "PATH": path},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.startswith("box.tar\na\nb\n")
    assert ran.stdout.split()[-6:] == ["busybox", "cat", "cp", "ls", "sh", "sort"]
    assert (tmp_path / "copy/letters.txt").read_text() == "b\na\n"
