"""The column that two tables are said to share."""

from __future__ import annotations

import re
from collections.abc import Iterator

from shunter.agent.planners.embedded.filling.clause import Clause
from shunter.agent.planners.embedded.kinds import Kind

_PARTS = {
    "HAVE": r"(?:have|has|had|contain|contains|share|shares|hold|carry|include|list|know)",
    "TIE": r"(?:ties|tie|links|link|connects|connect|joins|relates|matches|combines)",
    "TIED": r"(?:match|matched|matching|linked|connected|tied|paired|merged|combined|joined|related|link)",
    "THEM": r"(?:them|the two|both|the tables|the files|one to the other)",
    "SHARED": r"(?:common|shared|joint|same|linking|joining)",
    "KEY": r"(?:column|key|field|id|identifier)",
}
_BEFORE = r"""
both(?: of \w+)?(?: \w+)? HAVE(?: in common)?
(?:share|shares|sharing|have in common|has in common)
TIED(?: up)?(?: together)?(?: THEM)? (?:by|on|via|through|over|using|along)
SHARED KEY(?: is| being| ,| :)?
the (?:key|link|connection)(?: between THEM| for that)? (?:is|being)
TIE THEM(?: together)? is
they(?: both)? (?:share|have in common) is
"""
"""What stands before the column that two tables share."""
_BEHIND = r"""
(?:, )?(?:which |that )?(?:is |being |are |appears |stands |occurs |exists )?(?:found |present )?in both
(?:, )?(?:which |that )?(?:is )?(?:what )?TIE THEM
in common
(?:is |as )?(?:the )?(?:key|link)
(?:is |as )?(?:the |their )SHARED KEY
(?:is )?(?:common to|shared by) both
(?:, )?(?:which |that )?(?:is )?(?:what )?(?:they|both)(?: of them)?(?: both)? (?:share|have)
"""
"""What stands behind it."""
_FILLING = frozenset({"the", "a", "an", "column", "field", "key", "is", "called", "named", "their"})


def _pattern(lines: str) -> re.Pattern[str]:
    text = "|".join(line for line in lines.splitlines() if line)
    for name, part in _PARTS.items():
        text = re.sub(rf"\b{name}\b", part, text)
    return re.compile(rf"(?<!\S)(?:{text})(?!\S)")


_KEYED = re.compile(r"\w_(?:id|key|code|no|nr|number|uuid)$")
_LEADS, _TRAILS = _pattern(_BEFORE), _pattern(_BEHIND)


def shared_column(clause: Clause) -> list[int]:
    """Where the column stands that two tables are said to have both, if any.

    So for `both have sku`, `matched up via sku`, `sku is what ties them together`.
    """
    words = " ".join("%" if token.kind is Kind.QUOTED else token.word for token in clause.tokens)
    found = [at for at in _places(clause, words) if clause.can_name(at)]
    found.sort(key=lambda at: "_" not in clause.word(at))
    return found[:1] or _identifiers(clause)[:1]


def _identifiers(clause: Clause) -> list[int]:
    """What looks like the name of a column that tells one thing from another: `(customer_id)`."""
    return [at for at, token in enumerate(clause.tokens) if _KEYED.search(token.word) and clause.can_name(at)]


def _places(clause: Clause, words: str) -> Iterator[int]:
    for match in _LEADS.finditer(words):
        yield clause.skip(words.count(" ", 0, match.end()) + 1, _FILLING)
    for match in _TRAILS.finditer(words):
        yield clause.skip(words.count(" ", 0, match.start()) - 1, {","}, step=-1)
