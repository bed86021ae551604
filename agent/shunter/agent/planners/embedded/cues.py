"""What is said, as cues that speak for functions."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace

from shunter.agent.planners.embedded.idioms import GREATEST, LEAST, PHRASES
from shunter.agent.planners.embedded.kinds import Kind
from shunter.agent.planners.embedded.lexicon import PARAMETER, REST, Lexicon, Profile, bare, signature_choices
from shunter.agent.planners.embedded.narration import is_ending
from shunter.agent.planners.embedded.standing import (
    has_object,
    is_adverb,
    is_done,
    is_target,
    share_of_weight,
    stands_before_name,
)
from shunter.agent.planners.embedded.stems import stem
from shunter.agent.planners.embedded.synonyms import SAID_FOR
from shunter.agent.planners.embedded.thesaurus import (
    FORMATS,
    KIND_NOUNS,
    NOUNS,
    POLITE,
    STOP_WORDS,
)
from shunter.agent.planners.embedded.tokens import Token
from shunter.engine import types as t
from shunter.engine.types.signature import Signature

SYNONYM = 0.85
"""How sure it is that a word is said for another."""
_UNKNOWN, _NOUN, _POLITE, _FORMAT, _ORDINAL = 0.35, 0.3, 0.4, 1.3, 0.55
_FIND, _GLOB, _ENDING = stem("find"), 0.6, 2.0
"""What a pattern of paths speaks for, and how much."""
_GAP, _TOLD, _GIVEN = 4, 0.2, 0.4
_LEADING = frozenset({"to", "into", "as", "in", "a", "an"})
_POINTING = frozenset({"the", "this", "my", "our"})
_WORKS = frozenset(
    "service project repo repository codebase package application app library folder directory".split()
)
"""What stands behind the name of a folder that it's of: `the billing service`."""
_NO_HEAD = 0.6
"""How sure it is, of what is said for the first part of a word: `ruff-format`."""
_TABLE = FORMATS["csv"]
_TABLES = frozenset({"table", "spreadsheet"})
_SOURCE = 0.35
"""How far the name of a format speaks for a function that takes the format and makes something else."""
_NO_NOUN = frozenset("at of with from for in".split())
_CLASSES = {
    Kind.NUMBER: "#", Kind.TIME: "#", Kind.CODE: "%", Kind.QUOTED: "%", Kind.REGEX: "%", Kind.KEYS: "&",
    Kind.URL: "://", Kind.PATH: "/", Kind.SIZE: "@",
}  # fmt: skip
"""How tokens of a kind are written in phrases."""
_LONGEST_FIRST = sorted(PHRASES.items(), key=lambda item: (-len(item[0]), -len(" ".join(item[0]))))


@dataclass(frozen=True, slots=True)
class Cue:
    """Something said at a token: stems, any of which may be what is meant, each with how sure that is.

    `weight` is how much it tells; less than nothing for what is denied. `media` is the type of a format
    that is named.
    """

    at: int
    meanings: tuple[tuple[str, float], ...]
    weight: float
    media: str | None = None
    polite: bool = False


