"""The secrets that a plan gives to functions, as far as their sources are known."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from shunter.agent.recorded import kept_gift
from shunter.engine.digest import JsonValue
from shunter.engine.plan.capabilities import ANY_SECRET, function_and_source
from shunter.engine.plan.model import Requires
from shunter.engine.values import Secret
from shunter.engine.values.source import Scheme

if TYPE_CHECKING:
    from shunter.engine.secrets.keyring import Keyring
    from shunter.engine.secrets.protocol import SecretReader


class Gifts:
    """Reads them with the key of the home folder `home`, and with `readers` beside the usual ones."""

    def __init__(self, home: Callable[[], Path], readers: Mapping[Scheme, SecretReader]) -> None:
        self._home = home
        self._readers = readers

    def keyring(self, wanted: Requires) -> Keyring | None:
        """What reads those of a run; None where it has none.

        Raises SecretUnreadable for one that is plainly not there.
        """
        if not wanted.secrets:
            return None
        from shunter.engine.secrets.fingerprint import home_key
        from shunter.engine.secrets.keyring import Keyring
        from shunter.engine.secrets.readers import READERS

        keyring = Keyring(lambda: home_key(self._home()), {**READERS, **self._readers})
        keyring.check(_known(wanted))
        return keyring

    def fingerprints(self, wanted: Requires) -> Mapping[Secret, str]:
        """The fingerprints of all that a plan would give, which are read; raises SecretUnreadable."""
        keyring = self.keyring(wanted)
        if keyring is None:
            return {}
        import asyncio

        given = _known(wanted)
        asyncio.run(keyring.read(given))
        error = keyring.unreadable(given)
        if error is not None:
            raise error
        return keyring.fingerprints(given)


def gifts_kept(wanted: Requires) -> dict[str, JsonValue]:
    """Who was given which, for the run's record."""
    gifts: list[JsonValue] = [kept_gift(gift) for gift in wanted.secrets]
    return {"secrets": gifts} if gifts else {}


def _known(wanted: Requires) -> set[Secret]:
    sources = (function_and_source(gift)[1] for gift in wanted.secrets)
    return {Secret(source) for source in sources if source != ANY_SECRET}
