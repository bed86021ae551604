"""Commands: a program and its arguments."""

from __future__ import annotations

import re
import shlex

from shunter.agent.planners.embedded.filling.filling import Filling
from shunter.agent.planners.embedded.lexicon import bare
from shunter.agent.planners.embedded.tokens import Kind
from shunter.engine import types as t

_OF_SHELL = re.compile(r"[|<>;&$*`]")
"""Signs that only a shell makes something of."""
_WHOLE = 0.6
"""How much surer a function is whose command is quoted."""


def find_command(filling: Filling) -> None:
    """Give a list of texts that is called `command` the words of what is quoted."""
    for parameter in list(filling.open(t.ListOf)):
        kind = bare(parameter.type)
        if parameter.name != "command" or not (isinstance(kind, t.ListOf) and isinstance(kind.item, t.Str)):
            continue
        for at in filling.free(Kind.QUOTED):
            words = _words(filling.clause.tokens[at].text)
            if words:
                filling.give(parameter, [*words], at)
                filling.whole.add(parameter.name)
                filling.sure += _WHOLE * parameter.required
                return


def _words(line: str) -> list[str]:
    """The words of a command, or the shell and the whole line, where it needs one."""
    if _OF_SHELL.search(line):
        return ["sh", "-c", line]
    try:
        return shlex.split(line)
    except ValueError:
        return []
