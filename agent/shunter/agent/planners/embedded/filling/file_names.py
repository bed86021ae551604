"""Names for what is made."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from shunter.agent.planners.embedded.filling.affixes import affixed_names
from shunter.agent.planners.embedded.filling.filling import Filling, Spot
from shunter.agent.planners.embedded.filling.quoted import quoted_after
from shunter.agent.planners.embedded.kinds import Kind
from shunter.engine import types as t
from shunter.engine.types import media
from shunter.engine.types.signature import Parameter

NAMING = frozenset({"as", "to", "into", "called", "named", "name", "in", "it", "be", "file", "under"})

_CALLING = {(verb, one) for verb in ("call", "name") for one in ("it", "that", "this")} | {("name", "of")}
"""What stands before the name of a folder."""
_MAKING = frozenset({"to", "into", "as", "called", "named", "->", "→", "=>", ">"})


def file_names(filling: Filling, parameter: Parameter) -> Iterator[Spot]:
    """What may be the name of what a function makes, the likeliest first."""
    clause = filling.clause
    if "{stem}" in parameter.doc:
        yield from affixed_names(clause)
    for at in filling.free(Kind.PATH):
        text = clause.tokens[at].text
        naming = NAMING - {"file", "in"} if parameter.required else NAMING
        named = not naming.isdisjoint(clause.words[max(0, at - 2) : at]) or _begins_naming(clause.words, at)
        if "{" in text and "{" not in parameter.doc:
            continue
        if "/" not in text and _suits(text, filling) and (named or is_of_kind(text, filling)):
            yield text, at
    yield from quoted_after(filling, frozenset({"called", "name", "named", "call", "nam"}))
    if isinstance(filling.signature.returns, t.Directory):
        yield from quoted_after(filling, frozenset({"folder", "directory"}))
    yield from _called(filling)
    if parameter.required:
        yield from (
            (clause.tokens[at].text, at) for at in filling.free(Kind.QUOTED) if clause.word(at - 1) in NAMING
        )
    yield from _saved_later(filling)


def _begins_naming(words: Sequence[str], at: int) -> bool:
    """Whether something is given a name up to here: `name the report q3.md`."""
    return not {"name", "call", "rename"}.isdisjoint(words[max(0, at - 4) : at])


def _saved_later(filling: Filling) -> Iterator[Spot]:
    """A name that the whole text gives for a file of this kind: `… and save it as titles.json`."""
    tokens = filling.clause.whole
    kind = filling.signature.returns
    if not isinstance(kind, t.File) or kind.media is None:
        return
    for at, (before, token) in enumerate(pairwise(tokens), start=1):
        if (
            token.kind is Kind.PATH
            and "{" not in token.text
            and at not in filling.clause.mentions
            and before.word in NAMING
            and _suits(token.text, filling)
        ):
            yield (token.text,)


def _suits(name: str, filling: Filling) -> bool:
    """Whether what the function returns can have this name."""
    kind, said = filling.signature.returns, media.of_name(name)
    if isinstance(kind, t.Directory):
        return False
    if not isinstance(kind, t.File) or kind.media is None or said is None:
        return ("." in name.strip(".") or name.startswith(".") or "{" in name) and not name.startswith("tar.")
    both_text = kind.media == "text/plain" and said.startswith("text/")
    return both_text or media.covers(kind.media, said)


def is_of_kind(name: str, filling: Filling) -> bool:
    """Whether a name's ending is just that of what the function returns."""
    kind = filling.signature.returns
    return isinstance(kind, t.File) and kind.media is not None and media.of_name(name) == kind.media


def leads_to_file(filling: Filling, places: Sequence[int]) -> bool:
    """Whether what stands at a place is said to be a file that is made: `into q3.html`."""
    clause = filling.clause
    at = places[0] if places else 0
    return clause.word(at - 1) in _MAKING and media.of_name(clause.tokens[at].text) is not None


def _called(filling: Filling) -> Iterator[Spot]:
    """A folder's name: `a folder called post`."""
    clause = filling.clause
    for at, word in enumerate(clause.words):
        follower = clause.tokens[at + 1] if at + 1 < len(clause.tokens) else None
        if follower is None or not isinstance(filling.signature.returns, t.Directory):
            continue
        named = (
            word in {"called", "named"}
            or tuple(clause.words[max(0, at - 1) : at + 1]) in _CALLING
            or (word == "folder" and re.search(r"[-_\d]", follower.text))
        )
        if named and follower.kind in {Kind.WORD, Kind.CODE}:
            yield follower.text, at + 1
