"""The functions that a model is shown: all of them where they fit, else those that the goal's words name."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from shunter.agent.planners.model.schema import answer_schema
from shunter.agent.planners.model.size import SchemaSize, schema_size
from shunter.engine.types import Directory, File, ListOf, Optional, Type, fits
from shunter.engine.types.signature import Signature, Signatures
from shunter.instructions.goal import Goal

_COMMON = frozenset(
    "a an and are as at be by each every for from give given in into is it its me my of on one or out please "
    "so that the their them then these this to use using want what which with you your".split()
)
_CLAUSES = re.compile(r"[.;,:!?\n]+|\b(?:then|and|after that|afterwards)\b", re.IGNORECASE)
_ENDINGS = (
    "ization",
    "isation",
    "ations",
    "ation",
    "ings",
    "ing",
    "ions",
    "ion",
    "ers",
    "er",
    "ed",
    "es",
    "s",
    "e",
)
_MISSES = 12
"""So many functions in a row that don't fit end the search for one that does."""


@dataclass(frozen=True, slots=True)
class Selection:
    """The functions that are shown, the likelier first, and the goal's words that no function has."""

    shown: tuple[Signature, ...]
    unknown: tuple[str, ...]
    left_out: int = 0


def select(goal: Goal, functions: Signatures, limits: SchemaSize, *, always: Iterable[str] = ()) -> Selection:
    """As many functions as a schema within `limits` holds; those called in `always` come first."""
    index = _Index(functions)
    first = [functions[name] for name in always if name in functions]
    ranked = list(dict.fromkeys(signature.name for signature in [*first, *index.ranked(goal)]))
    shown = _fitting([functions[name] for name in ranked], goal, limits)
    if len(shown) < len(functions):
        shown = _bridged(shown, [functions[name] for name in ranked], goal, limits)
    return Selection(tuple(shown), index.unknown(goal.text), len(functions) - len(shown))


def words_of(text: str) -> list[str]:
    """The words of a text that say something, without their endings."""
    return [_stem(word) for word in _plain_words(text) if word not in _COMMON]


class _Index:
    """Each function's words, with rare ones weighing more and those of its name twice as much.

    That a function is made for the type of an input weighs nearly as much as a word that no other has.
    """

    def __init__(self, functions: Signatures) -> None:
        self._functions = functions
        self._words = {name: _function_words(signature) for name, signature in functions.items()}
        counts = Counter(word for words in self._words.values() for word in words)
        self._weight = {word: math.log(1 + len(functions) / count) for word, count in counts.items()}
        self._likes = 0.75 * math.log(1 + len(functions))

    def ranked(self, goal: Goal) -> list[Signature]:
        """All functions: the best of each clause, then the second best of each, and so on."""
        clauses = [words for clause in _CLAUSES.split(goal.text) if (words := set(words_of(clause)))]
        if "?" in goal.text:
            clauses.append(set(words_of("answer question")))
        kinds = [_element(kind) for kind in goal.inputs.values()]
        liked = {name: self._likes * _is_for(one, kinds) for name, one in self._functions.items()}
        columns = [self._for_clause(clause, liked) for clause in clauses] or [list(self._functions)]
        rows = [name for row in zip_longest(*columns) for name in row if name is not None]
        return [self._functions[name] for name in dict.fromkeys([*rows, *self._functions])]

    def unknown(self, text: str) -> tuple[str, ...]:
        """The words that stand in no function."""
        words = dict.fromkeys(word for word in _plain_words(text) if word not in _COMMON and word.isalpha())
        return tuple(word for word in words if _stem(word) not in self._weight)[:8]

    def _for_clause(self, words: set[str], liked: Mapping[str, float]) -> list[str]:
        scores = {name: self._score(known, words) + liked[name] for name, known in self._words.items()}
        named = [name for name, score in scores.items() if score > 0]
        return sorted(named, key=lambda name: (-scores[name], name))

    def _score(self, known: Mapping[str, float], words: set[str]) -> float:
        return sum(self._weight[word] * known[word] for word in words if word in known)


def _function_words(signature: Signature) -> dict[str, float]:
    documented = f"{signature.doc} {signature.returns_doc} {signature.returns}"
    parameters = " ".join(f"{each.name} {each.doc} {each.type}" for each in signature.parameters)
    weights = dict.fromkeys(words_of(parameters), 0.5)
    weights |= dict.fromkeys(words_of(documented), 1.0)
    return weights | dict.fromkeys(words_of(signature.name), 2.0)


def _fitting(ranked: Sequence[Signature], goal: Goal, limits: SchemaSize) -> list[Signature]:
    if schema_size(answer_schema(ranked[:200], goal, limits)).within(limits) and len(ranked) <= 200:
        return list(ranked)
    shown: list[Signature] = []
    misses = 0
    for signature in ranked:
        if not shown or _fits_in([*shown, signature], goal, limits):
            shown.append(signature)
            misses = 0
        else:
            misses += 1
        if misses == _MISSES:
            break
    return shown


def _fits_in(functions: Sequence[Signature], goal: Goal, limits: SchemaSize) -> bool:
    return schema_size(answer_schema(functions, goal, limits)).within(limits)


def _bridged(
    shown: Sequence[Signature], ranked: Sequence[Signature], goal: Goal, limits: SchemaSize
) -> list[Signature]:
    """`shown`, its last third given to functions that make what the others need and nothing else does."""
    kept = list(shown[: max(1, len(shown) * 2 // 3)])
    bridges = [one for one in _bridges(kept, ranked, goal) if one not in kept]
    for signature in [*bridges, *shown[len(kept) :]]:
        if signature not in kept and _fits_in([*kept, signature], goal, limits):
            kept.append(signature)
    return kept


def _bridges(kept: Sequence[Signature], ranked: Sequence[Signature], goal: Goal) -> Iterator[Signature]:
    there = [*goal.inputs.values(), *(signature.returns for signature in kept)]
    for wanted in dict.fromkeys(_needs(kept)):
        if not any(_serves(kind, wanted) for kind in there):
            yield from [one for one in ranked[:2000] if _serves(one.returns, wanted)][:2]


def _needs(signatures: Iterable[Signature]) -> Iterator[Type]:
    for signature in signatures:
        for parameter in signature.parameters:
            if parameter.required:
                yield parameter.type


def _serves(given: Type, wanted: Type) -> bool:
    return fits(given, wanted) or fits(_element(given), wanted)


def _is_for(signature: Signature, kinds: Sequence[Type]) -> bool:
    """Whether a parameter is made for one of these types: for `File[audio/*]`, not for any file or text."""
    wanted = {_element(parameter.type) for parameter in signature.parameters}
    special = [
        kind for kind in wanted if isinstance(kind, Directory) or (isinstance(kind, File) and kind.media)
    ]
    return any(fits(kind, one) for kind in kinds for one in special)


def _element(kind: Type) -> Type:
    """What a list or an optional value holds."""
    match kind:
        case Optional(inner) | ListOf(inner):
            return _element(inner)
    return kind


def _plain_words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text).lower())


def _stem(word: str) -> str:
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word.removesuffix(ending)
    return word
