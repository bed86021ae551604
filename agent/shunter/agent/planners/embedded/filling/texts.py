"""Texts: each kind of parameter looks for its own kind of literal."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise, takewhile

from shunter.agent.planners.embedded.filling.file_names import NAMING, file_names, is_of_kind, leads_to_file
from shunter.agent.planners.embedded.filling.filling import Filling, Spot, literals
from shunter.agent.planners.embedded.filling.languages import find_languages
from shunter.agent.planners.embedded.filling.models import find_models
from shunter.agent.planners.embedded.filling.patterns import find_patterns, is_counted
from shunter.agent.planners.embedded.filling.quoted import PAGES, TITLING, quoted_after
from shunter.agent.planners.embedded.filling.topics import topics
from shunter.agent.planners.embedded.filling.vocabulary import find_vocabulary
from shunter.agent.planners.embedded.kinds import Kind
from shunter.agent.planners.embedded.lexicon import name_stems, stems_of
from shunter.agent.planners.embedded.roles import Role, role_of
from shunter.engine import types as t
from shunter.engine.types import media
from shunter.engine.types.signature import Parameter

_GETTING = frozenset({"get", "up", "pick", "take", "extract", "read", "find", "fetch"})
_SOURCES = frozenset("from of in out under".split())
_FITTING = 0.4
"""How much surer a function is where a text is said to be for just this option, or a name has its ending."""
_PLAIN = 1.1
"""The same where keys lead into data, or a pattern is one of paths."""
_ASKS = re.compile(
    r".*\?\s*\Z|(?:wh|how|is|are|was|were|do|does|did|can|has|have)\w*\s", re.IGNORECASE | re.DOTALL
)
"""What a question looks like, rather than words to search for."""


def find_texts(filling: Filling) -> None:
    """Give each text parameter the literal that is meant for it."""
    for parameter in list(filling.open(t.Str)):
        role = role_of(parameter)
        found = next(_candidates(filling, parameter, role), None)
        if found is not None:
            text, *places = found
            filling.give(parameter, text, *places)
            filling.sure += _FITTING * (
                role in {Role.OPTION, Role.MODEL, Role.VOCABULARY}
                or (role is Role.FILE_NAME and is_of_kind(text, filling))
            )
            filling.sure += _PLAIN * (role is Role.FILE_NAME and leads_to_file(filling, places))
            if role is Role.PATH and not parameter.required:
                filling.sure += _FITTING if text.startswith("/") else -_FITTING
            filling.sure += _PLAIN * (role is Role.PATTERN and not parameter.required)
            valued = _is_keys(parameter) and filling.clause.has("value of", "values of")
            filling.sure += _PLAIN * (role is Role.PATH and valued and bool(places))
            filling.sure += _FITTING * (role is Role.PATTERN and parameter.required and is_counted(filling))
            if role is Role.QUESTION and places and parameter.doc.startswith("The question"):
                filling.sure -= _FITTING * (not _ASKS.match(text))
            filling.sure += _PLAIN * any(filling.clause.tokens[at].kind is Kind.KEYS for at in places)


def _candidates(filling: Filling, parameter: Parameter, role: Role) -> Iterator[Spot]:
    if (find := _OF_ROLE.get(role)) is not None:
        yield from find(filling)
    elif (find_for := _OF_PARAMETER.get(role)) is not None:
        yield from find_for(filling, parameter)


def _contents(filling: Filling, parameter: Parameter) -> Iterator[Spot]:
    yield from literals(filling, Kind.QUOTED)
    yield from _prompts(filling) if parameter.name == "prompt" else ()


def _options(filling: Filling, parameter: Parameter) -> Iterator[Spot]:
    yield from quoted_after(filling, frozenset([*name_stems(parameter.name), *_words(parameter)]))


def _prompts(filling: Filling) -> Iterator[Spot]:
    """What a model is asked to do, unquoted: `ask qwen3 at https://… to write a haiku`."""
    clause = filling.clause
    address = next((at for at, token in enumerate(clause.tokens) if token.kind is Kind.URL), None)
    if address is None or clause.word(address + 1) not in {"to", ":"}:
        return
    begin, end = address + 2, address + 2
    while end < len(clause.tokens) and clause.tokens[end].text not in {".", ";", "?", "!"}:
        end += 1
    if end > begin:
        yield " ".join(token.text for token in clause.tokens[begin:end]), *range(begin, end)


def _questions(filling: Filling) -> Iterator[Spot]:
    if filling.clause.question is not None:
        yield (filling.clause.question,)
    yield from literals(filling, Kind.QUOTED)
    yield from topics(filling)


def _ways(filling: Filling, parameter: Parameter) -> Iterator[Spot]:
    """Keys that lead into data, or paths of files."""
    yield from _keys(filling) if _is_keys(parameter) else _paths(filling, parameter)
    yield from _wanted(filling)
    yield from _valued(filling) if _is_keys(parameter) else ()


def _paths(filling: Filling, parameter: Parameter) -> Iterator[Spot]:
    """A path; where it needn't be said, none that names what is made: `call it site.tar`."""
    naming = NAMING - {"in", "file", "under", "into", "to"}
    for kind in (Kind.PATH, Kind.QUOTED):
        for at in filling.free(kind):
            before = filling.clause.words[max(0, at - 2) : at]
            absolute = filling.clause.tokens[at].text.startswith("/")
            if parameter.required or (kind is Kind.PATH and (absolute or naming.isdisjoint(before))):
                yield filling.clause.tokens[at].text, at


