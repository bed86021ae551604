"""The model planner: one structured answer, checked here, sent back with its problems at most twice."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace

from shunter.agent.errors import PlannerUnavailable
from shunter.agent.planners.model.answer_form import GivenAnswer, Malformed, read_answer
from shunter.agent.planners.model.assembly import assembled
from shunter.agent.planners.model.budget import Budget, Spending
from shunter.agent.planners.model.client import ModelClient
from shunter.agent.planners.model.completion import Completion, reply_data
from shunter.agent.planners.model.conversation import correction, opening
from shunter.agent.planners.model.demands import unmet, unused
from shunter.agent.planners.model.naming import renamed, step_titles
from shunter.agent.planners.model.narrowing import narrowed
from shunter.agent.planners.model.quoting import shortened
from shunter.agent.planners.model.schema import answer_schema
from shunter.agent.planners.model.selection import Selection, select
from shunter.agent.planners.model.settings import ModelSettings, settings_from
from shunter.agent.planners.model.shape import same_work
from shunter.agent.planners.model.size import LEAST, SchemaSize
from shunter.agent.planners.protocol import Answer, Missing, Proposal, Reason, Task, Usage
from shunter.engine.errors import PlanRefused
from shunter.engine.plan.check import check_plan
from shunter.engine.plan.model import Plan
from shunter.engine.plan.problem import Code, Problem

_NOTHING = {"", "none", "null", "nothing", "n/a", "no"}


@dataclass(frozen=True, slots=True)
class _Draft:
    """What became of one answer. Without problems it can be proposed; `doubts` are worth one look more."""

    said: str
    plan: Plan | None = None
    problems: tuple[Problem, ...] = ()
    doubts: tuple[Problem, ...] = ()
    reasons: tuple[Reason, ...] = ()
    missing: str | None = None

    @property
    def usable(self) -> bool:
        return self.plan is not None and not self.problems


class ModelPlanner:
    """Asks a model for plans; `settings` are the environment's where none are given.

    `limits` bound the schema of an answer: with more functions than fit, those are shown that the goal
    names. What the endpoint was found to understand is kept from one plan to the next.
    """

    name = "model"

    def __init__(
        self,
        settings: ModelSettings | None = None,
        *,
        budget: Budget | None = None,
        limits: SchemaSize = LEAST,
    ) -> None:
        self._settings = settings or settings_from()
        self._budget = budget or Budget()
        self._limits = limits
        self._client = ModelClient(self._settings)

    def plan(self, task: Task) -> Answer:
        """A plan that passes the checker, or what is missing; raises PlannerUnavailable."""
        self._askable(task)
        task = replace(task, functions=dict(task.functions))
        if not task.functions:
            return Missing("there are no functions to make a plan of")
        called = [step.call for attempt in task.attempts[-3:] for step in attempt.plan.steps]
        shown = select(task.goal, task.functions, self._limits, always=called)
        spending = Spending(self._budget, task.goal.limits.seconds)
        return self._answer(self._drafts(task, shown, spending), shown, spending)

    def _askable(self, task: Task) -> None:
        if not self._settings.configured:
            hint = "set OPENAI_API_KEY, or OPENAI_BASE_URL for an endpoint of your own"
            raise PlannerUnavailable("no model is configured", hint=hint)
        if len(task.goal.text) > self._budget.goal_characters:
            most, length = self._budget.goal_characters, len(task.goal.text)
            message = f"the goal has {length:,} characters, and a model is sent {most:,} at most"
            raise PlannerUnavailable(message, hint="say it shorter")

    def _drafts(self, task: Task, shown: Selection, spending: Spending) -> list[_Draft]:
        """One draft for each answer, up to the first that is right or says what is missing."""
        schema = answer_schema(shown.shown, task.goal, self._limits)
        messages = opening(task, shown.shown)
        for message in messages:
            message["content"] = self._settings.redacted(message["content"])
        drafts: list[_Draft] = []
        while len(drafts) <= self._budget.repairs and not (drafts and spending.exhausted):
            try:
                completion = self._client.ask(messages, schema, spending)
            except PlannerUnavailable:
                if any(draft.usable for draft in drafts):
                    break
                raise
            draft = self._draft(completion, task)
            drafts.append(draft)
            if draft.missing is not None or (draft.usable and not draft.doubts) or _stuck(drafts):
                break
            messages += correction(draft.said, (*draft.problems, *draft.doubts))
        return drafts

    def _draft(self, completion: Completion, task: Task) -> _Draft:
        said = self._settings.redacted(completion.text)
        if completion.refusal:
            return _Draft(said, missing=f"the model declined: {_plain(completion.refusal)}")
        try:
            answer = read_answer(self._data(completion))
            return _judged(answer, said, task)
        except Malformed as error:
            return _Draft(said, problems=error.problems)
        except ValueError as error:
            text = "the answer was cut off: be shorter" if completion.cut_off else str(error)
            return _Draft(said, problems=(Problem(Code.STRUCTURE, "the answer", text),))

    def _data(self, completion: Completion) -> object:
        """The answer's data. The key is taken out after decoding, so that no escape hides it."""
        written = json.dumps(reply_data(completion.text), ensure_ascii=False)
        data: object = json.loads(self._settings.redacted(written))
        return data

    def _answer(self, drafts: list[_Draft], shown: Selection, spending: Spending) -> Answer:
        notes = self._notes(shown, spending)
        usable = sorted((draft for draft in drafts if draft.usable), key=lambda draft: len(draft.doubts))
        last = drafts[-1]
        if usable and usable[0].plan is not None:
            return _proposal(usable[0].plan, usable[0], notes, spending.usage)
        nearest = tuple(signature.name for signature in shown.shown[:3])
        if last.missing is not None:
            return Missing(last.missing, shown.unknown, nearest, usage=spending.usage)
        found = "; ".join(_plain(str(problem), 200) for problem in last.problems[:3])
        answers = "1 answer" if len(drafts) == 1 else f"{len(drafts)} answers"
        text = f"the model gave no plan that works in {answers} ({notes[0]}): {found}"
        return Missing(text, shown.unknown, nearest, refused=last.problems, usage=spending.usage)

    def _notes(self, shown: Selection, spending: Spending) -> tuple[str, ...]:
        name = self._settings.redacted(self._client.model(spending))
        model = name.rpartition("/")[2] if name.startswith("/") else name  # a server may name its file
        how = self._client.dialect.mode.value
        notes = [f"planned by {_plain(model, 80)} at {self._settings.place}, asked for {how}: {spending}"]
        if shown.left_out:
            count = len(shown.shown)
            notes.append(f"the model was shown {count} of {count + shown.left_out} functions")
        return tuple(notes)


