"""Functions as typed Python."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

import pytest

from shunter.engine.types import parse_type
from shunter.engine.types.signature import REQUIRED, Parameter, Signature
from shunter.engine.values import Value
from shunter.tools.bundled import modules_folder
from shunter.tools.catalogue import Catalogue
from shunter.tools.errors import ModuleError
from shunter.tools.specs.python_bindings import python_bindings


def _signature(
    name: str = "toy.act", returns: str = "str", /, **parameters: str | tuple[str, Value]
) -> Signature:
    """Parameters are types, or types with defaults."""
    made = []
    for each, given in parameters.items():
        kind, default = (given, REQUIRED) if isinstance(given, str) else given
        made.append(Parameter(each.removesuffix("_"), parse_type(kind), default, doc=f"the {each}"))
    return Signature(name, tuple(made), parse_type(returns), doc="Act.", returns_doc="what it gives")


def _called(signature: Signature, answer: object, *given: object, **named: object) -> tuple[Any, Any]:
    """What a binding returns, and what it called, in an interpreter that has the bindings."""
    calls: list[tuple[str, dict[str, object]]] = []

    def call(function: str, /, **arguments: object) -> object:
        calls.append((function, arguments))
        return answer

    text = python_bindings([signature], {"toy": "1.0"})
    space: dict[str, Any] = {"__name__": "builtins", "_call": call}
    exec(text.replace("from shunter.sdk.calls import call as _call\n", ""), space)
    function: Callable[..., Any] = space[signature.name.replace(".", "_")]
    return function(*given, **named), calls[0]


def test_a_binding_reads_like_this() -> None:
    signature = _signature(
        "toy.act",
        "list[{word: str, count: int}]",
        file="File[text/*]",
        top=("int", 10),
        mode=('"a" | "b"', "a"),
    )
    assert (
        python_bindings([signature], {"toy": "1.0"})
        == '''\
"""Functions to be called while another one runs: toy 1.0.

Made by `shunter bind toy`.
Don't edit it: make it again where a signature has changed.
"""

from __future__ import annotations

from dataclasses import dataclass

from shunter.sdk.calls import call as _call

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Annotated, Any, Literal

    from shunter.sdk import File


@dataclass(frozen=True)
class ToyActResult:
    """A record of `toy.act`."""

    word: str
    count: int


def toy_act(
    file: Annotated[File, "text/*"],
    *,
    top: int = 10,
    mode: Literal["a", "b"] = "a",
) -> list[ToyActResult]:
    """Act.

    Args:
        file: the file
        top: the top
        mode: the mode

    Returns:
        what it gives

    Raises:
        CallFailed: It has no result; `kind` says why.
    """
    _answer: Any = _call("toy.act", file=file, top=top, mode=mode)
    return [ToyActResult(word=item["word"], count=item["count"]) for item in _answer]
'''
    )


def test_arguments_are_handed_on_by_name() -> None:
    signature = _signature("toy.act", "int", text="str", top=("int", 3))
    assert _called(signature, 7, "x") == (7, ("toy.act", {"text": "x", "top": 3}))
    assert _called(signature, 7, text="x", top=4) == (7, ("toy.act", {"text": "x", "top": 4}))


def test_defaults_that_could_be_changed_are_left_to_the_engine() -> None:
    signature = _signature("toy.act", "int", words=("list[str]", ("a", "b")), record=("{n: int}", {"n": 1}))
    assert _called(signature, 7) == (7, ("toy.act", {}))
    assert _called(signature, 7, words=["c"]) == (7, ("toy.act", {"words": ["c"]}))
    assert 'Default: ["a", "b"].' in python_bindings([signature], {})


def test_names_that_python_keeps_for_itself_get_a_line_behind_them() -> None:
    signature = Signature(
        "toy.from",
        (Parameter("in", parse_type("str")), Parameter("call", parse_type("str"))),
        parse_type("{class: str}"),
        doc="Act.",
    )
    result, made = _called(signature, {"class": "first"}, "x", call="y")
    assert made == ("toy.from", {"in": "x", "call": "y"})
    assert result.class_ == "first"


def test_records_in_records_lists_and_options_are_read() -> None:
    kind = "{name: str, inner: {n: int} | None, items: list[{items: list[{x: int}]}]}"
    answer = {"name": "a", "inner": None, "items": [{"items": [{"x": 1}, {"x": 2}]}]}
    result, _ = _called(_signature("toy.act", kind), answer)
    assert result.inner is None
    assert [each.x for each in result.items[0].items] == [1, 2]
    result, _ = _called(_signature("toy.act", kind), {**answer, "inner": {"n": 5}})
    assert result.inner.n == 5


def test_documentation_can_hold_anything() -> None:
    signature = Signature("toy.act", (), parse_type("str"), doc='Ends with """ and \\ and "quotes"\n\nMore.')
    assert _called(signature, "x")[0] == "x"


def test_two_functions_of_one_name_are_refused() -> None:
    clash = [_signature("a.b_c"), _signature("a_b.c")]
    with pytest.raises(ModuleError, match="two functions would be called a_b_c, a.b_c among them"):
        python_bindings(clash, {})


def test_all_bundled_modules_can_be_bound() -> None:
    modules = Catalogue([modules_folder()]).modules()
    functions = [each.signature for module in modules for each in module.functions.values()]
    tree = ast.parse(python_bindings(functions, {}))
    defined = [node.name for node in tree.body if isinstance(node, ast.FunctionDef)]
    assert len([name for name in defined if name != "_given"]) == len(functions)