def cues_of(
    tokens: Sequence[Token],
    lexicon: Lexicon,
    inputs: Collection[int],
    told: Collection[int] = (),
    given: Collection[str] = (),
) -> list[Cue]:
    """The cues of a text; `inputs` are the tokens that name what is given, which tell less.

    So do those in `told`, of sentences that ask for nothing, and names of formats in `given`, which are
    those of inputs, where nothing is made `into` them.
    """
    phrases = list(_phrases(tokens, lexicon, inputs))
    covered = {at for places, _ in phrases for at in places}
    cues = [cue for _, cue in phrases]
    for at, token in enumerate(tokens):
        if token.kind is Kind.PATH and at not in inputs:
            cues.extend(_format_of(token, at))
        if token.kind is Kind.GLOB and at not in covered:
            cues.append(Cue(at, ((_FIND, SYNONYM),), _GLOB))
        one_by_one = token.word == "per" and at + 1 in inputs and _TABLE not in given
        if at in covered or token.kind is not Kind.WORD or is_adverb(tokens, at) or one_by_one:
            continue
        if is_ending(token) and tokens[at - 1].word not in _LEADING - {"in"}:
            cues.append(Cue(at, ((_FIND, 1.0),), _ENDING))  # the .md files
            continue
        meanings = _meanings(token)
        weight = _weight(token, meanings, lexicon)
        if weight is not None:
            behind = at - 1 in inputs and token.word in _WORKS
            part_of_name = at in inputs or behind or (at + 1 in inputs and stands_before_name(tokens, at))
            telling = weight * share_of_weight(tokens, at, names_input=part_of_name)
            leads = tokens[at - 1].word in _LEADING or is_done(tokens, at)
            pointed = at > 0 and tokens[at - 1].word in _POINTING
            named = FORMATS.get(token.word) in given and not leads
            if named or (pointed and _names_kind(token, given)):
                telling *= _GIVEN
            polite = token.stem in POLITE and not has_object(tokens, at)
            cues.append(Cue(at, meanings, telling, _media_of(tokens, at), polite))
    cues = [replace(cue, weight=cue.weight * _TOLD) if cue.at in told else cue for cue in cues]
    cues.extend(_further(tokens, cues))
    return sorted(cues, key=lambda cue: cue.at)


def _names_kind(token: Token, given: Collection[str]) -> bool:
    """Whether a word names what is given by its kind, though a function is called alike: `the tarball`."""
    return token.stem not in NOUNS and any(token.stem in KIND_NOUNS.get(kind, ()) for kind in given)


def _media_of(tokens: Sequence[Token], at: int) -> str | None:
    """The type of a format that is named; also that of tables, where something is made into one."""
    if tokens[at].word in _TABLES and is_target(tokens, at):
        return FORMATS["csv"]
    return FORMATS.get(tokens[at].word)


def _further(tokens: Sequence[Token], cues: Sequence[Cue]) -> Iterator[Cue]:
    """What `another` stands for, where no noun follows: the thing that was said most clearly before it."""
    for at, token in enumerate(tokens[:-1]):
        before = [cue for cue in cues if cue.at < at]
        if token.word == "another" and tokens[at + 1].word in _NO_NOUN and before:
            yield replace(max(before, key=lambda cue: cue.weight), at=at)


def strength(cue: Cue, profile: Profile) -> float:
    """How much `cue` speaks for a function, from 0 to 1."""
    return _how(cue, profile.signature, profile.strength)


def strength_of_call(cue: Cue, profile: Profile, given: Set[str]) -> float:
    """The same where the call is known: words for options that it isn't given say nothing for it."""
    own = _how(cue, profile.signature, profile.own)
    if any(
        _how(cue, profile.signature, profile.options[name]) >= PARAMETER for name in profile.numbers - given
    ):
        own = min(own, REST)
    return max([own, *(_how(cue, profile.signature, profile.options[name]) for name in given)])


def _how(cue: Cue, signature: Signature, known: Mapping[str, float]) -> float:
    how = 0.0
    for word, sure in cue.meanings:
        if word in known:
            how = max(how, known[word] * sure)
    if cue.media is None or how == 0.0:
        return how
    return how if _makes(signature, cue.media) else how * _SOURCE


def _makes(signature: Signature, media: str) -> bool:
    """Whether a function makes a format of something else, or of another format."""
    if any(FORMATS.get(choice) == media for choice in signature_choices(signature)):
        return True
    takes = {bare(parameter.type) for parameter in signature.parameters if parameter.required}
    return signature.returns == t.File(media) and t.File(media) not in takes


