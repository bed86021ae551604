"""Checks on a plan: what it uses, what it leaves alone, what goes where."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from functools import partial

from shunter.engine.plan.expression import references
from shunter.engine.plan.model import Plan, Step
from shunter.engine.types.signature import Signatures
from shunter.evals.case.edge import WantedEdge
from shunter.evals.case.wanted import WantedPlan
from shunter.evals.checks.graph import accepted
from shunter.evals.checks.verdict import Check


def plan_checks(wanted: WantedPlan, signatures: Signatures) -> Iterator[Check[Plan]]:
    """A check for everything that is wanted of a plan."""
    for name in wanted.uses:
        yield Check(f"plan uses {name}", partial(_uses, name))
    for name in wanted.avoids:
        yield Check(f"plan avoids {name}", partial(_avoids, name))
    for edge in wanted.edges:
        yield Check(f"plan has {edge}", partial(_has, edge))
    for name in wanted.unused:
        yield Check(f"plan leaves {name} alone", partial(_leaves, name))
    if wanted.most_steps is not None:
        yield Check(f"plan has {wanted.most_steps} steps at most", partial(_short, wanted.most_steps))
    if wanted.accepts:
        yield Check("plan is accepted", partial(_accepted, wanted, signatures))


def calls(plan: Plan) -> str:
    """The functions that a plan calls, for people."""
    return ", ".join(step.call for step in plan.steps) or "nothing"


def _uses(name: str, plan: Plan) -> str | None:
    return None if any(step.call == name for step in plan.steps) else f"it calls {calls(plan)}"


def _avoids(name: str, plan: Plan) -> str | None:
    return f"it calls {calls(plan)}" if any(step.call == name for step in plan.steps) else None


def _leaves(name: str, plan: Plan) -> str | None:
    users = [step.call for step in plan.steps if name in _sources(step)]
    return f"it goes into {', '.join(users)}" if users else None


def _short(most: int, plan: Plan) -> str | None:
    return None if len(plan.steps) <= most else f"it has {len(plan.steps)}: {calls(plan)}"


def _accepted(wanted: WantedPlan, signatures: Signatures, plan: Plan) -> str | None:
    if accepted(plan.steps, wanted.accepts, signatures):
        return None
    lacking = Counter(wanted.bridges) - Counter(step.call for step in plan.steps)
    without = f", without {', '.join(lacking)} in between" if lacking else ""
    return f"it is another graph: {calls(plan)}{without}"


def _has(edge: WantedEdge, plan: Plan) -> str | None:
    steps = {step.id: step for step in plan.steps}
    for step in plan.steps:
        if step.call == edge.target and _reached(step, edge, steps, frozenset()):
            return None
    into = sorted(
        {_name(source, steps) for step in plan.steps if step.call == edge.target for source in _sources(step)}
    )
    return f"into {edge.target} goes {', '.join(into) or 'nothing'}"


def _reached(step: Step, edge: WantedEdge, steps: Mapping[str, Step], seen: frozenset[str]) -> bool:
    """Whether what `edge` comes from goes into `step`, directly or, for a far edge, on some way."""
    for source in _sources(step):
        if source in seen:
            continue
        if _name(source, steps) == edge.source:
            return True
        if edge.far and source in steps and _reached(steps[source], edge, steps, seen | {source}):
            return True
    return False


def _sources(step: Step) -> list[str]:
    written = [*step.with_.values(), *step.each.values()]
    return [reference.name for value in written for reference in references(value)]


def _name(source: str, steps: Mapping[str, Step]) -> str:
    """The function of a step; an input by its own name."""
    return steps[source].call if source in steps else source
