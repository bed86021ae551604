"""An engine that is killed while it unpacks an image, and two that unpack one at once."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
import time
from pathlib import Path

from tests.engine.images.making import docker_archive, file, image, layer

from shunter.engine.actions.image import ArchivedImage
from shunter.engine.images.images import Images
from shunter.engine.store.local import LocalStore
from shunter.engine.values import File

MADE = image(
    layer(*(file(f"a/{number}", str(number) * 20) for number in range(600))),
    layer(*(file(f"b/{number}", str(number) * 30) for number in range(600))),
)

UNPACK = """
import asyncio, sys
from pathlib import Path
from shunter.engine.actions.image import ArchivedImage
from shunter.engine.images.images import Images
from shunter.engine.store.local import LocalStore
with LocalStore(Path(sys.argv[1])) as store:
    archive = store.put_path(Path(sys.argv[2]))
    print("begins", flush=True)
    print(asyncio.run(Images(store).root(ArchivedImage(archive))).directory.digest)
"""


def _start(home: Path, archive: Path) -> subprocess.Popen[str]:
    argv = [sys.executable, "-c", UNPACK, str(home), str(archive)]
    return subprocess.Popen(argv, stdout=subprocess.PIPE, text=True)


def _digest(process: subprocess.Popen[str]) -> str:
    with process:
        said, _ = process.communicate(timeout=120)
    assert process.returncode == 0
    return said.split()[-1]


def test_after_a_kill_the_image_is_unpacked_as_if_nothing_had_been(tmp_path: Path) -> None:
    archive = tmp_path / "image.tar"
    archive.write_bytes(docker_archive(MADE))
    for pause in (0.0, 0.1, 0.3):
        with _start(tmp_path / "home", archive) as process:
            assert process.stdout is not None
            process.stdout.readline()
            time.sleep(pause)  # at any moment at all
            process.send_signal(signal.SIGKILL)
            process.wait()
    with LocalStore(tmp_path / "home") as store:
        taken = store.put_path(archive)
        assert isinstance(taken, File)
        root = asyncio.run(Images(store).root(ArchivedImage(taken)))
        assert len(store.get_tree(root.directory).entries) == 1202
        assert list(store.verify()) == []
        assert sum(path.is_dir() for path in (store.home / "scratch").iterdir()) == 1


def test_two_engines_that_want_an_image_at_once_get_the_same(tmp_path: Path) -> None:
    archive = tmp_path / "image.tar"
    archive.write_bytes(docker_archive(MADE))
    digests = [_digest(process) for process in [_start(tmp_path / "home", archive) for _ in range(2)]]
    assert digests[0] == digests[1]
