"""Secrets, by where they are kept: never their values."""

from __future__ import annotations

import re

from shunter.agent.planners.embedded.filling.filling import Filling
from shunter.engine import types as t

_SOURCE = re.compile(r"env:[A-Za-z_][A-Za-z0-9_]*\Z|file:[\w./~-]+\Z")


def find_secrets(filling: Filling) -> None:
    """Give a secret the place that is said to hold it: `with the token env:TOKEN`."""
    places = [at for at, token in enumerate(filling.clause.tokens) if _SOURCE.match(token.text)]
    for parameter, at in zip(list(filling.open(t.Secret)), places, strict=False):
        filling.give(parameter, filling.clause.tokens[at].text, at)
