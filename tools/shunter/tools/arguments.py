"""Arguments inside the container: where artifacts stand, and what the function is told of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from dataclasses import replace

from shunter.engine.actions.model import Mount
from shunter.engine.actions.placing import data_at, mounts_of
from shunter.engine.digest import JsonValue
from shunter.engine.values import File, Value


def named_arguments(arguments: Mapping[str, Value], nameless: Set[str]) -> dict[str, Value]:
    """The arguments, with one fixed name for the files of parameters to which names don't matter."""
    return {name: _renamed(value) if name in nameless else value for name, value in arguments.items()}


def placed(arguments: Mapping[str, Value]) -> Iterator[Mount]:
    """Every artifact of the arguments with its place below `/in`."""
    for name, value in arguments.items():
        yield from mounts_of(value, f"/in/{name}")


def argument_data(arguments: Mapping[str, Value]) -> dict[str, JsonValue]:
    """The arguments as the SDK reads them: artifacts and secrets by their path in the container."""
    return {name: data_at(value, f"/in/{name}") for name, value in arguments.items()}


def _renamed(value: Value) -> Value:
    if isinstance(value, File):
        dot = value.name.rfind(".")
        return replace(value, name="file" + (value.name[dot:].lower() if dot > 0 else ""))
    if isinstance(value, tuple):
        return tuple(_renamed(item) for item in value)
    if isinstance(value, Mapping):
        return {name: _renamed(item) for name, item in value.items()}
    return value
