"""Sentences that ask for nothing: that only tell something, or say what has no part in the matter."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import pairwise

from shunter.agent.planners.embedded.filling.vocabulary import leads_to_names
from shunter.agent.planners.embedded.kinds import Kind
from shunter.agent.planners.embedded.thesaurus import DISMISSALS, FORMATS, STOP_WORDS
from shunter.agent.planners.embedded.tokens import Token

_PEOPLE = frozenset("i we he she they there nobody somebody someone everybody".split())
"""Who tells something, whatever verb follows."""
_THINGS = frozenset(
    """the my our this these it that its his her their your a an here attached enclosed below some several
    many most all both one two three everyone no not half none""".split()
)
"""How sentences begin that may tell something: then a verb of `_STATES` follows."""
_STATES = frozenset(
    """was were is are has had have got took shot made wrote recorded sent gave found came went says said did
    isn't aren't wasn't weren't hasn't haven't doesn't don't didn't lacks lack exists exist contains contain
    lives live lies lie sits sit comes come keeps keep kept left looks look looked holds held belongs
    belong bought sold paid pays needed grew grows runs ran broke breaks fails failed seems seem became
    becomes stands stood filled ended ends begins began starts started moved arrived arrives asked asks keeps
    complains complained complain knows know knew thinks thought used uses eats eating weighs covers
    happened happens filmed exported speak speaks spoke talk talks talked""".split()
)
"""Verbs that say how things are or were."""
_REQUESTS = frozenset(
    """please should shall must want wants need needs like ought would could can make give turn convert
    transcribe prefer after care interested looking wondering afraid fine enough welcome""".split()
)
"""What makes a sentence a request, whoever begins it."""
_OBLIGED = frozenset({("have", "to"), ("has", "to"), ("is", "to"), ("are", "to")})
_LEADING = frozenset("so also well ok okay now today currently besides and but sadly unfortunately".split())
_GIVING = frozenset(
    "column columns field fields title heading name vocabulary separator language path label labels".split()
)
"""What is told of to be used, in whatever words: `the column is amount`."""
_SHARING = frozenset("common share shares ties links connects".split())
_CONTAINING = frozenset("have has contain contains share hold carry include".split())
"""What makes a sentence more than told: what is shared."""
_PLACING = (
    frozenset(
        """answer somewhere said say says stand stands written mentioned mention covered cover covers know
        knows tells look check see explained discussed recorded somewhere there supposed ought bound expect
        think believe guess suppose probably surely hopefully likely file video recording audio document text
        film notes transcript page you'll i'd i'm it'll consult read""".split()
    )
    | STOP_WORDS
)
"""Words that sentences consist of which only say where an answer stands."""
_CASE = frozenset(
    {"case", "capital", "capitals", "capitalisation", "capitalization", "lowercase", "uppercase"}
)
"""Of whose who speaks says how to read the texts, not what to leave aside."""
_SENTENCE_ENDS = frozenset(".!?")
_ANSWERING = frozenset("answer answers answered passage passages quote reply".split())


def tokens_aside(tokens: Sequence[Token]) -> Iterator[int]:
    """The tokens of sentences that say what has no part in the matter."""
    start = 0
    for at, token in enumerate([*tokens, None]):
        if token is None or (token.kind is Kind.BREAK and token.text in _SENTENCE_ENDS):
            begin = _dismissed(tokens, start, at)
            if begin is not None:
                yield from range(begin, at)
            start = at + 1


def tokens_pointing(tokens: Sequence[Token], named: Collection[int]) -> Iterator[int]:
    """The tokens of sentences behind a question that only say where its answer stands.

    So `it should be somewhere in the minutes`, where the minutes are among `named`, which name inputs.
    """
    ends = [
        at for at, token in enumerate(tokens) if token.kind is Kind.BREAK and token.text in _SENTENCE_ENDS
    ]
    for end, following in pairwise([*ends, len(tokens)]):
        inside = [at for at in range(end + 1, following) if tokens[at].kind is not Kind.BREAK]
        others = [tokens[at].word for at in inside if at not in named]
        if tokens[end].text == "?" and len(others) < len(inside) and _PLACING.issuperset(others):
            yield from inside


def tokens_told(tokens: Sequence[Token]) -> Iterator[int]:
    """The tokens of sentences that tell how things are, and ask for nothing.

    What two things have in common is told, and is what they're put together by.
    """
    ends = [at for at in range(len(tokens)) if _ends_telling(tokens, at)]
    for start, end in pairwise([-1, *ends, len(tokens)]):
        if start < 0 and end >= len(tokens) - 1:
            continue
        if end < len(tokens) and tokens[end].text == "?":
            continue
        words = [token.word for token in tokens[start + 1 : end]]
        if _only_tells(words) and not any(map(_is_ending, tokens[start + 1 : end])):
            yield from (
                at for at in range(start + 1, end) if not tokens[at].is_literal or _counts(tokens[at])
            )


def silent(tokens: Sequence[Token], told: Collection[int]) -> Iterator[int]:
    """Those of the tokens that tell something where no literal stands next to them, up to the next break."""
    start = 0
    for at in range(len(tokens) + 1):
        if at == len(tokens) or _ends_telling(tokens, at):
            part = range(start, at)
            subject = {tokens[one].word for one in part[:3]}
            if _GIVING.isdisjoint(subject) and not any(_is_data(tokens[one]) for one in part):
                yield from (one for one in part if one in told)
            start = at + 1


def _counts(token: Token) -> bool:
    """Whether it's a number in letters: `two recordings`."""
    return token.kind is Kind.NUMBER and token.text.isalpha()