def _keys(filling: Filling) -> Iterator[Spot]:
    """Keys that lead into data: `a.b`, but no file's name, and no word in capitals."""
    yield from literals(filling, Kind.KEYS)
    for spot in literals(filling, Kind.PATH):
        if "/" not in spot[0] and media.of_name(spot[0]) is None and not spot[0].endswith((".gz", ".xz")):
            yield spot
    yield from literals(filling, Kind.QUOTED)
    yield from (spot for spot in literals(filling, Kind.CODE) if not spot[0].isupper())


def _titles(filling: Filling) -> Iterator[Spot]:
    """A title in quotes, or a name with a capital: `a page called Minutes`."""
    yield from quoted_after(filling, TITLING)
    yield from quoted_after(filling, PAGES)
    for before, at in pairwise(range(len(filling.clause.tokens))):
        token = filling.clause.tokens[at]
        if filling.clause.word(before) in TITLING and token.kind is Kind.WORD and token.text.istitle():
            rest = filling.clause.tokens[at:]
            run = list(takewhile(lambda word: word.kind is Kind.WORD and word.text.istitle(), rest))
            yield " ".join(word.text for word in run), *range(at, at + len(run))


def _is_keys(parameter: Parameter) -> bool:
    """Whether a path leads into data, rather than to a file."""
    return "key" in stems_of(parameter.doc)[:3]


def _words(parameter: Parameter) -> list[str]:
    return re.findall(r"[a-z]{4,}", parameter.doc.lower())[:6]


def _valued(filling: Filling) -> Iterator[Spot]:
    """What a value is of: `the value of version`."""
    for phrase in ("value of", "values of", "the key", "the field", "under"):
        for at in filling.clause.find(phrase):
            follower = filling.clause.skip(at + len(phrase.split()), {"the", "its", "key"})
            if filling.clause.can_name(follower):
                yield filling.clause.tokens[follower].text, follower


def _wanted(filling: Filling) -> Iterator[Spot]:
    """What is to be got out of something: `get the title from …`."""
    clause = filling.clause
    for at, word in enumerate(clause.words):
        if word in _GETTING:
            follower = clause.skip(at + 1, {"the", "its", "their", "value", "values", "of", "key", "field"})
            ends = clause.word(at - 1) == "look" and follower + 1 == len(clause.tokens)
            if clause.can_name(follower) and (ends or clause.word(follower + 1) in _SOURCES):
                yield clause.tokens[follower].text, follower


_OF_ROLE = {
    Role.QUESTION: _questions,
    Role.PATTERN: find_patterns,
    Role.URL: lambda filling: literals(filling, Kind.URL),
    Role.MODEL: find_models,
    Role.TITLE: _titles,
    Role.VOCABULARY: find_vocabulary,
}
_OF_PARAMETER = {
    Role.PATH: _ways,
    Role.FILE_NAME: file_names,
    Role.CODE: find_languages,
    Role.CONTENT: _contents,
    Role.OPTION: _options,
}
"""Who finds texts of which role, by the words alone, or for one parameter."""
