"""The client: a conversation in, what the model said out, whatever the endpoint understands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from shunter.agent.errors import PlannerUnavailable
from shunter.agent.planners.model.budget import Spending
from shunter.agent.planners.model.completion import Completion
from shunter.agent.planners.model.dialect import first_dialect
from shunter.agent.planners.model.refusals import Refusal
from shunter.agent.planners.model.settings import OFFICIAL, ModelSettings
from shunter.agent.planners.model.transport import Message, Transport
from shunter.engine.digest import JsonValue

if TYPE_CHECKING:
    from tenacity import RetryCallState


class ModelClient:
    """Asks one endpoint. `dialect` is what it has been found to understand: it stays for later plans."""

    def __init__(self, settings: ModelSettings) -> None:
        self.dialect = first_dialect(official=settings.base_url in {None, OFFICIAL})
        self._place = settings.place
        self._listed = settings.base_url is not None
        self._model = settings.model
        self._transport = Transport(settings)

    def ask(
        self, messages: Sequence[Message], schema: Mapping[str, JsonValue], spending: Spending
    ) -> Completion:
        """What the model says, in the strictest form that the endpoint takes; raises PlannerUnavailable."""
        while True:
            answer = self._patiently(messages, schema, spending)
            if isinstance(answer, Completion):
                return answer
            other = self.dialect.after(answer.text) if answer.form else None
            if other is None:
                raise self._unavailable(answer)
            self.dialect = other

    def model(self, spending: Spending) -> str:
        """The model's name; an endpoint that serves a single one is asked for it."""
        if self._model is None:
            self._model = self._only_model(spending)
        return self._model

    def _patiently(
        self, messages: Sequence[Message], schema: Mapping[str, JsonValue], spending: Spending
    ) -> Completion | Refusal:
        """One answer, tried again for as long as what keeps it away is transient."""
        import tenacity

        model = self.model(spending)
        fields = self.dialect.parameters(schema, spending.budget.answer_tokens)
        retries = spending.budget.retries

        def wait(state: RetryCallState) -> float:
            asked = _refusal(state).wait
            return retries.growing(state.attempt_number) if asked is None else asked

        def stop(state: RetryCallState) -> bool:
            return state.attempt_number >= retries.tries or wait(state) >= min(retries.most, spending.left)

        again = tenacity.Retrying(
            retry=tenacity.retry_if_result(lambda got: isinstance(got, Refusal) and got.transient),
            wait=wait,
            stop=stop,
            sleep=retries.sleep,
            retry_error_callback=_refusal,
        )
        found: Completion | Refusal = again(self._transport.complete, model, messages, fields, spending)
        return found

    def _only_model(self, spending: Spending) -> str:
        names = self._transport.models(spending) if self._listed else []
        if isinstance(names, Refusal):
            raise self._unavailable(names)
        if len(names) != 1:
            some = f"; it has {', '.join(names[:8])}" if names else ""
            hint = f"name one: --model or SHUNTER_MODEL{some}"
            raise PlannerUnavailable(f"no model is named for {self._place}", hint=hint)
        return names[0]

    def _unavailable(self, refusal: Refusal) -> PlannerUnavailable:
        return PlannerUnavailable(f"the model at {self._place}: {refusal.text}", hint=refusal.hint)


def _refusal(state: RetryCallState) -> Refusal:
    """What the last try gave, which is a refusal wherever another one is thought of."""
    result = state.outcome.result() if state.outcome else None
    return result if isinstance(result, Refusal) else Refusal("it didn't answer")
