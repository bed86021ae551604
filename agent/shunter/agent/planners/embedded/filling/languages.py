"""Languages and voices: by their codes, or by what they are called."""

from __future__ import annotations

import re
from collections.abc import Iterator

from shunter.agent.planners.embedded.filling.filling import Filling, Spot
from shunter.agent.planners.embedded.phrases import LANGUAGES
from shunter.agent.planners.embedded.thesaurus import FORMATS, STOP_WORDS
from shunter.engine.types.signature import Parameter

_CODE = re.compile(r"[a-z]{2,3}(-[a-z0-9]{1,8})*(\+\w{1,12})?\Z")
_REGIONAL = re.compile(r"[a-z]{2}-[a-z]{2}(-[a-z0-9]{1,8})*\Z")
_ABOUT = frozenset({":", "=", "is", "code", "set", "to"})
"""What stands between the word for a language and its code."""
_NO_CODES = STOP_WORDS | _ABOUT | FORMATS.keys()
_READING = frozenset("aloud read reads say voice loud".split())
"""What says that a language is one to be spoken in, rather than one that is heard."""
_VOICES = frozenset({"voice", "accent", "speaker"})
_NEAR = 6


def find_languages(filling: Filling, parameter: Parameter) -> Iterator[Spot]:
    """A short code such as `de` or `en-us`, in brackets or after the parameter's name; or a language."""
    clause = filling.clause
    for at, token in enumerate(clause.tokens):
        if token.word in _NO_CODES or not _CODE.match(token.text):
            continue
        bracketed = clause.word(at - 1) == "(" and clause.word(at + 1) == ")"
        led = clause.word(clause.skip(at - 1, _ABOUT, step=-1)) == parameter.name
        spoken = _REGIONAL.match(token.text) is not None or clause.word(at + 1) == "voice"
        if bracketed or led or (spoken and parameter.name == "voice"):
            yield token.text, at
    for at, token in enumerate(clause.tokens):
        if token.word in LANGUAGES:
            yield LANGUAGES[token.word], at
    if parameter.name == "language":
        yield from _heard(filling)


def _heard(filling: Filling) -> Iterator[Spot]:
    """The one language that another part of the text names: `the talks are in German`."""
    words = [token.word for token in filling.clause.whole]
    named = [at for at, word in enumerate(words) if word in LANGUAGES]
    if len({words[at] for at in named}) != 1:
        return
    before = words[max(0, named[0] - _NEAR) : named[0]]
    if _READING.isdisjoint(before) and not _VOICES & {*words[named[0] + 1 : named[0] + 2]}:
        yield (LANGUAGES[words[named[0]]],)
