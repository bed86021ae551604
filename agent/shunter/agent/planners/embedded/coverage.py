"""How much of what a goal says a reading makes something of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from shunter.agent.planners.embedded.cues import Cue, strength, strength_of_call
from shunter.agent.planners.embedded.lexicon import NAME, Lexicon
from shunter.agent.planners.embedded.readings import Reading
from shunter.agent.planners.embedded.stretches import Stretch
from shunter.agent.planners.embedded.text import Text

_ENOUGH, _SAID = 0.2, 0.4
_STRANGE = 10.0
"""How much more unknown words weigh where no input is named: what the goal is about may be one of them."""
_LITERAL = 1.5
"""What a literal weighs beside words."""


def coverage(
    reading: Reading, text: Text, cues: Sequence[Cue], lexicon: Lexicon
) -> tuple[float, tuple[str, ...]]:
    """The share of a goal that is explained, by weight, and the words and literals that aren't."""
    known, lost = 0.0, []
    weights = 0.0
    for at, weight, is_known in _told(reading, text, cues, lexicon):
        weights += weight
        if is_known:
            known += weight
        else:
            lost.append(text.tokens[at].text)
    lost.extend(text.tokens[at].text for at in _passed_over(reading, text, cues))
    share = known / weights if weights else 0.0
    return share, tuple(dict.fromkeys(lost))


def _told(
    reading: Reading, text: Text, cues: Sequence[Cue], lexicon: Lexicon
) -> Iterator[tuple[int, float, bool]]:
    for stretch in reading.stretches:
        used = stretch.filling.used_places | _asked(stretch, text) | text.mentioned
        for cue in cues:
            if stretch.start <= cue.at < stretch.end and cue.weight > 0:
                profile = lexicon.profiles[stretch.function]
                how = strength_of_call(cue, profile, stretch.filling.arguments.keys())
                known = how >= _ENOUGH or cue.at in used or _names_result(cue, stretch, reading, lexicon)
                told = known or bool(stretch.filling.arguments)
                strange = not (told or text.mentioned or not text.mentions or _is_known(cue, lexicon))
                if known or cue.at not in text.told:
                    yield cue.at, cue.weight * (_STRANGE if strange else 1.0), known
        for at in range(stretch.start, stretch.end):
            if text.tokens[at].is_literal:
                yield at, _LITERAL, at in used


def _names_result(cue: Cue, stretch: Stretch, reading: Reading, lexicon: Lexicon) -> bool:
    """Whether a word is the name of what an earlier call gave: `the transcript`, after transcribing."""
    return any(
        strength(cue, lexicon.profiles[other.function]) >= NAME
        for other in reading.stretches
        if other.start < stretch.start
    )


def _passed_over(reading: Reading, text: Text, cues: Sequence[Cue]) -> Iterator[int]:
    """Words and literals that no call was chosen for."""
    read = {at for stretch in reading.stretches for at in range(stretch.start, stretch.end)}
    quiet = read | text.aside | text.told | text.mentioned
    said = {cue.at for cue in cues if cue.weight >= _SAID}
    for at, token in enumerate(text.tokens):
        if at not in quiet and (at in said or token.is_literal):
            yield at


def _is_known(cue: Cue, lexicon: Lexicon) -> bool:
    """Whether any function says what is said here."""
    return any(word in lexicon.rarity for word, _ in cue.meanings)


def _asked(stretch: Stretch, text: Text) -> frozenset[int]:
    """The tokens of the question that the stretch's call answers."""
    if stretch.filling.clause.question is None:
        return frozenset()
    return frozenset(at for asked in text.questions for at in range(asked.start, asked.end))
