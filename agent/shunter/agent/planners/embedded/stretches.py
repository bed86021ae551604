"""Stretches of a goal's text, and which functions they speak for."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass
from itertools import accumulate

from shunter.agent.planners.embedded.addresses import Addresses
from shunter.agent.planners.embedded.answering import Answering
from shunter.agent.planners.embedded.chunks import Chunk
from shunter.agent.planners.embedded.classifier.leaning import Leaning
from shunter.agent.planners.embedded.cues import Cue, cues_of, strength, strength_of_call
from shunter.agent.planners.embedded.filling.clause import Clause
from shunter.agent.planners.embedded.filling.fill import fill
from shunter.agent.planners.embedded.filling.filling import Filling, is_literal_type
from shunter.agent.planners.embedded.flow import Flow
from shunter.agent.planners.embedded.joints import Joint
from shunter.agent.planners.embedded.kinds import Kind
from shunter.agent.planners.embedded.lexicon import MODULE, Lexicon, Profile
from shunter.agent.planners.embedded.questions import Question
from shunter.agent.planners.embedded.roles import Role, role_of
from shunter.agent.planners.embedded.synonyms import SAID_FOR
from shunter.agent.planners.embedded.text import Text
from shunter.agent.planners.embedded.thesaurus import KIND_NOUNS, POLITE, STOP_WORDS
from shunter.engine import types as t
from shunter.engine.types.signature import Signature

CALL = 0.9
"""What speaks against a call by itself."""
_FUNCTIONS = 8
_UNEXPLAINED, _EXPLAINS, _UNSAID = 0.45, 0.4, 0.45
_ASTRAY = 0.2
"""What speaks against beginning with `from the notes`, which belongs to what stands before it."""
_LOWEST = -1.0
_HOPELESS = -3.6
_SAID, _CALLED = 0.2, 0.9
_KINDS = frozenset().union(*KIND_NOUNS.values()) - {
    "archiv",
    "html",
    "json",
    "markdown",
    "tarball",
    "zip",
    "csv",
}
"""Words for what is given rather than done, with which nothing begins: `from the film`."""
_COUNTING, _COUNT, _OF_OTHERS = frozenset({"how", "number"}), "count", 0.3
"""How `how many` begins, what it's said for, and how much that says where something else is counted."""
_LEFT = STOP_WORDS | {"left", "remain", "remaining", "over"}
"""What says nothing of what is counted: `how many there are`."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Tokens `start` to `end`, which speak for a function with `gain`; `filling` are its arguments.

    `learned` is the part of the gain that the classifier speaks for.
    """

    function: str
    start: int
    end: int
    joint: Joint
    gain: float
    filling: Filling
    learned: float


