"""Model endpoints that are played from a script, over real HTTP: for tests, demos and evaluations."""

from __future__ import annotations

from shunter.agent.endpoints.replies import Bytes, Cut, Late, Reply, Say, Status, ToolCalls, Vectors
from shunter.agent.endpoints.scripted import ScriptedEndpoint, ScriptedRequest

__all__ = [
    "Bytes",
    "Cut",
    "Late",
    "Reply",
    "Say",
    "ScriptedEndpoint",
    "ScriptedRequest",
    "Status",
    "ToolCalls",
    "Vectors",
]
