"""Literals and names in the words of a clause, as arguments of a function."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from shunter.agent.planners.embedded.profile import keywords
from shunter.agent.planners.embedded.stems import stem
from shunter.agent.planners.embedded.tokens import Kind, Token
from shunter.engine import types as t
from shunter.engine.digest import JsonValue
from shunter.engine.types import media
from shunter.engine.types.signature import Parameter, Signature

_COMPARISONS: Mapping[str, tuple[str, ...]] = {
    "at_least": ("at least", "no less than", "or more", "from", ">=", "≥"),
    "at_most": ("at most", "no more than", "or less", "up to", "<=", "≤"),
    "greater": ("greater than", "more than", "larger than", "higher than", "bigger than", "over", "above", "exceeds",
                "exceeding", "beyond", "after", "older than", ">"),
    "less": ("less than", "lower than", "smaller than", "fewer than", "under", "below", "before", "younger than", "<"),
    "differs": ("is not", "isn't", "differs from", "other than", "not", "!=", "≠", "<>"),
    "is_empty": ("is empty", "is missing", "empty", "missing", "has no", "without", "no", "blank"),
    "is_filled": ("is filled", "is not empty", "isn't empty", "is given", "is set", "filled", "is present"),
    "contains": ("contains", "containing", "contain", "includes", "including", "mentions", "mentioning", "has"),
    "matches": ("matches", "matching", "match"),
    "equals": ("is", "are", "equals", "equal to", "=", "==", "of"),
}  # fmt: skip
_CHOICES: Mapping[str, tuple[str, ...]] = {
    "mean": ("average", "mean", "avg"),
    "sum": ("sum", "total", "totals", "add up", "sum up", "altogether"),
    "count": ("count", "how many", "number of"),
    "min": ("minimum", "min", "smallest", "lowest", "cheapest", "earliest"),
    "max": ("maximum", "max", "largest", "highest", "greatest", "biggest", "latest", "top"),
    "left": ("left join", "left"),
    "jpeg": ("jpeg", "jpg"),
    "tiff": ("tiff", "tif"),
}
_FLAGS: Mapping[str, tuple[str, ...]] = {
    "descending": ("descending", "highest first", "greatest first", "largest first", "biggest first", "newest first",
                   "latest first", "most expensive first", "reverse", "reversed", "downwards", "from high to low",
                   "the greatest first", "the highest first", "the largest first", "decreasing"),
    "reverse": ("descending", "reverse", "reversed", "backwards", "from z to a", "largest first", "highest first",
                "greatest first", "biggest first", "decreasing"),
    "unique": ("unique", "duplicates", "duplicate", "distinct", "repeats", "repeated", "repetitions", "each once",
               "deduplicated", "dedupe", "only once"),
    "numeric": ("numerically", "numeric", "as numbers", "by number", "numerical"),
    "ignore_case": ("ignoring case", "ignore case", "case-insensitive", "case insensitive", "regardless of case",
                    "capital or not", "upper or lower case", "case"),
    "invert": ("without", "not containing", "don't contain", "do not contain", "don't match", "do not match",
               "not matching", "except", "drop the lines", "remove the lines", "other than", "drop", "remove"),
    "regex": ("regular expression", "regex", "regexp"),
    "sort_keys": ("sorted keys", "sort keys", "sort the keys", "keys sorted", "keys in order"),
}  # fmt: skip
_COLUMN_STOPS = frozenset(
    """the a an its their each every all only and or by per on in of for to with from as then column columns field
    fields row rows table tables is are was whose where that which values it them record records entries
    group grouped sort sorted order ordered sum mean average total keep select""".split()
)
_UNNAMED = frozenset(
    {"the", "a", "an", "its", "their", "this", "that", "column", "columns", "field", "fields"}
)


@dataclass
class Filling:
    """What was found for the plain parameters of a function, and what speaks for it."""

    arguments: dict[str, JsonValue] = field(default_factory=dict)
    gain: float = 0.0
    used: set[int] = field(default_factory=set)
    missing: list[str] = field(default_factory=list)


def is_plain(kind: t.Type) -> bool:
    """Whether a literal can be of the type."""
    match kind:
        case t.Optional(inner) | t.ListOf(inner):
            return is_plain(inner)
        case t.File() | t.Directory() | t.Secret() | t.Record():
            return False
    return True


class Clause:
    """The tokens that a function was chosen for; `question` is text that asks something, `around` the whole goal."""

    def __init__(
        self, tokens: Sequence[Token], question: str | None = None, around: Sequence[Token] = ()
    ) -> None:
        self.tokens = list(tokens)
        self.around = list(around)
        self.question = question
        self.words = [token.word for token in self.tokens]
        self.text = " ".join(self.words)

    def find(self, phrase: str) -> int | None:
        """Where a phrase begins."""
        parts = phrase.split()
        for at in range(len(self.words) - len(parts) + 1):
            if self.words[at : at + len(parts)] == parts:
                return at
        return None

    def has(self, *phrases: str) -> bool:
        """Whether one of the phrases is there."""
        return any(self.find(phrase) is not None for phrase in phrases)


def fill(signature: Signature, clause: Clause) -> Filling:
    """Arguments for the plain parameters of a function, out of a clause."""
    filling = Filling()
    filler = _Filler(signature, clause, filling)
    for parameter in signature.parameters:
        if is_plain(parameter.type):
            filler.parameter(parameter)
    filler.finish()
    return filling


class _Filler:
    def __init__(self, signature: Signature, clause: Clause, filling: Filling) -> None:
        self._signature = signature
        self._clause = clause
        self._filling = filling
        self._names = {parameter.name for parameter in signature.parameters}
        self._numbers = self._assign_numbers()

    def parameter(self, parameter: Parameter) -> None:
        kind = parameter.type.inner if isinstance(parameter.type, t.Optional) else parameter.type
        found: JsonValue = None
        match kind:
            case t.Enum(choices):
                found = self._choice(choices)
            case t.Bool():
                found = self._flag(parameter)
            case t.Int() | t.Float():
                found = self._number(parameter, kind)
            case t.Str():
                found = self._text(parameter)
            case t.ListOf(t.Str()):
                found = self._columns(parameter) or None
        if found is not None:
            self._filling.arguments[parameter.name] = found
            self._filling.gain += 0.7 if parameter.required else 0.4
        elif parameter.required:
            self._filling.missing.append(parameter.name)

    def finish(self) -> None:
        """Left-over literals speak against the function; so does a required argument that isn't there."""
        tokens = self._clause.tokens
        left = [
            at
            for at, token in enumerate(tokens)
            if token.is_literal and at not in self._filling.used and not self._names_an_input(at)
        ]
        self._filling.gain -= 0.5 * len(left)

    def _names_an_input(self, at: int) -> bool:
        token = self._clause.tokens[at]
        return token.kind is Kind.PATH and "/" not in token.text

    def _take(self, at: int) -> None:
        self._filling.used.add(at)

    # choices and flags

    def _choice(self, choices: tuple[str, ...]) -> str | None:
        best: tuple[int, int, str] | None = None
        for choice in choices:
            comparing = choice in _COMPARISONS
            phrases = _COMPARISONS.get(choice) or (
                *_CHOICES.get(choice, ()),
                choice,
                choice.replace("_", " "),
            )
            for phrase in phrases:
                at = self._clause.find(phrase)
                if at is None:
                    continue
                rank = (
                    len(phrase.split()) * 10
                    - (5 if comparing and phrase in {"is", "are", "of", "not", "no", "has"} else 0),
                    -at,
                )
                if best is None or rank > best[:2]:
                    best = (*rank, choice)
        if best is None:
            return None
        return best[2]

    def _flag(self, parameter: Parameter) -> bool | None:
        phrases = _FLAGS.get(parameter.name, (parameter.name.replace("_", " "),))
        return True if self._clause.has(*phrases) else None

    # numbers

    def _assign_numbers(self) -> dict[str, int]:
        """For each numeric parameter the token that is its number."""
        tokens = self._clause.tokens
        numbers = [at for at, token in enumerate(tokens) if token.kind in {Kind.NUMBER, Kind.TIME}]
        wanted = [
            parameter
            for parameter in self._signature.parameters
            if isinstance(
                parameter.type.inner if isinstance(parameter.type, t.Optional) else parameter.type,
                t.Int | t.Float,
            )
        ]
        if {"start", "end"} <= self._names:
            return self._span(numbers)
        if {"width", "height"} <= self._names:
            pair = self._pair(numbers)
            if pair:
                numbers = [at for at in numbers if at not in pair.values()]
                return {**pair, **self._by_keyword(numbers, [p for p in wanted if p.name not in pair])}
        return self._by_keyword(numbers, wanted)

    def _span(self, numbers: list[int]) -> dict[str, int]:
        words = self._clause.words
        found: dict[str, int] = {}
        for at in numbers:
            before = words[max(0, at - 6) : at]
            if (
                any(word in {"first", "initial"} for word in before)
                or "until" in before
                or "till" in before
                or (before and {"to", "and", "-", "end", "ending"} & set(before[-3:]) and "start" in found)
            ):
                found.setdefault("end", at)
            elif {
                "from",
                "after",
                "start",
                "starts",
                "starting",
                "begin",
                "beginning",
                "begins",
                "between",
                "skip",
            } & set(before):
                found.setdefault("start", at)
            elif "start" in found:
                found.setdefault("end", at)
            elif len(numbers) == 1:
                found["end"] = at
            else:
                found["start"] = at
        return found

    def _pair(self, numbers: list[int]) -> dict[str, int]:
        words = self._clause.words
        for left, right in zip(numbers, numbers[1:], strict=False):
            if words[left + 1 : right] in (["by"], ["x"], ["×"], ["times"]):
                return {"width": left, "height": right}
        return {}

    def _by_keyword(self, numbers: list[int], wanted: list[Parameter]) -> dict[str, int]:
        scores: list[tuple[float, str, int]] = []
        for parameter in wanted:
            near = keywords(parameter) | _NUMBER_CUES.get(parameter.name, frozenset())
            own = frozenset(stem(word) for word in parameter.name.split("_"))
            for at in numbers:
                distance = self._distance(at, own | _NUMBER_CUES.get(parameter.name, frozenset()))
                other = self._distance(at, near)
                score = max(3.0 - distance * 0.5, 2.0 - other * 0.6)
                if parameter.required:
                    score += 0.5
                if len(numbers) == 1 and len(wanted) == 1:
                    score += 1.0
                scores.append((score, parameter.name, at))
        found: dict[str, int] = {}
        for score, name, at in sorted(scores, key=lambda item: -item[0]):
            if score > 0.4 and name not in found and at not in found.values():
                found[name] = at
        return found

    def _distance(self, at: int, stems: frozenset[str]) -> float:
        distances = [
            abs(at - other) + (0.25 if other < at else 0.0)
            for other, token in enumerate(self._clause.tokens)
            if token.kind is Kind.WORD and token.stem in stems
        ]
        return min(distances, default=99.0)

    def _number(self, parameter: Parameter, kind: t.Type) -> JsonValue:
        size = self._size(parameter.name)
        if size is not None:
            return size
        at = self._numbers.get(parameter.name)
        if at is None:
            return None
        number = self._clause.tokens[at].number
        if number is None:
            return None
        self._take(at)
        following = self._clause.words[at + 1 : at + 2]
        if isinstance(kind, t.Float) and following and following[0] in {"minutes", "minute"}:
            number *= 60
        if following == ["kilohertz"]:
            number *= 1000
        if isinstance(kind, t.Int):
            return int(number) if number == int(number) else None
        return number

    def _size(self, name: str) -> int | None:
        if name not in {"width", "height"}:
            return None
        for at, token in enumerate(self._clause.tokens):
            if token.size is not None:
                self._take(at)
                return token.size[0 if name == "width" else 1]
        return None

    # texts

    def _text(self, parameter: Parameter) -> str | None:
        name = parameter.name
        if name in {"question", "query"}:
            return self._question()
        if name in {"column", "on"} or (name == "by"):
            columns = self._columns(parameter)
            return columns[0] if columns else None
        if name == "value" and "operator" in self._names:
            return self._compared()
        if name in {"old", "new"}:
            return self._replaced(name)
        if name == "name":
            return self._file_name()
        if name == "path":
            return self._first(Kind.KEYS, Kind.PATH, Kind.QUOTED)
        if name == "pattern":
            return self._first(Kind.REGEX, Kind.GLOB, Kind.QUOTED, Kind.PATH) or self._code()
        if name in {"language", "voice"}:
            return self._code_word(parameter)
        if name == "title":
            return self._after(("titled", "title", "called", "headed", "heading", "headline"), strict=True)
        if name == "separator":
            return self._after(("between", "separated", "separator"), strict=True, either_side=True)
        if parameter.required or name == "text":
            return self._first(Kind.QUOTED, Kind.URL if name == "url" else Kind.QUOTED)
        return self._after((stem(name), *keywords(parameter)), strict=True)

    def _question(self) -> str | None:
        if self._clause.question:
            return self._clause.question
        quoted = self._first(Kind.QUOTED)
        if quoted:
            return quoted
        return None

    def _first(self, *kinds: Kind) -> str | None:
        for kind in kinds:
            for at, token in enumerate(self._clause.tokens):
                if token.kind is kind and at not in self._filling.used:
                    self._take(at)
                    return token.text
        return None

    def _code(self) -> str | None:
        for at, token in enumerate(self._clause.tokens):
            if token.is_code and at not in self._filling.used:
                self._take(at)
                return token.text
        words = self._clause.words
        for at, word in enumerate(words[:-1]):
            if word in {
                "contain",
                "contains",
                "containing",
                "with",
                "mention",
                "mentioning",
                "mentions",
                "for",
                "match",
                "matching",
                "say",
                "saying",
            }:
                follower = self._clause.tokens[at + 1]
                if follower.kind is Kind.WORD and follower.word not in _COLUMN_STOPS:
                    self._take(at + 1)
                    return follower.text
        return None

    def _code_word(self, parameter: Parameter) -> str | None:
        """A short code such as `de` or `en-us`, in brackets or after the parameter's name."""
        tokens = self._clause.tokens
        for at, token in enumerate(tokens):
            before = tokens[at - 1].text if at else ""
            bracketed = before == "(" and at + 1 < len(tokens) and tokens[at + 1].text == ")"
            named = before.lower() in {parameter.name, "in"} and at > 0
            if re.fullmatch(r"[a-z]{2,3}(-[a-z]{2,4})?", token.text) and (
                bracketed or (named and before.lower() == parameter.name)
            ):
                self._take(at)
                return token.text
        for name, code in _LANGUAGES.items():
            if parameter.name == "language" and name in self._clause.words:
                return code
        return None

    def _after(self, cues: tuple[str, ...], *, strict: bool, either_side: bool = False) -> str | None:
        tokens = self._clause.tokens
        for at, token in enumerate(tokens):
            if token.kind is not Kind.QUOTED or at in self._filling.used:
                continue
            near = tokens[max(0, at - 3) : at] + (tokens[at + 1 : at + 4] if either_side else [])
            if any(other.word in cues or other.stem in cues for other in near):
                self._take(at)
                return token.text
        return None

    def _replaced(self, name: str) -> str | None:
        tokens = self._clause.tokens
        spots = [
            at for at, token in enumerate(tokens) if token.kind in {Kind.QUOTED, Kind.REGEX} or token.is_code
        ]
        words = self._clause.words
        cut = next(
            (
                at
                for at, word in enumerate(words)
                if word in {"by", "with", "to", "into"} and at > 0 and any(spot < at for spot in spots)
            ),
            None,
        )
        if len(spots) < 2:
            spots = [at for at, token in enumerate(tokens) if cut is not None and at in {cut - 1, cut + 1}]
        if len(spots) < 2:
            return None
        at = spots[0] if name == "old" else spots[1]
        if words[max(0, spots[0] - 1)] in {"with", "by"} and cut is not None:
            at = spots[1] if name == "old" else spots[0]
        self._take(at)
        return tokens[at].text

    def _file_name(self) -> str | None:
        tokens = self._clause.tokens
        for at, token in enumerate(tokens):
            if (
                token.kind is Kind.PATH
                and "/" not in token.text
                and "." in token.text
                and at not in self._filling.used
                and not token.text.startswith("tar.")
            ):
                before = [other.word for other in tokens[max(0, at - 2) : at]]
                if {"as", "to", "into", "called", "named", "name", "in", "it"} & set(before):
                    self._take(at)
                    return token.text
        wanted = self._signature.returns
        for at, token in enumerate(self._clause.around):
            if token.kind is Kind.PATH and isinstance(wanted, t.File) and wanted.media is not None:
                before = self._clause.around[at - 1].word if at else ""
                if (
                    before in {"to", "as", "into", "called", "named"}
                    and media.of_name(token.text) == wanted.media
                ):
                    return token.text
        for at, token in enumerate(tokens[1:], 1):
            if token.kind is Kind.QUOTED and tokens[at - 1].word in {"called", "named", "name"}:
                self._take(at)
                return token.text
        return None

    # columns

    def _columns(self, parameter: Parameter) -> list[str]:
        name = parameter.name
        if name == "column" and "operator" in self._names:
            return self._condition_column()
        if name == "column":
            return self._summed_column()
        cues = {
            "by": ("by", "per", "for each", "for every", "in each", "in every"),
            "on": ("on", "by", "using", "via", "through"),
            "columns": ("columns", "column", "fields", "keep", "only", "select"),
        }.get(name, (name,))
        for cue in cues:
            at = self._clause.find(cue)
            while at is not None:
                found = list(self._names_from(at + len(cue.split())))
                if found:
                    return found
                rest = [
                    other
                    for other in range(at + 1, len(self._clause.words))
                    if self._clause.words[other : other + len(cue.split())] == cue.split()
                ]
                at = rest[0] if rest else None
        if name == "columns":
            return list(self._names_from(0))
        return []

    def _names_from(self, start: int) -> Iterator[str]:
        """Names in a row: `date and balance`, `name, email`."""
        tokens, at, got = self._clause.tokens, start, False
        while at < len(tokens):
            token = tokens[at]
            if token.word in _UNNAMED:
                at += 1
                continue
            joined = token.word in {"and", ",", "&"}
            if joined and got:
                at += 1
                got = False
                continue
            if got or not self._can_name(token):
                return
            self._take(at)
            yield token.text
            got = True
            at += 1

    def _can_name(self, token: Token) -> bool:
        if token.kind is Kind.QUOTED:
            return True
        return token.kind in {Kind.WORD} and token.word not in _COLUMN_STOPS and token.word not in _ORDERS

    def _condition_column(self) -> list[str]:
        tokens, words = self._clause.tokens, self._clause.words
        for at, word in enumerate(words):
            if word in {"whose", "where", "column", "with", "having", "by"} and at + 1 < len(tokens):
                follower = at + 1
                while follower < len(tokens) and words[follower] in {
                    "the",
                    "a",
                    "an",
                    "column",
                    "value",
                    "of",
                }:
                    follower += 1
                if (
                    follower < len(tokens)
                    and self._can_name(tokens[follower])
                    and self._compares(follower + 1)
                ):
                    self._take(follower)
                    return [tokens[follower].text]
        for at, token in enumerate(tokens):
            if self._can_name(token) and self._compares(at + 1) and at:
                self._take(at)
                return [token.text]
        return []

    def _compares(self, at: int) -> bool:
        """Whether a comparison begins here."""
        words = self._clause.words
        phrases = [
            phrase.split()
            for phrases in _COMPARISONS.values()
            for phrase in phrases
            if phrase not in {"of", "no", "from"}
        ]
        return any(words[at : at + len(phrase)] == phrase for phrase in phrases)

    def _compared(self) -> str | None:
        operator = self._filling.arguments.get("operator")
        if operator in {"is_empty", "is_filled"}:
            return None
        column = next(iter(sorted(self._filling.used)), -1)
        tokens, words = self._clause.tokens, self._clause.words
        ends = [
            at + len(phrase.split())
            for phrase in _COMPARISONS.get(str(operator), ())
            for at in range(len(words))
            if words[at : at + len(phrase.split())] == phrase.split() and at > column
        ]
        for end in sorted(ends):
            for at in range(end, min(end + 3, len(tokens))):
                token = tokens[at]
                if token.word in {"the", "a", "an", "to", "than", "equal"}:
                    continue
                if token.is_literal or (token.kind is Kind.WORD and token.word not in {"and", "or"}):
                    self._take(at)
                    return token.text
                break
        return None

    def _summed_column(self) -> list[str]:
        tokens, words = self._clause.tokens, self._clause.words
        for at, word in enumerate(words):
            if word in {
                "sum",
                "mean",
                "average",
                "total",
                "minimum",
                "maximum",
                "min",
                "max",
                "avg",
                "highest",
                "lowest",
                "largest",
                "smallest",
                "greatest",
                "column",
            }:
                follower = at + 1
                while follower < len(tokens) and words[follower] in {
                    "of",
                    "the",
                    "up",
                    "all",
                    "value",
                    "its",
                    "their",
                    "column",
                }:
                    follower += 1
                if follower < len(tokens) and self._can_name(tokens[follower]):
                    self._take(follower)
                    return [tokens[follower].text]
        return []


_ORDERS = frozenset(
    """descending ascending first last highest lowest greatest largest smallest newest oldest reverse order
    alphabetically numerically them please now too html json csv markdown page mp3 duplicates
    show give make turn convert then""".split()
)
_NUMBER_CUES: Mapping[str, frozenset[str]] = {
    "width": frozenset({"wide", "width", "across"}),
    "height": frozenset({"high", "height", "tall"}),
    "lines": frozenset({"line", "row"}),
    "top": frozenset({"top", "best", "frequent", "common", "word", "passag"}),
    "passages": frozenset({"passag", "quot", "quote"}),
    "sample_rate": frozenset({"sampl", "hertz", "hz", "kilohertz", "rate"}),
    "speed": frozenset({"word", "minut", "speed"}),
    "at": frozenset({"at", "second", "minut", "moment"}),
    "left": frozenset({"left", "x"}),
    "top_": frozenset(),
}
_LANGUAGES = {
    "german": "de", "french": "fr", "spanish": "es", "italian": "it", "english": "en", "dutch": "nl",
    "portuguese": "pt", "polish": "pl", "russian": "ru", "japanese": "ja", "chinese": "zh", "swedish": "sv",
}  # fmt: skip
