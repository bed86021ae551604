"""The embedded planner: takes a goal's words apart, and puts together what the catalogue says of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from shunter.agent.planners.embedded.bridges import Bridges
from shunter.agent.planners.embedded.classifier.classifier import Classifier, learned
from shunter.agent.planners.embedded.classifier.leaning import Leaning
from shunter.agent.planners.embedded.classifier.signs import signs_of
from shunter.agent.planners.embedded.compose import compose
from shunter.agent.planners.embedded.coverage import coverage
from shunter.agent.planners.embedded.flow import Flow
from shunter.agent.planners.embedded.lexicon import Lexicon, lexicon_of
from shunter.agent.planners.embedded.readings import Reader
from shunter.agent.planners.embedded.repairs import Repairs
from shunter.agent.planners.embedded.search import Search
from shunter.agent.planners.embedded.shortfall import listed, shortfall
from shunter.agent.planners.embedded.text import Text, take_apart
from shunter.agent.planners.protocol import Answer, Attempt, Choice, Missing, Proposal, Question, Reason, Task
from shunter.engine.errors import PlanRefused
from shunter.engine.plan.check import check_plan
from shunter.engine.plan.model import Plan
from shunter.engine.plan.write import plan_data

UNDERSTOOD = 0.45
"""How much of what a goal says has to be explained by a plan, for the plan to be worth proposing."""
FAMILIAR, HARDLY_UNDERSTOOD = 0.15, 0.33
"""How sure the classifier has to be of each call for less to be enough, and how much then is."""
CLOSE = 0.12
"""How near the scores of two plans are that are about as likely."""
_ASKED_ABOUT = 3
LONG = 20


@dataclass(frozen=True, slots=True)
class _Candidate:
    plan: Plan
    reasons: tuple[Reason, ...]
    score: float
    share: float
    strangers: tuple[str, ...]
    familiarity: float

    @property
    def is_understood(self) -> bool:
        """Whether enough of the goal is explained for the plan to be worth proposing."""
        least = HARDLY_UNDERSTOOD if self.familiarity >= FAMILIAR else UNDERSTOOD
        return self.share >= least

    @property
    def calls(self) -> str:
        return " → ".join(step.call for step in self.plan.steps)


class EmbeddedPlanner:
    """Plans without a model: no key, no network, and the same answer each time.

    `classifier` is what was learned of functions; of None that which comes with the planner.
    """

    name = "embedded"

    def __init__(self, classifier: Classifier | None = None) -> None:
        self._classifier = classifier
        self._known: tuple[object, Lexicon, Bridges] | None = None

    def plan(self, task: Task) -> Answer:
        """A plan, a question between plans that are about as likely, or what is missing."""
        lexicon, bridges = self._of(task)
        failed = [attempt for attempt in task.attempts if attempt.failures]
        if failed and (repaired := self._repaired(task, failed[-1], lexicon)) is not None:
            return repaired
        text = take_apart(task.goal.text, task.goal.inputs, lexicon.choices)
        flow = Flow(task.functions, task.goal.inputs.values(), bridges)
        reader = Reader(text, lexicon, flow, self._leaning(text, task, flow))
        found = list(self._candidates(task, text, reader, bridges, lexicon))
        likely = [candidate for candidate in found if candidate.is_understood]
        if not likely:
            return shortfall(text, reader.cues, lexicon, flow, task.goal.inputs)
        if task.attempts:
            return _another(likely, [attempt.plan for attempt in task.attempts])
        return _answer(likely)

    def _leaning(self, text: Text, task: Task, flow: Flow) -> Leaning:
        """What was learned of functions, for this goal."""
        signs = signs_of(text.tokens, text.mentioned, text.aside)
        possible = {name for name in task.functions if flow.reaches(name)}
        return Leaning(self._classifier or learned(), signs, possible)

    def _candidates(
        self, task: Task, text: Text, reader: Reader, bridges: Bridges, lexicon: Lexicon
    ) -> Iterator[_Candidate]:
        for found in Search(text, bridges, task.goal.inputs).best(reader.readings()):
            plan, reasons = compose(found, text, task.goal)
            if not _passes(plan, task):
                continue
            share, strangers = coverage(found.reading, text, reader.cues, lexicon)
            familiarity = min((stretch.learned for stretch in found.reading.stretches), default=0.0)
            yield _Candidate(plan, reasons, found.score, share, strangers, familiarity)

    def _repaired(self, task: Task, attempt: Attempt, lexicon: Lexicon) -> Answer | None:
        """A plan that differs from the failed one where it failed."""
        tried = [graph(other.plan) for other in task.attempts]
        for failure in attempt.failures:
            for plan, change in Repairs(attempt.plan, failure, task.functions, lexicon).plans():
                if graph(plan) not in tried and _passes(plan, task):
                    return Proposal(plan, (Reason(failure.step, change),), notes=(f"changed: {change}",))
        return None

    def _of(self, task: Task) -> tuple[Lexicon, Bridges]:
        key = tuple(task.functions.values())
        if self._known is None or self._known[0] != key:
            self._known = (key, lexicon_of(task.functions), Bridges(task.functions.values()))
        return self._known[1], self._known[2]


def _answer(likely: Sequence[_Candidate]) -> Answer:
    best = likely[0]
    rivals = [other for other in _rivals(likely) if other.calls != best.calls]
    if rivals:
        choices = [best, *rivals[: _ASKED_ABOUT - 1]]
        return Question(
            "the goal can be read in more than one way.",
            tuple(Choice(choice.calls, _proposal(choice, likely)) for choice in choices),
        )
    return _proposal(best, likely)


def _another(likely: Sequence[_Candidate], tried: Sequence[Plan]) -> Answer:
    """What is about as likely as the best and untried; what is less likely might do another thing."""
    graphs = [graph(plan) for plan in tried]
    others = [other for other in (likely[0], *_rivals(likely)) if graph(other.plan) not in graphs]
    if others:
        return _proposal(others[0], likely)
    return Missing("nothing else is about as likely to be what is meant")


def _rivals(likely: Sequence[_Candidate]) -> Sequence[_Candidate]:
    return [other for other in likely[1:] if likely[0].score - other.score < CLOSE]


def _proposal(chosen: _Candidate, likely: Sequence[_Candidate]) -> Proposal:
    others = tuple(other.plan for other in likely if other is not chosen)
    notes = (f"nothing was made of {listed(chosen.strangers)}",) if chosen.strangers else ()
    return Proposal(chosen.plan, chosen.reasons, others, notes)


def _passes(plan: Plan, task: Task) -> bool:
    try:
        check_plan(plan, task.functions)
    except PlanRefused:
        return False
    return len(plan.steps) <= task.goal.limits.steps


def graph(plan: Plan) -> object:
    """What decides what a plan does: without what is only for people."""
    return plan_data(plan.model_copy(update={"goal": None, "modules": {}, "requires": None}))
