"""Functions read from Python code, which is never run."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.tools.yard import PYTHON, SIGNED, module_folder, python_module, refused

from shunter.engine.actions.model import CachePolicy, Limits
from shunter.engine.types.signature import REQUIRED, Parameter
from shunter.engine.types.syntax import parse_type
from shunter.tools.modules.function import PythonEntry

HEAD = """\
from __future__ import annotations

import typing
from typing import Annotated, List, Literal, Optional, TypedDict

import shunter.sdk as sdk
from shunter.sdk import Directory, File, Json, Nameless, Secret, function

Audio = Annotated[File, "audio/x-wav"]
Anonymous = Annotated[Audio, Nameless]
Words: object = list[str]


class Page(TypedDict):
    '''A page.'''

    title: str
    body: Annotated[File, "text/*"]
    next: "str | None"


class Book(TypedDict):
    pages: list[Page]
"""


def _function(code: str) -> str:
    return f"{HEAD}\n@function\n{code}"


@pytest.mark.parametrize(
    ("annotation", "kind"),
    [
        ("str", "str"),
        ("int", "int"),
        ("float", "float"),
        ("bool", "bool"),
        ("Json", "Json"),
        ("File", "File"),
        ("sdk.File", "File"),
        ("Directory", "Directory"),
        ('Annotated[File, "text/csv"]', "File[text/csv]"),
        ('typing.Annotated[sdk.File, "TEXT/CSV"]', "File[text/csv]"),
        ('Annotated[str, "a note"]', "str"),
        ("Audio", "File[audio/wav]"),
        ("Anonymous", "File[audio/wav]"),
        ("Words", "list[str]"),
        ("list[Audio]", "list[File[audio/wav]]"),
        ("List[int]", "list[int]"),
        ("str | None", "str | None"),
        ("None | str", "str | None"),
        ("Optional[str]", "str | None"),
        ("Optional[str | None]", "str | None"),
        ('Literal["b", "a"]', '"b" | "a"'),
        ('Literal["a", "a"] | None', '"a" | None'),
        ("'list[str]'", "list[str]"),
        ("list['int']", "list[int]"),
        ("Page", "{title: str, body: File[text/*], next: str | None}"),
        ("list[Book]", "list[{pages: list[{title: str, body: File[text/*], next: str | None}]}]"),
    ],
)
def test_an_annotation_means(tmp_path: Path, annotation: str, kind: str) -> None:
    code = _function(f'def f(x: {annotation}) -> {annotation}:\n    """Do it."""\n')
    signature = python_module(tmp_path, code).functions["f"].signature
    assert (signature.parameters[0].type, signature.returns) == (parse_type(kind), parse_type(kind))


@pytest.mark.parametrize(
    ("annotation", "message"),
    [
        ("dict[str, int]", "can't use the type dict[str, int]"),
        ("bytes", "can't use the type bytes"),
        ("int | str", "can't use int | str: only `T | None` can be joined with `|`"),
        ("None", "can't use the type None"),
        ("Literal[1]", "can't use the type Literal[1]"),
        ("Literal[()]", "can't use the type Literal[()]"),
        ("list", "can't use the type list"),
        ("'list['", "not a type: 'list['"),
        ("'\\0'", "not a type: '\\x00'"),
        ('Annotated[File, "a note"]', "not a media type: 'a note'"),
        (
            'Annotated[list[File], "text/csv"]',
            'a media type belongs to the file itself: Annotated[File, "media/type"]',
        ),
        (
            'Annotated[File | None, "text/csv"]',
            'a media type belongs to the file itself: Annotated[File, "media/type"]',
        ),
    ],
)
def test_an_annotation_is_refused(tmp_path: Path, annotation: str, message: str) -> None:
    folder = module_folder(tmp_path, toy_py=f'@function\ndef f(x: {annotation}) -> str:\n    """Do it."""\n')
    assert refused(folder).startswith(f"FOLDER/toy.py, line 2: f: the parameter x: {message}")


def test_a_record_that_holds_itself_is_refused(tmp_path: Path) -> None:
    code = """\
class Node(TypedDict):
    children: list["Branch"]

class Branch(TypedDict):
    node: Node

@function
def f() -> Node:
    \"\"\"Do it.\"\"\"
