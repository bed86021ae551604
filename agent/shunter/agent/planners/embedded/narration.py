"""Sentences that only tell how things are, and ask for nothing."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import pairwise

from shunter.agent.planners.embedded.kinds import Kind
from shunter.agent.planners.embedded.thesaurus import FORMATS
from shunter.agent.planners.embedded.tokens import Token

SENTENCE_ENDS = frozenset(".!?")
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
    happened happens filmed exported speak speaks spoke talk talks talked
    gives gave sends offers provides delivers produces returns writes stores sells works says tells shows
    prints opened happen insist insists insisted refuse refuses refused can't cannot couldn't won't
    wouldn't puts publishes posts exports serves hosts teach""".split()
)
"""Verbs that say how things are or were."""
_REQUESTS = frozenset(
    """please should shall must want wants need needs like ought would could can make give turn convert
    transcribe prefer after care interested looking wondering afraid fine enough plenty welcome""".split()
)
"""What makes a sentence a request, whoever begins it."""
_OBLIGED = frozenset({("have", "to"), ("has", "to"), ("is", "to"), ("are", "to")})
_HANDED = frozenset({"attached", "enclosed"})
_EXISTING = frozenset({("exists", "as"), ("exist", "as"), ("exists", "only"), ("exist", "only")})
_EXCEPTING = frozenset("but except than only".split())
"""What makes of what can't be a request for something else: `they can't play anything but webm`."""
_UNABLE = frozenset("can't cannot couldn't won't wouldn't refuse refuses refused insist insists".split())
_LEADING = frozenset("so also well ok okay now today currently besides and but sadly unfortunately".split())
_GIVING = frozenset(
    "column columns field fields title heading name vocabulary separator language path label labels".split()
)
"""What is told of to be used, in whatever words: `the column is amount`."""
_SHARING = frozenset("common share shares ties links connects".split())
_CONTAINING = frozenset("have has contain contains share hold carry include".split())
"""What makes a sentence more than told: what is shared."""
_BEING = frozenset("is are was were has have contains contain holds hold comes come".split())
_JOINING = frozenset("so hence therefore and but yet".split())
_ASKING = frozenset("please could can would let".split())
_BIDDING = frozenset({"use", "take"})
"""Verbs that bid something with nothing before them: `they are in German, use the turbo model`."""
_WISHING = frozenset("need want would must like".split())
_BLANKED = 4
"""How words go on after a comma with a request, and how wide the gap is where a courtesy stood."""
_BEFORE_VERBS = frozenset("please just then first so kindly".split())
_OBJECTS = frozenset("it that them these those".split())
_AWAY = frozenset("drop cut remove delete skip lose trim leave take throw strip produce add".split())
"""What is done with a thing that the sentence before tells of: `cut them away`."""


def tokens_told(tokens: Sequence[Token], named: Collection[int] = ()) -> Iterator[int]:
    """The tokens of sentences that tell how things are, and ask for nothing.

    So do those that say what something is whose name stands at one of the places in `named`. What two things
    have in common is told, and is what they're put together by.
    """
    ends = [at for at in range(len(tokens)) if _ends_telling(tokens, at)]
    for start, end in pairwise([-1, *ends, len(tokens)]):
        if start < 0 and end >= len(tokens) - 1:
            continue
        if end < len(tokens) and tokens[end].text == "?":
            continue
        words = [token.word for token in tokens[start + 1 : end]]
        describes = start + 1 in named and _describes(tokens, start + 1, named)
        if not (describes or only_tells(words)) or _is_taken_up(tokens, end + 1):
            continue
        if not any(map(is_ending, tokens[start + 1 : end])):
            yield from (
                at
                for at in range(start + 1, end)
                if not tokens[at].is_literal or _counts(tokens[at]) or _is_spoken(tokens, at)
            )


def silent(tokens: Sequence[Token], told: Collection[int], named: Collection[int]) -> Iterator[int]:
    """Those of the tokens that tell something where no literal stands next to them, up to the next break.

    The names of inputs, at the places in `named`, are no literals.
    """
    start = 0
    for at in range(len(tokens) + 1):
        if at == len(tokens) or _ends_telling(tokens, at):
            part = range(start, at)
            subject = {tokens[one].word for one in part[:3]}
            if _GIVING.isdisjoint(subject) and not any(
                one not in named and not _is_spoken(tokens, one) and _is_data(tokens[one]) for one in part
            ):
                yield from (one for one in part if one in told)
            start = at + 1


