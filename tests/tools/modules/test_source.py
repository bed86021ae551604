"""A module's source as an artifact."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from tests.tools.ordinary import ordinary_user
from tests.tools.yard import SIGNED, module_folder

from shunter.engine.errors import ShunterError
from shunter.engine.store.local import LocalStore
from shunter.tools.modules.source import source_artifact


def _paths(folder: Path, store: LocalStore, prefix: str = "") -> list[str]:
    return [path for path, _ in store.get_tree(source_artifact(folder, store, prefix=prefix)).entries]


def test_the_source_is_every_file_but_what_tools_leave_behind(tmp_path: Path, store: LocalStore) -> None:
    folder = module_folder(tmp_path, toy_py=SIGNED, toy_pyc="x", data_swp="x")
    module_folder(folder / "deep" / "er", name="est")
    module_folder(folder / "deep", name="__pycache__")
    (folder / "link.py").symlink_to("toy.py")
    assert _paths(folder, store) == [
        "deep",
        "deep/er",
        "deep/er/est",
        "deep/er/est/module.toml",
        "link.py",
        "module.toml",
        "toy.py",
    ]


def test_the_source_can_stand_deeper(tmp_path: Path, store: LocalStore) -> None:
    folder = module_folder(tmp_path)
    assert _paths(folder, store, "a/b/") == ["a", "a/b", "a/b/module.toml"]


def test_a_linked_folder_is_refused_rather_than_left_out(tmp_path: Path, store: LocalStore) -> None:
    folder = module_folder(tmp_path)
    (folder / "data").symlink_to("/usr/share")
    with pytest.raises(ShunterError) as caught:
        source_artifact(folder, store)
    assert caught.value.message == f"{folder}/data is a symlink to a folder"


def test_what_is_no_file_is_refused(tmp_path: Path, store: LocalStore) -> None:
    folder = module_folder(tmp_path)
    os.mkfifo(folder / "pipe")
    with pytest.raises(ShunterError, match="pipe"):
        source_artifact(folder, store)


def test_a_folder_that_may_not_be_read_is_refused_rather_than_left_out(
    open_folder: Path, store: LocalStore
) -> None:
    folder = module_folder(open_folder)
    (folder / "data").mkdir()
    source_artifact(folder, store)
    (folder / "data").chmod(0)
    with ordinary_user(), pytest.raises(ShunterError) as caught:
        source_artifact(folder, store)
    assert caught.value.message == f"can't read {folder}/data, a part of a module: Permission denied"
