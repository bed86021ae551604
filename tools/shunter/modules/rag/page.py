"""The answer as a Markdown page: the answer, the question, and the passages quoted with their places."""

from __future__ import annotations

from collections.abc import Sequence

from .answering import Answers, Candidate
from .sentences import Sentence

AROUND = 1  # how many sentences are quoted before and after the one that matters
ALIKE = 0.75  # the least score of a further passage, as a share of the best one's

NO_ANSWER = "The documents don't answer this question."


def write_page(question: str, sentences: Sequence[Sentence], *, passages: int) -> str:
    """The page that answers `question` from `sentences`, with at most `passages` quotations."""
    answers = Answers(question, sentences)
    found = answers.found()
    if not found:
        quoted = _spans(sentences, answers.closest(), passages)
        title = "## The closest passages\n" if quoted else "No passage has a word of it.\n"
        return _page(NO_ANSWER, answers.question.text, title, sentences, quoted)
    quoted = _spans(sentences, _places(found), passages)
    text = " ".join(sentences[position].text for position in found[0].positions)
    return _page(f"{text} [1]", answers.question.text, "## Passages\n", sentences, quoted)


def _places(found: Sequence[Candidate]) -> list[int]:
    return [candidate.best for candidate in found if candidate.score >= ALIKE * found[0].score]


def _spans(sentences: Sequence[Sentence], places: Sequence[int], count: int) -> list[range]:
    """What to quote: each place with its neighbours of the same paragraph, no sentence twice."""
    spans: list[range] = []
    for place in places:
        if len(spans) == count:
            break
        if not any(place in span for span in spans):
            spans.append(_around(sentences, place))
    return spans


def _around(sentences: Sequence[Sentence], place: int) -> range:
    near = range(max(place - AROUND, 0), min(place + AROUND + 1, len(sentences)))
    here = (sentences[place].document, sentences[place].block)
    inside = [
        position for position in near if (sentences[position].document, sentences[position].block) == here
    ]
    return range(inside[0], inside[-1] + 1)


def _page(
    answer: str, question: str, title: str, sentences: Sequence[Sentence], spans: Sequence[range]
) -> str:
    lines = [answer, "", f"Question: {question}", "", title]
    for number, span in enumerate(spans, start=1):
        first = sentences[span[0]]
        quotation = " ".join(sentences[position].text for position in span)
        lines += [f"[{number}] {first.document}, line {first.line}:", "", f"> {quotation}", ""]
    return "\n".join(lines).rstrip() + "\n"
