"""Calls of a language model. Its answers vary, so they are pinned: the same call gets the same answer."""

from __future__ import annotations

import json
from typing import Annotated

from shunter.sdk import CacheId, Failure, File, Json, Secret, function

Text = Annotated[File, "text/*"]
Key = Annotated[Secret, CacheId("model endpoint")]


@function(cache="pinned", hosts=["{endpoint}"])
def complete(
    prompt: str,
    endpoint: str,
    model: str,
    key: Key | None = None,
    system: str = "",
    temperature: float = 0.0,
    max_tokens: int = 2000,
) -> str:
    """Let a language model complete a prompt.

    Args:
        prompt: What the model is asked.
        endpoint: The base URL of an OpenAI-compatible endpoint, such as https://models.example.org/v1.
        model: The model's name.
        key: The endpoint's key, where it wants one.
        system: What the model is told beforehand.
        temperature: How much its answers vary, from 0 on.
        max_tokens: How long the answer may be.
    Returns:
        The model's answer.
    Example:
        shunter call llm.complete --prompt "Say hello." --endpoint http://localhost:8080/v1 --model m --yes
    """
    from .asking import asked

    return asked(endpoint, model, key, system, prompt, temperature=temperature, max_tokens=max_tokens)


@function(cache="pinned", hosts=["{endpoint}"])
def extract(
    text: Text, schema: Json, endpoint: str, model: str, key: Key | None = None, max_tokens: int = 4000
) -> Json:
    """Let a language model extract data from a text, in the form of a JSON schema.

    What it gives is checked against the schema; data that isn't of that form is a failure.

    Args:
        text: The text to extract from.
        schema: The JSON schema of what is wanted.
        endpoint: The base URL of an OpenAI-compatible endpoint, such as https://models.example.org/v1.
        model: The model's name.
        key: The endpoint's key, where it wants one.
        max_tokens: How long the answer may be.
    Returns:
        The data.
    Example:
        shunter call llm.extract --text a.txt --schema @a.json --endpoint http://localhost:8080/v1 --model m
    """
    from .asking import asked
    from .schema import checked

    told = f"Extract data from the text, as JSON of this schema and no more:\n{json.dumps(schema)}"
    answer = asked(endpoint, model, key, told, text.read_text(), schema=schema, max_tokens=max_tokens)
    return checked(answer, schema)


@function(cache="pinned", hosts=["{endpoint}"])
def classify(text: Text, labels: list[str], endpoint: str, model: str, key: Key | None = None) -> str:
    """Let a language model say which of some labels fits a text best.

    Args:
        text: The text to classify.
        labels: The labels to choose from.
        endpoint: The base URL of an OpenAI-compatible endpoint, such as https://models.example.org/v1.
        model: The model's name.
        key: The endpoint's key, where it wants one.
    Returns:
        One of the labels.
    Example:
        shunter call llm.classify --text a.txt --labels yes --labels no --endpoint http://host/v1 --model m
    """
    from .asking import asked
    from .schema import checked

    if len(set(labels)) < 2:
        raise Failure(f"there are {len(set(labels))} labels; expected two or more to choose from")
    label: Json = {"type": "string", "enum": list(dict.fromkeys(labels))}
    schema: Json = {
        "type": "object",
        "properties": {"label": label},
        "required": ["label"],
        "additionalProperties": False,
    }
    told = f"Say which label fits the text best, as JSON of this schema and no more:\n{json.dumps(schema)}"
    found = checked(
        asked(endpoint, model, key, told, text.read_text(), schema=schema, max_tokens=200), schema
    )
    assert isinstance(found, dict)
    return str(found["label"])


@function(cache="pinned", hosts=["{endpoint}"])
def embed(texts: list[str], endpoint: str, model: str, key: Key | None = None) -> list[list[float]]:
    """Let a model turn texts into vectors (embeddings), which are close where meanings are.

    Args:
        texts: The texts.
        endpoint: The base URL of an OpenAI-compatible endpoint, such as https://models.example.org/v1.
        model: The model's name.
        key: The endpoint's key, where it wants one.
    Returns:
        A vector for each text, in order.
    Example:
        shunter call llm.embed --texts one --texts two --endpoint http://localhost:8080/v1 --model m --yes
    """
    from shunter.sdk.model_endpoint import ModelEndpoint

    return ModelEndpoint(endpoint, model, key).embed(texts) if texts else []
