"""Texts that are taken all together: `embed "cold start" and "warm pool"`."""

from __future__ import annotations

from shunter.agent.planners.embedded.filling.filling import Filling
from shunter.agent.planners.embedded.kinds import Kind
from shunter.agent.planners.embedded.lexicon import bare, name_stems
from shunter.engine import types as t

_TEXT = frozenset(name_stems("text"))
_TOGETHER = 0.4
"""How much surer a function is that takes all of several quoted texts."""


def find_several(filling: Filling) -> None:
    """Give a required list of texts that is called so all that is quoted."""
    for parameter in list(filling.open(t.ListOf)):
        kind = bare(parameter.type)
        texts = isinstance(kind, t.ListOf) and isinstance(kind.item, t.Str)
        quoted = list(filling.free(Kind.QUOTED))
        if texts and parameter.required and _TEXT & {*name_stems(parameter.name)} and quoted:
            filling.give(parameter, [filling.clause.tokens[at].text for at in quoted], *quoted)
            filling.sure += _TOGETHER * (len(quoted) > 1)