"""
    assert refused(module_folder(tmp_path, toy_py=code)) == (
        "FOLDER/toy.py, line 5: f returns: Node refers to itself"
    )


@pytest.mark.parametrize("bases", ["Other, TypedDict", "TypedDict, total=False"])
def test_a_record_whose_fields_stand_elsewhere_is_refused(tmp_path: Path, bases: str) -> None:
    code = f'class R({bases}):\n    a: str\n\n@function\ndef f() -> R:\n    """Do it."""\n'
    assert refused(module_folder(tmp_path, toy_py=code)) == (
        "FOLDER/toy.py, line 1: f returns: R has more than TypedDict as its base; write its fields out"
    )


def test_the_parts_of_the_documentation_are_told_apart(tmp_path: Path) -> None:
    code = _function('''\
def find(text: str, pattern: str = "a", *, limit: int | None = None, exact: bool = False) -> list[str]:
    """Find a pattern in a text.

    It looks from the beginning.

    Args:
        text: Where to look,
            on more than one line.
        pattern (str): What to look for: it is
            a pattern.
        limit: At most so many.

    Returns:
        What was found,
        in order.

    Example:
        shunter call toy.find \\\\
          --text abc
    """
''')
    signature = python_module(tmp_path, code).functions["find"].signature
    assert signature.doc == "Find a pattern in a text.\n\nIt looks from the beginning."
    assert signature.summary == "Find a pattern in a text."
    assert signature.returns_doc == "What was found, in order."
    assert signature.example == "shunter call toy.find \\\n  --text abc"
    assert signature.parameters == (
        Parameter("text", parse_type("str"), REQUIRED, "Where to look, on more than one line."),
        Parameter("pattern", parse_type("str"), "a", "What to look for: it is a pattern."),
        Parameter("limit", parse_type("int | None"), None, "At most so many."),
        Parameter("exact", parse_type("bool"), False, ""),
    )


@pytest.mark.parametrize(
    ("annotation", "written", "value"),
    [
        ("float", "1", "1.0"),
        ("float", "-1.5", "-1.5"),
        ("int", "-1", "-1"),
        ("list[str]", '["a", "b"]', "('a', 'b')"),
        ("list[str]", '("a",)', "('a',)"),
        ("Json", '{"a": [1, None]}', "{'a': (1, None)}"),
        ("str | None", "None", "None"),
    ],
)
def test_a_default_is_a_value_of_the_parameters_type(
    tmp_path: Path, annotation: str, written: str, value: str
) -> None:
    code = _function(f'def f(x: {annotation} = {written}) -> str:\n    """Do it."""\n')
    assert repr(python_module(tmp_path, code).functions["f"].signature.parameters[0].default) == value


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ("x: int = 'a'", "f: the default of x: expected int, got str 'a'"),
        ("x: File = None", "f: the default of x: expected File, got null"),
        ("x: Json = 1e999", "f: the default of x: expected Json, got float inf"),
        ("x: Json = b'a'", "f: the default of x: expected JSON data, got bytes b'a'"),
        ("x: str = NAME", "f: the default of x must be a literal"),
        ("x: str = open('/etc/passwd').read()", "f: the default of x must be a literal"),
        ("x: Json = {[]: 1}", "f: the default of x must be a literal"),
        ("x", "f: the parameter x has no type"),
        ("*args: str", "f takes *args, **kwargs or positional-only parameters; name each one"),
        ("**kwargs: str", "f takes *args, **kwargs or positional-only parameters; name each one"),
        ("x: str, /", "f takes *args, **kwargs or positional-only parameters; name each one"),
    ],
)
def test_parameters_are_refused(tmp_path: Path, parameters: str, message: str) -> None:
    folder = module_folder(tmp_path, toy_py=f'@function\ndef f({parameters}) -> str:\n    """Do it."""\n')
    assert refused(folder) == f"FOLDER/toy.py, line 2: {message}"


@pytest.mark.parametrize(
    ("code", "message"),
    [
        (
            "def f() -> str: ...\n",
            "FOLDER/toy.py, line 2: f has no docstring [say in one sentence what it does]",
        ),
        (
            'def f() -> str:\n    """\n    Args:\n        x: y\n    """\n',
            "FOLDER/toy.py, line 2: f has no docstring [say in one sentence what it does]",
        ),
        (
            'def f():\n    """Do it."""\n',
            "FOLDER/toy.py, line 2: f doesn't say what it returns [write `-> TYPE`]",
        ),
        (
            'async def f() -> str:\n    """Do it."""\n',
            "FOLDER/toy.py, line 2: f is async; write it as a plain function",
        ),
        ("def f() -> str:\n  return (\n", "FOLDER/toy.py, line 3: not Python: '(' was never closed"),
        (
            'def f(x: list[Secret]) -> str:\n    """Do it."""\n',
            (
                "toy.f in FOLDER: a secret is a parameter of its own, and x is list[Secret] "
                "[write `Secret` or `Secret | None`; `each` of a plan goes through several]"
            ),
        ),
        (
            'def f(x: Secret = "env:TOKEN") -> str:\n    """Do it."""\n',
            (
                "toy.f in FOLDER: the secret x has a default; whoever runs it gives the secret "
                "[leave the default out, or write `Secret | None` and None]"
            ),
        ),
        (
            'def f() -> Secret:\n    """Do it."""\n',
            (
                "toy.f in FOLDER returns a Secret, and a secret doesn't leave its step "
                "[return what the secret was used for]"
            ),
        ),
        (
            'def f(x: Annotated[str, CacheId("a")]) -> str:\n    """Do it."""\n',
            "FOLDER/toy.py, line 2: f: CacheId is for secrets, not for x",
        ),
        (
            'def f(x: Annotated[Secret, CacheId(NAME)]) -> str:\n    """Do it."""\n',
            'FOLDER/toy.py, line 2: f: the parameter x: CacheId takes one literal text: CacheId("registry")',
        ),
    ],
)
def test_a_function_is_refused(tmp_path: Path, code: str, message: str) -> None:
    assert refused(module_folder(tmp_path, toy_py=f"@function\n{code}")) == message


def test_options_of_a_function_are_read(tmp_path: Path) -> None:
    mark = '@sdk.function(timeout=1.5, memory="2 GiB", disk="9GB", cache="ttl:60", hosts=["a.org"], effects=("publish",))'
    function = python_module(tmp_path, f'{mark}\ndef f() -> str:\n    """Do it."""\n').functions["f"]
    assert function.entry == PythonEntry("toy.py", "f")
    assert function.limits == Limits(seconds=1.5, memory=2 << 30, disk=9 * 10**9)
    assert (function.cache, function.ttl) == (CachePolicy.TTL, 60.0)
    assert (function.signature.hosts, function.signature.effects) == (("a.org",), ("publish",))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ('"fast"', "line 1: @function takes no positional arguments"),
        ("speed=1", "line 1: @function takes no speed"),
        ("**OPTIONS", "line 1: the options of @function must be literals"),
        ("timeout=LONG", "line 1: the options of @function must be literals"),
        ("timeout={[]: 1}", "line 1: the options of @function must be literals"),
        ("timeout=0", "line 2: f: a timeout is a positive number of seconds, got 0"),
        ("timeout=1e999", "line 2: f: a timeout is a positive number of seconds, got inf"),
        ('timeout="1"', "line 2: f: timeout is a number of seconds"),
        ("disk=1", "line 2: f: memory and disk are texts such as 2GiB"),
        ('memory="much"', "line 2: f: not a size: 'much' (write it as 512MiB or 2GB)"),
        (
            'cache="often"',
            "line 2: f: not a cache class: 'often' (one of pure, pinned, never, ttl:SECONDS)",
        ),
        ('hosts="a.org"', "line 2: f: hosts is a list of texts, got 'a.org'"),
        ('hosts=["*"]', "line 2: f: hosts: `*` is no host; let a parameter name it, as in `{url}`"),
        (
            'hosts=["{url}"]',
            "line 2: f: hosts: {url} wants a parameter of type str or list[str]; url is no parameter",
        ),
        (
            'hosts=["a.org"], hosts_of_calls=["b.org", "a.org"]',
            "line 2: f: hosts_of_calls: a.org is among `hosts`, which are for what it calls as well",
        ),
        ('hosts_of_calls="a.org"', "line 2: f: hosts_of_calls is a list of texts, got 'a.org'"),
        ("effects=[1]", "line 2: f: effects is a list of texts, got [1]"),
    ],
)
def test_options_are_refused(tmp_path: Path, options: str, message: str) -> None:
    code = f'@function({options})\ndef f() -> str:\n    """Do it."""\n'
    assert refused(module_folder(tmp_path, toy_py=code)) == f"FOLDER/toy.py, {message}"


@pytest.mark.parametrize(
    ("annotation", "nameless"),
    [
        ("File", False),
        ("Annotated[File, Nameless]", True),
        ('list[Annotated[File, "text/*", sdk.Nameless]]', True),
        ("Anonymous", True),
        ("'Annotated[File, Nameless]'", True),
        ("Audio", False),
    ],
)
def test_a_parameter_says_whether_its_files_name_matters(
    tmp_path: Path, annotation: str, nameless: bool
) -> None:
    code = _function(f'def f(x: {annotation}) -> str:\n    """Do it."""\n')
    assert python_module(tmp_path, code).functions["f"].nameless == ({"x"} if nameless else set())


def test_only_marked_functions_at_the_top_are_published(tmp_path: Path) -> None:
    code = f"""{SIGNED}

