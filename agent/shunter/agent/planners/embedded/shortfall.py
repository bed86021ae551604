"""What to say where there is no plan: which words led nowhere, what comes near, what is missing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from shunter.agent.planners.embedded.cues import Cue, strength
from shunter.agent.planners.embedded.filling.filling import is_literal_type
from shunter.agent.planners.embedded.flow import Flow
from shunter.agent.planners.embedded.lexicon import Lexicon, Profile
from shunter.agent.planners.embedded.text import Text
from shunter.agent.planners.protocol import Missing
from shunter.engine.types import Type

_NEAREST, _WORDS = 3, 6
_KNOWN = 0.3
"""How strongly some function has to know a word for it to count as understood."""
_NEAR = 0.5


def shortfall(
    text: Text, cues: Sequence[Cue], lexicon: Lexicon, flow: Flow, given: Mapping[str, Type]
) -> Missing:
    """Why no plan was found, from what was said and what is given."""
    near = _nearest(cues, lexicon.profiles.values())
    names = tuple(profile.signature.name for profile in near)
    words = tuple(_strangers(text, cues, lexicon))
    lacking = [profile for profile in near if not flow.feeds(profile.signature)]
    if near and lacking and near[0] is lacking[0]:
        inputs = _artifacts(near[0])
        have = ", ".join(f"{name}: {kind}" for name, kind in given.items()) or "nothing"
        wanted = " and ".join(inputs)
        said = f"{names[0]} may be what is meant, and it needs {wanted}; there is {have} to make it from"
        said += f"; no function was found for {listed(words)}" if words else ""
        return Missing(said, words, names, inputs)
    if not cues:
        return Missing("the goal says nothing that a function does", words, names)
    if words:
        return Missing(f"no function was found for {listed(words)}", words, names)
    return Missing("no way was found to put the functions together that the words speak for", (), names)


def _nearest(cues: Sequence[Cue], profiles: Iterable[Profile]) -> list[Profile]:
    ranked = [
        (sum(max(0.0, cue.weight) * strength(cue, profile) for cue in cues), profile) for profile in profiles
    ]
    ranked.sort(key=lambda item: -item[0])
    return [profile for score, profile in ranked[:_NEAREST] if score > _NEAR]


def _strangers(text: Text, cues: Sequence[Cue], lexicon: Lexicon) -> list[str]:
    """Words that no function knows, in the order of the text."""
    found = [
        text.tokens[cue.at].text
        for cue in cues
        if cue.at not in text.mentioned
        and max((strength(cue, profile) for profile in lexicon.profiles.values()), default=0.0) < _KNOWN
    ]
    return list(dict.fromkeys(found))[:_WORDS]


def _artifacts(profile: Profile) -> tuple[str, ...]:
    return tuple(
        f"{parameter.name}: {parameter.type}"
        for parameter in profile.signature.parameters
        if parameter.required and not is_literal_type(parameter.type)
    )


def listed(words: Sequence[str]) -> str:
    """Words as a part of a sentence."""
    quoted = [f"“{word}”" for word in words]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} and {quoted[-1]}"