def _format_of(token: Token, at: int) -> Iterator[Cue]:
    """What the ending of a file's name says."""
    name = token.word.rpartition("/")[2]
    endings = (name.split(".", dots)[-1] for dots in range(1, name.count(".") + 1))
    ending = next((ending for ending in endings if ending in FORMATS), None)
    if ending is not None:
        yield Cue(at, ((stem(ending.partition(".")[0]), 1.0),), _FORMAT, FORMATS[ending])


def _phrases(
    tokens: Sequence[Token], lexicon: Lexicon, inputs: Collection[int]
) -> Iterator[tuple[list[int], Cue]]:
    words = [
        {token.word} if at in inputs and token.kind is Kind.PATH else {token.word, _class_of(token)}
        for at, token in enumerate(tokens)
    ]
    begins: dict[str, list[int]] = {}
    for at, said_here in enumerate(words):
        for word in said_here:
            begins.setdefault(word, []).append(at)
    taken: set[int] = set()
    for phrase, said in _LONGEST_FIRST:
        for at in begins.get(phrase[0], ()):
            if at in taken:
                continue
            places = _places(tokens, words, phrase, at)
            named = sum(place in inputs for place in places) > 1
            if places and taken.isdisjoint(places) and not named:
                taken.update(places)
                weight = max(lexicon.rarity.get(word, _UNKNOWN) for word in said)
                yield places, Cue(at, tuple((word, 1.0) for word in said), weight)


def _places(tokens: Sequence[Token], words: Sequence[set[str]], phrase: Sequence[str], at: int) -> list[int]:
    """Where the words of a phrase stand that begins at a place; `*` are up to _GAP others."""
    places = [at]
    place, gap = at + 1, 0
    for part in phrase[1:]:
        if part == "*":
            gap = _GAP
            continue
        end = min(len(words), place + gap + 1)
        found = next((other for other in range(place, end) if part in words[other]), None)
        if found is None or any(tokens[other].kind is Kind.BREAK for other in range(place, found)):
            return []
        places.append(found)
        place, gap = found + 1, 0
    return places


def _class_of(token: Token) -> str:
    """How tokens of its kind are written in a phrase."""
    if token.kind in _CLASSES:
        return _CLASSES[token.kind]
    if token.word in FORMATS:
        return "~"
    return "^" if token.word in GREATEST or token.word in LEAST else token.word


def _meanings(token: Token) -> tuple[tuple[str, float], ...]:
    parts = [token.stem, *(stem(part) for part in re.split(r"[-._]", token.word) if part)]
    stems = dict.fromkeys([*parts, stem(token.word.replace("-", ""))])
    others = parts[1:-1] if "-" in token.word else ()
    return tuple((word, _NO_HEAD if word in others else 1.0) for word in stems) + tuple(
        (word, SYNONYM * (_NO_HEAD if one in others else 1.0))
        for one in stems
        for word in SAID_FOR.get(one, ())
    )


def _is_version(token: Token, lexicon: Lexicon) -> bool:
    """Whether a word names something with its version, such as a model: `gpt-4o-mini`."""
    whole = {token.stem, stem(token.word.replace("-", ""))}
    return any(sign.isdigit() for sign in token.word) and whole.isdisjoint(lexicon.rarity)


def _weight(token: Token, meanings: Sequence[tuple[str, float]], lexicon: Lexicon) -> float | None:
    """How much a word tells; None where it tells nothing."""
    if token.word in STOP_WORDS and token.stem not in SAID_FOR:
        return None
    known = [lexicon.rarity[word] * sure for word, sure in meanings if word in lexicon.rarity]
    if not known and (token.is_code or token.stem in POLITE):
        return None
    if _is_version(token, lexicon):
        return _UNKNOWN
    weight = max(known, default=_UNKNOWN)
    if token.stem in NOUNS:
        return weight * _NOUN
    if token.word in FORMATS:
        return max(_FORMAT, weight)
    if token.stem in POLITE:
        return weight * _POLITE
    return weight * _ORDINAL if token.word in {"first", "last", "top", "bottom"} else weight