def _is_ending(token: Token) -> bool:
    """Whether it's how names of files end: `all of them are .jpg`."""
    return token.text.startswith(".") and token.text[1:].lower() in FORMATS


def _is_data(token: Token) -> bool:
    """Whether a token says something that nobody can guess."""
    return token.is_literal and not _counts(token)


def _only_tells(words: Sequence[str]) -> bool:
    """Whether the words of a sentence tell something, and ask for nothing."""
    words = words[next((at for at, word in enumerate(words) if word not in _LEADING), len(words)) :]
    asks = not _REQUESTS.isdisjoint(words) or (words and words[0] not in _PEOPLE and _obliges(words))
    if (
        not words
        or asks
        or _shares(words)
        or words[:2] == ["that", "is"]
        or any(word.endswith("'d") for word in words)
    ):
        return False
    if words[0].partition("'")[0] in _PEOPLE:
        return True
    return words[0].partition("'")[0] in _THINGS and ("'" in words[0] or not _STATES.isdisjoint(words[1:9]))


def _obliges(words: Sequence[str]) -> bool:
    return not _OBLIGED.isdisjoint(pairwise(words))


def _shares(words: Sequence[str]) -> bool:
    """Whether a sentence says what two things have in common."""
    return not _SHARING.isdisjoint(words) or ("both" in words and not _CONTAINING.isdisjoint(words))


def tokens_of_spelling(tokens: Sequence[Token]) -> Iterator[int]:
    """The tokens of clauses that only say how names are spelled."""
    start = 0
    for at, token in enumerate([*tokens, None]):
        if token is not None and token.kind is not Kind.BREAK:
            continue
        if start > 0 and any(leads_to_names(tokens[:at], place) for place in range(start, at)):
            yield from (place for place in range(start, at) if not tokens[place].is_literal)
        start = at + 1


def _ends_telling(tokens: Sequence[Token], at: int) -> bool:
    """Whether a sentence ends here, or what it tells: `they are hard of hearing, so please …`."""
    if tokens[at].kind is not Kind.BREAK:
        return False
    following = [token.word for token in tokens[at + 1 : at + 3]]
    purpose = following == ["so", "that"]
    follows = tokens[at].text == "," and following[:1] in (["so"], ["hence"], ["therefore"]) and not purpose
    return tokens[at].text in {*_SENTENCE_ENDS, ":", ";"} or follows


def _dismissed(tokens: Sequence[Token], start: int, end: int) -> int | None:
    """Where the part of a sentence begins that says what has no part in the matter."""
    words = [token.word for token in tokens[start:end]]
    if not _CASE.isdisjoint(words):
        return None
    for phrase in DISMISSALS:
        for at in range(len(words) - len(phrase) + 1):
            if tuple(words[at : at + len(phrase)]) == phrase:
                return start
    return None


def is_restated(tokens: Sequence[Token], start: int, end: int, named: Collection[int]) -> bool:
    """Whether sentences after a question (tokens `start` to `end`) say in other words what is to be done.

    They take up one of its words then, and that is none of those in `named`, which name inputs.
    """
    after = range(end, len(tokens))
    if end >= len(tokens) or tokens[end - 1].text != "?" or start > 1:
        return False
    if any(tokens[at].word in _ANSWERING or tokens[at].kind is Kind.QUOTED for at in after):
        return False
    asked = {tokens[at].stem for at in range(start, end) if at not in named and _tells(tokens[at])}
    return any(tokens[at].stem in asked for at in after if at not in named)


def _tells(token: Token) -> bool:
    return token.kind is Kind.WORD and token.word not in STOP_WORDS
