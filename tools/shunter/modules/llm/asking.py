"""One question to a model."""

from __future__ import annotations

from shunter.sdk import Json, Secret
from shunter.sdk.model_endpoint import ModelEndpoint


def asked(
    endpoint: str,
    model: str,
    key: Secret | None,
    system: str,
    prompt: str,
    *,
    schema: Json = None,
    temperature: float = 0.0,
    max_tokens: int,
) -> str:
    """The answer to a prompt, after what the model is told beforehand; raises Failure."""
    turns = [*([("system", system)] if system.strip() else []), ("user", prompt)]
    return ModelEndpoint(endpoint, model, key).chat(
        turns, temperature=temperature, max_tokens=max_tokens, schema=schema
    )
