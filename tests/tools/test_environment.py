"""Python environments: an action of their own, keyed by what is installed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from tests.tools.yard import PYTHON, SIGNED, module_folder

from shunter.engine.actions.key import action_key
from shunter.engine.actions.model import Action, Network, OutPath
from shunter.engine.digest import Digest, digest_bytes
from shunter.engine.store.local import LocalStore
from shunter.engine.types import Directory
from shunter.tools.environment import python_environment
from shunter.tools.errors import ManifestError
from shunter.tools.modules.module import load_module


def _environment(where: Path, store: LocalStore, *lines: str, lock: str | None = None) -> Action | None:
    manifest = PYTHON + "".join(f"{line}\n" for line in lines)
    files = {"lock_txt": lock} if lock is not None else {}
    return python_environment(
        load_module(module_folder(where, manifest=manifest, toy_py=SIGNED, **files)), store
    )


def _key(action: Action | None) -> Digest:
    assert action is not None
    return action_key(action, lambda _: digest_bytes(b"here"))


def test_a_module_without_packages_needs_no_environment(tmp_path: Path, store: LocalStore) -> None:
    assert _environment(tmp_path, store) is None


def test_packages_are_installed_with_network_into_a_folder(tmp_path: Path, store: LocalStore) -> None:
    action = _environment(tmp_path, store, 'packages = ["six==1.16", "attrs"]')
    assert action is not None
    assert action.label == "packages of toy"
    assert action.arguments == {"requirements": "attrs\nsix==1.16\n", "locked": False}
    assert [(part.path, part.content) for part in action.inline] == [
        ("/in/requirements.txt", b"attrs\nsix==1.16\n")
    ]
    assert action.command.variables == (("HASHES", ""),)
    assert (action.returns.type, action.returns.source) == (Directory(), OutPath("packages"))
    assert action.network is Network.HOST
    assert [mount.path for mount in action.mounts] == ["/uv/uv"]


def test_a_lock_is_what_is_installed_with_its_hashes(tmp_path: Path, store: LocalStore) -> None:
    lock = "six==1.16 --hash=sha256:00\n"
    action = _environment(tmp_path, store, 'packages = ["six"]', 'lock = "lock.txt"', lock=lock)
    assert action is not None
    assert action.arguments == {"requirements": lock, "locked": True}
    assert action.command.variables == (("HASHES", "--require-hashes"),)


def test_the_key_covers_what_is_installed(tmp_path: Path, store: LocalStore) -> None:
    packages = [
        'packages = ["a", "b"]',
        'packages = ["b", "a"]',
        'packages = ["a", "b==2"]',
    ]
    keys = [_key(_environment(tmp_path / str(n), store, line)) for n, line in enumerate(packages)]
    locked = _key(_environment(tmp_path / "lock", store, 'lock = "lock.txt"', lock="a\nb\n"))
    assert keys[0] == keys[1]
    assert len({*keys, locked}) == 3


def test_the_key_does_not_cover_the_settings_of_the_index(
    tmp_path: Path, store: LocalStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = _environment(tmp_path / "a", store, 'packages = ["a"]')
    monkeypatch.setenv("PIP_INDEX_URL", "https://me:hunter2@a.org/simple")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path))
    after = _environment(tmp_path / "b", store, 'packages = ["a"]')
    assert before is not None
    assert after is not None
    assert _key(before) == _key(after)
    assert replace(after, ambient=before.ambient) == before, "nothing else of the action differs"
    assert after.ambient.variables["UV_DEFAULT_INDEX"] == "https://me:hunter2@a.org/simple"
    assert "hunter2" not in repr(after)


def test_a_lock_that_can_not_be_read_is_named(tmp_path: Path, store: LocalStore) -> None:
    with pytest.raises(ManifestError) as caught:
        _environment(tmp_path, store, 'lock = "lock.txt"')
    assert caught.value.message == (
        f"{tmp_path}/toy/module.toml: can't read the lock file lock.txt: No such file or directory"
    )


def test_a_lock_that_is_no_text_is_named(tmp_path: Path, store: LocalStore) -> None:
    folder = module_folder(tmp_path, manifest=PYTHON + 'lock = "lock.txt"\n', toy_py=SIGNED)
    (folder / "lock.txt").write_bytes(b"\xff\xfe")
    with pytest.raises(ManifestError) as caught:
        python_environment(load_module(folder), store)
    assert caught.value.message == f"{folder}/module.toml: can't read the lock file lock.txt: not UTF-8 text"
