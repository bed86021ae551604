"""The protocol for machines: an OpenAPI document, made of the models that the server answers with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from pydantic.json_schema import models_json_schema

from shunter.engine.sessions.documents import CallAnswer, CallRequest, ErrorAnswer, SessionAnswer
from shunter.engine.sessions.refusal import FAILED, STATUS

_REFERENCE: Final = "#/components/schemas/{model}"


def openapi() -> Mapping[str, Any]:
    """The document, as it stands in `docs/sessions.openapi.json`."""
    answers = (CallAnswer, ErrorAnswer, SessionAnswer)
    _, schemas = models_json_schema(
        [(CallRequest, "validation"), *((model, "serialization") for model in answers)],
        ref_template=_REFERENCE,
    )
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Sessions: calls of functions from inside a step",
            "version": "1",
            "description": "Over the unix socket /run/shunter/socket, one request a connection.",
        },
        "servers": [{"url": "http://shunter"}],
        "security": [{"token": []}],
        "paths": {
            "/v1/session": {"get": _operation("What the step may call", "session", "SessionAnswer")},
            "/v1/calls": {
                "post": {
                    **_operation("Call a function, and wait for its result", "call", "CallAnswer"),
                    "requestBody": {"required": True, "content": _content("CallRequest")},
                }
            },
        },
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "schemas": schemas["$defs"],
        },
    }


def _operation(summary: str, name: str, answer: str) -> dict[str, Any]:
    refused = {
        str(status): {"description": ", ".join(kinds), "content": _content("ErrorAnswer")}
        for status, kinds in sorted(_kinds().items())
    }
    done = {"200": {"description": "done", "content": _content(answer)}}
    return {"operationId": name, "summary": summary, "responses": {**done, **refused}}


def _kinds() -> dict[int, list[str]]:
    found: dict[int, list[str]] = {FAILED: ["the function failed"]}
    for kind, status in STATUS.items():
        found.setdefault(status, []).append(kind.value)
    return found


def _content(model: str) -> dict[str, Any]:
    return {"application/json": {"schema": {"$ref": _REFERENCE.format(model=model)}}}
