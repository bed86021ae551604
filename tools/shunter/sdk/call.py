"""The call that the engine wrote: which function of which file, with which arguments."""

import sys

from shunter.sdk.artifacts import Directory, File
from shunter.sdk.json_value import Json, parse
from shunter.sdk.secret import Secret

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

PACKAGE = "shunter.module"


class Call:
    """One call as `call.json` holds it; `arguments` are ready to hand to the function."""

    __slots__ = ("arguments", "file", "function")

    def __init__(self, document: Json) -> None:
        if not isinstance(document, dict):
            raise ValueError(f"expected an object, got {document!r}")
        arguments = document.get("arguments", {})
        if not isinstance(arguments, dict):
            raise ValueError(f"arguments: expected an object, got {arguments!r}")
        self.file = str(document["file"])
        self.function = str(document["function"])
        self.arguments = {name: value_of(data) for name, data in arguments.items()}

    @classmethod
    def read(cls, path: str) -> "Call":
        """The call in the file at `path`; raises ValueError or KeyError when it holds none."""
        with open(path, encoding="utf-8") as stream:
            return cls(parse(stream.read()))


def value_of(data: Json) -> object:
    """An argument as the function takes it; raises ValueError for a malformed artifact."""
    if isinstance(data, list):
        return [value_of(item) for item in data]
    if not isinstance(data, dict):
        return data
    match data:
        case {"$file": str(path)} if len(data) == 1:
            return File(path)
        case {"$directory": str(path)} if len(data) == 1:
            return Directory(path)
        case {"$secret": str(path)} if len(data) == 1:
            return Secret(path)
        case {"$map": dict(fields)} if len(data) == 1:
            return {name: value_of(item) for name, item in fields.items()}
    return {name: value_of(item) for name, item in data.items()}


def load(call: Call) -> "Callable[..., object]":
    """The function of `call`, its file imported.

    The file's folder becomes a package, so that `from .sibling import name` works, and a file called
    `json.py` doesn't stand in the way of the standard library's.
    """
    folder, _, name = call.file.rpartition("/")
    package = type(sys)(PACKAGE)
    package.__path__ = [folder]
    sys.modules[PACKAGE] = package
    sys.path.append(folder)
    module = f"{PACKAGE}.{name.removesuffix('.py')}"
    __import__(module)
    return getattr(sys.modules[module], call.function)  # type: ignore[no-any-return]
