"""The goal's text as tokens: words, literals of several kinds, and breaks."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from shunter.agent.planners.embedded.kinds import KEYS, REGEX_SIGNS, Kind, kind_of
from shunter.agent.planners.embedded.stems import stem
from shunter.agent.planners.embedded.thesaurus import FORMATS

MAX_TOKENS = 400
MAX_CHARACTERS = 4000


@dataclass(frozen=True, slots=True)
class Token:
    """One token: characters `start` to `end` of the text.

    `word` is the text in lower case, `stem` its stem where it is a word. `number` is set for numbers, also
    written ones, and for times of day or of a recording (in seconds).
    """

    kind: Kind
    text: str
    word: str
    stem: str
    start: int
    end: int
    number: float | None = None
    size: tuple[int, int] | None = None

    @property
    def is_literal(self) -> bool:
        """Whether the token is a value that a plan should use somewhere."""
        return self.kind not in (Kind.WORD, Kind.BREAK, Kind.SIGN)

    @property
    def is_code(self) -> bool:
        """Whether the word looks like a code or a name for machines: ERROR, E501, airport_code."""
        if self.kind is not Kind.WORD or len(self.text) < 2:
            return False
        return self.text.isupper() or "_" in self.text


_NUMBERS = """two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
    seventeen eighteen nineteen twenty"""
_NUMBER_WORDS = {word: number for number, word in enumerate(_NUMBERS.split(), start=2)} | {
    "zero": 0, "thirty": 30, "forty": 40, "fifty": 50, "hundred": 100, "dozen": 12,
}  # fmt: skip
_UNITS = {
    "s": "seconds", "sec": "seconds", "secs": "seconds", "m": "minutes", "min": "minutes", "mins": "minutes",
    "h": "hours", "px": "pixels", "%": "percent", "k": "thousand", "hz": "hertz", "khz": "kilohertz",
    "kb": "kilobytes", "mb": "megabytes", "gb": "gigabytes",
}  # fmt: skip

_SHORT_FOR = {
    "px": "pixels", "sec": "seconds", "secs": "seconds", "mins": "minutes", "khz": "kilohertz",
    "whats": "what's", "thats": "that's", "theres": "there's", "wheres": "where's", "whos": "who's",
    "dont": "don't", "doesnt": "doesn't", "didnt": "didn't", "isnt": "isn't", "arent": "aren't",
    "wasnt": "wasn't", "cant": "can't", "wont": "won't", "shouldnt": "shouldn't", "havent": "haven't",
    "w/": "with", "w/o": "without", "b/c": "because", "em": "them", "'em": "them", "pls": "please",
    "plz": "please", "gimme": "give", "lemme": "let", "wanna": "want", "ppl": "people", "u": "you",
    "ur": "your", "thru": "through", "sth": "something",
}  # fmt: skip
"""What people in a hurry write for words."""

_PIECE = re.compile(
    r"""
    (?P<data>\{\s*"[^{}]{0,1000}(?:\{[^{}]{0,500}\}[^{}]{0,500}){0,20}\})
  | "(?P<double>[^"]{0,2000})"
  | “(?P<curly>[^”]{0,2000})”
  | «(?P<guillemets>[^»]{0,2000})»
  | `(?P<ticks>[^`]{0,2000})`
  | (?<!\w)'(?P<single>[^'\n]{1,300})'(?!\w)
  | (?P<url>https?://[^\s"<>]*[^\s"<>.,;:!?()'])
  | (?P<date>\d{4}-\d\d-\d\d)(?!\w)
  | (?P<time>\d{1,2}:\d\d(?::\d\d)?(?:\.\d+)?)(?!\w)
  | (?P<size>\d{1,5}\s?[x×]\s?\d{1,5})(?!\w)
  | (?P<number>(?<!\w)-?(?:\d{1,3}(?:,\d{3})+|\d{1,15})(?:\.\d+)?)
    (?P<unit>s|secs?|mins?|m|h|px|%|[kmg]b|k|k?hz)?(?![\w/*|])(?!\.\w)
  | (?P<to>(?<=\d)[-–](?=\d))
  | (?P<arrow>→|->|=>|\||\n+)(?=\s|$)
  | (?P<dash>(?<=\s)(?:--?|[–—])(?=\s))
  | (?P<rule>(?<![^\s(])(?P<sign>[-=*#_~+])(?P=sign){2,}(?=[\s,.;:)]|$))
  | (?P<chunk>\S+)
    """,
    re.VERBOSE | re.IGNORECASE,
)
_ABBREVIATED = re.compile(r"\b(?:i\.e\.?|e\.g\.?|etc\.?)(?=[\s,)]|$)", re.IGNORECASE)
_SIGNS = {"=", "==", "!=", "<>", ">", "<", ">=", "<=", "≥", "≤", "≠"}
_COMPARED = re.compile(r"([\w.-]+)(==|!=|>=|<=|=|>|<)([\w.-]+)\Z")
_CALL = re.compile(r"([a-z]{3,})\((\w{2,}|\d|\*)?\)\Z(?<!\(es\))", re.IGNORECASE)
"""A function with what it is given, as in SQL: `sum(revenue)`, `count(*)`."""
_GROUPS = re.compile(r"\([^()]*\).*\([^()]*\)\Z")


def tokenise(text: str) -> list[Token]:
    """The tokens of `text`, at most MAX_TOKENS of them."""
    tokens: list[Token] = []
    for match in _PIECE.finditer(_ABBREVIATED.sub(_blank, text[:MAX_CHARACTERS])):
        tokens.extend(_tokens_of(match))
        if len(tokens) >= MAX_TOKENS:
            break
    return [
        _as_unit(token) if at and tokens[at - 1].kind is Kind.NUMBER else token
        for at, token in enumerate(tokens[:MAX_TOKENS])
    ]


def _as_unit(token: Token) -> Token:
    """The word for a unit that is only a letter or two, behind its number: `30 s`."""
    word = _UNITS.get(token.word) if token.kind is Kind.WORD else None
    return replace(token, word=word, stem=stem(word)) if word else token


def _blank(match: re.Match[str]) -> str:
    return " " * len(match[0])


def _tokens_of(match: re.Match[str]) -> list[Token]:
    start, end = match.span()
    for group in ("double", "curly", "guillemets", "ticks", "single"):
        if match[group] is not None:
            return [_token(Kind.QUOTED, match[group], start, end)]
    if match["data"]:
        return [_token(Kind.DATA, match["data"], start, end)]
    if match["number"]:
        value = float(match["number"].replace(",", ""))
        number = replace(_token(Kind.NUMBER, match["number"], start, match.end("number")), number=value)
        unit = (match["unit"] or "").lower()
        return [number, _token(Kind.WORD, _UNITS[unit], end, end)] if unit else [number]
    if match["size"]:
        width, height = re.split(r"\s?[x×]\s?", match["size"].lower())
        return [replace(_token(Kind.SIZE, match["size"], start, end), size=(int(width), int(height)))]
    if match["time"]:
        return [replace(_token(Kind.TIME, match["time"], start, end), number=_seconds(match["time"]))]
    if match["to"]:
        return [_token(Kind.WORD, "to", start, end)]
    for group, kind in (
        ("url", Kind.URL),
        ("date", Kind.DATE),
        ("arrow", Kind.BREAK),
        ("dash", Kind.BREAK),
        ("rule", Kind.QUOTED),
    ):
        if match[group]:
            return [_token(kind, match[group], start, end)]
    return _run(match["chunk"], start)


def _seconds(time: str) -> float:
    total = 0.0
    for part in time.split(":"):
        total = total * 60 + float(part)
    return total


def _run(text: str, start: int) -> list[Token]:
    """The tokens of a run without spaces: brackets and punctuation around it stand apart."""
    if text in _SIGNS:
        return [_token(Kind.SIGN, text, start, start + len(text))]
    head: list[Token] = []
    while text and _opens(text):
        head.append(_token(Kind.BREAK, text[0], start, start + 1))
        text, start = text[1:], start + 1
    tail: list[Token] = []
    while text and _closes(text):
        tail.insert(0, _token(Kind.BREAK, text[-1], start + len(text) - 1, start + len(text)))
        text = text[:-1]
    return [*head, *(_core(text, start) if text else ()), *tail]


def _opens(text: str) -> bool:
    if re.match(r"\.[A-Za-z]", text):
        return False
    if (
        text[0] == "("
        and REGEX_SIGNS.search(text)
        and not text.rstrip(",.;:!?").endswith(")")
        and text.count("(") == text.count(")")
    ):
        return False
    if text[0] == "(" and _GROUPS.match(text):
        return False
    return text[0] in "([{,;:.!?…'\"“„" and not (text[0] in "[{." and REGEX_SIGNS.search(text[1:-1]))


def _closes(text: str) -> bool:
    last = text[-1]
    if len(text) == 2 and text[0] == "^":
        return False
    if last in ",;:!…'\"”“" or (last == "." and not text.endswith("\\.")):
        return True
    if last == "?":
        return KEYS.match(text[:-1]) is not None or not REGEX_SIGNS.search(text[:-1])
    return last in ")]}" and text.count(last) > text.count({")": "(", "]": "[", "}": "{"}[last])


def _core(text: str, start: int) -> list[Token]:
    if (call := _CALL.match(text)) is not None:
        return [
            _word(call[part], start + call.start(part), start + call.end(part))
            for part in (1, 2)
            if (call[part] or "").strip("*")
        ]
    compared = _COMPARED.match(text)
    if not compared:
        return [_word(text, start, start + len(text))]
    spans = [(start + compared.start(group), start + compared.end(group)) for group in (1, 2, 3)]
    left, right = (_word(compared[group], *spans[group - 1]) for group in (1, 3))
    return [left, _token(Kind.SIGN, compared[2], *spans[1]), right]


def _word(text: str, start: int, end: int) -> Token:
    number = float(_NUMBER_WORDS[text.lower()]) if text.lower() in _NUMBER_WORDS else None
    if number is None and re.fullmatch(r"-?\d{1,15}(\.\d{1,9})?", text):
        number = float(text)
    token = _token(Kind.NUMBER if number is not None else kind_of(text), text, start, end)
    return replace(token, number=number)


def _token(kind: Kind, text: str, start: int, end: int) -> Token:
    word = text.lower().replace("’", "'")
    if kind is Kind.WORD:
        word = _SHORT_FOR.get(word, word)
        bare = word.removeprefix(".").removesuffix("s").removesuffix("'")
        word = bare if bare in FORMATS else word
    return Token(kind, text, word, stem(word) if kind is Kind.WORD else word, start, end)
