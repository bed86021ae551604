"""Data that is written out in a goal, as JSON."""

from __future__ import annotations

import json

from shunter.agent.planners.embedded.filling.filling import Filling
from shunter.agent.planners.embedded.kinds import Kind
from shunter.engine import types as t


def find_data(filling: Filling) -> None:
    """Give a parameter that takes any value the one that is written out: `{"ok": true}`."""
    for parameter in list(filling.open(t.Json)):
        for at in filling.free(Kind.DATA):
            try:
                value = json.loads(filling.clause.tokens[at].text)
            except ValueError:
                continue
            filling.give(parameter, value, at)
            filling.whole.add(parameter.name)
            break
