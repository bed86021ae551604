"""Ways to read a goal: its words cut into stretches, each of which speaks for a function."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from shunter.agent.planners.embedded.evidence import cues_of, strength
from shunter.agent.planners.embedded.profile import Lexicon
from shunter.agent.planners.embedded.tokens import Kind, Token, tokenise

_KEPT = 24
_FUNCTIONS = 5
_COST = 0.9
_UNEXPLAINED = 0.3
_STRONG = 0.5
_QUESTION = 1.7
_ASKING = re.compile(
    r"(?:^|[:,;.!]\s*|\b(?:answer|answers|tell me|find out|question|questions|know|say)[:,]?\s+(?:the question\s+)?"
    r"(?:of\s+)?)((?:who|what|when|where|why|which|how|whose|whom|is|are|was|were|does|do|did|has|have|can)\b[^?!;\n]*\??)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Tokens `start` to `end`, which speak for `function` with `gain`."""

    function: str
    start: int
    end: int
    gain: float


@dataclass(frozen=True, slots=True)
class Reading:
    """Stretches in the order of the text."""

    stretches: tuple[Stretch, ...]
    gain: float


@dataclass(frozen=True, slots=True)
class Question:
    """A part of the goal that asks something: its text, and its tokens."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Text:
    """A goal, taken apart. `unknown` are words that no function knows."""

    tokens: Sequence[Token]
    questions: tuple[Question, ...]
    unknown: tuple[str, ...]


def take_apart(text: str, lexicon: Lexicon) -> Text:
    """The tokens of a goal and what it asks."""
    tokens = tokenise(text)
    questions = []
    for match in _ASKING.finditer(text):
        begin, end = match.span(1)
        inside = [at for at, token in enumerate(tokens) if begin <= token.start < end]
        if len(inside) >= 3:
            questions.append(Question(match[1].strip(), inside[0], inside[-1] + 1))
    unknown = tuple(
        token.text
        for token in tokens
        if token.kind is Kind.WORD and token.stem not in lexicon.rarity and len(token.word) > 2
    )
    return Text(tokens, tuple(questions), unknown)


def readings(text: Text, lexicon: Lexicon, quiet: Mapping[str, float]) -> list[Reading]:
    """The likeliest readings, best first."""
    cues = cues_of(text.tokens, lexicon, quiet)
    count = len(cues)
    tables = _gains(cues, lexicon)
    starts = [cue.token for cue in cues] + [len(text.tokens)]
    best: list[list[tuple[float, tuple[tuple[str, int, int, float], ...]]]] = [[] for _ in range(count + 1)]
    best[0] = [(0.0, ())]
    for end in range(1, count + 1):
        found: list[tuple[float, tuple[tuple[str, int, int, float], ...]]] = []
        for begin in range(max(0, end - 14), end):
            if not best[begin]:
                continue
            cut = _cut(text.tokens, starts, begin) if begin else 0.0
            for function, gain in _likely(tables, cues, begin, end, text, lexicon):
                for total, so_far in best[begin]:
                    again = 0.5 * sum(1 for other in so_far if other[0] == function)
                    found.append((total + gain + cut - again, (*so_far, (function, begin, end, gain))))
        found.sort(key=lambda item: -item[0])
        best[end] = found[:_KEPT]
    return [_reading(total, parts, text, starts) for total, parts in best[count] if parts]


def _gains(cues: Sequence[object], lexicon: Lexicon) -> dict[str, list[tuple[float, float]]]:
    """For each function the running sums of gains, and the strongest single evidence so far by cue."""
    tables: dict[str, list[tuple[float, float]]] = {}
    for name, profile in lexicon.profiles.items():
        row: list[tuple[float, float]] = []
        for cue in cues:
            how = strength(cue, profile)  # type: ignore[arg-type]
            weight = cue.weight  # type: ignore[attr-defined]
            row.append((weight * (how - _UNEXPLAINED * (1.0 - min(1.0, how / 0.4))), how * min(1.0, weight)))
        tables[name] = row
    return tables


def _likely(
    tables: Mapping[str, list[tuple[float, float]]],
    cues: Sequence[object],
    begin: int,
    end: int,
    text: Text,
    lexicon: Lexicon,
) -> list[tuple[str, float]]:
    found: list[tuple[str, float]] = []
    first, last = cues[begin].token, cues[end - 1].token  # type: ignore[attr-defined]
    asked = any(
        question.start >= first - 2 and question.end > first and question.start <= last
        for question in text.questions
    )
    for name, row in tables.items():
        part = row[begin:end]
        gain = sum(item[0] for item in part)
        if max(item[1] for item in part) < _STRONG:
            if not (asked and _takes_question(lexicon, name)):
                continue
        gain -= _COST
        missing = _unsaid(lexicon, name, cues[begin:end])
        gain -= missing
        if asked and _takes_question(lexicon, name):
            gain += _QUESTION + 0.6 * sum(max(0.0, -item[0]) for item in part)
        found.append((name, gain))
    found.sort(key=lambda item: -item[1])
    return found[:_FUNCTIONS]


def _takes_question(lexicon: Lexicon, name: str) -> bool:
    signature = lexicon.profiles[name].signature
    return signature.parameter("question") is not None


def _unsaid(lexicon: Lexicon, name: str, cues: Sequence[object]) -> float:
    """What it costs that the words of a function's own name aren't said."""
    said = {word for cue in cues for word, _ in cue.meanings}  # type: ignore[attr-defined]
    own = lexicon.profiles[name].name
    return 0.45 * sum(word not in said for word in own) / max(1, len(own))


def _cut(tokens: Sequence[Token], starts: Sequence[int], begin: int) -> float:
    """What speaks for a cut before the cue `begin`."""
    between = tokens[starts[begin - 1] + 1 : starts[begin]]
    if any(token.kind is Kind.BREAK for token in between):
        return 0.25
    if any(token.word in {"and", "then"} for token in between):
        return 0.15
    if any(
        token.word in {"of", "as", "into", "to", "from", "whose", "that", "with", "in"} for token in between
    ):
        return -0.15
    return -0.8


def _reading(
    total: float, parts: Sequence[tuple[str, int, int, float]], text: Text, starts: Sequence[int]
) -> Reading:
    borders = [0]
    for _, begin, _, _ in parts[1:]:
        borders.append(_border(text.tokens, starts[begin - 1], starts[begin]))
    borders.append(len(text.tokens))
    stretches = tuple(
        Stretch(function, borders[at], borders[at + 1], gain)
        for at, (function, _, _, gain) in enumerate(parts)
    )
    return Reading(stretches, total)


def _border(tokens: Sequence[Token], last: int, first: int) -> int:
    """Where a stretch ends that has the cue at `last`, before the cue at `first`."""
    for at in range(first - 1, last, -1):
        if tokens[at].kind is Kind.BREAK or tokens[at].word in {"and", "then"}:
            return at
    return first
