"""What is handed to a step, and that it can't change it."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.conformance.steps import execute, shell, step, text

from shunter.engine.actions.model import Inline, Mount
from shunter.engine.executors.promises import Promise
from shunter.engine.executors.protocol import Ending, Executor
from shunter.engine.store.local import LocalStore
from shunter.engine.values import Directory, File

pytestmark = pytest.mark.promise(Promise.INPUTS)


@pytest.fixture
def folder(store: LocalStore, tmp_path: Path) -> Callable[[dict[str, str]], Directory]:
    """Makes a stored folder of small files, by path; one that begins with `-> ` is a symlink."""

    def make(files: dict[str, str]) -> Directory:
        top = Path(tempfile.mkdtemp(dir=tmp_path))
        for name, content in files.items():
            path = top / name
            path.parent.mkdir(parents=True, exist_ok=True)
            if content.startswith("-> "):
                path.symlink_to(content[3:])
            else:
                path.write_text(content)
        taken = store.put_path(top)
        assert isinstance(taken, Directory)
        return taken

    return make


def test_a_step_reads_files_folders_and_inline_files(
    executor: Executor, store: LocalStore, folder: Callable[[dict[str, str]], Directory]
) -> None:
    tree = folder({"sub/b.txt": "folder\n", "link": "-> sub/b.txt", "main.txt": "main\n"})
    action = shell(
        "cd /in; cat audio/a.txt tree/sub/b.txt tree/link /module/main.txt args.json /etc/tool.conf /env/lib",
        mounts=[
            Mount("/in/audio/a.txt", store.put_bytes(b"file\n", "other-name.txt")),
            Mount("/in/tree", tree),
            Mount("/module", tree),
        ],
        inline=[Inline("/in/args.json", b"inline\n"), Inline("/etc/tool.conf", b"outside of in\n")],
    )
    execution = execute(executor, action, [("/env", folder({"lib": "prepared\n"}))])
    expected = "file\nfolder\nfolder\nmain\ninline\noutside of in\nprepared\n"
    assert (text(store, execution.stdout), text(store, execution.stderr)) == (expected, "")


def test_names_may_hold_newlines_blanks_and_bytes_that_are_no_text(
    executor: Executor, store: LocalStore
) -> None:
    names = ["with\nnewline", " -rf *", os.fsdecode(b"latin-\xe9.txt"), "ключ.txt"]
    mounts = [Mount(f"/in/{name}", store.put_bytes(name.encode(errors="replace"), name)) for name in names]
    execution = execute(executor, step("/bin/ls", "-1", "--quoting-style=literal", "/in", mounts=mounts))
    assert execution.stdout is not None
    printed = store.blob_path(execution.stdout).read_bytes()
    assert sorted(printed.splitlines()) == sorted(b"\n".join(map(os.fsencode, names)).splitlines())


def test_names_inside_of_folders_may_be_as_odd(
    executor: Executor, store: LocalStore, folder: Callable[[dict[str, str]], Directory]
) -> None:
    odd = os.fsdecode(b"caf\xe9\n\xff")
    tree = folder({f"{odd}/{odd}": "odd\n", "link": f"-> {odd}/{odd}"})
    script = "cat /in/tree/*/* /in/tree/link && ls -b /in/tree"
    execution = execute(executor, shell(script, mounts=[Mount("/in/tree", tree)]))
    assert text(store, execution.stdout) == "odd\nodd\ncaf\\351\\n\\377\nlink\n"


def test_the_executable_bit_is_the_files_own(executor: Executor, store: LocalStore) -> None:
    content = b"#!/bin/sh\necho ran\n"
    mounts = [
        Mount("/in/run", store.put_bytes(content, "run", executable=True)),
        Mount("/in/read", store.put_bytes(content, "read")),
    ]
    execution = execute(executor, shell("/in/run; [ -x /in/read ] || echo plain", mounts=mounts))
    assert text(store, execution.stdout) == "ran\nplain\n"


def test_a_step_cannot_change_what_it_was_given(
    executor: Executor, store: LocalStore, folder: Callable[[dict[str, str]], Directory]
) -> None:
    file, tree = store.put_bytes(b"original", "a"), folder({"b": "original"})
    script = """
    for path in /in/a /in/tree/b /module/b /in/inline; do
        chmod 666 $path && echo changed mode of $path
        (echo spoiled >$path) && echo wrote $path
        rm -f $path && echo removed $path
        ln $path /work/link && echo linked $path
    done
    (echo new >/in/new; echo new >/module/new) && echo created
    true
    """
    action = shell(
        script,
        mounts=[Mount("/in/a", file), Mount("/in/tree", tree), Mount("/module", tree)],
        inline=[Inline("/in/inline", b"original")],
    )
    execution = execute(executor, action)
    assert (execution.exit_code, text(store, execution.stdout)) == (0, "")
    assert store.blob_path(file).read_bytes() == b"original"


@pytest.mark.parametrize("kind", ["bytes", "file"])
def test_stdin_is_read_from_bytes_or_a_file(executor: Executor, store: LocalStore, kind: str) -> None:
    given = b"line\n" if kind == "bytes" else store.put_bytes(b"line\n", "lines.txt")
    execution = execute(executor, step("/bin/cat", stdin=given))
    assert text(store, execution.stdout) == "line\n"


def test_a_file_given_as_stdin_cannot_be_changed_through_it(executor: Executor, store: LocalStore) -> None:
    file = store.put_bytes(b"original", "stdin.txt")
    script = "import os\ntry:\n    os.fchmod(0, 0o666)\nexcept OSError as error:\n    print(error.errno)"
    execution = execute(executor, step("/usr/bin/python3", "-c", script, stdin=file))
    assert text(store, execution.stdout) in ("1\n", "30\n")


def test_a_thousand_files_and_a_hundred_folders_are_handed_over_quickly(
    executor: Executor, store: LocalStore, folder: Callable[[dict[str, str]], Directory]
) -> None:
    file, tree = store.put_bytes(b"x", "x"), folder({"a": "1", "sub/b": "2"})
    mounts = [Mount(f"/in/files/{number}", file) for number in range(1000)]
    mounts += [Mount(f"/in/folders/{number}", tree) for number in range(100)]
    execution = execute(executor, shell("cat /in/files/* /in/folders/*/sub/b | wc -c", mounts=mounts))
    assert text(store, execution.stdout).strip() == "1100"
    assert execution.seconds < 2


@pytest.mark.parametrize(
    "path", ["in/a", "/in/../etc/a", "/usr/bin/a", "/work/out/a", "/proc/a", "/", "/in//a"]
)
def test_nothing_is_mounted_over_the_containers_own_folders(
    executor: Executor, store: LocalStore, path: str
) -> None:
    file: File = store.put_bytes(b"x", "x")
    with pytest.raises(ValueError, match="nothing can be mounted at"):
        execute(executor, step("/bin/true", mounts=[Mount(path, file)]))


def test_nothing_is_mounted_twice_or_inside_a_mounted_folder(
    executor: Executor, store: LocalStore, folder: Callable[[dict[str, str]], Directory]
) -> None:
    file, tree = store.put_bytes(b"x", "x"), folder({"a": "1"})
    for path in ("/in/tree/a", "/in/tree/sub/b", "/in/tree"):
        with pytest.raises(ValueError, match="nothing can be mounted at"):
            execute(executor, step("/bin/true", mounts=[Mount("/in/tree", tree), Mount(path, file)]))


def test_the_container_is_there_without_any_input(executor: Executor) -> None:
    assert execute(executor, step("/bin/ls", "/in")).ending is Ending.EXITED
