"""All that the words of a clause say about a function's arguments."""

from __future__ import annotations

from shunter.agent.planners.embedded.filling import columns, comparing, grouping, numbers, spans, texts
from shunter.agent.planners.embedded.filling.choices import find_choices, find_flags
from shunter.agent.planners.embedded.filling.clause import Clause
from shunter.agent.planners.embedded.filling.commands import find_command
from shunter.agent.planners.embedded.filling.data import find_data
from shunter.agent.planners.embedded.filling.filling import Filling
from shunter.agent.planners.embedded.filling.models import find_labels
from shunter.agent.planners.embedded.filling.replacing import find_replacement
from shunter.agent.planners.embedded.filling.secrets import find_secrets
from shunter.agent.planners.embedded.filling.several import find_several
from shunter.agent.planners.embedded.filling.variables import find_variables
from shunter.agent.planners.embedded.lexicon import kinds_of
from shunter.engine import types as t
from shunter.engine.types.signature import Signature

_NUMBERS = frozenset[type[t.Type]]({t.Int, t.Float})
_LISTS = frozenset[type[t.Type]]({t.ListOf})
_TEXTS = frozenset[type[t.Type]]({t.Str})
_CHOICES = frozenset[type[t.Type]]({t.Enum})
_FINDERS = (
    (comparing.find_condition, _CHOICES),
    (grouping.find_totals, _LISTS),
    (spans.find_span, _NUMBERS),
    (spans.find_size, _NUMBERS),
    (find_replacement, _TEXTS),
    (find_variables, _LISTS),
    (find_command, _LISTS),
    (find_data, frozenset[type[t.Type]]({t.Json})),
    (find_labels, _LISTS),
    (find_several, _LISTS),
    (texts.find_texts, _TEXTS),
    (numbers.find_numbers, _NUMBERS),
    (find_choices, _CHOICES),
    (find_secrets, frozenset[type[t.Type]]({t.Secret})),
    (find_flags, frozenset[type[t.Type]]({t.Bool})),
    (columns.find_columns, _LISTS | _TEXTS),
)
"""What belongs together goes before what stands alone; each with the kinds of parameters that it is for."""


def fill(signature: Signature, clause: Clause, kinds: frozenset[type[t.Type]] | None = None) -> Filling:
    """Arguments for the parameters that literals can be given to; `kinds` are those of the parameters."""
    filling = Filling(signature, clause)
    kinds = kinds_of(signature) if kinds is None else kinds
    for find, needed in _FINDERS:
        if not needed.isdisjoint(kinds):
            find(filling)
    return filling
