"""Which parts of a goal ask for which calls of its right plan."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache

from tests.agent.goals.asked import goal_of
from tests.agent.goals.suite import GoalCase, bundled

from shunter.agent.planners.embedded.bridges import Bridges
from shunter.agent.planners.embedded.classifier.classifier import NOTHING, Classifier
from shunter.agent.planners.embedded.classifier.leaning import Leaning
from shunter.agent.planners.embedded.classifier.signs import signs_of
from shunter.agent.planners.embedded.classifier.training import Sample
from shunter.agent.planners.embedded.compose import compose
from shunter.agent.planners.embedded.flow import Flow
from shunter.agent.planners.embedded.lexicon import Lexicon, lexicon_of
from shunter.agent.planners.embedded.readings import Reader, Reading
from shunter.agent.planners.embedded.search import Search
from shunter.agent.planners.embedded.text import Text, take_apart
from shunter.engine.plan.model import Plan
from shunter.engine.types.signature import Signatures


def samples_of(case: GoalCase) -> list[Sample]:
    """A sample for each part of a goal: none where no reading has the calls of a right plan.

    The goal is read by rules alone: nothing that was learned before has a part in it. Where the rules don't find a right plan
    among all functions, only those of a right plan are left to them; and at last it's enough that the calls are right.
    """
    text = take_apart(case.goal, goal_of(case).inputs, _lexicon().choices)
    told = signs_of(text.tokens, text.mentioned, text.aside)
    reading = _right_reading(case, text)
    if reading is None:
        return []
    parts = [(part.start, part.end, part.function) for part in reading.stretches]
    parts.extend((start, end, NOTHING) for start, end in _gaps(parts, len(told)))
    features = [(tuple(one for at in told[start:end] for one in at), name) for start, end, name in parts]
    return [Sample(one, name) for one, name in features if one]


def _gaps(parts: Iterable[tuple[int, int, str]], length: int) -> Iterator[tuple[int, int]]:
    """What lies between parts, which are in the order of the text."""
    before = 0
    for start, end, _ in (*parts, (length, length, NOTHING)):
        yield before, start
        before = end


def _right_reading(case: GoalCase, text: Text) -> Reading | None:
    choices = [
        bundled(),
        *({step.call: bundled()[step.call] for step in plan.steps} for plan in case.plans),
    ]
    calls = [sorted(step.call for step in plan.steps) for plan in case.plans]
    near = None
    for reading, plan in (one for functions in choices for one in _read(case, text, functions)):
        if case.accepts(plan):
            return reading
        if near is None and sorted(step.call for step in plan.steps) in calls:
            near = reading
    return near


def _read(case: GoalCase, text: Text, functions: Signatures) -> Iterator[tuple[Reading, Plan]]:
    goal = goal_of(case)
    bridges = Bridges(functions.values())
    flow = Flow(functions, goal.inputs.values(), bridges)
    lexicon = _lexicon() if functions is bundled() else lexicon_of(functions)
    unlearned = Leaning(Classifier(), [()] * len(text.tokens), ())
    for found in Search(text, bridges, goal.inputs).best(Reader(text, lexicon, flow, unlearned).readings()):
        yield found.reading, compose(found, text, goal)[0]


@cache
def _lexicon() -> Lexicon:
    return lexicon_of(bundled())
