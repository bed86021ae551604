"""The action key: the digest that the cache is looked up by.

A pure function of the action and the platform. What is only for people (the label) and what only
reaches a package index (the ambient settings) isn't in it.
"""

from __future__ import annotations

from collections.abc import Mapping

from shunter.engine.actions.model import Action
from shunter.engine.digest import Digest, JsonValue, digest_json
from shunter.engine.values import encode

FORMAT = 1
"""Raised whenever what the key covers, or how results are kept, changes."""


def key_parts(action: Action, platform: Digest) -> Mapping[str, JsonValue]:
    """What `action`'s key is made of, by name, so that a miss can be explained."""
    return {
        "format": FORMAT,
        "function": action.identity,
        "arguments": {name: encode(value) for name, value in action.arguments.items()},
        "environment": {prepared.path: action_key(prepared.action, platform) for prepared in action.prepared},
        "returns": str(action.returns.type),
        "network": [action.network.value, *action.hosts] if action.hosts else action.network.value,
        "platform": platform,
    }


def action_key(action: Action, platform: Digest) -> Digest:
    """The key of `action` on `platform`."""
    return digest_json(key_parts(action, platform))
