"""The action key: the digest that the cache is looked up by.

A pure function of the action, the fingerprints of its secrets, and the platforms that it runs on: its own,
and those of what it needs prepared, which may run in another image. What is only for people (the label) and
what only reaches a package index (the ambient settings) isn't in it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final, TypeAlias

from shunter.engine.actions.image import Image, image_identity
from shunter.engine.actions.model import Action, SecretFile
from shunter.engine.digest import Digest, JsonValue, canonical_json, digest_json
from shunter.engine.values import Directory, Secret, encode

FORMAT = 1
"""Raised whenever what the key covers, or how results are kept, changes."""

LONG: Final = "$long"
_LONGEST: Final = 4096
"""Bytes of an argument that are kept to explain a key; of a longer one its digest is."""


Platforms: TypeAlias = Callable[[Image | None], Digest]
"""The platform of actions that run in an image, or without one: `Executor.platform`."""

NO_FINGERPRINTS: Final[Mapping[Secret, str]] = MappingProxyType({})


def key_parts(
    action: Action, platforms: Platforms, fingerprints: Mapping[Secret, str] = NO_FINGERPRINTS
) -> Mapping[str, JsonValue]:
    """What `action`'s key is made of, by name, so that a miss can be explained.

    Raises KeyError for a secret that has neither a fingerprint nor a `cache_id`.
    """
    secrets = {file.name: _keyed(file, fingerprints) for file in action.secrets}
    parts: dict[str, JsonValue] = {
        "format": FORMAT,
        "function": action.identity,
        "arguments": {
            name: secrets[name] if name in secrets else encode(value)
            for name, value in action.arguments.items()
        },
        "environment": {
            prepared.path: action_key(prepared.action, platforms) for prepared in action.prepared
        },
        "returns": str(action.returns.type),
        "network": [action.network.value, *action.hosts] if action.hosts else action.network.value,
        "platform": platforms(action.image),
    }
    if action.session is not None:
        parts["uses"] = action.session.made_of
        parts["callees"] = platforms(None)  # of which some may run outside of any image
    return parts if action.image is None else {**parts, "image": image_identity(action.image)}


def action_key(
    action: Action, platforms: Platforms, fingerprints: Mapping[Secret, str] = NO_FINGERPRINTS
) -> Digest:
    """The key of `action` on its platform; raises KeyError as `key_parts` does."""
    return digest_json(key_parts(action, platforms, fingerprints))


def kept_parts(
    action: Action, platforms: Platforms, fingerprints: Mapping[Secret, str] = NO_FINGERPRINTS
) -> Mapping[str, JsonValue]:
    """The key's parts as they are kept with a result: long arguments as digests, and what people call things.

    `label` is the function's name, `code` the folders that its identity stands for, by their place in the
    container. Raises KeyError as `key_parts` does.
    """
    parts = key_parts(action, platforms, fingerprints)
    keyed = parts["arguments"]
    assert isinstance(keyed, Mapping)
    arguments = {name: _short(data) for name, data in keyed.items()}
    return {**parts, "arguments": arguments, "label": action.label, "code": _code(action)}


def _keyed(file: SecretFile, fingerprints: Mapping[Secret, str]) -> JsonValue:
    if file.cache_id is not None:
        return {"$secret": {"cache_id": file.cache_id}}
    return {"$secret": {"fingerprint": fingerprints[file.secret]}}


def _short(data: JsonValue) -> JsonValue:
    written = canonical_json(data)
    if len(written) <= _LONGEST:
        return data
    return {LONG: digest_json(data), "size": len(written)}


def _code(action: Action) -> JsonValue:
    return {
        mount.path: mount.artifact.digest
        for mount in action.mounts
        if isinstance(mount.artifact, Directory) and not mount.path.startswith("/in/")
    }
