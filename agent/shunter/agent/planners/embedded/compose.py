"""A yard as a plan: names for steps, inputs, outputs, reasons."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from shunter.agent.planners.embedded.search import Found
from shunter.agent.planners.embedded.segments import Text
from shunter.agent.planners.embedded.wiring import Node
from shunter.agent.planners.protocol import Reason
from shunter.engine import types as t
from shunter.engine.digest import JsonValue
from shunter.engine.plan.model import Plan
from shunter.engine.types import Type

_NAMES: Mapping[str, str] = {
    "speech.transcribe": "transcript",
    "rag.answer": "answer",
    "text.count": "count",
    "media.extract_audio": "audio",
}


def compose(
    found: Found, text: Text, goal: str, inputs: Mapping[str, Type]
) -> tuple[Plan, tuple[Reason, ...]]:
    """The plan, and why its steps are there."""
    names = _names(found.yard.nodes, inputs)
    steps: list[dict[str, Any]] = []
    used: set[str] = set()
    reasons: list[Reason] = []
    for node in found.yard.nodes:
        step: dict[str, Any] = {"id": names[f"#{node.id}"], "call": node.signature.name}
        for part, written in (("each", node.each), ("with", node.with_)):
            if written:
                step[part] = {name: _renamed(value, names, used) for name, value in written.items()}
        steps.append(step)
        reasons.append(Reason(step["id"], _why(node, found, text)))
    data = {
        "version": 1,
        "goal": goal,
        "inputs": {name: {"type": str(kind)} for name, kind in inputs.items() if name in used},
        "steps": steps,
        "outputs": _outputs(found.yard.nodes, names),
    }
    return Plan.model_validate(data), tuple(reasons)


def _renamed(value: JsonValue, names: Mapping[str, str], used: set[str]) -> JsonValue:
    if isinstance(value, list):
        return [_renamed(item, names, used) for item in value]
    if isinstance(value, dict) and "from" in value:
        source = str(value["from"])
        used.add(source)
        return {**value, "from": names.get(source, source)}
    return value


def _names(nodes: tuple[Node, ...], inputs: Mapping[str, Type]) -> dict[str, str]:
    names: dict[str, str] = {}
    taken = set(inputs)
    for node in nodes:
        base = _NAMES.get(node.signature.name) or node.signature.name.partition(".")[2]
        name, number = base, 2
        while name in taken:
            name, number = f"{base}{number}", number + 1
        taken.add(name)
        names[f"#{node.id}"] = name
    return names


def _outputs(nodes: tuple[Node, ...], names: Mapping[str, str]) -> dict[str, JsonValue]:
    """What nothing else uses, and what was asked for and isn't just an earlier form of something later."""
    uses: dict[str, list[Node]] = {}
    for node in nodes:
        for value in [*node.with_.values(), *node.each.values()]:
            for item in value if isinstance(value, list) else [value]:
                if isinstance(item, dict) and "from" in item:
                    uses.setdefault(str(item["from"]), []).append(node)
    found: dict[str, JsonValue] = {}
    for node in nodes:
        users = uses.get(f"#{node.id}", [])
        if not users or (
            node.stretch is not None and not any(_kind(user.type) == _kind(node.type) for user in users)
        ):
            found[names[f"#{node.id}"]] = {"from": names[f"#{node.id}"]}
    return found


def _kind(kind: Type) -> str:
    while isinstance(kind, t.ListOf | t.Optional):
        kind = kind.item if isinstance(kind, t.ListOf) else kind.inner
    return str(kind)


def _why(node: Node, found: Found, text: Text) -> str:
    if node.stretch is None:
        return f"to get {_kind(node.type)} for what follows"
    stretch = found.reading.stretches[node.stretch]
    words = [token.text for token in text.tokens[stretch.start : stretch.end]]
    return (
        " ".join(words)
        .replace(" ,", ",")
        .replace(" .", ".")
        .replace(" ?", "?")
        .replace(" :", ":")
        .strip(" ,.:;")
    )
