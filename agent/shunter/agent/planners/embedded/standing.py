"""Where a word stands, and what that says of it."""

from __future__ import annotations

from collections.abc import Sequence

from shunter.agent.planners.embedded.idioms import GREATEST, LEAST
from shunter.agent.planners.embedded.kinds import Kind
from shunter.agent.planners.embedded.stems import stem
from shunter.agent.planners.embedded.synonyms import SAID_FOR
from shunter.agent.planners.embedded.thesaurus import CONDITIONAL, FORMATS, NEGATIONS, NOUNS
from shunter.agent.planners.embedded.tokens import Token

_DENIED, _SAID_BEFORE, _INPUT, _COLUMN = -0.5, 0.2, 0.35, 0.3
_MAKING = frozenset({"make", "build", "create", "making"})
_OF_IT = (["of", "it"], ["out", "of"], ["from", "it"], ["from", "that"], ["of", "that"], ["of", "them"])
"""What stands around something that the thing before is made into: `make a table of it`."""
_WANTING = frozenset("need want like".split())
_TARGET = 2.0
"""How much more a thing tells that something is made into."""
_POINTING = frozenset("the this that its their these those two both of each every all".split())
"""What stands before the name of something that was made before."""
_FINISHED = frozenset("resulting finished new whole packed same final generated created".split())
"""What may stand between that and the name."""
_DETERMINERS = frozenset("the my our your this these those each every all".split())
_DOING = frozenset({stem("say"), stem("read")})
"""Verbs that begin many requests, and are one themselves where nothing but `it` follows."""
_OF_PICTURES = frozenset("of from at out frame image photograph shot".split())
_OF_ORDERS = frozenset(map(stem, "detail number date form confirmation item list line history total".split()))
_RESULTS = frozenset("ones one version versions copy copies result results".split())
_MAKERS = frozenset({"you", "you've", "just", "that's", "was"})
_MADE = frozenset("built made created produced wrote written packed got generated".split())
"""How it's said of a thing that it was made before: `the image you built`."""
_PREPOSITIONS = frozenset("of from in with to into as and or by".split())
_PLACES = frozenset("below under beneath underneath anywhere".split())
_ANYWHERE = frozenset("anywhere somewhere everywhere files".split())
_BEING = frozenset("is are was were has have i'm it's that's he's she's they're we're we i they".split())
_CLAUSE = 3
"""How many words say at least what has to be done first."""
_ORDERING = (
    GREATEST | LEAST | frozenset("most fewest order ordered sort sorted ones one by with come".split())
)
"""What makes `first` the beginning of an order."""
_COLUMN_LEADERS = frozenset({"by", "per", "on", "column", "columns", "whose", "field"})


def share_of_weight(tokens: Sequence[Token], at: int, *, names_input: bool) -> float:
    """How much of a word's weight is left where it stands."""
    if tokens[at].word == "still" and not _is_picture(tokens, at):
        return 0.0
    if tokens[at].word == "order" and _is_bought(tokens, at):
        return 0.0
    before: list[str] = []
    for token in reversed(tokens[max(0, at - 3) : at]):
        if token.kind is Kind.BREAK or token.word in {"and", "but", "then"}:
            break
        before.insert(0, token.word)
    if not NEGATIONS.isdisjoint(before) and tokens[at].stem not in CONDITIONAL:
        return _DENIED
    known = tokens[at].word == "answer" or any(_says_the_same(token, tokens[at]) for token in tokens[:at])
    pointed = before[-2:-1] if before[-1:] and before[-1] in _FINISHED else before[-1:]
    again = known and not _POINTING.isdisjoint(pointed) and tokens[at].word not in _COLUMN_LEADERS
    again = again or (at > _CLAUSE and _is_result(tokens, at))
    share = (
        _SAID_BEFORE if again or (at > _CLAUSE and says_whose(tokens, at)) else _INPUT if names_input else 1.0
    )
    if is_target(tokens, at) and not names_input:
        share *= _TARGET
    named = bool(before) and before[-1] in _COLUMN_LEADERS
    return share * (_COLUMN if named or _is_listed_column(tokens, at) else 1.0)


def _is_result(tokens: Sequence[Token], at: int) -> bool:
    """Whether things are called by what was done to them: `the renamed ones`."""
    following = tokens[at + 1].word if at + 1 < len(tokens) else ""
    done = tokens[at].word.endswith("ed") and tokens[at - 1].word in _DETERMINERS
    return done and following in _RESULTS


def _is_picture(tokens: Sequence[Token], at: int) -> bool:
    """Whether `still` is a picture: not in `is still missing`."""
    before = tokens[at - 1].word if at else ""
    after = tokens[at + 1] if at + 1 < len(tokens) else None
    return before in {*_DETERMINERS, "a", "one", "as"} or (
        after is None or after.kind is Kind.BREAK or after.stem in NOUNS or after.word in _OF_PICTURES
    )


