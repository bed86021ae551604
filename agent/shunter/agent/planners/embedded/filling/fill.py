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
from shunter.engine.types.signature import Signature

_FINDERS = (
    comparing.find_condition,
    grouping.find_totals,
    spans.find_span,
    spans.find_size,
    find_replacement,
    find_command,
    find_data,
    find_labels,
    texts.find_texts,
    numbers.find_numbers,
    find_choices,
    find_flags,
    columns.find_columns,
)
"""What belongs together goes before what stands alone."""


def fill(signature: Signature, clause: Clause) -> Filling:
    """Arguments for the parameters that literals can be given to."""
    filling = Filling(signature, clause)
    for find in _FINDERS:
        find(filling)
    return filling
