"""Which tokens name which input."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import PurePath

from shunter.agent.planners.embedded.kinds import Kind
from shunter.agent.planners.embedded.lexicon import name_stems
from shunter.agent.planners.embedded.stems import stem
from shunter.agent.planners.embedded.synonyms import SAID_FOR
from shunter.agent.planners.embedded.thesaurus import FORMATS, KIND_NOUNS, NOUNS
from shunter.agent.planners.embedded.tokens import Token
from shunter.engine.types import Directory, File, ListOf, Type, fits, media

_MADE = frozenset("into called named".split())
_POINTING = frozenset("the my our this that these those each every all".split())
_WITHIN = frozenset(
    "mr mrs ms miss dr prof frau herr madame the a an our my his her their own of with".split()
)
_FAR = 6
"""What may stand between the words of a name, and how long the whole may be."""
_ARCHIVES = frozenset({"application/zip", "application/gzip"})
_PACKING = frozenset(map(stem, "pack zip tar compress bundle package tarball".split()))
_FROM, _TO = frozenset({"from", "between"}), frozenset({"to", "and"})
_SAVED = frozenset("it them that this save saved store stored write written".split())


def _mentions(name: str, kind: Type, tokens: Sequence[Token]) -> list[int]:
    words = name_stems(name)
    length = len(words)
    found = [
        at
        for at, token in enumerate(tokens)
        if token.kind is Kind.PATH and _names(token.text, words) and _may_be_called(token.text, kind)
    ]
    stems = tuple("" if token.kind is Kind.QUOTED else token.stem for token in tokens)
    found += [at for at, token in enumerate(tokens) if length > 1 and token.word == name.lower()]
    for at in range(len(stems) - length + 1):
        if stems[at : at + length] == words:
            found.extend(range(at, at + length))
            if at and tokens[at - 1].kind is Kind.NUMBER and tokens[at - 1].text.isalpha():
                found.append(at - 1)  # the three letters
    if not found:
        found = list(_run_together(name, tokens)) or list(_loosely(words, tokens))
    paths = [at for at in found if tokens[at].kind is Kind.PATH]
    made = [at for at in paths if tokens[at].text.startswith("/") or _is_made(tokens, at)]
    return [at for at in found if at not in made] or found


def _run_together(name: str, tokens: Sequence[Token]) -> Iterator[int]:
    """Where a name is written in other words than it has: `town hall` for `townhall`."""
    whole = name.lower().replace("_", "")
    for at in range(len(tokens)):
        for end in range(at + 1, min(at + 3, len(tokens)) + 1):
            words = tokens[at:end]
            if all(token.kind is Kind.WORD for token in words) and whole in {
                "".join(token.word.replace("-", "") for token in words),
                "".join(token.word.replace("-", "") for token in words).removesuffix("s"),
            }:
                yield from range(at, end)


def _loosely(words: Sequence[str], tokens: Sequence[Token]) -> Iterator[int]:
    """Where the words of a name stand with a title or an article between them: `my talk with Mrs Hansen`."""
    for start in range(len(tokens) if len(words) > 1 else 0):
        places, at = [start], start + 1
        for word in words[1:]:
            while at < len(tokens) and at - start < _FAR and tokens[at].word in _WITHIN - {word}:
                at += 1
            places.append(at)
            at += 1
        if at <= len(tokens) and all(
            tokens[place].kind is Kind.WORD and tokens[place].stem == word
            for place, word in zip(places, words, strict=True)
        ):
            yield from range(start, at)


def _is_made(tokens: Sequence[Token], at: int) -> bool:
    """Whether a file is spoken of that is made, and may be called like an input."""
    before = [token.word for token in tokens[max(0, at - 2) : at]]
    renamed = any(token.stem == "renam" for token in tokens[max(0, at - 5) : at])
    return bool(before) and (
        (renamed and before[-1] in {"to", "as"})
        or before[-1] in _MADE
        or (before[-1] == "as" and before[0] in _SAVED)
    )


def _may_be_called(path: str, kind: Type) -> bool:
    """Whether a value of a type can have a file's name: a folder called `album` is no `album.json`."""
    bare = kind.item if isinstance(kind, ListOf) else kind
    said = media.of_name(path)
    if isinstance(bare, File):
        return said is None or fits(File(said), bare) or fits(bare, File(said))
    return isinstance(bare, Directory) and said is None


def _both(tokens: Sequence[Token]) -> Iterator[int]:
    """What is said of two things without their names: `both files`."""
    for at, token in enumerate(tokens[1:], start=1):
        if tokens[at - 1].word in {"both", "two"} and _is_plural(token):
            yield at


def _shared(tokens: Sequence[Token], names: Sequence[str]) -> Mapping[str, frozenset[int]]:
    """Where inputs are named together, with the word that their names share: `both debates`."""
    words = {name: frozenset(word for word in name_stems(name) if len(word) > 1) for name in names}
    found = {}
    for name in names:
        others = frozenset().union(*(words[other] for other in names if other != name))
        common = words[name] & others
        found[name] = frozenset(
            at for at, token in enumerate(tokens) if token.stem in common and _is_plural(token)
        )
    return found


def _called_by_format(
    tokens: Sequence[Token], inputs: Mapping[str, Type], mentions: Mapping[str, frozenset[int]]
) -> Mapping[str, frozenset[int]]:
    """Where an input is named by its format, next to others that are named: `the csv and the readme`."""
    if not any(mentions.values()):
        return {}
    formats: dict[str, list[str]] = {}
    for name, kind in inputs.items():
        if isinstance(kind, File) and kind.media is not None:
            formats.setdefault(kind.media, []).append(name)
    found = {}
    for at, token in enumerate(tokens[1:], start=1):
        named = formats.get(FORMATS.get(token.word, ""), [])
        if len(named) == 1 and not mentions[named[0]] and tokens[at - 1].word in {"the", "my", "our", "this"}:
            found[named[0]] = frozenset({at})
    return found


