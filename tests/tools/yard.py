"""Module folders made of texts."""

from __future__ import annotations

from pathlib import Path

import pytest

from shunter.tools.errors import ModuleError
from shunter.tools.modules.function import Function
from shunter.tools.modules.module import Module, load_module

ABOUT = """\
[module]
name = "toy"
version = "1.0"
description = "For tests."
"""
PYTHON = ABOUT + '[python]\nfile = "toy.py"\n'
SIGNED = '''\
from shunter.sdk import function

@function
def same(text: str) -> str:
    """Give the text back."""
    return text
'''


def module_folder(where: Path, *, manifest: str = PYTHON, name: str = "toy", **files: str) -> Path:
    """The folder of a module; a file `toy_py` is called `toy.py`."""
    folder = where / name
    folder.mkdir(parents=True)
    (folder / "module.toml").write_text(manifest)
    for key, content in files.items():
        (folder / key.replace("_", ".")).write_text(content)
    return folder


def python_module(where: Path, code: str) -> Module:
    """The module `toy` whose functions are in `code`."""
    return load_module(module_folder(where, toy_py=code))


def refused(folder: Path) -> str:
    """Why the module can't be read, with its folder shown as FOLDER, and the hint."""
    with pytest.raises(ModuleError) as caught:
        load_module(folder)
    message = caught.value.message.replace(str(folder), "FOLDER")
    return message + (f" [{caught.value.hint}]" if caught.value.hint else "")


def command(where: Path, **fields: str) -> Function:
    """The function `toy.run` whose entry in the manifest has `fields`, each as TOML."""
    return load_module(command_folder(where, **fields)).functions["run"]


def command_folder(where: Path, **fields: str) -> Path:
    """The module of a function `toy.run`; what isn't given is simple."""
    entry = {"doc": '"Run it."', "command": '["true"]', "returns": '{type = "str"}', **fields}
    lines = "".join(f"{name} = {text}\n" for name, text in entry.items())
    return module_folder(where, manifest=f"{ABOUT}[functions.run]\n{lines}")
