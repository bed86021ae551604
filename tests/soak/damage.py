"""What can be done to a store by hand: each takes the home folder and does one thing to it."""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

Damage = Callable[[Path, random.Random], None]


def _blob(home: Path, chance: random.Random) -> Path:
    return chance.choice([path for path in sorted(home.glob("blobs/??/*")) if path.stat().st_size > 1])


def _tree(home: Path, chance: random.Random) -> Path:
    return chance.choice([path for path in sorted(home.glob("trees/??/*")) if path.suffix != ".json"])


def _file_of_a_tree(home: Path, chance: random.Random) -> Path:
    files = [
        path for path in sorted(home.glob("trees/??/*/**/*")) if path.is_file() and not path.is_symlink()
    ]
    return chance.choice([path for path in files if path.stat().st_size > 1])


def _flip(path: Path) -> None:
    path.chmod(0o644)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def a_file_altered(home: Path, chance: random.Random) -> None:
    """One bit of it, so that its size is as it was."""
    _flip(_blob(home, chance))


def a_file_altered_with_its_times_put_back(home: Path, chance: random.Random) -> None:
    """As if nobody had been there."""
    path = _blob(home, chance)
    before = path.stat()
    _flip(path)
    path.chmod(before.st_mode)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def a_file_cut_short(home: Path, chance: random.Random) -> None:
    """To half of its size."""
    path = _blob(home, chance)
    path.chmod(0o644)
    os.truncate(path, path.stat().st_size // 2)


def a_file_emptied(home: Path, chance: random.Random) -> None:
    """To nothing."""
    path = _blob(home, chance)
    path.chmod(0o644)
    os.truncate(path, 0)


def a_file_deleted(home: Path, chance: random.Random) -> None:
    """By its name in the store; folders may still have it."""
    _blob(home, chance).unlink()


def all_files_deleted(home: Path, _chance: random.Random) -> None:
    """With the folder that they are in."""
    shutil.rmtree(home / "blobs")


def a_folder_deleted(home: Path, chance: random.Random) -> None:
    """Its list of entries stays."""
    shutil.rmtree(_tree(home, chance))


def all_folders_deleted(home: Path, _chance: random.Random) -> None:
    """With their lists of entries."""
    shutil.rmtree(home / "trees")


def a_file_of_a_folder_altered(home: Path, chance: random.Random) -> None:
    """Which is a file of the store as well."""
    _flip(_file_of_a_tree(home, chance))


def a_file_of_a_folder_replaced(home: Path, chance: random.Random) -> None:
    """By another file, as editors do."""
    path = _file_of_a_tree(home, chance)
    path.with_name("new").write_bytes(bytes(path.stat().st_size))
    path.with_name("new").replace(path)


def a_file_of_a_folder_deleted(home: Path, chance: random.Random) -> None:
    """From the folder only."""
    _file_of_a_tree(home, chance).unlink()


def a_file_added_to_a_folder(home: Path, chance: random.Random) -> None:
    """Which steps would see."""
    (_tree(home, chance) / "added").write_text("added")


def a_list_of_entries_altered(home: Path, chance: random.Random) -> None:
    """One bit of it."""
    _flip(Path(f"{_tree(home, chance)}.json"))


def a_list_of_entries_deleted(home: Path, chance: random.Random) -> None:
    """Its folder stays."""
    Path(f"{_tree(home, chance)}.json").unlink()


def the_index_deleted(home: Path, _chance: random.Random) -> None:
    """With what belongs to it."""
    for path in home.glob("index.sqlite*"):
        path.unlink()


def the_index_without_its_log(home: Path, chance: random.Random) -> None:
    """The last changes are lost with it, and half of the file is of no use."""
    for path in home.glob("index.sqlite-*"):
        path.unlink()
    os.truncate(home / "index.sqlite", (home / "index.sqlite").stat().st_size // 2)
    del chance


def the_index_cut_to_a_few_bytes(home: Path, chance: random.Random) -> None:
    """Of its header."""
    os.truncate(home / "index.sqlite", chance.randint(1, 99))


def the_index_of_garbage(home: Path, chance: random.Random) -> None:
    """Of the same size."""
    path = home / "index.sqlite"
    path.write_bytes(chance.randbytes(path.stat().st_size))


def a_page_of_the_index_altered(home: Path, chance: random.Random) -> None:
    """Somewhere behind the header."""
    path = home / "index.sqlite"
    with path.open("r+b") as file:
        file.seek(chance.randrange(4096, max(path.stat().st_size, 8192)))
        file.write(chance.randbytes(64))


def an_index_of_another_version(home: Path, _chance: random.Random) -> None:
    """As a later version would leave it."""
    connection = sqlite3.connect(home / "index.sqlite")
    connection.execute("PRAGMA user_version = 99")
    connection.close()


def an_index_without_tables(home: Path, _chance: random.Random) -> None:
    """With the right version."""
    connection = sqlite3.connect(home / "index.sqlite")
    connection.execute("DROP TABLE results")
    connection.commit()
    connection.close()


def what_is_known_of_inputs_deleted(home: Path, _chance: random.Random) -> None:
    """It costs time only."""
    for path in home.glob("stat.sqlite*"):
        path.unlink()


def what_is_known_of_inputs_of_garbage(home: Path, chance: random.Random) -> None:
    """Of the same size."""
    path = home / "stat.sqlite"
    path.write_bytes(chance.randbytes(path.stat().st_size))


def the_locks_deleted(home: Path, _chance: random.Random) -> None:
    """While nobody holds one."""
    (home / "locks").unlink()


def the_format_deleted(home: Path, _chance: random.Random) -> None:
    """The rest of the home says what it is."""
    (home / "format").unlink()


UNSAID: frozenset[Damage] = frozenset(
    {
        a_file_deleted,
        all_files_deleted,
        a_folder_deleted,
        all_folders_deleted,
        a_list_of_entries_deleted,
        what_is_known_of_inputs_deleted,
        the_locks_deleted,
        the_format_deleted,
        a_page_of_the_index_altered,
    }
)
"""What is gone is made again without a word; a page of the index may be one that isn't read."""

DAMAGES: tuple[Damage, ...] = (
    a_file_altered,
    a_file_altered_with_its_times_put_back,
    a_file_cut_short,
    a_file_emptied,
    a_file_deleted,
    all_files_deleted,
    a_folder_deleted,
    all_folders_deleted,
    a_file_of_a_folder_altered,
    a_file_of_a_folder_replaced,
    a_file_of_a_folder_deleted,
    a_file_added_to_a_folder,
    a_list_of_entries_altered,
    a_list_of_entries_deleted,
    the_index_deleted,
    the_index_without_its_log,
    the_index_cut_to_a_few_bytes,
    the_index_of_garbage,
    a_page_of_the_index_altered,
    an_index_of_another_version,
    an_index_without_tables,
    what_is_known_of_inputs_deleted,
    what_is_known_of_inputs_of_garbage,
    the_locks_deleted,
    the_format_deleted,
)
