"""`module.toml`: what it declares, and how each mistake is named."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.tools.yard import ABOUT, PYTHON, SIGNED, command, command_folder, module_folder, refused

from shunter.engine.actions.model import CachePolicy, Limits
from shunter.engine.types import parse_type
from shunter.engine.types.signature import Parameter
from shunter.tools.modules.function import CommandEntry
from shunter.tools.modules.module import load_module

WHOLE = f"""{PYTHON}packages = ["six==1.16"]

[functions.count]
doc = \"\"\"Count words.

Of one file.\"\"\"
command = ["wc", ["?lines", "-l"], ["--max", "{{limit}}"], "{{file}}"]
stdin = "text"
cache = "ttl:5"
hosts = ["a.org"]
effects = ["publish"]
example = "shunter call toy.count"
limits = {{timeout = 3, memory = "1MiB", disk = "5GiB"}}

[functions.count.parameters]
file = {{type = "File[text/*]", doc = "What to count.", named = false}}
lines = {{type = "bool", default = false}}
limit = {{type = "float | None", default = 3}}
text = {{type = "str"}}

[functions.count.returns]
type = "File[text/csv]"
name = "{{file}}.csv"
doc = "The counts."
"""


def test_a_whole_manifest_is_read(tmp_path: Path) -> None:
    module = load_module(module_folder(tmp_path, manifest=WHOLE, toy_py=SIGNED))
    assert (module.name, module.manifest.module.version) == ("toy", "1.0")
    assert sorted(module.functions) == ["count", "same"]
    count = module.functions["count"]
    assert str(count.signature) == (
        "toy.count(file: File[text/*], lines: bool = false, limit: float | None = 3.0, text: str)"
        " -> File[text/csv]"
    )
    assert count.signature.summary == "Count words."
    assert count.signature.returns_doc == "The counts."
    assert count.signature.parameter("file") == Parameter(
        "file", parse_type("File[text/*]"), doc="What to count."
    )
    assert count.entry == CommandEntry(
        ("wc", ("?lines", "-l"), ("--max", "{limit}"), "{file}"), "text", "stdout", "{file}.csv"
    )
    assert (count.limits, count.cache, count.ttl) == (
        Limits(seconds=3, memory=1 << 20, disk=5 << 30),
        CachePolicy.TTL,
        5.0,
    )
    assert (count.signature.hosts, count.signature.effects) == (("a.org",), ("publish",))
    assert count.nameless == {"file"}


def _refused_bytes(tmp_path: Path, content: bytes) -> str:
    folder = module_folder(tmp_path)
    (folder / "module.toml").write_bytes(content)
    return refused(folder)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"\x89PNG\xff", "FOLDER/module.toml isn't UTF-8 text"),
        (b"a = ", "FOLDER/module.toml isn't TOML: Invalid value (at end of document)"),
        (b"", "FOLDER/module.toml: module: field required"),
        (b"#" * (1 << 20) + b"#", "can't read FOLDER/module.toml: it has more than 1048576 bytes"),
    ],
)
def test_a_file_that_is_no_manifest_gets_one_message(tmp_path: Path, content: bytes, message: str) -> None:
    assert _refused_bytes(tmp_path, content) == message


def test_a_manifest_that_is_not_there_is_named(tmp_path: Path) -> None:
    assert refused(tmp_path) == "can't read FOLDER/module.toml: No such file or directory"


def test_every_field_that_is_off_is_named(tmp_path: Path) -> None:
    manifest = """\
