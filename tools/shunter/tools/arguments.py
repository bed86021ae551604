"""Arguments inside the container: where artifacts stand, and what the function is told of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from dataclasses import replace

from shunter.engine.actions.model import SECRETS, Mount
from shunter.engine.digest import JsonValue
from shunter.engine.values import Directory, File, Secret, Value


def named_arguments(arguments: Mapping[str, Value], nameless: Set[str]) -> dict[str, Value]:
    """The arguments, with one fixed name for the files of parameters to which names don't matter."""
    return {name: _renamed(value) if name in nameless else value for name, value in arguments.items()}


def placed(arguments: Mapping[str, Value]) -> Iterator[Mount]:
    """Every artifact of the arguments with its place below `/in`."""
    for name, value in arguments.items():
        yield from _placed(value, f"/in/{name}")


def argument_data(arguments: Mapping[str, Value]) -> dict[str, JsonValue]:
    """The arguments as the SDK reads them: artifacts and secrets by their path in the container."""
    return {name: data_at(value, f"/in/{name}") for name, value in arguments.items()}


def data_at(value: Value, place: str) -> JsonValue:
    """`value` as JSON whose artifacts stand at `place`; a secret, a whole argument, has its own place."""
    if isinstance(value, File):
        return {"$file": f"{place}/{value.name}"}
    if isinstance(value, Directory):
        return {"$directory": place}
    if isinstance(value, Secret):
        return {"$secret": f"{SECRETS}/{place.rpartition('/')[2]}"}
    if isinstance(value, tuple):
        return [data_at(item, f"{place}/{index}") for index, item in enumerate(value)]
    if isinstance(value, Mapping):
        fields = {name: data_at(item, f"{place}/{name}") for name, item in value.items()}
        return {"$map": fields} if any(name.startswith("$") for name in fields) else fields
    return value


def _placed(value: Value, place: str) -> Iterator[Mount]:
    if isinstance(value, File):
        yield Mount(f"{place}/{value.name}", value)
    elif isinstance(value, Directory):
        yield Mount(place, value)
    elif isinstance(value, tuple):
        for index, item in enumerate(value):
            yield from _placed(item, f"{place}/{index}")
    elif isinstance(value, Mapping):
        for name, item in value.items():
            yield from _placed(item, f"{place}/{name}")


def _renamed(value: Value) -> Value:
    if isinstance(value, File):
        dot = value.name.rfind(".")
        return replace(value, name="file" + (value.name[dot:].lower() if dot > 0 else ""))
    if isinstance(value, tuple):
        return tuple(_renamed(item) for item in value)
    if isinstance(value, Mapping):
        return {name: _renamed(item) for name, item in value.items()}
    return value
