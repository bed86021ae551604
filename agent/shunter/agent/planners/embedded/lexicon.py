"""What functions say about themselves, as weighted stems."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from shunter.agent.planners.embedded.stems import stem
from shunter.agent.planners.embedded.thesaurus import STOP_WORDS
from shunter.engine import types as t
from shunter.engine.types.signature import Parameter, Signature, Signatures

NAME, VERB, SUMMARY, FIELD, OTHER_WORDS, FLAG, CHOICE, MODULE, DETAIL, PARAMETER, RESULT, REST = (
    1.0, 0.9, 0.75, 0.7, 0.7, 0.7, 0.7, 0.44, 0.45, 0.4, 0.35, 0.2,
)  # fmt: skip
"""How much a stem speaks for a function, by where the function says it."""
_SAID_PLAINLY = 0.6
"""How strongly some function has to say a stem, for the stem to count in full where it's rare."""
_BRACKETS = re.compile(r"\([^()]*\)")
_DENIED = re.compile(r"\bwithout [^,;:.()]*")
"""What a function says that it doesn't do."""
_VERBS = re.compile(r"\w+(?: \([^()]*\))?")
"""How a summary begins: a verb, and in brackets others for the same."""
_WORD = re.compile(r"[A-Za-z][A-Za-z0-9]*")


@dataclass(frozen=True, slots=True)
class Ports:
    """What kinds of values a function's parameters take, and what they are called."""

    kinds: frozenset[type[t.Type]]
    names: frozenset[str]


@dataclass(frozen=True, slots=True)
class Profile:
    """A function: how much a stem speaks for it, from 0 to 1.

    `own` is what its name and documentation say, `options` what each parameter says that takes a literal, and
    `strength` both. `name` are the stems of its name, `verbs` those that its summary begins with, `numbers`
    the options that are numbers, `ports` what its parameters are.
    """

    signature: Signature
    strength: Mapping[str, float]
    own: Mapping[str, float]
    options: Mapping[str, Mapping[str, float]]
    name: frozenset[str]
    verbs: frozenset[str]
    numbers: frozenset[str]
    ports: Ports


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The profiles of a catalogue, how much each stem tells one function from another, and all choices.

    With them stand the options that are called by several words: `max_tokens`.
    """

    profiles: Mapping[str, Profile]
    rarity: Mapping[str, float]
    choices: frozenset[str]


def lexicon_of(functions: Signatures) -> Lexicon:
    """The lexicon of all `functions`."""
    profiles = {name: _profile(signature) for name, signature in functions.items()}
    counts: dict[str, float] = {}
    most: dict[str, float] = {}
    for profile in profiles.values():
        for word, strength in profile.strength.items():
            counts[word] = counts.get(word, 0.0) + strength
            most[word] = max(most.get(word, 0.0), strength)
    size = len(profiles) + 1
    rarity = {
        word: max(0.4, min(3.0, math.log(size / (count + 0.5))) * min(1.0, most[word] / _SAID_PLAINLY))
        for word, count in counts.items()
    }
    choices = frozenset(
        name
        for signature in functions.values()
        for name in (
            *signature_choices(signature),
            *(one.name for one in signature.parameters if "_" in one.name),
        )
    )
    return Lexicon(profiles, rarity, choices)


@lru_cache(maxsize=20_000)
def stems_of(text: str) -> tuple[str, ...]:
    """The stems of the words of a text that tell something."""
    return tuple(stem(word) for word in map(str.lower, _WORD.findall(text)) if word not in STOP_WORDS)


@lru_cache(maxsize=20_000)
def name_stems(name: str) -> tuple[str, ...]:
    """The stems of an identifier's words."""
    return tuple(stem(word) for word in name.lower().replace("-", "_").split("_") if word)


def bare(kind: t.Type) -> t.Type:
    """The type without the null that it may also be."""
    return kind.inner if isinstance(kind, t.Optional) else kind


def _profile(signature: Signature) -> Profile:
    module, _, short = signature.name.partition(".")
    name = frozenset(word for word in name_stems(short) if word not in STOP_WORDS)
    said = [(word, REST) for word in stems_of(signature.doc)]
    said += [(word, RESULT) for word in stems_of(signature.returns_doc)]
    said += [(word, FIELD) for name in _fields(signature.returns) for word in name_stems(name)]
    said += [(word, value) for part, value in _parts(signature.summary) for word in stems_of(part)]
    said += [(stem(module), MODULE), *((word, NAME) for word in name)]
    options: dict[str, Mapping[str, float]] = {}
    for parameter in signature.parameters:
        words = list(_said_of(parameter))
        if _takes_artifact(parameter.type):
            said += words
        else:
            options[parameter.name] = _strongest(words)
    own = _strongest(said)
    both = _strongest([*own.items(), *(item for option in options.values() for item in option.items())])
    numbers = frozenset(
        parameter.name
        for parameter in signature.parameters
        if isinstance(bare(parameter.type), t.Int | t.Float)
    )
    verbs = _VERBS.match(signature.summary)
    said_first = frozenset(stems_of(verbs[0]) if verbs else ())
    return Profile(signature, both, own, options, name, said_first, numbers, ports_of(signature))


def ports_of(signature: Signature) -> Ports:
    """What a function's parameters are."""
    return Ports(
        frozenset(type(bare(parameter.type)) for parameter in signature.parameters),
        frozenset(parameter.name for parameter in signature.parameters),
    )


def _fields(kind: t.Type) -> Iterator[str]:
    """The names of all fields of a record, and of records inside it."""
    match kind:
        case t.ListOf(inner) | t.Optional(inner):
            yield from _fields(inner)
        case t.Record(fields):
            for name, field in fields:
                yield name
                yield from _fields(field)


def _strongest(said: Iterable[tuple[str, float]]) -> Mapping[str, float]:
    strength: dict[str, float] = {}
    for word, value in said:
        strength[word] = max(strength.get(word, 0.0), value)
    return strength


def _said_of(parameter: Parameter) -> Iterator[tuple[str, float]]:
    kind = bare(parameter.type)
    yield from ((word, REST) for word in stems_of(parameter.doc))
    value = FLAG if isinstance(kind, t.Bool) else PARAMETER
    yield from ((word, value) for word in name_stems(parameter.name) if word not in STOP_WORDS)
    if isinstance(kind, t.Enum):
        yield from ((word, CHOICE) for choice in kind.choices for word in name_stems(choice))


def _takes_artifact(kind: t.Type) -> bool:
    match kind:
        case t.File() | t.Directory():
            return True
        case t.Optional(inner) | t.ListOf(inner):
            return _takes_artifact(inner)
    return False


def _parts(summary: str) -> Iterator[tuple[str, float]]:
    """What a summary says, what it says with other words in brackets, and the details behind a colon."""
    yield " ".join(_BRACKETS.findall(summary)), OTHER_WORDS
    said, _, detail = _DENIED.sub("", _BRACKETS.sub("", summary)).partition(":")
    yield said.partition(" ")[0], VERB
    yield said, SUMMARY
    yield detail, DETAIL


def signature_choices(signature: Signature) -> list[str]:
    """All choices of a function's enumerations."""
    kinds = [bare(parameter.type) for parameter in signature.parameters]
    return [choice for kind in kinds if isinstance(kind, t.Enum) for choice in kind.choices]
