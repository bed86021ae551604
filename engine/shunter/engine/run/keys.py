"""The keys of actions on one platform, with what is read of their secrets."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from shunter.engine.actions.failure import Failure, FailureKind
from shunter.engine.actions.key import NO_FINGERPRINTS, Platforms, action_key, kept_parts
from shunter.engine.actions.model import Action
from shunter.engine.digest import Digest, JsonValue
from shunter.engine.values import Secret

if TYPE_CHECKING:
    from shunter.engine.secrets.errors import SecretUnreadable
    from shunter.engine.secrets.keyring import Keyring
    from shunter.engine.secrets.revealed import Revealed


class Keys:
    """Makes keys on `platforms`. `keyring` gives what reads secrets, and is asked where there are some."""

    def __init__(self, platforms: Platforms, keyring: Callable[[], Keyring]) -> None:
        self._platforms = platforms
        self._make_keyring = keyring

    async def read_secrets(self, actions: Iterable[Action]) -> None:
        """Read the secrets that the keys of `actions` are made with; each source is read once."""
        for action in actions:
            if keyed := keyed_secrets(action):
                await self._keyring.read(keyed)

    def unreadable(self, action: Action) -> Failure | None:
        """Why `action`, whose secrets were read, has no key: one of them can't be had."""
        keyed = keyed_secrets(action)
        error = self._keyring.unreadable(keyed) if keyed else None
        return None if error is None else _failure(action, error)

    def key(self, action: Action) -> Digest:
        """The key of `action`; its secrets were read before."""
        return action_key(action, self._platforms, self._fingerprints(action))

    def parts(self, action: Action) -> Mapping[str, JsonValue]:
        """What the key of `action` is made of, as it is kept with a result."""
        return kept_parts(action, self._platforms, self._fingerprints(action))

    async def revealed(self, action: Action) -> Revealed | Failure:
        """The secrets of `action` by their values, read by now."""
        given = [file.secret for file in action.secrets]
        await self._keyring.read(given)
        error = self._keyring.unreadable(given)
        return self._keyring.revealed(action) if error is None else _failure(action, error)

    @cached_property
    def _keyring(self) -> Keyring:
        return self._make_keyring()

    def _fingerprints(self, action: Action) -> Mapping[Secret, str]:
        keyed = keyed_secrets(action)
        return self._keyring.fingerprints(keyed) if keyed else NO_FINGERPRINTS


def keyed_secrets(action: Action) -> list[Secret]:
    """The secrets whose values are a part of the key."""
    return [file.secret for file in action.secrets if file.cache_id is None]


def _failure(action: Action, error: SecretUnreadable) -> Failure:
    return Failure(FailureKind.SECRET, f"{action.label} can't be called: {error.message}", hint=error.hint)
