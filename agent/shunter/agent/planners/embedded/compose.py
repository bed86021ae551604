"""A yard as a plan: names for steps, inputs, outputs, reasons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from shunter.agent.planners.embedded.bridges import is_conversion
from shunter.agent.planners.embedded.search import Found
from shunter.agent.planners.embedded.stems import stem
from shunter.agent.planners.embedded.text import Text
from shunter.agent.planners.embedded.yard import Node, sources_of
from shunter.agent.planners.protocol import Reason
from shunter.engine import types as t
from shunter.engine.digest import JsonValue
from shunter.engine.plan.model import Plan
from shunter.instructions.goal import Goal

_NOUN = 4
"""How many letters of a noun and a function's name have to be the same, for the noun to name its result."""


def compose(found: Found, text: Text, goal: Goal) -> tuple[Plan, tuple[Reason, ...]]:
    """The plan, and why its steps are there."""
    nodes = found.yard.nodes
    names = _names(nodes, goal.inputs)
    used: set[str] = set()
    steps = [_step(node, names, used) for node in nodes]
    data = {
        "version": 1,
        "goal": goal.text,
        "inputs": {name: {"type": str(kind)} for name, kind in goal.inputs.items() if name in used},
        "steps": steps,
        "outputs": _outputs(nodes, names, goal.outputs),
    }
    reasons = tuple(Reason(names[node.source], _reason(node, found, text)) for node in nodes)
    return Plan.model_validate(data), reasons


def _step(node: Node, names: Mapping[str, str], used: set[str]) -> dict[str, Any]:
    step: dict[str, Any] = {"id": names[node.source], "call": node.signature.name}
    for part, written in (("each", node.each), ("with", node.with_)):
        if written:
            step[part] = {name: _renamed(value, names, used) for name, value in written.items()}
    return step


def _renamed(value: JsonValue, names: Mapping[str, str], used: set[str]) -> JsonValue:
    if isinstance(value, list):
        return [_renamed(item, names, used) for item in value]
    if isinstance(value, dict) and "from" in value:
        source, dot, path = str(value["from"]).partition(".")
        used.add(source)
        return {**value, "from": f"{names.get(source, source)}{dot}{path}"}
    return value


def _names(nodes: Sequence[Node], taken: Mapping[str, t.Type]) -> dict[str, str]:
    """A name for each call: what its documentation calls the result, where that sounds like the function."""
    names: dict[str, str] = {}
    seen = set(taken)
    for node in nodes:
        base = _noun(node) or node.signature.name.partition(".")[2]
        name, number = base, 2
        while name in seen:
            name, number = f"{base}{number}", number + 1
        seen.add(name)
        names[node.source] = name
    return names


def _noun(node: Node) -> str | None:
    words = node.signature.returns_doc.replace(",", " ").lower().split()
    if len(words) < 2 or words[0] not in {"the", "a", "an", "its"}:
        return None
    noun, function = words[1].strip(".;:"), node.signature.name.partition(".")[2]
    alike = stem(noun)[:_NOUN] == stem(function.rpartition("_")[2])[:_NOUN]
    return noun if alike and noun.isidentifier() and noun.isascii() else None


def _outputs(
    nodes: Sequence[Node], names: Mapping[str, str], wanted: Mapping[str, t.Type | None]
) -> dict[str, JsonValue]:
    """What nothing else takes, and what was asked for and isn't just an earlier form of what follows."""
    results = [node for node in nodes if _is_output(node, nodes)]
    called = {node.source: names[node.source] for node in results}
    free = list(reversed(results))
    for name, kind in wanted.items():
        node = next((node for node in free if kind is None or t.fits(node.type, kind)), None)
        if node is not None:
            free.remove(node)
            called[node.source] = name
    return {called[node.source]: {"from": names[node.source]} for node in results}


def _is_output(node: Node, nodes: Sequence[Node]) -> bool:
    users = [
        other for other in nodes if node.source in {source.partition(".")[0] for source in sources_of(other)}
    ]
    if not users:
        return True
    return node.stretch is not None and not any(_is_further_form(user, node) for user in users)


def _is_further_form(user: Node, node: Node) -> bool:
    """Whether a call only gives another form to what it takes: of the same kind, or by a conversion."""
    return _kind(user.type) == _kind(node.type) or is_conversion(user.signature)


def _kind(kind: t.Type) -> str:
    while isinstance(kind, t.ListOf | t.Optional):
        kind = kind.item if isinstance(kind, t.ListOf) else kind.inner
    return str(kind)


def _reason(node: Node, found: Found, text: Text) -> str:
    if node.stretch is None:
        return f"to get {_kind(node.type)} for what follows"
    stretch = found.reading.stretches[node.stretch]
    inside = text.tokens[stretch.start : stretch.end]
    words = " ".join(token.text for token in inside)
    for sign in ",.?!:;":
        words = words.replace(f" {sign}", sign)
    return words.strip(" ,.:;")
