"""What a function says about itself, as weighted stems."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass

from shunter.agent.planners.embedded.stems import stem
from shunter.agent.planners.embedded.synonyms import STOP_WORDS
from shunter.engine import types as t
from shunter.engine.types.signature import Parameter, Signature, Signatures

NAME, MODULE, SUMMARY, CHOICE, FLAG, PARAMETER, REST = 1.0, 0.45, 0.75, 0.6, 0.7, 0.4, 0.2
_WORD = re.compile(r"[A-Za-z][A-Za-z0-9]*")


@dataclass(frozen=True, slots=True)
class Profile:
    """A function; `strength` says how much a stem speaks for it, from 0 to 1, `name` are the stems of its name."""

    signature: Signature
    strength: Mapping[str, float]
    name: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The profiles of a catalogue, and how rare each stem is among them."""

    profiles: Mapping[str, Profile]
    rarity: Mapping[str, float]

    def weight(self, word: str) -> float:
        """How much a stem tells; one that no function knows still counts, as something left unexplained."""
        return self.rarity.get(word, 1.0)


def lexicon_of(functions: Signatures) -> Lexicon:
    """The lexicon of all `functions`."""
    profiles = {name: _profile(signature) for name, signature in functions.items()}
    counts: dict[str, float] = {}
    for profile in profiles.values():
        for word, strength in profile.strength.items():
            counts[word] = counts.get(word, 0.0) + strength
    size = len(profiles) + 1
    rarity = {word: min(3.0, max(0.4, math.log(size / (count + 0.5)))) for word, count in counts.items()}
    return Lexicon(profiles, rarity)


def stems_of(text: str) -> list[str]:
    """The stems of the words of a text that tell something."""
    return [stem(word) for word in map(str.lower, _WORD.findall(text)) if word not in STOP_WORDS]


def keywords(parameter: Parameter) -> frozenset[str]:
    """The stems that lead to a parameter: of its name, and of the first words of its documentation."""
    return frozenset(stems_of(parameter.name.replace("_", " ")) + stems_of(parameter.doc)[:4])


def _profile(signature: Signature) -> Profile:
    module, _, short = signature.name.partition(".")
    strength: dict[str, float] = {}

    def add(words: list[str], value: float) -> None:
        for word in words:
            strength[word] = max(strength.get(word, 0.0), value)

    name = [stem(word) for word in short.split("_")]
    add(stems_of(signature.doc), REST)
    for parameter in signature.parameters:
        add(stems_of(parameter.doc), REST)
        add(
            stems_of(parameter.name.replace("_", " ")),
            FLAG if isinstance(parameter.type, t.Bool) else PARAMETER,
        )
        if isinstance(parameter.type, t.Enum):
            add([stem(word) for choice in parameter.type.choices for word in choice.split("_")], CHOICE)
    add(stems_of(signature.returns_doc), REST)
    add(stems_of(signature.summary), SUMMARY)
    add([stem(module)], MODULE)
    add([word for word in name if word not in STOP_WORDS], NAME)
    return Profile(signature, strength, tuple(word for word in name if word not in STOP_WORDS))