def _is_bought(tokens: Sequence[Token], at: int) -> bool:
    """Whether `order` is something that is bought: `the order details`, `every order`."""
    before = tokens[at - 1].word if at else ""
    after = tokens[at + 1] if at + 1 < len(tokens) else None
    names = after is not None and after.stem in _OF_ORDERS
    return before in {"an", "each", "every", "per"} or (before in _DETERMINERS and names)


def _says_the_same(earlier: Token, token: Token) -> bool:
    """Whether a word takes up an earlier one: itself, one that is said for it, or a file with its ending."""
    if earlier.kind is Kind.PATH:
        return token.word in FORMATS and earlier.word.endswith(f".{token.word}")
    if earlier.stem == token.stem or token.stem in SAID_FOR.get(earlier.stem, ()):
        return True
    return earlier.kind is Kind.WORD and earlier.stem in SAID_FOR.get(token.stem, ())


def _is_listed_column(tokens: Sequence[Token], at: int) -> bool:
    """Whether a word stands in a list of columns: `the columns id, service and opened`."""
    while at > 1 and tokens[at - 1].word in {",", "and", "&"}:
        at -= 2 + (tokens[at - 2].word in {",", "and"})
        if at > 0 and tokens[at - 1].word in {"columns", "fields"}:
            return True
    return False


def is_target(tokens: Sequence[Token], at: int) -> bool:
    """Whether it is said that something becomes this: `into a table`."""
    before = at - 1
    while before > 0 and tokens[before].word in {"a", "an"}:
        before -= 1
    if tokens[at].stem not in NOUNS or before < 0:
        return False
    following = [token.word for token in tokens[at + 1 : at + 3]]
    made = tokens[before].word in _MAKING and following in _OF_IT
    wanted = before < at - 1 and tokens[before].word in _WANTING
    return made or wanted or tokens[before].word in {"into", "as"}


def has_object(tokens: Sequence[Token], at: int) -> bool:
    """Whether a verb is all that is said of something: `and say it`."""
    return (
        at + 1 < len(tokens) and tokens[at + 1].word in {"it", "them", "that"} and tokens[at].stem in _DOING
    )


def stands_before_name(tokens: Sequence[Token], at: int) -> bool:
    """Whether a word only says more of the input that is named behind it: `the voice memo`."""
    told = tokens[at].word.endswith("ed")
    return at > 0 and tokens[at - 1].word in _DETERMINERS and not told


def says_whose(tokens: Sequence[Token], at: int) -> bool:
    """Whether a thing is the one that was made before: `the checksum of the image you built`."""
    if tokens[at].word in _MADE and tokens[at - 1].word in _MAKERS:
        return True
    for end in range(at + 1, min(at + 1 + _CLAUSE, len(tokens))):
        if tokens[end].word in _MAKERS:
            return any(other.word in _MADE for other in tokens[end + 1 : end + 3])
        if tokens[end].kind is not Kind.WORD or tokens[end].word in _PREPOSITIONS:
            return False
    return False


def is_beforehand(tokens: Sequence[Token], at: int) -> bool:
    """Whether `first` ends what has to be done before the rest: `join the two over sku first`."""
    ends = at + 1 == len(tokens) or tokens[at + 1].kind is Kind.BREAK
    if tokens[at].word != "first" or not ends:
        return False
    start = at
    while start > 0 and tokens[start - 1].kind is not Kind.BREAK:
        start -= 1
    said = [token.word for token in tokens[start:at]]
    return len(said) >= _CLAUSE and _ORDERING.isdisjoint(said)


def is_adverb(tokens: Sequence[Token], at: int) -> bool:
    """Whether a word only says when or where: `it is still an AVI`, `all *.log below the dump`."""
    if is_beforehand(tokens, at):
        return True
    before = tokens[at - 1] if at else None
    after = tokens[at + 1] if at + 1 < len(tokens) else None
    if tokens[at].word == "over" and after is not None and after.kind is Kind.CODE:
        return True  # join the two over run_id
    found = before is not None and (before.kind is Kind.GLOB or before.word in _ANYWHERE)
    if found and tokens[at].word in _PLACES and after is not None and after.kind is not Kind.NUMBER:
        return True
    return tokens[at].word == "still" and before is not None and before.word in _BEING


def is_done(tokens: Sequence[Token], at: int) -> bool:
    """Whether the name of a format is a verb: `zip them`."""
    following = tokens[at + 1].word if at + 1 < len(tokens) else ""
    return following in {"it", "them", "both", "everything"} and tokens[at - 1].word not in _DETERMINERS
