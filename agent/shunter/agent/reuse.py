"""Runs that may take nothing from the cache, or nothing from elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from shunter.engine.errors import NotCached, UsageError
from shunter.engine.plan.checked import CheckedPlan
from shunter.engine.run.reuse import EveryStep

if TYPE_CHECKING:
    from shunter.engine.run.explain.forecast import StepForecast

_SHOWN = 5


def check_steps(plan: CheckedPlan, fresh: frozenset[str] | EveryStep) -> None:
    """Raise UsageError where `fresh` names a step that the plan hasn't got."""
    known = [step.id for step in plan.steps]
    for name in () if isinstance(fresh, EveryStep) else sorted(fresh.difference(known)):
        raise UsageError(f"the plan has no step {name!r}", hint=f"it has {', '.join(known)}")


def refuse_tags(images: Iterable[str]) -> None:
    """Raise NotCached where what an image's name stands for is its registry's to say."""
    for name in images:
        if "@" not in name:
            raise NotCached(
                f"what the image {name} is now, only its registry knows, and nothing may be asked",
                hint="run the plan that an earlier run wrote: it has the image's digest",
            )


def require_cached(steps: Iterable[StepForecast]) -> None:
    """Raise NotCached where a step would have to run, naming each that is known to."""
    missing = list(_missing(steps))
    if not missing:
        return
    more = [f"and {len(missing) - _SHOWN} more"] if len(missing) > _SHOWN else []
    raise NotCached(
        "not everything comes from the cache, and nothing may run: "
        + "; ".join([*missing[:_SHOWN], *more])
        + ". Nothing was started",
        hint="run it without --offline, or see with `shunter explain` what is different",
    )


def _missing(steps: Iterable[StepForecast]) -> Iterator[str]:
    from shunter.engine.run.explain.forecast import Expectation

    for step in steps:
        if step.expectation is Expectation.FAILS:
            yield f"step {step.id}: {step.problem}"
        elif step.expectation is Expectation.RUNS:
            misses = step.misses()
            mapped = any(call.index is not None for call in misses)
            which = f", {len(misses)} of {len(step.calls)} calls" if mapped else ""
            yield f"step {step.id} ({step.call}{which})"
