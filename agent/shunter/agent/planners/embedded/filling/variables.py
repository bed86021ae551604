"""Variables of an environment, each with its value."""

from __future__ import annotations

import re

from shunter.agent.planners.embedded.filling.filling import Filling
from shunter.agent.planners.embedded.kinds import Kind
from shunter.agent.planners.embedded.lexicon import bare
from shunter.engine import types as t

_WRITTEN = re.compile(r"[A-Za-z_]\w*=")
_SURE = 0.5
"""How much surer a function is for each variable that it takes."""


def find_variables(filling: Filling) -> None:
    """Give a list of texts that are documented as NAME=VALUE those that are said."""
    for parameter in list(filling.open(t.ListOf)):
        kind = bare(parameter.type)
        if "NAME=VALUE" not in parameter.doc or not (
            isinstance(kind, t.ListOf) and isinstance(kind.item, t.Str)
        ):
            continue
        tokens = filling.clause.tokens
        places = [
            at
            for at in filling.free(Kind.VARIABLE, Kind.QUOTED)
            if tokens[at].kind is Kind.VARIABLE or _WRITTEN.match(tokens[at].text)
        ]
        if places:
            filling.give(parameter, [tokens[at].text for at in places], *places)
            filling.sure += _SURE * len(places)