class Stretcher:
    """Rates functions by what stretches of one text say."""

    def __init__(self, text: Text, lexicon: Lexicon, flow: Flow, leaning: Leaning) -> None:
        self._text = text
        self._flow = flow
        self._leaning = leaning
        self._mentioned = text.mentioned
        self.cues = [
            cue
            for cue in cues_of(text.tokens, lexicon, text.mentioned, text.told, text.given)
            if cue.at not in text.aside
        ]
        self._profiles = [profile for name, profile in lexicon.profiles.items() if flow.reaches(name)]
        self._answering = Answering(text, self._profiles)
        self._literal = {
            profile.signature.name for profile in self._profiles if _takes_literals(profile.signature)
        }
        self._strengths = {
            profile.signature.name: [strength(cue, profile) * self._counts(cue, profile) for cue in self.cues]
            for profile in self._profiles
        }
        self._sums = {
            name: list(
                accumulate((_telling(cue, how) for cue, how in zip(self.cues, row, strict=True)), initial=0.0)
            )
            for name, row in self._strengths.items()
        }
        self._addresses = Addresses(text, self.cues, self._profiles)
        self._clauses: dict[tuple[int, int, Question | None], Clause] = {}
        names = frozenset().union(*(profile.name | profile.verbs for profile in self._profiles))
        self.verbs = {cue.at for cue in self.cues if cue.meanings[0][0] in names and not cue.polite}

    def stretches(self, chunks: Sequence[Chunk]) -> list[Stretch]:
        """What chunks in a row speak for."""
        start, end = chunks[0].start, chunks[-1].end
        inside = range(*_bounds([cue.at for cue in self.cues], start, end))
        said = {word for at in inside for word, sure in self.cues[at].meanings if sure > 0}
        ranked = sorted(
            ((self._coverage(profile, inside, said, start, end), profile) for profile in self._profiles),
            key=lambda item: -item[0],
        )
        found = []
        for coverage, profile in (*ranked[:_FUNCTIONS], *filter(self._may_be_filled, ranked[_FUNCTIONS:])):
            stretch = self._stretch(profile, coverage, inside, chunks)
            if stretch is not None:
                found.append(stretch)
        return found

    def _may_be_filled(self, ranked: tuple[float, Profile]) -> bool:
        """Whether literals may still make a good candidate of a function whose words are hardly said."""
        coverage, profile = ranked
        return coverage > _HOPELESS and profile.signature.name in self._literal

    def _coverage(self, profile: Profile, inside: range, said: Set[str], start: int, end: int) -> float:
        """How far a stretch speaks for a function, its arguments left aside; `said` are its stems."""
        name = profile.signature.name
        sums = self._sums[name]
        unsaid = _UNSAID * len(profile.name - said) / max(1, len(profile.name))
        acts = self._addresses.cost(profile, said, start, end)
        told = sums[inside.stop] - sums[inside.start] + self._leaning.gain(name, start, end)
        return told - unsaid - CALL - acts + self._answering.gain(profile, start, end)

    def _stretch(
        self, profile: Profile, coverage: float, inside: range, chunks: Sequence[Chunk]
    ) -> Stretch | None:
        signature = profile.signature
        start, end = chunks[0].start, chunks[-1].end
        if self._addresses.lacks(signature, start, end):
            return None
        question = self._answering.question(signature, start, end)
        filling = fill(signature, self._clause(start, end, question), profile.ports)
        if not self._flow.can_do_without(signature, filling.missing):
            return None
        row = self._strengths[signature.name]
        used = filling.used_places
        gain, said, telling = coverage + filling.gain, self._is_named(profile, inside), end
        for at in inside:
            cue = self.cues[at]
            how = strength_of_call(cue, profile, filling.arguments.keys()) * self._counts(cue, profile)
            told = _telling(cue, how)
            if self._is_explained(at, used, question) or self._addresses.is_for_later(cue, start, end):
                told = max(0.0, told)
            gain += told - _telling(cue, row[at])
            only_named = cue.at in self._mentioned and how < _CALLED
            said = said or (not (cue.polite or only_named) and how * min(1.0, cue.weight) > _SAID)
            thing = self._text.tokens[cue.at].stem
            is_thing = thing in _KINDS and thing not in profile.name
            telling = min(telling, cue.at) if told > 0.0 and how > MODULE and not is_thing else telling
        if gain < _LOWEST or not (said or question or filling.arguments):
            return None
        telling = min(used, default=end) if telling == end else telling
        joint = next((chunk.joint for chunk in chunks if chunk.start <= telling < chunk.end), chunks[0].joint)
        if chunks[0].joint is Joint.AFTER and any(chunks[0].start <= at < chunks[0].end for at in used):
            joint = Joint.AFTER
        if (
            chunks[0].joint is Joint.BREAK
            and joint is Joint.BEFORE
            and self._begins_request(chunks[0].start + 1)
        ):
            joint = Joint.BREAK  # , keep only the part from …
        astray = chunks[0].joint is Joint.BEFORE and joint is Joint.AFTER
        learned = self._leaning.gain(signature.name, start, end)
        return Stretch(signature.name, start, end, joint, gain - _ASTRAY * astray, filling, learned)

    def _counts(self, cue: Cue, profile: Profile) -> float:
        """How much of `how many` is left for a function that tells numbers: less, where it's not of those."""
        said = self._text.tokens[cue.at].word in _COUNTING and cue.meanings == ((_COUNT, 1.0),)
        if not said or not _is_of_records(profile.signature.returns):
            return 1.0
        after = self._text.tokens[cue.at + 2 : cue.at + 6]
        if (
            after[1:]
            and after[1].word in {"are", "were"}
            and not self._mentioned.isdisjoint(range(cue.at + 4, cue.at + 8))
        ):
            return 1.0  # how many errors are in the log, which are looked for first
        counted = [token.stem for token in after if token.kind is Kind.WORD and token.word not in _LEFT]
        return 1.0 if not counted or any(word in profile.own for word in counted) else _OF_OTHERS

    def _begins_request(self, at: int) -> bool:
        tokens = self._text.tokens
        return at in self.verbs or (at < len(tokens) and tokens[at].stem in {*POLITE, *SAID_FOR})

    def _is_named(self, profile: Profile, inside: range) -> bool:
        """Whether all the words of a longer name are said: that is no way to begin a request."""
        words = {word for at in inside for word, _ in self.cues[at].meanings}
        return len(profile.name) > 1 and profile.name <= words

    def _is_explained(self, at: int, used: frozenset[int], question: Question | None) -> bool:
        place = self.cues[at].at
        return place in used or (question is not None and question.start <= place < question.end)

    def _clause(self, start: int, end: int, question: Question | None) -> Clause:
        key = (start, end, question)
        if key not in self._clauses:
            self._clauses[key] = self._new_clause(start, end, question)
        return self._clauses[key]

    def _new_clause(self, start: int, end: int, question: Question | None) -> Clause:
        places = [
            at
            for at in range(start, end)
            if at not in self._text.silent
            and (question is None or not any(one.start <= at < one.end for one in self._text.questions))
        ]
        text = question.text if question else None
        return Clause(
            self._text.tokens, places, question=text, mentions=self._mentioned, given=self._text.given
        )


def _is_of_records(kind: t.Type) -> bool:
    return isinstance(kind.item if isinstance(kind, t.ListOf) else kind, t.Record)


def _takes_literals(signature: Signature) -> bool:
    """Whether a call is hardly made without a literal."""
    return any(
        is_literal_type(parameter.type)
        and (parameter.required or (role_of(parameter) is Role.PATTERN and isinstance(parameter.type, t.Str)))
        for parameter in signature.parameters
    )


def _telling(cue: Cue, how: float) -> float:
    """What a cue says for a function that it speaks for so much; against it, where that is little.

    What is denied only speaks against the functions that it is said of.
    """
    if cue.weight < 0.0:
        return cue.weight * how
    return cue.weight * (how - _UNEXPLAINED * (1.0 - min(1.0, how / _EXPLAINS)))


def _bounds(places: Sequence[int], start: int, end: int) -> tuple[int, int]:
    return sum(place < start for place in places), sum(place < end for place in places)
