"""The commands of the pages about the network and about secrets work as they are written."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import threading
from functools import partial
from http.server import ThreadingHTTPServer
from pathlib import Path

import pytest
from tests.docs.quiet import Quiet

ROOT = Path(__file__).parents[2]
BLOCK = re.compile(r"^```console\n(.*?)^```", re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize("name", ["network", "secrets"])
def test_every_command_works(name: str, tmp_path: Path, home: Path) -> None:
    page = (ROOT / f"docs/{name}.md").read_text(encoding="utf-8")
    typed = "".join(BLOCK.findall(page)).replace("$ ", "")
    first, script = typed.split("\n", 1)
    assert first == "python3 -m http.server 8000 --bind 127.0.0.1 --directory docs/examples &"
    shutil.copytree(ROOT / "docs/examples", tmp_path / "docs/examples")
    handler = partial(Quiet, directory=str(tmp_path / "docs/examples"))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            ran = subprocess.run(
                ["bash", "-euc", script.replace("8000", str(server.server_port))],
                cwd=tmp_path,
                env={
                    **os.environ,
                    "SHUNTER_HOME": str(home),
                    "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
                },
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                timeout=60,
                check=False,
            )
        finally:
            server.shutdown()
            thread.join()
    assert ran.returncode == 0, ran.stderr
    talk = (ROOT / "docs/examples/talk.txt").read_text()
    assert talk in ran.stdout or (tmp_path / "talk.txt").read_text() == talk
    assert "words: " in ran.stdout
