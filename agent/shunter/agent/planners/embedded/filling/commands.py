"""Commands: a program and its arguments."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from itertools import pairwise

from shunter.agent.planners.embedded.filling.filling import Filling
from shunter.agent.planners.embedded.kinds import Kind
from shunter.agent.planners.embedded.lexicon import bare
from shunter.engine import types as t

_OF_SHELL = re.compile(r"[|<>;&$*`]")
"""Signs that only a shell makes something of."""
_RUNNING = frozenset({"run", "execute", "start", "launch"})
_STARTING = frozenset("start starts started starting".split())
_GOING_ON = frozenset({"and", "then", "at", "under"})
_COMMANDS = frozenset("command entrypoint cmd".split())
_LEADING = frozenset("in inside within with on over using for against".split())
_MODAL = frozenset({"should", "must", "shall"})
_NO_OBJECT = _LEADING | {"at", "from", "up", "by", "as"}
_POINTING = frozenset("it them this that these those each every".split())
_NO_PROGRAM = frozenset("it them its a an all every tests test".split())
_WHOLE = 0.6
"""How much surer a function is whose command is quoted."""


def find_command(filling: Filling) -> None:
    """Give a list of texts that is called `command` the words of what is quoted."""
    for parameter in list(filling.open(t.ListOf)):
        kind = bare(parameter.type)
        if parameter.name != "command" or not (isinstance(kind, t.ListOf) and isinstance(kind.item, t.Str)):
            continue
        for words, *places in (
            *_quoted(filling),
            *(_plain(filling) if parameter.required else _started(filling)),
        ):
            filling.give(parameter, [*words], *places)
            filling.whole.add(parameter.name)
            filling.sure += _WHOLE * parameter.required
            return


def _quoted(filling: Filling) -> Iterator[tuple[list[str], *tuple[int, ...]]]:
    for at in filling.free(Kind.QUOTED):
        if words := _words(filling.clause.tokens[at].text):
            yield words, at


def _plain(filling: Filling) -> Iterator[tuple[list[str], *tuple[int, ...]]]:
    """A command that isn't quoted: what stands between `run` and the image that it runs in."""
    clause = filling.clause
    for at, word in enumerate(clause.words):
        if word not in _RUNNING:
            continue
        begin = end = clause.skip(at + 1, {"the", "command", ":"})
        while end < len(clause.tokens) and not _is_over(filling, end):
            end += 1
        if end > begin and clause.word(begin) not in _NO_PROGRAM:
            yield [token.text for token in clause.tokens[begin:end]], *range(begin, end)


def _started(filling: Filling) -> Iterator[tuple[list[str], *tuple[int, ...]]]:
    """What an image starts with: `it should start with python -m api`, `/app/run as the command`."""
    clause = filling.clause
    for at, (word, following) in enumerate(pairwise(clause.words)):
        plainly = word == "start" and clause.word(at - 1) in _MODAL and following not in _NO_OBJECT
        if (word in _STARTING and following == "with") or plainly:
            begin = end = at + 1 + (following == "with")
            while end < len(clause.tokens) and not _is_elsewhere(filling, end):
                end += 1
            if end > begin and clause.word(begin) not in _NO_PROGRAM:
                yield [token.text for token in clause.tokens[begin:end]], *range(begin, end)
        is_path = clause.tokens[at].kind is Kind.PATH
        if is_path and following == "as" and not _COMMANDS.isdisjoint(clause.words[at + 2 : at + 4]):
            yield [clause.tokens[at].text], at


def _is_elsewhere(filling: Filling, at: int) -> bool:
    """Whether something else begins; the words of a command may be names of inputs, too."""
    return filling.clause.tokens[at].kind is Kind.BREAK or filling.clause.words[at] in _GOING_ON


def _is_over(filling: Filling, at: int) -> bool:
    clause = filling.clause
    after = clause.skip(at + 1, {"the", "my", "our", "this", "a", "an", "container"})
    leads = clause.word(at) in _LEADING and (after in clause.mentioned or clause.word(after) == "image")
    leads = leads or (clause.word(at) in _LEADING and clause.word(at + 1) in _POINTING)
    return leads or at in clause.mentioned or clause.tokens[at].kind is Kind.BREAK


def _words(line: str) -> list[str]:
    """The words of a command, or the shell and the whole line, where it needs one."""
    if _OF_SHELL.search(line):
        return ["sh", "-c", line]
    try:
        return shlex.split(line)
    except ValueError:
        return []
