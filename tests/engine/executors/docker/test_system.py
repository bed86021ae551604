"""Files of /etc that are laid ready for containers."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

from shunter.engine.actions.model import Network
from shunter.engine.executors.docker.system import system_files
from shunter.engine.executors.docker.transfer import Transfer


def test_steps_that_start_at_once_lay_the_same_files_ready(tmp_path: Path) -> None:
    together = Barrier(8)

    def lay(folder: Path) -> list[bytes]:
        together.wait()
        return [bind.source.read_bytes() for bind in system_files(folder, Network.NONE, Transfer.BIND)]

    with ThreadPoolExecutor(8) as pool:
        for number in range(100):
            folder = tmp_path / str(number)
            folder.mkdir()
            first, *others = pool.map(lay, [folder] * 8)
            assert others == [first] * 7
