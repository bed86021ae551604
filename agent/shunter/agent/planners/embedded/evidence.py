"""How much a stretch of words speaks for a function."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from shunter.agent.planners.embedded.profile import Lexicon, Profile
from shunter.agent.planners.embedded.stems import stem
from shunter.agent.planners.embedded.synonyms import PHRASES, POLITE, SAID_FOR, STOP_WORDS
from shunter.agent.planners.embedded.tokens import Kind, Token

_SYNONYM = 0.85


@dataclass(frozen=True, slots=True)
class Cue:
    """Something said: stems, any of which may be what is meant, and how sure that is."""

    token: int
    meanings: tuple[tuple[str, float], ...]
    weight: float


_NOUNS = frozenset(
    stem(word)
    for word in """text file document table recording audio video image picture photo folder directory list row line
    word column film movie clip sound speech data value page episode part content name archive code project source
    second number""".split()
)
"""Words for things rather than for what is done to them: they tell little."""
_FORMATS = frozenset(
    "html markdown json csv mp3 ogg flac wav mp4 webm mkv png jpeg jpg webp gif bmp tiff zip tar vtt md".split()
)
_NEGATIONS = frozenset({"don't", "not", "without", "never", "no", "dont"})


def cues_of(tokens: Sequence[Token], lexicon: Lexicon, quiet: Mapping[str, float]) -> list[Cue]:
    """The cues of a text; `quiet` are stems that are names of things given, with how much they still tell."""
    cues: list[Cue] = []
    covered: set[int] = set()
    words = [token.word for token in tokens]
    for phrase, meant in sorted(PHRASES.items(), key=lambda item: -len(item[0])):
        for at in range(len(words) - len(phrase) + 1):
            span = range(at, at + len(phrase))
            if tuple(words[at : at + len(phrase)]) == phrase and not covered & set(span):
                meanings = tuple((word, 1.0) for word in meant)
                cues.append(Cue(at, meanings, max(lexicon.weight(word) for word in meant)))
                covered.update(span)
    for at, token in enumerate(tokens):
        if (
            at in covered
            or token.kind is not Kind.WORD
            or (token.word in STOP_WORDS and token.stem not in SAID_FOR)
        ):
            continue
        if token.is_code and token.word not in lexicon.rarity and token.stem not in lexicon.rarity:
            continue
        stems = dict.fromkeys([token.stem, *(stem(part) for part in token.word.split("-") if part)])
        meanings = tuple((word, 1.0) for word in stems) + tuple(
            (word, _SYNONYM) for one in stems for word in SAID_FOR.get(one, ())
        )
        known = [lexicon.weight(word) * sure for word, sure in meanings if word in lexicon.rarity]
        if token.stem in POLITE and not known:
            continue
        weight = max(known, default=0.5)
        if token.stem in _NOUNS:
            weight *= 0.3
        elif token.word in {"first", "last"}:
            weight *= 0.55
        elif token.word in _FORMATS:
            weight = max(1.3, weight)
        weight *= quiet.get(token.stem, 1.0)
        if at and words[at - 1] in {"by", "per", "on", "column", "columns", "whose", "field"}:
            weight *= 0.3
        if _NEGATIONS & set(words[max(0, at - 2) : at]):
            weight *= -0.5
        cues.append(Cue(at, meanings, weight))
    return sorted(cues, key=lambda cue: cue.token)


def strength(cue: Cue, profile: Profile) -> float:
    """How much `cue` speaks for a function, from 0 to 1."""
    return max((profile.strength.get(word, 0.0) * sure for word, sure in cue.meanings), default=0.0)
