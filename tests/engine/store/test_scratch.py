"""Work in progress."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.engine.store.ordinary import as_ordinary_user

from shunter.engine.store.local import LocalStore
from shunter.engine.store.removal import remove_folder

KILLED = """
import os, signal, sys
from pathlib import Path
from shunter.engine.store.local import LocalStore

folder = LocalStore(Path(sys.argv[1])).scratch("step").__enter__()
(folder / "closed/in").mkdir(parents=True)
(folder / "closed/in/file").touch()
(folder / "closed").chmod(0)
os.kill(os.getpid(), signal.SIGKILL)
"""


def _leave_something(home: Path) -> None:
    paths = [path for path in sys.path if path]
    subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path[:] = {paths!r}\n{KILLED}", str(home)],
        check=False,
        timeout=60,
    )
    assert len(list((home / "scratch").glob("*/"))) == 1


def test_each_block_has_a_fresh_folder_that_is_gone_afterwards(store: LocalStore) -> None:
    with store.scratch("step") as one, store.scratch("step") as two:
        assert one != two
        assert os.listdir(one) == os.listdir(two) == []
        (one / "sub").mkdir()
    assert not one.exists()
    assert not two.exists()


def test_the_folder_is_gone_after_a_failure_too(store: LocalStore) -> None:
    with pytest.raises(RuntimeError), store.scratch("step") as folder:
        raise RuntimeError
    assert not folder.exists()


def test_closing_removes_everything_of_this_process(home: Path) -> None:
    with LocalStore(home) as store:
        store.scratch("step").__enter__()
        assert os.listdir(home / "scratch") != []
    assert os.listdir(home / "scratch") == []


def test_what_a_killed_process_left_is_removed(home: Path) -> None:
    _leave_something(home)
    with LocalStore(home) as store, store.scratch("step") as folder:
        assert list((home / "scratch").glob("*/")) == [folder.parent]


def test_what_a_living_process_works_on_is_left_alone(store: LocalStore, home: Path) -> None:
    with store.scratch("step") as mine, LocalStore(home) as other, other.scratch("step") as theirs:
        assert mine.is_dir()
        assert theirs.is_dir()


def test_what_isnt_ours_is_left_alone(home: Path) -> None:
    LocalStore(home).close()
    (home / "scratch/note.txt").touch()
    with LocalStore(home) as store, store.scratch("step"):
        assert (home / "scratch/note.txt").exists()


def test_removing_never_follows_a_symlink(tmp_path: Path) -> None:
    (tmp_path / "precious").mkdir()
    (tmp_path / "precious/file").touch()
    (tmp_path / "doomed/sub").mkdir(parents=True)
    (tmp_path / "doomed/sub/link").symlink_to(tmp_path / "precious")
    remove_folder(tmp_path / "doomed")
    assert not (tmp_path / "doomed").exists()
    assert (tmp_path / "precious/file").exists()


def test_a_symlink_is_no_folder_to_remove(tmp_path: Path) -> None:
    (tmp_path / "precious").mkdir()
    (tmp_path / "link").symlink_to("precious")
    with pytest.raises(NotADirectoryError):
        remove_folder(tmp_path / "link")
    assert (tmp_path / "precious").exists()


def test_removing_what_isnt_there_is_no_problem(tmp_path: Path) -> None:
    remove_folder(tmp_path / "missing")


def _bury(top: Path, depth: int) -> None:
    here = os.open(top, os.O_RDONLY)
    for _ in range(depth):
        os.mkdir("d", dir_fd=here)
        inner = os.open("d", os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = inner
    os.close(os.open("file", os.O_CREAT | os.O_WRONLY, 0o600, dir_fd=here))
    os.fchmod(here, 0)
    os.close(here)


def test_folders_deeper_than_a_path_or_the_stack_may_be_are_removed(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    _bury(tmp_path / "deep", 3500)
    remove_folder(tmp_path / "deep")
    assert not (tmp_path / "deep").exists()


def test_an_ordinary_user_removes_folders_without_permissions(home: Path) -> None:
    def remove() -> bool:
        (home / "doomed/in").mkdir(parents=True)
        (home / "doomed/in/file").touch()
        (home / "doomed/in").chmod(0o500)
        (home / "doomed").chmod(0)
        remove_folder(home / "doomed")
        return (home / "doomed").exists()

    assert as_ordinary_user(remove) is False


def test_removing_the_locks_by_hand_gets_no_living_process_swept(store: LocalStore, home: Path) -> None:
    with store.scratch("step") as folder:
        (folder / "half").write_bytes(b"written")
        (home / "locks").unlink(missing_ok=True)
        with LocalStore(home) as other, other.scratch("step"):
            assert (folder / "half").read_bytes() == b"written"


def test_starting_at_once_sweeps_nobody_who_starts(home: Path) -> None:
    """Each process makes its folder while others look for what was left."""
    LocalStore(home).close()
    program = """
import sys
from pathlib import Path
from shunter.engine.store.local import LocalStore

for number in range(60):
    with LocalStore(Path(sys.argv[1])) as store:
        store.put_bytes(b"%d %s" % (number, sys.argv[2].encode()), "x")
"""
    paths = [path for path in sys.path if path]
    command = [sys.executable, "-c", f"import sys; sys.path[:] = {paths!r}\n{program}", str(home)]
    processes = [
        subprocess.Popen([*command, str(number)], stderr=subprocess.PIPE, text=True) for number in range(6)
    ]
    ends = [process.communicate(timeout=60)[1] for process in processes]
    assert ends == [""] * 6
    assert os.listdir(home / "scratch") == []