def _judged(answer: GivenAnswer, said: str, task: Task) -> _Draft:
    missing = (answer.missing or "").strip()
    if missing.lower().rstrip(".") not in _NOTHING:
        return _Draft(said, missing=_plain(missing))
    if not answer.steps:
        text = "there are no steps: make them, or say under `missing` what keeps you from it"
        return _Draft(said, problems=(Problem(Code.STRUCTURE, "steps", text),))
    plan = narrowed(assembled(answer, task.goal, task.functions), task.functions)
    try:
        checked = check_plan(plan, task.functions)
    except PlanRefused as refused:
        return _Draft(said, plan, refused.problems)
    reasons = tuple(Reason(given.step, _plain(given.why, 200)) for given in answer.reasons)
    return _Draft(said, plan, tuple(unmet(plan, checked, task)), tuple(unused(plan, task)), reasons)


def _proposal(plan: Plan, draft: _Draft, notes: tuple[str, ...], usage: Usage) -> Proposal:
    titles = step_titles(plan)
    why = {reason.step: reason.text for reason in draft.reasons}
    reasons = tuple(Reason(title, why[step]) for step, title in titles.items() if why.get(step))
    said = (*notes, *map(str, draft.doubts))
    return Proposal(renamed(plan, titles), reasons, notes=said, usage=usage)


def _stuck(drafts: list[_Draft]) -> bool:
    """Whether the last two answers are the same plan: another one would cost as much and say as much."""
    plans = [draft.plan for draft in drafts[-2:]]
    return len(plans) == 2 and plans[0] is not None and plans[1] is not None and same_work(plans[0], plans[1])


def _plain(text: str, most: int = 500) -> str:
    """Text of a model for people's eyes: printable, on one line, bounded."""
    kept = "".join(character if character.isprintable() else " " for character in text)
    return shortened(" ".join(kept.split()), most)