format = 2
extra = 1
[module]
name = "Toy"
version = 1
[python]
files = "toy.py"
[functions.run]
doc = "Run."
command = "true"
parameters = {a = {type = "Directry"}, B = {type = "str"}}
returns = {type = "str", from = "somewhere"}
[functions.stop]
command = ["true"]
shell = true
doc = "Stop."
returns = {type = "str", source = "stdout"}
"""
    message = refused(module_folder(tmp_path, manifest=manifest))
    assert message.removeprefix("FOLDER/module.toml: ").split("; ") == [
        "module.name: string should match pattern '^[a-z][a-z0-9_]{0,63}$'",
        "module.version: input should be a valid string",
        "module.description: field required",
        "python.file: field required",
        "python.files: extra inputs are not permitted",
        "functions.run.parameters.a.type: the type `Directry` has an unknown type 'Directry'",
        "did you mean Directory?",
        "functions.run.parameters.B: string should match pattern '^[a-z][a-z0-9_]{0,63}$'",
        "functions.run.returns.from: string should match pattern '^(stdout|out/.+)$'",
        "functions.stop.returns.source: extra inputs are not permitted",
        "format: input should be 1",
        "extra: extra inputs are not permitted",
    ]


def test_a_module_is_called_as_its_folder_is(tmp_path: Path) -> None:
    assert refused(module_folder(tmp_path, name="other", toy_py=SIGNED)) == (
        "FOLDER/module.toml calls the module 'toy', and its folder is 'other' [give both the same name]"
    )


def test_a_module_without_functions_is_refused(tmp_path: Path) -> None:
    assert refused(module_folder(tmp_path, manifest=ABOUT)) == (
        "the module toy in FOLDER publishes no function "
        "[mark Python functions with @function, or declare commands under [functions.NAME]]"
    )


def test_a_function_has_one_definition(tmp_path: Path) -> None:
    manifest = f'{PYTHON}[functions.same]\ndoc = "x"\ncommand = ["true"]\nreturns = {{type = "str"}}\n'
    assert refused(module_folder(tmp_path, manifest=manifest, toy_py=SIGNED)) == (
        "FOLDER/module.toml: the Python file has a function same too"
    )


PARAMETERS = '{a = {type = "str"}, n = {type = "int", default = 1}, yes = {type = "bool"}}'


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"command": "[]"}, "the command, or a group in it, has no words"),
        (
            {"hosts": '["https://a.org/"]'},
            "not a host: 'https://a.org/' (expected something like example.org, example.org:8080 or *.example.org)",
        ),
        ({"command": '["a", []]'}, "the command, or a group in it, has no words"),
        ({"command": '""', "shell": "true"}, "the command, or a group in it, has no words"),
        ({"command": '[["a"]]'}, "the command begins with a group; it begins with the program"),
        ({"command": '["a", "{b}"]'}, "the command uses 'b', which is no parameter (there are none)"),
        (
            {"command": '["a", "{b}"]', "parameters": PARAMETERS},
            "the command uses 'b', which is no parameter (there are a, n, yes)",
        ),
        (
            {"command": '["a", "{a}", "{n}"]', "parameters": PARAMETERS},
            "the command doesn't use the parameter 'yes'",
        ),
        (
            {"command": '["a", ["?a", "-x"], "{n}{yes}"]', "parameters": PARAMETERS},
            "`?a` wants a parameter of type bool, and a is str",
        ),
        ({"command": '["a", ["?b", "-x"]]'}, "the command uses 'b', which is no parameter (there are none)"),
        ({"stdin": '"b"'}, "the command uses 'b', which is no parameter (there are none)"),
        (
            {"returns": '{type = "File", name = "{b}.txt"}'},
            "the command uses 'b', which is no parameter (there are none)",
        ),
        (
            {"command": '["a", "{x}"]', "parameters": '{x = {type = "int", default = "1"}}'},
            "the default of x: expected int, got str '1'",
        ),
        (
            {"command": '["a", "{x}"]', "parameters": '{x = {type = "Json", default = 2024-01-01}}'},
            "the default of x: expected JSON data, got date 2024-01-01",
        ),
        (
            {"command": '["a", "{x}"]', "parameters": '{x = {type = "float", default = nan}}'},
            "the default of x: expected float, got float nan",
        ),
        (
            {"returns": '{type = "Directory"}'},
            "stdout can't be Directory: it can be a File, text or JSON data",
        ),
        (
            {"returns": '{type = "{a: File}"}'},
            "stdout can't be {a: File}: it can be a File, text or JSON data",
        ),
        (
            {"returns": '{type = "str", from = "out/x"}'},
            "what is left in out/x is a File or a Directory, not str",
        ),
        (
            {"returns": '{type = "File", from = "out/../x"}'},
            "the result's path has `.` or `..` in it: out/../x",
        ),
        ({"cache": '"ttl:0"'}, "not a cache class: 'ttl:0' (one of pure, pinned, never, ttl:SECONDS)"),
        ({"cache": '"ttl:nan"'}, "not a cache class: 'ttl:nan' (one of pure, pinned, never, ttl:SECONDS)"),
        ({"cache": '"pure:"'}, "not a cache class: 'pure:' (one of pure, pinned, never, ttl:SECONDS)"),
        ({"limits": "{timeout = nan}"}, "a timeout is a positive number of seconds, got nan"),
        ({"limits": '{memory = "1 gib"}'}, "not a size: '1 gib' (write it as 512MiB or 2GB)"),
    ],
)
def test_a_command_function_is_refused(tmp_path: Path, fields: dict[str, str], message: str) -> None:
    assert refused(command_folder(tmp_path, **fields)) == f"FOLDER/module.toml: functions.run: {message}"


@pytest.mark.parametrize("fields", [{"shell": "true"}, {"command": '"true"'}])
def test_a_shell_is_asked_for_on_purpose(tmp_path: Path, fields: dict[str, str]) -> None:
    assert refused(command_folder(tmp_path, **fields)) == (
        "FOLDER/module.toml: functions.run: "
        "`command` is a list of words, or one text together with `shell = true`"
    )


@pytest.mark.parametrize(
    ("kind", "name"),
    [("File[text/csv]", "run.csv"), ("File", "run"), ("File[text/*]", "run.txt"), ("str", "run")],
)
def test_what_a_command_prints_is_called_after_the_function(tmp_path: Path, kind: str, name: str) -> None:
    entry = command(tmp_path, returns=f'{{type = "{kind}"}}').entry
    assert isinstance(entry, CommandEntry)
    assert entry.file_name == name
