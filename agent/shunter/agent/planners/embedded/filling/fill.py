"""All that the words of a clause say about a function's arguments."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

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
from shunter.agent.planners.embedded.lexicon import Ports, ports_of
from shunter.engine import types as t
from shunter.engine.types.signature import Signature

_NUMBERS = frozenset[type[t.Type]]({t.Int, t.Float})
_LISTS = frozenset[type[t.Type]]({t.ListOf})
_TEXTS = frozenset[type[t.Type]]({t.Str})
_CHOICES = frozenset[type[t.Type]]({t.Enum})
_ANY = frozenset[str]()
_FINDERS = (
    (comparing.find_condition, _CHOICES, _ANY),
    (grouping.find_totals, _LISTS, _ANY),
    (spans.find_span, _NUMBERS, frozenset({"start", "end"})),
    (spans.find_size, _NUMBERS, frozenset({"width", "height"})),
    (find_replacement, _TEXTS, frozenset({"old", "new"})),
    (find_variables, _LISTS, _ANY),
    (find_command, _LISTS, frozenset({"command"})),
    (find_data, frozenset[type[t.Type]]({t.Json}), _ANY),
    (find_labels, _LISTS, frozenset({"labels"})),
    (find_several, _LISTS, _ANY),
    (texts.find_texts, _TEXTS, _ANY),
    (numbers.find_numbers, _NUMBERS, _ANY),
    (find_choices, _CHOICES, _ANY),
    (find_secrets, frozenset[type[t.Type]]({t.Secret}), _ANY),
    (find_flags, frozenset[type[t.Type]]({t.Bool}), _ANY),
    (columns.find_columns, _LISTS | _TEXTS, _ANY),
)
"""What belongs together goes before what stands alone.

Each with the kinds of parameters that it is for, any of them, and what parameters have to be called, all.
"""


def fill(signature: Signature, clause: Clause, ports: Ports | None = None) -> Filling:
    """Arguments for the parameters that literals can be given to; `ports` are what the parameters are."""
    filling = Filling(signature, clause)
    for find in _finders(ports_of(signature) if ports is None else ports):
        find(filling)
    return filling


@lru_cache(maxsize=5_000)
def _finders(ports: Ports) -> list[Callable[[Filling], None]]:
    return [
        find for find, kinds, names in _FINDERS if not kinds.isdisjoint(ports.kinds) and names <= ports.names
    ]
