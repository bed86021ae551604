"""Which stretches hold a question, and what that says for functions that answer any."""

from __future__ import annotations

from collections.abc import Iterable

from shunter.agent.planners.embedded.kinds import Kind
from shunter.agent.planners.embedded.lexicon import Profile
from shunter.agent.planners.embedded.questions import Question
from shunter.agent.planners.embedded.roles import Role, role_of
from shunter.agent.planners.embedded.text import Text
from shunter.engine import types as t
from shunter.engine.types.signature import Signature

_ASKED = 1.3
_OF_TABLES = 0.0
"""How much less a question says for a function that answers from documents, where only tables are given."""
_OF_PEOPLE, _PERSONAL = 0.6, ("who ", "when ", "why ", "whose ")
"""How much more a question says that hardly anything but a text answers, and how such begin."""
_MOST_OF_IT = 0.7
_NOT_ASKED = frozenset({Kind.QUOTED, Kind.KEYS})
"""Literals that don't stand in a question that documents answer."""


class Answering:
    """The questions of one text, and which of some functions answer questions."""

    def __init__(self, text: Text, profiles: Iterable[Profile]) -> None:
        self._text = text
        self._only_tables = text.given == frozenset({"text/csv"})
        self._functions = {one.signature.name for one in profiles if _answers(one.signature)}

    def question(self, signature: Signature, start: int, end: int) -> Question | None:
        """The question of a stretch, where the function answers any."""
        if signature.name not in self._functions:
            return None
        for asked in self._text.questions:
            inside = self._text.tokens[asked.start : asked.end]
            if asked.share(start, end) >= _MOST_OF_IT and not any(
                token.kind in _NOT_ASKED for token in inside
            ):
                return asked
        return None

    def gain(self, profile: Profile, start: int, end: int) -> float:
        """How much the question of a stretch says for a function; nothing where there is none."""
        question = self.question(profile.signature, start, end)
        if question is None:
            return 0.0
        of_people = question.text.lower().startswith(_PERSONAL) or self._is_located(question)
        of_documents = _OF_TABLES if self._only_tables else 1.0
        return _ASKED * profile.strength.get("answer", 0.6) * of_documents + _OF_PEOPLE * of_people

    def _is_located(self, question: Question) -> bool:
        """Whether the sentence behind a question only tells where its answer stands."""
        return question.end < len(self._text.tokens) and question.end + 1 in self._text.told


def _answers(signature: Signature) -> bool:
    return any(
        isinstance(parameter.type, t.Str) and role_of(parameter) is Role.QUESTION
        for parameter in signature.parameters
    )
