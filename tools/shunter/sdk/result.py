"""A function's result as the engine takes it: JSON, with the artifacts below the output folder."""

import os

from shunter.sdk.artifacts import Directory, File
from shunter.sdk.failure import Failure
from shunter.sdk.json_value import Json, dump
from shunter.sdk.outputs import new_path, root
from shunter.sdk.secret import Secret

NAME = "result.json"
GIVEN = "/run/shunter/artifacts"
"""Where what calls gave is, as the inputs are in theirs."""


def write(value: object, *, inputs: str, work: str) -> None:
    """Write `value` to `result.json`; `inputs` is the folder of the inputs, `work` the working folder.

    Inputs stay where they are, what the function made is moved below the output folder, and anything
    else is copied there. Raises Failure when a part of `value` can't be handed on.
    """
    places = _Places(inputs=inputs, work=work).take(artifacts(value))
    text = dump({"result": encoded(value, places, "the result")})
    with open(f"{root()}/{NAME}", "w", encoding="ascii") as stream:
        stream.write(text)


class _Places:
    """Where each artifact of one result ends up."""

    def __init__(self, *, inputs: str, work: str) -> None:
        self._inputs = os.path.realpath(inputs)
        self._given = (self._inputs, GIVEN)
        self._work = os.path.realpath(work)
        self._out = os.path.realpath(root())
        self._moved: dict[str, str] = {}

    def take(self, artifacts: list[File | Directory]) -> dict[str, str]:
        """Bring `artifacts` to their places; the path of each, by the path that the function gave."""
        reals = {os.fspath(artifact): self._real(artifact) for artifact in artifacts}
        places = {path: copied(real, path) for path, real in reals.items() if self._is_copied(path, real)}
        for path, real in sorted(reals.items(), key=lambda entry: len(entry[1])):  # outer folders first
            if path not in places:
                places[path] = self._kept(real)
        return places

    def _real(self, artifact: File | Directory) -> str:
        real = os.path.realpath(artifact)
        is_right = os.path.isfile if isinstance(artifact, File) else os.path.isdir
        if not is_right(real):
            wanted = "file" if isinstance(artifact, File) else "folder"
            found = f"is no {wanted}" if os.path.exists(real) else "doesn't exist"
            raise Failure(f"the function returned {artifact!r}, which {found}")
        if is_inside(self._out, real) or is_inside(self._inputs, real):
            raise Failure(
                f"the function returned {artifact!r}, which holds more than its output; "
                "make a folder with Directory.create(name) and return that"
            )
        return real

    def _is_copied(self, path: str, real: str) -> bool:
        """A link that has another name than its target, or something of the system or the module."""
        is_own = is_inside(real, self._work) or is_inside(real, self._out)
        is_renamed = os.path.basename(path) != os.path.basename(real)
        return is_renamed or not (is_own or self._is_given(real))

    def _is_given(self, real: str) -> bool:
        return any(is_inside(real, folder) for folder in self._given)

    def _kept(self, real: str) -> str:
        if self._is_given(real):
            return real
        if is_inside(real, self._out) and real != f"{self._out}/{NAME}":
            return root() + real[len(self._out) :]
        for old, new in self._moved.items():
            if is_inside(real, old):
                return new + real[len(old) :]
        self._moved[real] = new_path(os.path.basename(real))
        os.rename(real, self._moved[real])
        return self._moved[real]


def encoded(value: object, places: dict[str, str], where: str) -> Json:
    """`value` as JSON whose artifacts are at `places`; raises Failure, with `where`, for what is no value."""
    if isinstance(value, File):
        return {"$file": places[os.fspath(value)]}
    if isinstance(value, Directory):
        return {"$directory": places[os.fspath(value)]}
    if isinstance(value, Secret) and places.get(os.fspath(value)):
        return {"$secret": places[os.fspath(value)]}
    if isinstance(value, float) and value - value != 0:
        raise Failure(f"{where} is {value}; expected a finite number")
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, list | tuple):
        return [encoded(item, places, f"{where}[{index}]") for index, item in enumerate(value)]
    if isinstance(value, dict):
        return _encoded_record(value, places, where)
    if hasattr(type(value), "__dataclass_fields__"):
        return _encoded_record(_fields(value), places, where)
    raise Failure(
        f"{where} is a {type(value).__name__}, which can't be handed on; expected text, a number, a bool, "
        "None, a File, a Directory, or a list or dict of these"
    )


def _encoded_record(value: dict[object, object], places: dict[str, str], where: str) -> Json:
    fields: dict[str, Json] = {}
    for name, item in value.items():
        if not isinstance(name, str):
            raise Failure(f"{where} has the key {name!r}; expected only text as keys")
        fields[name] = encoded(item, places, f"{where}.{name}")
    return {"$map": fields} if any(name.startswith("$") for name in fields) else fields


def _fields(value: object) -> dict[object, object]:
    """The fields of a dataclass, which is what bindings make of records."""
    return {name: getattr(value, name) for name in type(value).__dataclass_fields__}  # type: ignore[attr-defined]


def artifacts(value: object) -> list[File | Directory]:
    """Every file and folder inside `value`."""
    if isinstance(value, File | Directory):
        return [value]
    if hasattr(type(value), "__dataclass_fields__"):
        value = _fields(value)
    items = value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple) else ()
    return [artifact for item in items for artifact in artifacts(item)]


def is_inside(path: str, folder: str) -> bool:
    """Whether `path` is `folder` or below it."""
    return path == folder or path.startswith(folder.rstrip("/") + "/")


def copied(source: str, path: str) -> str:
    """A new output that is a copy of `source`, named like `path`."""
    import shutil

    target = new_path(os.path.basename(path))
    if os.path.isdir(source):
        shutil.copytree(source, target, symlinks=True)
    else:
        shutil.copy(source, target)
    return target
