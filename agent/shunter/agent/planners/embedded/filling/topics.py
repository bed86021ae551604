"""What passages are looked for about."""

from __future__ import annotations

from collections.abc import Iterator

from shunter.agent.planners.embedded.filling.filling import Filling, Spot
from shunter.agent.planners.embedded.kinds import Kind

_ABOUT = frozenset("about on regarding concerning covering dealing related relating mentioning".split())
_PASSAGES = frozenset(
    "passage passages part parts section sections paragraph paragraphs excerpts excerpt bits".split()
)


def topics(filling: Filling) -> Iterator[Spot]:
    """What is looked for, unquoted: `the passages about parental leave`."""
    clause = filling.clause
    for at, word in enumerate(clause.words):
        if word not in _ABOUT or _PASSAGES.isdisjoint(clause.words[max(0, at - 3) : at]):
            continue
        begin = clause.skip(at + 1, {"to", "with", "the", "a", "an", "about"})
        end = begin
        while end < len(clause.tokens) and not _ends_topic(filling, end):
            end += 1
        if end > begin:
            places = range(begin, end)
            yield " ".join(clause.tokens[place].text for place in places), *places


def _ends_topic(filling: Filling, at: int) -> bool:
    clause = filling.clause
    after = clause.skip(at + 1, {"the", "my", "our", "these", "those", "all", "this"})
    leads = clause.word(at) in {"in", "from", "of", "within", "across"} and after in clause.mentioned
    return clause.tokens[at].kind is Kind.BREAK or at in clause.mentioned or leads
