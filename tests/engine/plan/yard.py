"""A small catalogue, and plans checked against it."""

from __future__ import annotations

import pytest

from shunter.engine.errors import PlanRefused
from shunter.engine.plan.check import check_plan
from shunter.engine.plan.checked import CheckedPlan
from shunter.engine.plan.problem import Problem
from shunter.engine.plan.read import read_plan
from shunter.engine.types import parse_type
from shunter.engine.types.signature import REQUIRED, NoDefault, Parameter, Signature
from shunter.engine.values import Value


def _function(
    name: str, returns: str, hosts: tuple[str, ...] = (), effects: tuple[str, ...] = (), **parameters: object
) -> Signature:
    """A parameter is its type, or a pair of type and default."""
    return Signature(
        name,
        tuple(_parameter(key, written) for key, written in parameters.items()),
        parse_type(returns),
        hosts=hosts,
        effects=effects,
    )


def _parameter(name: str, written: object) -> Parameter:
    default: Value | NoDefault = REQUIRED
    if isinstance(written, tuple):
        written, default = written
    return Parameter(name, parse_type(str(written)), default)


FUNCTIONS = {
    signature.name: signature
    for signature in (
        _function("speech.transcribe", "File[text/plain]", audio="File[audio/*]", language=("str", "en")),
        _function(
            "rag.answer", "{text: str, passages: list[File[text/plain]]}", documents="list[File[text/*]]",
            question="str", top=("int", 3), style=('"long" | "short" | None', None),
        ),
        _function("text.join", "str", parts="list[str]", separator=("str", " ")),
        _function("text.same", "str", text="str"),
        _function("table.read", "list[{name: str, size: int}]", file="File[text/csv]"),
        _function("table.row", "str", row="{name: str, size: int, note: str | None}"),
        _function("web.fetch", "File", hosts=("example.org",), url="str"),
        _function("web.get", "str", hosts=("{url}", "{also}"), url="str", also=("list[str]", ())),
        _function("web.publish", "str", effects=("publish",), page="File"),
        _function("json.any", "Json", data="Json"),
        _function("math.add", "float", a="float", b="float"),
        _function("vault.open", "str", token="Secret"),
    )
}  # fmt: skip


def checked(text: str) -> CheckedPlan:
    """The plan in `text`, which has to pass."""
    plan, lines = read_plan(text)
    return check_plan(plan, FUNCTIONS, lines)


def refused(text: str) -> tuple[Problem, ...]:
    """What is wrong with the plan in `text`, which must not pass."""
    with pytest.raises(PlanRefused) as caught:
        checked(text)
    return caught.value.problems


def problems(text: str) -> list[str]:
    """The same, as people read it, with the codes."""
    return [f"{problem.code.value}: {problem}" for problem in refused(text)]
