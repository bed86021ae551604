"""The keys of actions on one platform, with what is read of their secrets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from shunter.engine.actions.failure import Failure
from shunter.engine.actions.key import Platforms, action_key, kept_parts
from shunter.engine.actions.model import Action
from shunter.engine.digest import Digest, JsonValue
from shunter.engine.run.redaction import failure_of
from shunter.engine.secrets.keyring import Keyring
from shunter.engine.secrets.revealed import Revealed
from shunter.engine.values import Secret


class Keys:
    """Makes keys on `platforms`, with the fingerprints of secrets that `keyring` reads."""

    def __init__(self, platforms: Platforms, keyring: Keyring) -> None:
        self._platforms = platforms
        self._keyring = keyring

    async def read_secrets(self, actions: Iterable[Action]) -> None:
        """Read the secrets that the keys of `actions` are made with; each source is read once."""
        for action in actions:
            if keyed := keyed_secrets(action):
                await self._keyring.read(keyed)

    def unreadable(self, action: Action) -> Failure | None:
        """Why `action`, whose secrets were read, has no key: one of them can't be had."""
        keyed = keyed_secrets(action)
        error = self._keyring.unreadable(keyed) if keyed else None
        return None if error is None else failure_of(action, error)

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
        return self._keyring.revealed(action) if error is None else failure_of(action, error)

    def _fingerprints(self, action: Action) -> Mapping[Secret, str]:
        return self._keyring.fingerprints(keyed_secrets(action))


def keyed_secrets(action: Action) -> list[Secret]:
    """The secrets whose values are a part of the key."""
    return [file.secret for file in action.secrets if file.cache_id is None]
