"""Values as JSON and back.

Artifacts become `{"$file": …}` and `{"$directory": …}`, a secret `{"$secret": SOURCE}`. A plain mapping that
has a key beginning with `$` is wrapped as `{"$map": …}`, so that no data can pass itself off as one of them.
"""

from __future__ import annotations

from collections.abc import Mapping

from shunter.engine.digest import Digest, JsonValue
from shunter.engine.values.model import Directory, File, Secret, Value


def encode(value: Value) -> JsonValue:
    """`value` as JSON data; `decode` gives it back."""
    if isinstance(value, File):
        entry: dict[str, JsonValue] = {"name": value.name, "digest": value.digest, "size": value.size}
        if value.executable:
            entry["executable"] = True
        return {"$file": entry}
    if isinstance(value, Directory):
        return {"$directory": value.digest}
    if isinstance(value, Secret):
        return {"$secret": value.source}
    if isinstance(value, tuple):
        return [encode(item) for item in value]
    if isinstance(value, Mapping):
        fields = {name: encode(item) for name, item in value.items()}
        return {"$map": fields} if any(name.startswith("$") for name in fields) else fields
    return value


def decode(data: JsonValue) -> Value:
    """The value that `encode` wrote; raises ValueError for anything that it can't have written."""
    if isinstance(data, Mapping):
        return _decode_mapping(data)
    if isinstance(data, list | tuple):
        return tuple(decode(item) for item in data)
    if data is None or isinstance(data, bool | int | float | str):
        return data
    raise ValueError(f"not an encoded value: {data!r}")


def _decode_mapping(data: Mapping[str, JsonValue]) -> Value:
    if not any(name.startswith("$") for name in data):
        return {name: decode(item) for name, item in data.items()}
    match tuple(data.items()):
        case (("$file", Mapping() as entry),):
            return _decode_file(entry)
        case (("$directory", str(digest)),):
            return Directory(Digest(digest))
        case (("$secret", str(source)),):
            return Secret(source)
        case (("$map", Mapping() as fields),):
            return {name: decode(item) for name, item in fields.items()}
    raise ValueError(f"not an encoded value: {dict(data)!r}")


def _decode_file(entry: Mapping[str, JsonValue]) -> File:
    executable = len(entry) == 4 and entry.get("executable") is True
    match entry:
        case {"name": str(name), "digest": str(digest), "size": int(size)} if len(entry) == 3 + executable:
            return File(name, Digest(digest), size, executable)
    raise ValueError(f"not an encoded file: {dict(entry)!r}")
