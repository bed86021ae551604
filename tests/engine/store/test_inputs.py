"""Taking users' own files and folders."""

from __future__ import annotations

import os
import socket
import stat
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.engine.store.ordinary import as_ordinary_user

from shunter.engine.digest import digest_bytes
from shunter.engine.errors import InputError
from shunter.engine.store.local import LocalStore
from shunter.engine.store.statcache import is_settled
from shunter.engine.store.tree import FileEntry, FolderEntry, LinkEntry, Tree
from shunter.engine.values import Directory, File

LARGE = os.urandom(1 << 16) * 48


def _age(path: Path) -> None:
    """Let a file look as if it hadn't been changed for an hour; only its inode tells otherwise."""
    hour_ago = time.time() - 3600
    os.utime(path, (hour_ago, hour_ago))


def _refusal(store: LocalStore, path: Path) -> InputError:
    with pytest.raises(InputError) as refused:
        store.put_path(path)
    return refused.value


@pytest.mark.parametrize("content", [b"", b"small", LARGE])
def test_a_file_is_taken_with_its_name_and_stays_as_it_is(
    store: LocalStore, tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / "my file.txt"
    path.write_bytes(content)
    path.chmod(0o640)
    before = path.stat()
    assert store.put_path(path) == File("my file.txt", digest_bytes(content), len(content))
    assert store.blob_path(store.put_bytes(content, "x")).read_bytes() == content
    after = path.stat()
    assert (after.st_ino, after.st_mode, after.st_mtime_ns) == (
        before.st_ino,
        before.st_mode,
        before.st_mtime_ns,
    )
    assert after.st_nlink == 1


def test_an_executable_is_taken_as_one(store: LocalStore, tmp_path: Path) -> None:
    (tmp_path / "run").write_bytes(b"#!/bin/sh\n")
    (tmp_path / "run").chmod(0o700)
    taken = store.put_path(tmp_path / "run")
    assert isinstance(taken, File)
    assert taken.executable
    assert stat.S_IMODE(store.blob_path(taken).stat().st_mode) == 0o555


def test_changing_the_file_afterwards_doesnt_change_the_store(store: LocalStore, tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(LARGE)
    taken = store.put_path(tmp_path / "a")
    with (tmp_path / "a").open("r+b") as stream:
        stream.write(b"changed")
    assert isinstance(taken, File)
    assert store.blob_path(taken).read_bytes() == LARGE


def test_a_changed_file_of_the_same_size_and_time_is_read_again(store: LocalStore, tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"before")
    _age(path)
    first = store.put_path(path)
    path.write_bytes(b"after!")
    _age(path)
    assert store.put_path(path) != first


def test_a_file_changed_just_now_is_not_trusted_to_stay_the_same() -> None:
    now = 1_000_000_000_000
    old, fresh, future = now - 3_000_000_000, now - 1_000_000_000, now + 5_000_000_000
    assert is_settled((1, old, old, 1, 1), now)
    assert not is_settled((1, fresh, old, 1, 1), now)
    assert not is_settled((1, old, fresh, 1, 1), now)
    assert not is_settled((1, future, old, 1, 1), now)


def test_an_unchanged_file_is_not_read_again(store: LocalStore) -> None:
    """A file of the system, which nobody changed lately; reading it would set its time of access."""
    path = Path(os.__file__)
    if not is_settled((0, path.stat().st_mtime_ns, path.stat().st_ctime_ns, 0, 0)):
        pytest.skip("Python was installed a second ago")
    first = store.put_path(path)
    assert _bytes_read(lambda: store.put_path(path)) < path.stat().st_size
    assert store.put_path(path) == first


def _bytes_read(work: Callable[[], object]) -> int:
    before = _counter()
    work()
    return _counter() - before


def _counter() -> int:
    lines = dict(line.split(": ") for line in Path("/proc/self/io").read_text().splitlines())
    return int(lines["rchar"])


def test_content_that_was_pruned_is_taken_again_from_an_unchanged_file(store: LocalStore) -> None:
    path = Path(os.__file__)
    taken = store.put_path(path)
    assert isinstance(taken, File)
    store.blob_path(taken).unlink()
    store.put_path(path)
    assert store.blob_path(taken).read_bytes() == path.read_bytes()


def test_a_folder_is_taken_whole(store: LocalStore, tmp_path: Path) -> None:
    (tmp_path / "in/.git/empty").mkdir(parents=True)
    (tmp_path / "in/run").write_bytes(b"run")
    (tmp_path / "in/run").chmod(0o755)
    (tmp_path / "in/.git/link").symlink_to("../run")
    taken = store.put_path(tmp_path / "in")
    assert isinstance(taken, Directory)
    assert store.get_tree(taken) == Tree(
        (
            (".git", FolderEntry()),
            (".git/empty", FolderEntry()),
            (".git/link", LinkEntry("../run")),
            ("run", FileEntry(digest_bytes(b"run"), 3, True)),
        )
    )


def test_a_folder_of_many_files_is_taken_by_several_threads(store: LocalStore, tmp_path: Path) -> None:
    for number in range(300):
        (tmp_path / f"{number}").write_bytes(b"%d" % number)
    taken = store.put_path(tmp_path)
    assert isinstance(taken, Directory)
    folder = store.tree_path(taken)
    assert {path.name: path.read_text() for path in folder.iterdir()} == {str(n): str(n) for n in range(300)}


def test_a_folder_taken_twice_is_the_same_and_a_changed_one_isnt(store: LocalStore, tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub/a").write_bytes(b"a")
    first = store.put_path(tmp_path)
    assert store.put_path(tmp_path) == first
    (tmp_path / "sub/a").write_bytes(b"b")
    assert store.put_path(tmp_path) != first


def test_a_symlink_that_is_given_is_followed_and_keeps_its_name(store: LocalStore, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data/v2.csv").write_bytes(b"a,b")
    (tmp_path / "latest.csv").symlink_to("data/v2.csv")
    (tmp_path / "folder").symlink_to("data")
    assert store.put_path(tmp_path / "latest.csv") == File("latest.csv", digest_bytes(b"a,b"), 3)
    assert store.put_path(tmp_path / "folder") == store.put_path(tmp_path / "data")


def test_symlinks_that_leave_the_folder_are_refused_by_name(store: LocalStore, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in/up").symlink_to("../secret")
    (tmp_path / "in/absolute").symlink_to("/etc/passwd")
    refused = _refusal(store, tmp_path / "in")
    assert refused.message == f"symlinks in '{tmp_path}/in' lead out of it: 'absolute', 'up'"
    assert refused.hint is not None


def test_a_missing_file_is_named(store: LocalStore, tmp_path: Path) -> None:
    assert _refusal(store, tmp_path / "no.wav").message == f"'{tmp_path}/no.wav' isn't there"


def _fifo(path: Path) -> None:
    os.mkfifo(path)


def _socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(path))


@pytest.mark.parametrize(("make", "kind"), [(_fifo, "a named pipe"), (_socket, "a socket")])
def test_what_is_neither_file_nor_folder_is_refused(
    store: LocalStore, home: Path, make: Callable[[Path], None], kind: str
) -> None:
    folder = home.parent / "in"
    folder.mkdir()
    make(folder / "odd")
    message = f"'{folder}/odd' is {kind}, not a file or folder"
    assert _refusal(store, folder / "odd").message == message
    assert _refusal(store, folder).message == message


def test_a_device_is_refused(store: LocalStore) -> None:
    assert _refusal(store, Path("/dev/zero")).message == "'/dev/zero' is a device, not a file or folder"


@pytest.mark.parametrize("closed", ["file", "folder"])
def test_what_cant_be_read_is_named(home: Path, closed: str) -> None:
    folder = home.parent / "in"
    (folder / "folder").mkdir(parents=True)
    (folder / "file").touch()
    folder.chmod(0o755)
    (folder / closed).chmod(0)

    def take() -> str:
        with LocalStore(home) as store:
            return _refusal(store, folder).message

    assert as_ordinary_user(take) == f"'{folder}/{closed}' can't be read: permission denied"


def test_shunters_own_home_is_not_an_input(store: LocalStore, home: Path) -> None:
    assert "contains shunter's own home folder" in _refusal(store, home.parent).message


def test_a_file_that_changes_while_it_is_read_is_named(store: LocalStore, tmp_path: Path) -> None:
    path = tmp_path / "growing.bin"
    path.write_bytes(LARGE * 2)
    done = threading.Event()

    def write() -> None:
        with path.open("r+b", buffering=0) as stream:
            while not done.is_set():
                stream.seek(0)
                stream.write(os.urandom(8))

    writer = threading.Thread(target=write)
    writer.start()
    try:
        with pytest.raises(InputError) as refused:
            _put_again_and_again(store, path)
    finally:
        done.set()
        writer.join()
    assert refused.value.message == f"'{path}' was changed while it was being read"
    assert list(store.verify()) == []


def _put_again_and_again(store: LocalStore, path: Path) -> None:
    """The writer may not get its turn at the first attempt."""
    for _ in range(300):
        store.put_path(path)


def test_a_large_file_of_a_size_that_was_never_seen_is_read_once(store: LocalStore, tmp_path: Path) -> None:
    """Once by the kernel, which copies it, and once by us."""
    (tmp_path / "a").write_bytes(LARGE)
    assert _bytes_read(lambda: store.put_path(tmp_path / "a")) < 2.5 * len(LARGE)


def test_a_large_file_that_is_known_is_not_copied_again(store: LocalStore, home: Path) -> None:
    """Files of the system, which nobody changed lately; a copy has the same content under another name."""
    path = next(
        path
        for path in Path(os.__file__).parent.rglob("*")
        if path.is_file() and path.stat().st_size > 2 << 20
    )
    store.put_path(path)
    copy = home.parent / "copy"
    copy.write_bytes(path.read_bytes())
    copy.chmod(path.stat().st_mode)
    before = sorted(blob.stat().st_ino for blob in home.glob("blobs/??/*"))
    store.put_path(copy)
    assert sorted(blob.stat().st_ino for blob in home.glob("blobs/??/*")) == before
