"""A module of small functions, for tests that need containers but no particular work."""

from __future__ import annotations

from pathlib import Path

MANIFEST = r"""
[module]
name = "toy"
version = "0.1.0"
description = "Toys."

[functions.shout]
doc = "Shout a text."
example = "shunter call toy.shout --text hello"
command = ["tr", "a-z", "A-Z"]
stdin = "text"
parameters.text = {type = "str", doc = "what to shout"}
returns = {type = "str", doc = "the text in capitals"}

[functions.join]
doc = "Join texts with commas."
command = "printf '%s' \"$texts\" | tr '\\n' ','"
shell = true
parameters.texts = {type = "list[str]"}
returns = {type = "str"}

[functions.fail]
doc = "Fail."
command = "echo begun; echo 'first line' >&2; printf '\\033[2Jlast %s\\n' \"$text\" >&2; exit 3"
shell = true
parameters.text = {type = "str", default = "words"}
returns = {type = "str"}

[functions.upper]
doc = "A text file in capitals."
command = ["tr", "a-z", "A-Z"]
stdin = "file"
parameters.file = {type = "File[text/*]"}
returns = {type = "File[text/plain]", name = "upper.txt"}

[functions.folder]
doc = "Make a folder."
command = "mkdir -p /out/d/e; echo \"$text\" > /out/d/a.txt; echo e > /out/d/e/b.txt"
shell = true
parameters.text = {type = "str", default = "a"}
returns = {type = "Directory", from = "out/d"}

[functions.binary]
doc = "Make bytes."
command = "printf '\\000\\001\\377' > /out/bytes.bin"
shell = true
returns = {type = "File", from = "out/bytes.bin"}

[functions.nothing]
doc = "Write nothing."
command = ["true"]
returns = {type = "File", from = "out/report.txt"}

[functions.picture]
doc = "Say that a picture is a table."
command = "printf '\\211PNG\\r\\n\\032\\n0000000000' > /out/table.csv"
shell = true
returns = {type = "File[text/csv]", from = "out/table.csv"}

[functions.slow]
doc = "Take a while."
command = ["sleep", "{seconds}"]
parameters.seconds = {type = "float"}
returns = {type = "str"}

[functions.wait]
doc = "Wait, then give the text back."
command = "sleep \"$seconds\"; printf %s \"$text\""
shell = true
parameters.text = {type = "str"}
parameters.seconds = {type = "float"}
returns = {type = "str"}

[functions.send]
doc = "Act on the world."
command = ["echo", "{text}"]
cache = "never"
effects = ["mail"]
parameters.text = {type = "str"}
returns = {type = "str"}

[functions.fetch]
doc = "Reach out."
command = ["echo", "x"]
hosts = ["example.org"]
returns = {type = "str"}

[functions.get]
doc = "Reach the host of a URL."
command = ["echo", "{url}"]
hosts = ["{url}"]
parameters.url = {type = "str"}
returns = {type = "str"}

[functions.everything]
doc = "Take a value of every type."
command = [
  "printf", "%s|", "{text}", "{number}", "{ratio}", "{flag}", "{choice}", "{maybe}", "{json}", "{home}",
  "{max_words}", "{record}", "i {items}", "f {files}", "{folder}",
]
parameters.text = {type = "str"}
parameters.number = {type = "int", default = 3}
parameters.ratio = {type = "float", default = 0.5}
parameters.flag = {type = "bool", default = false}
parameters.choice = {type = '"red" | "dark blue"', default = "red"}
parameters.maybe = {type = "str | None", default = "perhaps"}
parameters.json = {type = "Json", default = {}}
parameters.home = {type = "str", default = "house", doc = "100 % of it"}
parameters.max_words = {type = "int", default = 9}
parameters.record = {type = "{name: str, size: int}", default = {name = "n", size = 1}}
parameters.items = {type = "list[int]", default = [1, 2]}
parameters.files = {type = "list[File[text/*]]", default = []}
parameters.folder = {type = "Directory | None"}
returns = {type = "str"}

[python]
file = "toy.py"
"""

PYTHON = '''
from typing import Annotated, TypedDict

from shunter.sdk import File, function, output


class Page(TypedDict):
    title: str
    body: File


@function
def pages(texts: list[str]) -> list[Page]:
    """Make pages of texts."""
    return [{"title": text, "body": File.write_text(f"{text}.md", f"# {text}\\n")} for text in texts]


@function
def same(file: File) -> File:
    """Hand a file on."""
    return file


@function
def named(name: str, content: str = "hello") -> File:
    """Make a file with any name."""
    path = output(name.encode("utf-8").decode("unicode_escape"))
    path.write_text(content.replace("\\\\0", "\\0"))
    return File(path)


@function
def odd() -> str:
    """Half a character."""
    return "odd \\ud800"
'''


def write_toys(folder: Path) -> Path:
    """Write the module `toy` into `folder`."""
    (folder / "toy").mkdir(parents=True)
    (folder / "toy" / "module.toml").write_text(MANIFEST)
    (folder / "toy" / "toy.py").write_text(PYTHON)
    return folder / "toy"
