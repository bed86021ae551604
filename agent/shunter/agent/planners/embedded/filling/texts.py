"""Texts: each kind of parameter looks for its own kind of literal."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from shunter.agent.planners.embedded.filling.filling import Filling, Spot, literals
from shunter.agent.planners.embedded.filling.models import find_models
from shunter.agent.planners.embedded.filling.patterns import find_patterns
from shunter.agent.planners.embedded.lexicon import name_stems, stems_of
from shunter.agent.planners.embedded.phrases import LANGUAGES
from shunter.agent.planners.embedded.roles import Role, role_of
from shunter.agent.planners.embedded.tokens import Kind, Token
from shunter.engine import types as t
from shunter.engine.types import media
from shunter.engine.types.signature import Parameter

_NAMING = frozenset({"as", "to", "into", "called", "named", "name", "in", "it", "be", "file", "under"})
_TITLING = frozenset(
    {"titled", "entitled", "caption", "named", "title", "called", "headed", "heading", "headline"}
)
_PAGES, _ANSWERS = frozenset({"page", "website"}), frozenset({"answer", "answers", "answering"})
_GETTING = frozenset({"get", "up", "pick", "take", "extract", "read", "find", "fetch"})
_ABOUT = frozenset("about on regarding concerning covering dealing related relating mentioning".split())
_PASSAGES = frozenset(
    "passage passages part parts section sections paragraph paragraphs excerpts excerpt bits".split()
)
_SOURCES = frozenset("from of in out under".split())
_FITTING = 0.4
"""How much surer a function is where a text is said to be for just this option, or a name has its ending."""
_PLAIN = 1.1
"""The same where keys lead into data, or a pattern is one of paths."""
_ASKS = re.compile(
    r".*\?\s*\Z|(?:wh|how|is|are|was|were|do|does|did|can|has|have)\w*\s", re.IGNORECASE | re.DOTALL
)
"""What a question looks like, rather than words to search for."""
_CODE = re.compile(r"[a-z]{2,3}(-[a-z0-9]{1,8})*(\+\w{1,12})?\Z")


def find_texts(filling: Filling) -> None:
    """Give each text parameter the literal that is meant for it."""
    for parameter in list(filling.open(t.Str)):
        role = role_of(parameter)
        found = next(_candidates(filling, parameter, role), None)
        if found is not None:
            text, *places = found
            filling.give(parameter, text, *places)
            filling.sure += _FITTING * (
                role in {Role.OPTION, Role.MODEL} or (role is Role.FILE_NAME and _is_of_kind(text, filling))
            )
            filling.sure -= _FITTING * (role is Role.PATH and not parameter.required)
            filling.sure += _PLAIN * (role is Role.PATTERN and not parameter.required)
            if role is Role.QUESTION and places and parameter.doc.startswith("The question"):
                filling.sure -= _FITTING * (not _ASKS.match(text))
            filling.sure += _PLAIN * any(filling.clause.tokens[at].kind is Kind.KEYS for at in places)


def _candidates(filling: Filling, parameter: Parameter, role: Role) -> Iterator[Spot]:
    match role:
        case Role.QUESTION:
            if filling.clause.question is not None:
                yield (filling.clause.question,)
            yield from literals(filling, Kind.QUOTED)
            yield from _topics(filling)
        case Role.PATTERN:
            yield from find_patterns(filling)
        case Role.PATH:
            yield from _keys(filling) if _is_keys(parameter) else _paths(filling, parameter)
            yield from _wanted(filling)
            yield from _valued(filling) if _is_keys(parameter) else ()
        case Role.URL:
            yield from literals(filling, Kind.URL)
        case Role.FILE_NAME:
            yield from _file_names(filling, parameter)
        case Role.CODE:
            yield from _codes(filling, parameter)
        case Role.MODEL:
            yield from find_models(filling)
        case Role.TITLE:
            yield from _titles(filling)
        case Role.CONTENT:
            yield from literals(filling, Kind.QUOTED)
        case Role.OPTION:
            yield from _quoted_after(filling, frozenset([*name_stems(parameter.name), *_words(parameter)]))
        case Role.COLUMN:
            return


def _topics(filling: Filling) -> Iterator[Spot]:
    """What is looked for, unquoted: `the passages about parental leave`."""
    clause = filling.clause
    for at, word in enumerate(clause.words):
        if word not in _ABOUT or _PASSAGES.isdisjoint(clause.words[max(0, at - 3) : at]):
            continue
        begin = clause.skip(at + 1, {"to", "with", "the", "a", "an", "about"})
        end = begin
        while end < len(clause.tokens) and not _ends_topic(filling, end):
            end += 1
        if end > begin:
            places = range(begin, end)
            yield " ".join(clause.tokens[place].text for place in places), *places


def _ends_topic(filling: Filling, at: int) -> bool:
    clause = filling.clause
    after = clause.skip(at + 1, {"the", "my", "our", "these", "those", "all", "this"})
    leads = clause.word(at) in {"in", "from", "of", "within", "across"} and after in clause.mentioned
    return clause.tokens[at].kind is Kind.BREAK or at in clause.mentioned or leads


def _paths(filling: Filling, parameter: Parameter) -> Iterator[Spot]:
    """A path; where it needn't be said, none that names what is made: `call it site.tar`."""
    for spot in literals(filling, Kind.PATH, Kind.QUOTED):
        naming = _NAMING - {"in", "file", "under", "into", "to"}
        before = filling.clause.words[max(0, spot[1] - 2) : spot[1]] if len(spot) > 1 else []
        if parameter.required or (
            naming.isdisjoint(before) and filling.clause.tokens[spot[1]].kind is Kind.PATH
        ):
            yield spot


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
    yield from _quoted_after(filling, _TITLING)
    yield from _quoted_after(filling, _PAGES)
    for before, at in pairwise(range(len(filling.clause.tokens))):
        token = filling.clause.tokens[at]
        if filling.clause.word(before) in _TITLING and token.kind is Kind.WORD and token.text.istitle():
            yield token.text, at


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


