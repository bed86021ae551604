"""What a call becomes: mounts, command line, identity and key."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.tools.yard import ABOUT, PYTHON, SIGNED, command_folder, module_folder

from shunter.engine.actions.key import action_key
from shunter.engine.actions.model import (
    Action,
    CachePolicy,
    Limits,
    Mount,
    Network,
    OutPath,
    ResultDocument,
    Stdout,
)
from shunter.engine.digest import Digest, digest_bytes
from shunter.engine.store.local import LocalStore
from shunter.engine.types import parse_type
from shunter.engine.values import File, Value
from shunter.engine.values.conform import Mismatch
from shunter.tools.catalogue import Catalogue
from shunter.tools.lowering import PYTHON_COMMAND, CatalogueLowering

PLATFORM = digest_bytes(b"here")
FILE = File("a.txt", digest_bytes(b"x"), 1)
CODE = '''\
from typing import Annotated
from shunter.sdk import File, Nameless, function

@function(timeout=5, cache="ttl:60", hosts=["a.org"])
def look(file: Annotated[File, Nameless], named: File, deep: bool = False) -> str:
    """Look."""
    return ""
'''


def _lowered(folder: Path, store: LocalStore, name: str, **arguments: Value) -> Action:
    catalogue = Catalogue([folder])
    return CatalogueLowering(catalogue, store)(catalogue[name], arguments)


def _key(folder: Path, store: LocalStore, name: str = "toy.same", **arguments: Value) -> Digest:
    return action_key(_lowered(folder, store, name, **(arguments or {"text": "a"})), lambda _: PLATFORM)


def test_a_python_function_is_called_through_a_document(tmp_path: Path, store: LocalStore) -> None:
    folder = module_folder(tmp_path, toy_py=CODE)
    action = _lowered(folder, store, "toy.look", file=FILE, named=FILE, deep=False)
    assert action.label == "toy.look"
    assert action.command.argv == (*PYTHON_COMMAND, "/sdk/shunter/sdk/__main__.py", "/in/call.json")
    assert action.command.variables == (("PYTHONPATH", "/sdk"),)
    assert (action.limits, action.cache, action.ttl) == (Limits(seconds=5), CachePolicy.TTL, 60.0)
    assert (action.returns.type, action.returns.source) == (parse_type("str"), ResultDocument())
    assert (action.network, action.hosts) == (Network.PROXY, ("a.org",))
    fixed = File("file.txt", FILE.digest, 1)
    assert action.arguments == {"file": fixed, "named": FILE, "deep": False}
    (call,) = action.inline
    assert (call.path, json.loads(call.content)) == (
        "/in/call.json",
        {
            "file": "/module/toy.py",
            "function": "look",
            "arguments": {
                "file": {"$file": "/in/file/file.txt"},
                "named": {"$file": "/in/named/a.txt"},
                "deep": False,
            },
        },
    )
    *inputs, module, sdk = action.mounts
    assert inputs == [Mount("/in/file/file.txt", fixed), Mount("/in/named/a.txt", FILE)]
    assert (module.path, sdk.path) == ("/module", "/sdk")


def test_a_command_gets_its_words_and_its_module(tmp_path: Path, store: LocalStore) -> None:
    folder = command_folder(
        tmp_path,
        command='["wc", ["?lines", "-l"], "{file}"]',
        parameters='{file = {type = "File"}, lines = {type = "bool"}, text = {type = "str"}}',
        stdin='"text"',
        returns='{type = "File[text/plain]", name = "{file}.count"}',
    )
    action = _lowered(folder, store, "toy.run", file=FILE, lines=True, text="é")
    assert action.command.argv == ("wc", "-l", "/in/file/a.txt")
    assert (action.command.stdin, action.command.variables) == ("é".encode(), ())
    assert action.returns.source == Stdout("a.txt.count")
    assert [mount.path for mount in action.mounts] == ["/in/file/a.txt", "/module"]
    assert (action.network, action.prepared) == (Network.NONE, ())


def test_a_call_reaches_the_hosts_that_its_arguments_name(tmp_path: Path, store: LocalStore) -> None:
    folder = command_folder(
        tmp_path,
        command='["curl", "{url}", ["--next", "{also}"]]',
        parameters='{url = {type = "str"}, also = {type = "list[str]", default = []}}',
        hosts='["api.org:8080", "{url}", "{also}"]',
    )
    action = _lowered(
        folder, store, "toy.run", url="https://B.org:443/x?y=//c.org", also=("d.org", "*.e.org")
    )
    assert (action.network, action.hosts) == (Network.PROXY, ("*.e.org", "api.org:8080", "b.org", "d.org"))
    with pytest.raises(Mismatch, match=r"^also\[0\]: expected a URL such as .* got 'a b': not a host"):
        _lowered(folder, store, "toy.run", url="https://b.org", also=("a b",))


def test_a_call_whose_arguments_name_no_host_has_no_network(tmp_path: Path, store: LocalStore) -> None:
    parameters = '{url = {type = "str | None"}}'
    folder = command_folder(tmp_path, command='["curl", "{url}"]', parameters=parameters, hosts='["{url}"]')
    action = _lowered(folder, store, "toy.run", url=None)
    assert (action.network, action.hosts) == (Network.NONE, ())


def test_a_shell_gets_its_arguments_as_variables(tmp_path: Path, store: LocalStore) -> None:
    fields = {
        "command": '"cat $file > out/x"',
        "shell": "true",
        "parameters": '{file = {type = "File"}}',
        "returns": '{type = "File", from = "out/x"}',
    }
    folder = command_folder(tmp_path, **fields)
    action = _lowered(folder, store, "toy.run", file=FILE)
    assert action.command.argv == ("/bin/sh", "-eu", "-c", "cat $file > out/x")
    assert action.command.variables == (("file", "/in/file/a.txt"),)
    assert action.returns.source == OutPath("x")


def test_packages_are_an_action_of_their_own_that_the_function_sees(
    tmp_path: Path, store: LocalStore
) -> None:
    folder = module_folder(tmp_path, manifest=PYTHON + 'packages = ["six==1.16"]\n', toy_py=SIGNED)
    action = _lowered(folder, store, "toy.same", text="a")
    (prepared,) = action.prepared
    assert prepared.path == "/env"
    assert action.command.variables == (("PYTHONPATH", "/sdk:/env"),)
    assert (prepared.action.network, action.network) == (Network.HOST, Network.NONE)


EDITS: dict[str, Callable[[Path], object]] = {
    "the code": lambda folder: (folder / "toy.py").write_text(SIGNED + "\nMORE = 1\n"),
    "a data file": lambda folder: (folder / "words.txt").write_text("new"),
    "a new folder": lambda folder: module_folder(folder, name="inner"),
    "an executable bit": lambda folder: (folder / "toy.py").chmod(0o755),
    "a declaration": lambda folder: (folder / "module.toml").write_text(PYTHON.replace("1.0", "1.1")),
    "a package": lambda folder: (folder / "module.toml").write_text(PYTHON + 'packages = ["six"]\n'),
}


@pytest.mark.parametrize("edit", list(EDITS))
def test_the_key_changes_with_the_module(tmp_path: Path, store: LocalStore, edit: str) -> None:
    folder = module_folder(tmp_path, toy_py=SIGNED)
    before = _key(folder, store)
    assert _key(folder, store) == before
    EDITS[edit](folder)
    assert _key(folder, store) != before


LEFTOVERS: dict[str, Callable[[Path], object]] = {
    "byte code": lambda folder: module_folder(folder, name="__pycache__", toy_pyc="x"),
    "an editor's copy": lambda folder: (folder / "toy.py~").write_text("x"),
    "version control": lambda folder: module_folder(folder, name=".git"),
    "the time of a file": lambda folder: (folder / "toy.py").touch(),
}


@pytest.mark.parametrize("leftover", list(LEFTOVERS))
def test_the_key_does_not_change_with_what_tools_leave_behind(
    tmp_path: Path, store: LocalStore, leftover: str
) -> None:
    folder = module_folder(tmp_path, toy_py=SIGNED)
    before = _key(folder, store)
    LEFTOVERS[leftover](folder)
    assert _key(folder, store) == before


def test_the_key_does_not_change_with_the_place_of_the_module(tmp_path: Path, store: LocalStore) -> None:
    first = module_folder(tmp_path / "a", toy_py=SIGNED)
    second = module_folder(tmp_path / "b", toy_py=SIGNED)
    assert _key(first, store) == _key(second, store)


def test_two_functions_of_one_module_have_different_keys(tmp_path: Path, store: LocalStore) -> None:
    folder = module_folder(tmp_path, toy_py=SIGNED + SIGNED.replace("same", "other"))
    assert _key(folder, store) != _key(folder, store, "toy.other")
    entry = 'doc = "x"\ncommand = ["true"]\nreturns = {type = "str"}\n'
    commands = module_folder(tmp_path / "c", manifest=f"{ABOUT}[functions.a]\n{entry}[functions.b]\n{entry}")
    assert _key(commands, store, "toy.a", x=1) != _key(commands, store, "toy.b", x=1)


def test_where_a_files_name_does_not_matter_it_is_not_in_the_key(tmp_path: Path, store: LocalStore) -> None:
    folder = module_folder(tmp_path, toy_py=CODE)
    other = File("b.txt", FILE.digest, 1)
    same = _key(folder, store, "toy.look", file=FILE, named=FILE, deep=False)
    assert _key(folder, store, "toy.look", file=other, named=FILE, deep=False) == same
    assert _key(folder, store, "toy.look", file=FILE, named=other, deep=False) != same
