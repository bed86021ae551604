"""Which planner assembles the plan, and why."""

from __future__ import annotations

from enum import Enum

from shunter.agent.planners.protocol import Planner


class PlannerKind(Enum):
    """What a person can ask for."""

    AUTO = "auto"  # the model where one is configured, else the embedded one
    MODEL = "model"
    EMBEDDED = "embedded"


def choose_planner(kind: PlannerKind, *, model: str | None = None) -> tuple[Planner, str]:
    """The planner, and a sentence that says which it is and why; raises PlannerUnavailable.

    Of its own accord it takes a model only where an endpoint is configured and the model is named, or the
    endpoint is one's own and can be asked for it: a key that lies about in the environment sends no goal
    anywhere. That model has the embedded planner behind it, for when the endpoint can't be reached or the
    model can't mend its plan; a model that was asked for is alone.
    """
    from shunter.agent.planners.model.settings import settings_from

    settings = settings_from(model=model)
    if kind is PlannerKind.EMBEDDED:
        return _embedded(), "the embedded planner plans: it was asked for"
    if kind is PlannerKind.MODEL:
        return _model(model), f"{settings.model or 'the model'} at {settings.place} plans: it was asked for"
    if settings.configured and settings.named:
        from shunter.agent.planners.fallback import FallbackPlanner

        why = f"{settings.model or 'the model'} at {settings.place} plans: it is configured"
        return FallbackPlanner(_model(model), _embedded()), why
    if settings.configured:
        why = "OPENAI_API_KEY is set, but no model is named (--model or SHUNTER_MODEL)"
    else:
        why = "no model is configured (OPENAI_API_KEY or OPENAI_BASE_URL)"
    return _embedded(), f"the embedded planner plans: {why}"


def _model(model: str | None) -> Planner:
    from shunter.agent.errors import PlannerUnavailable
    from shunter.agent.planners.model.planner import ModelPlanner
    from shunter.agent.planners.model.settings import settings_from

    settings = settings_from(model=model)
    if not settings.configured:
        raise PlannerUnavailable(
            "no model is configured",
            hint="set OPENAI_API_KEY, or OPENAI_BASE_URL for an endpoint of your own",
        )
    if not settings.named:
        raise PlannerUnavailable("no model is named", hint="name one: --model or SHUNTER_MODEL")
    return ModelPlanner(settings)


def _embedded() -> Planner:
    from shunter.agent.planners.embedded.planner import EmbeddedPlanner

    return EmbeddedPlanner()