def _file_names(filling: Filling, parameter: Parameter) -> Iterator[Spot]:
    clause = filling.clause
    for at in filling.free(Kind.PATH):
        text = clause.tokens[at].text
        naming = _NAMING - {"file"} if parameter.required else _NAMING
        named = not naming.isdisjoint(clause.words[max(0, at - 2) : at]) or _begins_naming(clause.words, at)
        if "{" in text and "{" not in parameter.doc:
            continue
        if "/" not in text and _suits(text, filling) and (named or _is_of_kind(text, filling)):
            yield text, at
    yield from _quoted_after(filling, frozenset({"called", "name", "named", "call", "nam"}))
    if isinstance(filling.signature.returns, t.Directory):
        yield from _quoted_after(filling, frozenset({"folder", "directory"}))
    yield from _called(filling)
    if parameter.required:
        yield from (
            (clause.tokens[at].text, at) for at in filling.free(Kind.QUOTED) if clause.word(at - 1) in _NAMING
        )
    yield from _saved_later(filling)


def _begins_naming(words: Sequence[str], at: int) -> bool:
    """Whether something is given a name up to here: `name the report q3.md`."""
    return not {"name", "call", "rename"}.isdisjoint(words[max(0, at - 4) : at])


def _saved_later(filling: Filling) -> Iterator[Spot]:
    """A name that the whole text gives for a file of this kind: `… and save it as titles.json`."""
    tokens = filling.clause.whole
    kind = filling.signature.returns
    for at, (before, token) in enumerate(pairwise(tokens), start=1):
        wanted = isinstance(kind, t.File) and kind.media is not None
        if (
            "{" not in token.text
            and token.kind is Kind.PATH
            and at not in filling.clause.mentions
            and wanted
            and before.word in _NAMING
            and _suits(token.text, filling)
        ):
            yield (token.text,)


def _suits(name: str, filling: Filling) -> bool:
    """Whether what the function returns can have this name."""
    kind, said = filling.signature.returns, media.of_name(name)
    if isinstance(kind, t.Directory):
        return False
    if not isinstance(kind, t.File) or kind.media is None or said is None:
        return ("." in name.strip(".") or name.startswith(".") or "{" in name) and not name.startswith("tar.")
    both_text = kind.media == "text/plain" and said.startswith("text/")
    return both_text or media.covers(kind.media, said)


def _is_of_kind(name: str, filling: Filling) -> bool:
    """Whether a name's ending is just that of what the function returns."""
    kind = filling.signature.returns
    return isinstance(kind, t.File) and kind.media is not None and media.of_name(name) == kind.media


def _called(filling: Filling) -> Iterator[Spot]:
    """A folder's name: `a folder called post`."""
    clause = filling.clause
    for at, word in enumerate(clause.words):
        follower = clause.tokens[at + 1] if at + 1 < len(clause.tokens) else None
        if follower is None or not isinstance(filling.signature.returns, t.Directory):
            continue
        named = (
            word in {"called", "named"}
            or clause.words[max(0, at - 1) : at + 1] == ["name", "of"]
            or (word == "folder" and re.search(r"[-_\d]", follower.text))
        )
        if named and follower.kind in {Kind.WORD, Kind.CODE}:
            yield follower.text, at + 1


def _codes(filling: Filling, parameter: Parameter) -> Iterator[Spot]:
    """A short code such as `de` or `en-us`, in brackets or after the parameter's name; or a language."""
    tokens = filling.clause.tokens
    for at, token in enumerate(tokens):
        before = tokens[at - 1].text.lower() if at else ""
        bracketed = before == "(" and at + 1 < len(tokens) and tokens[at + 1].text == ")"
        if _CODE.match(token.text) and (bracketed or before == parameter.name):
            yield token.text, at
    for at, token in enumerate(tokens):
        if token.word in LANGUAGES:
            yield LANGUAGES[token.word], at


def _quoted_after(filling: Filling, leaders: frozenset[str]) -> Iterator[Spot]:
    tokens = filling.clause.tokens
    for at in filling.free(Kind.QUOTED):
        if (
            leaders & _PAGES
            and tokens[at].text.endswith("?")
            and _leads(tokens[max(0, at - 4) : at], _ANSWERS)
        ):
            continue
        if _leads(tokens[max(0, at - 5) : at], leaders) or _leads(
            tokens[at + 1 : at + 4], leaders - _TITLING
        ):
            yield tokens[at].text, at


def _leads(tokens: Sequence[Token], leaders: frozenset[str]) -> bool:
    return any(token.word in leaders or token.stem in leaders for token in tokens)