def plain(x): ...

class Inner:
    @function
    def method(self): ...

@other.decorator
def decorated(*args): ...
"""
    assert set(python_module(tmp_path, code).functions) == {"same"}


def test_code_is_never_run(tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    code = f"""open({str(trace)!r}, "w").write("ran")
{SIGNED}
raise SystemExit(1)
"""
    assert set(python_module(tmp_path, code).functions) == {"same"}
    assert not trace.exists()


def test_a_warning_for_the_author_is_not_one_for_the_caller(
    tmp_path: Path, recwarn: pytest.WarningsRecorder
) -> None:
    assert python_module(tmp_path, f'PATTERN = "\\d"\n{SIGNED}').functions
    assert not recwarn.list


@pytest.mark.parametrize(
    ("code", "message"),
    [
        (b"\xff\xfe\x00binary", "not Python: "),
        (b"a = 1\0", "not Python: "),
        (b"def f(:\n", "line 1: not Python: invalid syntax"),
        (b"x = " + b"(" * 5000, "line 1: not Python: too many nested parentheses"),
        (
            b"@function\ndef f(x: " + b"str | " * 3000 + b'None) -> str:\n    """Do it."""\n',
            "can't be read: nested too deeply",
        ),
        (b"#" * (4 << 20) + b"#", "can't be read: it has more than 4194304 bytes"),
    ],
)
def test_a_file_that_is_no_code_gets_one_message(tmp_path: Path, code: bytes, message: str) -> None:
    folder = module_folder(tmp_path)
    (folder / "toy.py").write_bytes(code)
    said = refused(folder)
    assert said.startswith("FOLDER/toy.py")
    assert message in said
    assert "\n" not in said


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    folder = module_folder(tmp_path)
    assert refused(folder) == "FOLDER/toy.py: can't be read: No such file or directory"
    (folder / "toy.py").mkdir()
    assert refused(folder) == "FOLDER/toy.py: can't be read: Is a directory"


@pytest.mark.parametrize("part", ['file = "../toy.py"', 'file = "toy.py"\nlock = "/etc/passwd"'])
def test_a_module_reads_nothing_outside_of_its_folder(tmp_path: Path, part: str) -> None:
    folder = module_folder(tmp_path, manifest=PYTHON.replace('file = "toy.py"', part), toy_py=SIGNED)
    (tmp_path / "toy.py").write_text(SIGNED)
    assert refused(folder).endswith(" is outside the module's folder")


def test_a_symlink_does_not_lead_outside_either(tmp_path: Path) -> None:
    folder = module_folder(tmp_path)
    (tmp_path / "elsewhere.py").write_text(SIGNED)
    (folder / "toy.py").symlink_to("../elsewhere.py")
    assert refused(folder) == "FOLDER/module.toml: toy.py is outside the module's folder"


def test_a_secret_may_stand_for_itself_in_the_key(tmp_path: Path) -> None:
    code = (
        'Key = Annotated[Secret, CacheId("registry")]\n'
        '@function\ndef f(a: Secret, b: Key, c: Key | None = None) -> str:\n    """Do it."""\n'
    )
    function = python_module(tmp_path, code).functions["f"]
    assert function.cache_ids == {"b": "registry", "c": "registry"}
    assert function.signature.secrets == ("a", "b", "c")
