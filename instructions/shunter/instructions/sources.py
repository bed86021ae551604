"""Sources of secrets, written where a secret is wanted."""

from __future__ import annotations

from shunter.engine.errors import InputError
from shunter.engine.values import Secret
from shunter.engine.values.source import EXPECTED, parse_source


def take_secret(text: str) -> Secret:
    """The secret that is kept where `text` says; raises InputError without the text, which may be a value."""
    try:
        return parse_source(text)
    except ValueError as error:
        raise InputError(
            f"a secret is given by where it is kept ({EXPECTED}), got {error}",
            hint="never the value itself: others see it in the list of processes",
        ) from None
