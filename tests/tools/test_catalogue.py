"""The catalogue: which modules are found, and what is said of those that can't be read."""

from __future__ import annotations

import gc
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from tests.tools.ordinary import ordinary_user
from tests.tools.yard import PYTHON, SIGNED, module_folder

from shunter.engine.errors import UsageError
from shunter.tools.catalogue import Catalogue, default_search_path
from shunter.tools.errors import ModuleError, SourceError, UnknownFunction


def _module(where: Path, name: str, *functions: str) -> Path:
    code = "".join(SIGNED.replace("same", function) for function in functions)
    return module_folder(where, manifest=PYTHON.replace('"toy"', f'"{name}"'), name=name, toy_py=code)


def test_modules_are_found_in_folders_and_as_folders(tmp_path: Path) -> None:
    _module(tmp_path / "many", "one", "b", "a")
    _module(tmp_path / "many", "two", "c")
    alone = _module(tmp_path / "other", "three", "d")
    (tmp_path / "many" / "no_module").mkdir()
    (tmp_path / "many" / "file").write_text("x")
    catalogue = Catalogue([tmp_path / "many", alone, tmp_path / "nowhere", tmp_path / "many" / "file"])
    assert list(catalogue) == ["one.a", "one.b", "three.d", "two.c"]
    assert len(catalogue) == 4
    assert str(catalogue["two.c"]) == "two.c(text: str) -> str"
    assert catalogue.module("three").folder == alone
    assert "one.a" in catalogue
    assert "one.c" not in catalogue
    assert "one" not in catalogue


def test_a_module_is_read_when_it_is_asked_for(tmp_path: Path) -> None:
    good, bad = _module(tmp_path, "good", "f"), _module(tmp_path, "bad", "f")
    catalogue = Catalogue([tmp_path])
    (bad / "toy.py").write_text("def (")
    assert catalogue["good.f"].name == "good.f"
    (good / "toy.py").write_text("def (")
    assert catalogue["good.f"].name == "good.f", "it was read before"
    assert catalogue.broken == {}


def test_a_broken_module_is_left_out_of_the_list_and_named(tmp_path: Path) -> None:
    bad = _module(tmp_path, "bad", "f")
    (bad / "toy.py").write_text("\ndef (")
    _module(tmp_path, "good", "f")
    catalogue = Catalogue([tmp_path])
    assert list(catalogue) == ["good.f"]
    assert {name: error.message for name, error in catalogue.broken.items()} == {
        "bad": f"{bad}/toy.py, line 2: not Python: invalid syntax"
    }
    with pytest.raises(SourceError):
        catalogue.function("bad.f")


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("text.jion", "did you mean text.join, text.split?"),
        ("join", "did you mean text.join?"),
        ("strings.join", "did you mean text.join?"),
        ("text", "text is a module; `shunter functions text` lists its functions"),
        ("zzz.qqq", "`shunter functions` lists what there is"),
        ("text.join.more", "did you mean text.join?"),
    ],
)
def test_an_unknown_function_gets_candidates(tmp_path: Path, name: str, hint: str) -> None:
    _module(tmp_path, "text", "join", "split")
    with pytest.raises(UnknownFunction) as caught:
        Catalogue([tmp_path]).function(name)
    assert (caught.value.message, caught.value.hint) == (f"there is no function {name!r}", hint)


def test_two_modules_of_one_name_are_refused(tmp_path: Path) -> None:
    first, second = _module(tmp_path / "a", "toy", "f"), _module(tmp_path / "b", "toy", "f")
    with pytest.raises(ModuleError) as caught:
        Catalogue([tmp_path / "a", tmp_path / "b"])
    assert caught.value.message == f"two modules are called toy: {first} and {second}"


def test_one_module_may_be_found_twice(tmp_path: Path) -> None:
    folder = _module(tmp_path / "a", "toy", "f")
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "toy").symlink_to(folder)
    assert list(Catalogue([tmp_path / "a", folder, tmp_path / "b"])) == ["toy.f"]


def test_a_module_can_be_linked_under_its_name(tmp_path: Path) -> None:
    folder = _module(tmp_path / "src", "toy", "f")
    folder.rename(tmp_path / "src" / "toy-1.0")
    (tmp_path / "modules").mkdir()
    (tmp_path / "modules" / "toy").symlink_to("../src/toy-1.0")
    assert list(Catalogue([tmp_path / "modules"])) == ["toy.f"]


def test_a_folder_that_may_not_be_read_is_no_module(open_folder: Path) -> None:
    (open_folder / "modules").mkdir(mode=0o755)
    _module(open_folder / "modules", "toy", "f")
    closed = _module(open_folder / "modules", "closed", "f")
    assert list(Catalogue([open_folder / "modules"])) == ["closed.f", "toy.f"]
    closed.chmod(0)
    with ordinary_user():
        assert list(Catalogue([open_folder / "modules"])) == ["toy.f"]


def test_a_search_path_that_may_not_be_read_is_named(open_folder: Path) -> None:
    (open_folder / "modules").mkdir()
    assert list(Catalogue([open_folder / "modules"])) == []
    (open_folder / "modules").chmod(0)
    with ordinary_user(), pytest.raises(ModuleError) as caught:
        Catalogue([open_folder / "modules"])
    assert caught.value.message == f"can't look for modules in {open_folder}/modules: Permission denied"


def test_the_search_path_is_bundled_named_and_local(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHUNTER_MODULES", f"{tmp_path}/a::{tmp_path}/b")
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
    bundled, *others = default_search_path()
    assert (bundled / "text" / "module.toml").is_file()
    assert others == [tmp_path / "a", tmp_path / "b", Path("modules")]


def test_a_named_folder_that_is_not_there_is_a_usage_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("x")
    for name in ("no", "file"):
        monkeypatch.setenv("SHUNTER_MODULES", f"{tmp_path}:{tmp_path / name}")
        with pytest.raises(UsageError, match=f"SHUNTER_MODULES: there is no folder {tmp_path / name}"):
            default_search_path()


def test_a_local_module_is_found_wherever_one_goes_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _module(tmp_path / "modules", "toy", "f")
    monkeypatch.chdir(tmp_path)
    catalogue = Catalogue([Path("modules")])
    monkeypatch.chdir("/")
    assert list(catalogue) == ["toy.f"]


def test_several_threads_read_catalogues_at_once(tmp_path: Path) -> None:
    functions = [f"f{number}" for number in range(30)]
    folder = _module(tmp_path, "big", *functions)

    def pause(
        phase: str, info: object
    ) -> None:  # the collector lets another thread in, anywhere in the parser
        time.sleep(0.0001)

    threshold = gc.get_threshold()
    gc.callbacks.append(pause)
    gc.set_threshold(50)
    try:
        with ThreadPoolExecutor(4) as pool:
            sizes = list(pool.map(lambda _: len(Catalogue([folder])), range(8)))
    finally:
        gc.set_threshold(*threshold)
        gc.callbacks.remove(pause)
    assert sizes == [30] * 8