def _by_kind(tokens: Sequence[Token], inputs: Mapping[str, Type]) -> Mapping[str, frozenset[int]]:
    """Where the only archive that is given is called by its kind, before any other is made: `the tarball`."""
    archives = {
        name: KIND_NOUNS[kind.media]
        for name, kind in inputs.items()
        if isinstance(kind, File) and kind.media in _ARCHIVES
    }
    if len(archives) != 1:
        return {}
    name, nouns = archives.popitem()
    found = []
    for at, token in enumerate(tokens):
        if token.kind is Kind.WORD and token.stem in _PACKING and tokens[at - 1].word not in _POINTING:
            break
        if token.stem in nouns and at and tokens[at - 1].word in _POINTING:
            found.append(at)
    return {name: frozenset(found)}


def _by_last_word(
    tokens: Sequence[Token], names: Sequence[str], inputs: Collection[str]
) -> Mapping[str, frozenset[int]]:
    """Where inputs are named by the last of their words alone: `the call` for `customer_call`."""
    found = {}
    for name in names:
        *before, last = name_stems(name)
        alike = sum(last in name_stems(other) for other in inputs)
        if not before or alike > 1 or last in NOUNS or last in SAID_FOR or len(last) < 3:
            continue
        places = frozenset(
            at
            for at, token in enumerate(tokens[1:], start=1)
            if token.stem == last and token.kind is Kind.WORD and tokens[at - 1].word in _POINTING
        )
        if places:
            found[name] = places
    return found


def _by_own_words(
    tokens: Sequence[Token], names: Sequence[str], mentions: Mapping[str, frozenset[int]]
) -> Mapping[str, frozenset[int]]:
    """Where inputs are named by what tells them from one that is named in full: `and the April one`."""
    found = {}
    for name in names:
        words = frozenset(name_stems(name))
        alike = [other for other in mentions if other != name and words & {*name_stems(other)}]
        own = words.difference(*(name_stems(other) for other in alike))
        places = frozenset(
            at for at, token in enumerate(tokens) if token.stem in own and token.kind is Kind.WORD
        )
        if own and any(mentions[other] for other in alike) and {tokens[at].stem for at in places} == own:
            found[name] = places
    return found


def _from_one_to_other(
    tokens: Sequence[Token], mentions: Mapping[str, frozenset[int]]
) -> Mapping[str, frozenset[int]]:
    """Where two inputs are named again by what tells them apart: `the difference from old to new`."""
    words = {name: frozenset(name_stems(name)) for name in mentions}
    found = dict(mentions)
    for at, token in enumerate(tokens[:-3]):
        if token.word not in _FROM or tokens[at + 2].word not in _TO:
            continue
        pair = [[name for name in words if tokens[place].stem in words[name]] for place in (at + 1, at + 3)]
        if [len(names) for names in pair] == [1, 1] and words[pair[0][0]] & words[pair[1][0]]:
            found[pair[0][0]] |= {at + 1}
            found[pair[1][0]] |= {at + 3}
    return found


def _told_apart(tokens: Sequence[Token], names: Sequence[str]) -> Mapping[str, frozenset[int]]:
    """Where inputs are named by what tells them apart: `v1 and v2 of the schema`."""
    words = {name: frozenset(name_stems(name)) for name in names}
    shared = (
        frozenset().union(*words.values()).intersection(*words.values()) if len(names) > 1 else frozenset()
    )
    if not shared:
        return {}
    found = {}
    for name in names:
        own = words[name] - shared
        places = [
            at for at, token in enumerate(tokens) if token.stem in own and token.kind is not Kind.QUOTED
        ]
        if not own or {tokens[at].stem for at in places} != own:
            return {}
        found[name] = frozenset(places) | {at for at, token in enumerate(tokens) if token.stem in shared}
    return found


def _is_plural(token: Token) -> bool:
    return token.kind is Kind.WORD and token.word.endswith("s")


def _names(path: str, words: tuple[str, ...]) -> bool:
    """Whether a file's name is that of the input: `names.txt` for `names`."""
    file = PurePath(path.removesuffix(".gz").removesuffix(".xz").removesuffix(".bz2"))
    return tuple(stem(word) for word in re.split(r"[\W_]+", file.stem.lower()) if word) == words or (
        name_stems(PurePath(path).name.replace(".", "_")) == words
    )


def mentions_of(tokens: Sequence[Token], inputs: Mapping[str, Type]) -> dict[str, frozenset[int]]:
    """The tokens that name each input: by its name, by a word that inputs share, or as `both`."""
    mentions = {name: frozenset(_mentions(name, kind, tokens)) for name, kind in inputs.items()}
    mentions |= _shared(tokens, [name for name, places in mentions.items() if not places])
    mentions |= _by_last_word(tokens, [name for name, places in mentions.items() if not places], inputs)
    mentions |= _told_apart(tokens, [name for name, places in mentions.items() if not places])
    mentions |= _by_own_words(tokens, [name for name, places in mentions.items() if not places], mentions)
    mentions |= _from_one_to_other(tokens, mentions)
    mentions |= _called_by_format(tokens, inputs, mentions)
    for name, places in _by_kind(tokens, inputs).items():
        mentions[name] |= places
    if any(mentions.values()) or len(inputs) != 2:
        return mentions
    return dict.fromkeys(inputs, frozenset(_both(tokens)))
