"""Outputs as the user's own files."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.tools.ordinary import ordinary_user

from shunter.agent.outputs import check_folder, save_outputs, save_value
from shunter.engine.errors import OutputError
from shunter.engine.plan.model import Plan, Requires
from shunter.engine.plan.read import load_plan
from shunter.engine.store.local import LocalStore
from shunter.engine.values import Directory, File, Value

CONTENT = "some content\n"


@pytest.fixture
def store(home: Path) -> Iterator[LocalStore]:
    with LocalStore(home) as opened:
        yield opened


def _plan(*names: str) -> Plan:
    return Plan(version=1, steps=(), outputs=dict.fromkeys(names, 1), requires=Requires())


def _save(folder: Path, outputs: dict[str, Value], store: LocalStore) -> dict[str, str]:
    saved = save_outputs(folder, outputs, _plan(*outputs), store)
    return {name: str(path.relative_to(folder)) for name, path in saved.items()}


def _file(store: LocalStore, name: str, content: str = CONTENT) -> File:
    return store.put_bytes(content.encode(), name)


def _folder(store: LocalStore, tmp_path: Path, *names: str) -> Directory:
    source = tmp_path / "source"
    for name in names:
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        (source / name).write_text(name)
    taken = store.put_path(source)
    assert isinstance(taken, Directory)
    return taken


def _below(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if not path.is_dir()}


@pytest.mark.parametrize(
    ("name", "saved"),
    [
        ("talk.wav", "it.wav"),
        ("archive.tar.gz", "it.tar.gz"),
        ("no-extension", "it"),
        (".hidden", "it"),
        ("dot.", "it."),
        ("a.b.c", "it.c"),
    ],
)
def test_a_file_is_saved_under_the_outputs_name_with_its_own_extension(
    store: LocalStore, tmp_path: Path, name: str, saved: str
) -> None:
    assert _save(tmp_path / "out", {"it": _file(store, name)}, store) == {"it": saved}
    assert (tmp_path / "out" / saved).read_text() == CONTENT


def test_a_saved_file_is_the_users_own(store: LocalStore, tmp_path: Path) -> None:
    executable = store.put_bytes(b"#!/bin/sh\n", "run.sh", executable=True)
    _save(tmp_path / "out", {"plain": _file(store, "a.txt"), "program": executable}, store)
    for name, mode in (("plain.txt", 0o666), ("program.sh", 0o777)):
        status = (tmp_path / "out" / name).stat()
        umask = os.umask(0o022)
        os.umask(umask)
        assert status.st_mode & 0o777 == mode & ~umask
        assert status.st_nlink == 1
    (tmp_path / "out/plain.txt").write_text("changed")
    with store.open(_file(store, "a.txt")) as stream:
        assert stream.read().decode() == CONTENT


@pytest.mark.parametrize(
    ("value", "saved", "content"),
    [
        ("text", "it.txt", "text\n"),
        ("text\n", "it.txt", "text\n"),
        ("", "it.txt", "\n"),
        (3, "it.json", "3\n"),
        (None, "it.json", "null\n"),
        (True, "it.json", "true\n"),
        (("a", 1), "it.json", '[\n  "a",\n  1\n]\n'),
        ({"é": 1.5}, "it.json", '{\n  "é": 1.5\n}\n'),
        ((), "it.json", "[]\n"),
    ],
)
def test_data_is_saved_as_text_or_json(
    store: LocalStore, tmp_path: Path, value: Value, saved: str, content: str
) -> None:
    assert _save(tmp_path / "out", {"it": value}, store) == {"it": saved}
    assert (tmp_path / "out" / saved).read_text(encoding="utf-8") == content


def test_a_list_of_files_is_a_folder_of_them_under_their_own_names(store: LocalStore, tmp_path: Path) -> None:
    files = (_file(store, "a.txt"), _file(store, "b.txt"))
    assert _save(tmp_path / "out", {"all": files}, store) == {"all": "all"}
    assert _below(tmp_path / "out") == {"plan.yaml", "all/a.txt", "all/b.txt"}


def test_files_of_a_list_that_share_a_name_all_arrive(store: LocalStore, tmp_path: Path) -> None:
    files = tuple(_file(store, name, f"{index}") for index, name in enumerate(["x", "2-x", "x", "x", "4-x"]))
    _save(tmp_path / "out", {"all": files}, store)
    assert sorted(path.read_text() for path in (tmp_path / "out/all").iterdir()) == list("01234")


def test_what_is_no_file_in_a_list_of_files_has_its_place(store: LocalStore, tmp_path: Path) -> None:
    _save(tmp_path / "out", {"all": (_file(store, "1.json"), None)}, store)
    assert sorted(path.read_text() for path in (tmp_path / "out/all").iterdir()) == ["null\n", CONTENT]


def test_a_folder_is_saved_whole(store: LocalStore, tmp_path: Path) -> None:
    assert _save(tmp_path / "out", {"site": _folder(store, tmp_path, "a.txt", "b/c.txt")}, store) == {
        "site": "site"
    }
    assert _below(tmp_path / "out") == {"plan.yaml", "site/a.txt", "site/b/c.txt"}


def test_a_record_with_files_is_a_folder_with_a_file_for_each_field(
    store: LocalStore, tmp_path: Path
) -> None:
    record: Value = {"title": "T", "size": 3, "page": _file(store, "index.html"), "notes": None}
    _save(tmp_path / "out", {"it": record}, store)
    assert _below(tmp_path / "out") == {
        "plan.yaml",
        "it/title.txt",
        "it/size.json",
        "it/page.html",
        "it/notes.json",
    }


def test_a_second_save_replaces_the_first_and_leaves_everything_else_alone(
    store: LocalStore, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    first: dict[str, Value] = {
        "all": (_file(store, "a.txt"), _file(store, "b.txt")),
        "site": _folder(store, tmp_path, "x/y"),
        "n": 1,
    }
    _save(out, first, store)
    (out / "mine.txt").write_text("mine")
    (out / "folder").mkdir()
    (out / "folder/mine.txt").write_text("mine")
    _save(out, {"all": (_file(store, "c.txt"),), "site": "now a text", "n": 2}, store)
    assert _below(out) == {
        "plan.yaml",
        "all/c.txt",
        "site/x/y",
        "site.txt",
        "n.json",
        "mine.txt",
        "folder/mine.txt",
    }
    assert (out / "n.json").read_text() == "2\n"
    _save(
        out, {"all": "text", "site": _folder(store, tmp_path, "x/y"), "n": _file(store, "n.json", "3")}, store
    )
    assert (out / "n.json").read_text() == "3"
    assert (out / "all.txt").read_text() == "text\n"


def test_the_plan_is_saved_beside_the_outputs(store: LocalStore, tmp_path: Path) -> None:
    _save(tmp_path / "out", {"n": 1}, store)
    plan, _ = load_plan(tmp_path / "out/plan.yaml")
    assert plan == _plan("n")


def test_a_folder_that_no_earlier_run_left_is_never_replaced(store: LocalStore, tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "thesis.txt").write_text("years of work")
    before = sorted(os.listdir(tmp_path))
    with pytest.raises(OutputError, match=r"site is there already and isn't empty; nothing was written"):
        _save(tmp_path, {"site": _folder(store, tmp_path / "elsewhere", "a"), "n": 1}, store)
    assert (tmp_path / "site" / "thesis.txt").read_text() == "years of work"
    assert sorted({*os.listdir(tmp_path)} - {"elsewhere"}) == before


def test_a_plan_that_a_person_wrote_is_never_replaced(store: LocalStore, tmp_path: Path) -> None:
    mine = "# my comment\nversion: 1\nsteps: []\noutputs: {n: 1}\n"
    for content in (mine, "not a plan at all", ""):
        (tmp_path / "plan.yaml").write_text(content)
        with pytest.raises(OutputError, match=r"plan.yaml is there already, and no earlier run left it"):
            _save(tmp_path, {"n": 1}, store)
        assert (tmp_path / "plan.yaml").read_text() == content
        assert not (tmp_path / "n.json").exists()


def test_an_output_that_would_be_called_like_the_plan_is_refused(store: LocalStore, tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"an output would be called plan.yaml"):
        _save(tmp_path / "out", {"plan": _file(store, "other.yaml")}, store)
    assert _below(tmp_path / "out") == set()
    assert _save(tmp_path / "out", {"plan": _file(store, "other.txt")}, store) == {"plan": "plan.txt"}


def test_a_link_is_replaced_and_not_followed(store: LocalStore, tmp_path: Path) -> None:
    (tmp_path / "precious.json").write_text("precious")
    (tmp_path / "out").mkdir()
    (tmp_path / "out/n.json").symlink_to(tmp_path / "precious.json")
    _save(tmp_path / "out", {"n": 1}, store)
    assert (tmp_path / "precious.json").read_text() == "precious"
    assert (tmp_path / "out/n.json").read_text() == "1\n"


def test_where_one_output_cannot_be_written_none_is(store: LocalStore, tmp_path: Path) -> None:
    missing = File("gone.txt", _file(store, "x").digest, len(CONTENT))
    store.blob_path(missing).unlink()
    with pytest.raises(Exception, match=r"gone\.txt"):
        _save(tmp_path / "out", {"first": _file(store, "a.txt", "other"), "second": missing}, store)
    assert _below(tmp_path / "out") == set()


def test_a_value_is_saved_where_it_is_asked_for(store: LocalStore, tmp_path: Path) -> None:
    assert save_value(tmp_path / "new/here.txt", _file(store, "a.wav"), store) == tmp_path / "new/here.txt"
    assert (tmp_path / "new/here.txt").read_text() == CONTENT
    assert save_value(tmp_path / "new", _file(store, "a.wav"), store) == tmp_path / "new/a.wav"
    assert save_value(tmp_path / "number", 3, store).read_text() == "3\n"
    assert save_value(tmp_path / "files", (_file(store, "a"), _file(store, "b")), store) == tmp_path / "files"
    assert _below(tmp_path / "files") == {"a", "b"}


@pytest.mark.parametrize("kind", ["folder", "files", "text", "file"])
def test_a_value_never_replaces_a_folder_that_holds_something(
    store: LocalStore, tmp_path: Path, kind: str
) -> None:
    values: dict[str, Value] = {
        "folder": _folder(store, tmp_path, "a"),
        "files": (_file(store, "a"), _file(store, "b")),
        "text": "text",
        "file": _file(store, "inner"),
    }
    (tmp_path / "mine/inner").mkdir(parents=True)
    (tmp_path / "mine/inner/thesis.txt").write_text("years of work")
    with pytest.raises(OutputError, match="is there already and isn't empty"):
        save_value(tmp_path / "mine", values[kind], store)
    assert _below(tmp_path / "mine") == {"inner/thesis.txt"}


@pytest.fixture
def pipe(tmp_path: Path) -> Path:
    """What is neither a file nor a folder, as devices are."""
    os.mkfifo(tmp_path / "pipe.txt")
    return tmp_path / "pipe.txt"


def test_a_device_or_a_pipe_is_never_replaced_by_a_value(
    store: LocalStore, tmp_path: Path, pipe: Path
) -> None:
    """As root, `-o /dev/null` would take it from the whole machine."""
    (tmp_path / "link").symlink_to(pipe)
    for place in (pipe, tmp_path / "link"):
        with pytest.raises(OutputError, match="is neither a file nor a folder; nothing was written"):
            save_value(place, _file(store, "a.txt"), store)
    assert pipe.is_fifo()


def test_a_device_or_a_pipe_is_never_replaced_by_an_output(
    store: LocalStore, tmp_path: Path, pipe: Path
) -> None:
    before = sorted(os.listdir(tmp_path))
    with pytest.raises(OutputError, match=f"{pipe} is neither a file nor a folder"):
        _save(tmp_path, {"first": 1, "pipe": "text"}, store)
    assert pipe.is_fifo()
    assert sorted(os.listdir(tmp_path)) == before


def test_a_value_goes_where_a_symlink_leads(store: LocalStore, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "real")
    assert save_value(tmp_path / "link", _file(store, "a.txt"), store) == tmp_path / "real"
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_text() == CONTENT


def test_a_file_is_not_replaced_by_a_folder(store: LocalStore, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    for value in (_folder(store, tmp_path, "a/b.txt"), (_file(store, "a.txt"), _file(store, "b.txt"))):
        with pytest.raises(OutputError, match="mine.txt is a file, and the result is a folder"):
            save_value(tmp_path / "mine.txt", value, store)
    assert (tmp_path / "mine.txt").read_text() == "mine"


def test_a_place_below_a_file_is_named(store: LocalStore, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(OutputError, match="mine.txt is not a folder"):
        save_value(tmp_path / "mine.txt" / "x", _file(store, "a.txt"), store)


def test_a_folder_that_can_be_written_or_made_passes_and_nothing_is_made(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "a", tmp_path / "a" / "b" / "c", Path("relative")):
        check_folder(folder)
    assert os.listdir(tmp_path) == []


def test_a_place_that_could_never_take_outputs_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    (tmp_path / "dangling").symlink_to("nowhere")
    for folder in (tmp_path / "file", tmp_path / "file" / "a" / "b", tmp_path / "dangling"):
        with pytest.raises(OutputError, match="is not a folder"):
            check_folder(folder)


def test_a_folder_that_may_not_be_written_to_is_refused(open_folder: Path) -> None:
    (open_folder / "closed").mkdir(mode=0o555)
    with ordinary_user(), pytest.raises(OutputError) as caught:
        check_folder(open_folder / "closed" / "out")
    assert caught.value.message == f"can't write to {open_folder}/closed/out: Permission denied"
