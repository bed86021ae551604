"""Values as a container has them: JSON that names artifacts and secrets by their paths there.

`{"$file": PATH}` is a file, `{"$directory": PATH}` a folder, `{"$secret": PATH}` a secret, and a record whose
keys begin with `$` is wrapped as `{"$map": …}`. Arguments go in like that, results and the arguments of calls
come out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Final, TypeAlias

from shunter.engine import types as t
from shunter.engine.actions.model import SECRETS, Mount
from shunter.engine.digest import JsonValue
from shunter.engine.values import Artifact, Directory, File, Secret, Value
from shunter.engine.values.conform import Mismatch
from shunter.engine.values.literal import MAX_DEPTH, literal_value

Find: TypeAlias = Callable[[str], Artifact]
"""The artifact at a path of a container; raises what its caller handles where there is none."""


NO_SECRETS: Final[Mapping[str, Secret]] = MappingProxyType({})


class StrayArtifact(Exception):
    """Data names a file or a folder where its type has none."""


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


def mounts_of(value: Value, place: str) -> Iterator[Mount]:
    """Every artifact of `value` with its place, as `data_at` gives it."""
    if isinstance(value, File):
        yield Mount(f"{place}/{value.name}", value)
    elif isinstance(value, Directory):
        yield Mount(place, value)
    elif isinstance(value, tuple):
        for index, item in enumerate(value):
            yield from mounts_of(item, f"{place}/{index}")
    elif isinstance(value, Mapping):
        for name, item in value.items():
            yield from mounts_of(item, f"{place}/{name}")


def value_from(data: object, kind: t.Type, find: Find, secrets: Mapping[str, Secret] = NO_SECRETS) -> Value:
    """The value that a container means by `data`; whether it is of type `kind` is still to be seen.

    Only the declared type tells an artifact from data that happens to look like one. Of secrets only those
    that the container was given can be meant, by their paths: text that names a source is none. Raises
    StrayArtifact, Mismatch for what isn't JSON or no such secret, and what `find` raises.
    """
    match kind, data:
        case t.Secret(), {"$secret": str(path)} if path in secrets:
            return secrets[path]
        case t.Secret(), _:
            raise Mismatch("", "a secret that the step was given", "something else")
        case t.File() | t.Directory(), {"$file": str(path)} | {"$directory": str(path)}:
            return find(path)
        case t.Optional(inner), _ if data is not None:
            return value_from(data, inner, find, secrets)
        case t.ListOf(item), list():
            return tuple(value_from(element, item, find, secrets) for element in data)
        case t.Record(fields), dict():
            known = dict(fields)
            return {
                str(name): value_from(item, known.get(name, t.Json()), find, secrets)
                for name, item in data.items()
            }
    return _plain(data)


def _plain(data: object, *, depth: int = 0) -> Value:
    """Data without artifacts."""
    if depth > MAX_DEPTH and isinstance(data, list | Mapping):
        raise Mismatch("", f"data of at most {MAX_DEPTH} levels", "more")
    match data:
        case {"$map": Mapping() as fields}:
            return {str(name): _plain(item, depth=depth + 1) for name, item in fields.items()}
        case Mapping():
            if any(str(name).startswith("$") for name in data):
                raise StrayArtifact
            return {str(name): _plain(item, depth=depth + 1) for name, item in data.items()}
        case list():
            return tuple(_plain(item, depth=depth + 1) for item in data)
    return literal_value(data)