def _counts(token: Token) -> bool:
    """Whether it's a number in letters: `two recordings`."""
    return token.kind is Kind.NUMBER and token.text.isalpha()


def _is_spoken(tokens: Sequence[Token], at: int) -> bool:
    """Whether it's what somebody says: `I say "um" all the time`."""
    before = [token.word for token in tokens[max(0, at - 2) : at]]
    spoken = before[-1:] == ["say"] or before[-1:] == ["says"]
    return tokens[at].kind is Kind.QUOTED and spoken and before[0] in _PEOPLE


def is_ending(token: Token) -> bool:
    """Whether it's how names of files end: `all of them are .jpg`."""
    return token.text.startswith(".") and token.text[1:].lower() in FORMATS


def _is_data(token: Token) -> bool:
    """Whether a token says something that nobody can guess."""
    return token.is_literal and not _counts(token)


def only_tells(words: Sequence[str]) -> bool:
    """Whether the words of a sentence tell something, and ask for nothing."""
    words = words[next((at for at, word in enumerate(words) if word not in _LEADING), len(words)) :]
    asks = not _REQUESTS.isdisjoint(words) or (words and words[0] not in _PEOPLE and _obliges(words))
    if words[1:2] == ["here"] or words[2:3] == ["here"]:
        return True  # podcaster here
    if (
        not words
        or asks
        or _shares(words)
        or words[:2] == ["that", "is"]
        or any(word.endswith("'d") for word in words)
        or _excepts(words)
    ):
        return False
    if words[0].partition("'")[0] in _PEOPLE or not _EXISTING.isdisjoint(pairwise(words)):
        return True
    return words[0].partition("'")[0] in _THINGS and ("'" in words[0] or not _STATES.isdisjoint(words[1:9]))


def _excepts(words: Sequence[str]) -> bool:
    """Whether the one thing is said that somebody can do."""
    denying = next((at for at, word in enumerate(words) if word in _UNABLE), len(words))
    return not _EXCEPTING.isdisjoint(words[denying:])


def _obliges(words: Sequence[str]) -> bool:
    return not _OBLIGED.isdisjoint(pairwise(words))


def _shares(words: Sequence[str]) -> bool:
    """Whether a sentence says what two things have in common."""
    return not _SHARING.isdisjoint(words) or ("both" in words and not _CONTAINING.isdisjoint(words))


def _ends_telling(tokens: Sequence[Token], at: int) -> bool:
    """Whether a sentence ends here, or what it tells: `they are hard of hearing, so please …`."""
    if tokens[at].kind is not Kind.BREAK:
        return False
    return tokens[at].text in {*SENTENCE_ENDS, ":", ";"} or (tokens[at].text == "," and _turns(tokens, at))


def _turns(tokens: Sequence[Token], at: int) -> bool:
    """Whether a comma is where telling ends and asking begins: `, and I'd like to …`."""
    following = [token.word for token in tokens[at + 1 : at + 4]] + [""] * 3
    if following[0] not in _JOINING or following[:2] == ["so", "that"]:
        return following[0] in _BIDDING
    if following[0] in {"so", "hence", "therefore"} or following[1] in _ASKING:
        return True
    wished = following[1] in {"i'd", "we'd"} or (following[1] in {"i", "we"} and following[2] in _WISHING)
    return wished or (at + 2 < len(tokens) and tokens[at + 2].start - tokens[at + 1].end >= _BLANKED)


def _describes(tokens: Sequence[Token], start: int, named: Collection[int]) -> bool:
    """Whether it's said what the thing is that is named here: `invoice is a plain text, and …`."""
    at = next((at for at in range(start, len(tokens)) if at not in named), len(tokens) - 1)
    words = [token.word for token in tokens[at : at + 2]]
    end = next((at for at in range(start, len(tokens)) if _ends_telling(tokens, at)), len(tokens))
    before = [token.word for token in tokens[start:end]]
    if before[-1] in _HANDED and not {"with", "and"} & {*before}:
        return True  # app.log from last night attached
    return words[0] in _BEING and words[-1] not in {"to", "where"}


def _is_taken_up(tokens: Sequence[Token], start: int) -> bool:
    """Whether a request begins here that says nothing but what to do with what was told: `drop them`."""
    words = [token.word for token in tokens[start : start + 5]]
    words = words[next((at for at, word in enumerate(words) if word not in _BEFORE_VERBS), len(words)) :]
    if len(words) < 2 or words[1] not in _OBJECTS:
        return False
    return words[0] in _AWAY
