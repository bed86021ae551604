"""Functions as a Python file: typed functions that call them, for functions that run in containers.

Importing the file costs next to nothing, as every start of a step pays for it: annotations aren't evaluated,
and `dataclasses` is imported only where there is a record.
"""

from __future__ import annotations

import json
import keyword
import textwrap
from collections.abc import Iterator, Mapping, Sequence

from shunter.engine import types as t
from shunter.engine.types.signature import Parameter, Signature
from shunter.tools.errors import ModuleError
from shunter.tools.specs.python_types import PythonTypes, camel

_WIDTH = 100


def python_bindings(functions: Sequence[Signature], versions: Mapping[str, str]) -> str:
    """The file's text; `versions` are those of the modules. Raises ModuleError for two of one name."""
    names = [_name(signature) for signature in functions]
    for signature, name in zip(functions, names, strict=True):
        if names.count(name) > 1:
            raise ModuleError(
                f"two functions would be called {name}, {signature.name} among them",
                hint="bind their modules into files of their own",
            )
    written = [_Function(signature) for signature in functions]
    records = "\n\n\n".join(text for each in written for text in each.types.classes())
    bodies = "\n\n\n".join(each.text() for each in written)
    parts = [f"{_head(versions)}\n\n{_imports(written)}", records]
    parts += [_OMITTING] if any(each.omits for each in written) else []
    return "\n\n\n".join(part for part in [*parts, bodies] if part) + "\n"


_OMITTING = '''\
def _given(**arguments: object) -> dict[str, object]:
    """The arguments that aren't None: the others take their defaults."""
    return {name: value for name, value in arguments.items() if value is not None}'''


def _head(versions: Mapping[str, str]) -> str:
    listed = ", ".join(f"{name} {version}" for name, version in versions.items())
    command = " ".join(["shunter bind", *versions])
    return (
        f'"""Functions to be called while another one runs: {listed}.\n\n'
        f"Made by `{command}`.\nDon't edit it: make it again where a signature has changed.\n"
        f'"""'
    )


def _imports(written: Sequence[_Function]) -> str:
    kinds = sorted({name for each in written for name in each.types.sdk})
    typing = sorted({"Any", *(name for each in written for name in each.types.typing)})
    lines = ["from __future__ import annotations", ""]
    if any(each.types.has_records for each in written):
        lines += ["from dataclasses import dataclass", ""]
    lines += ["from shunter.sdk.calls import call as _call", "", "TYPE_CHECKING = False", "if TYPE_CHECKING:"]
    lines += [f"    from typing import {', '.join(typing)}", ""]
    lines += [f"    from shunter.sdk import {', '.join(kinds)}"] if kinds else []
    return "\n".join(lines).rstrip()


class _Function:
    def __init__(self, signature: Signature) -> None:
        self._signature = signature
        self.types = PythonTypes(signature.name)
        self._parameters = [_Written(each, self.types) for each in signature.parameters]
        self._returns = self.types.text(signature.returns, "")

    @property
    def omits(self) -> bool:
        """Whether a parameter has a default that Python can't have."""
        return any(each.is_omitted for each in self._parameters)

    def text(self) -> str:
        given = [each.given for each in self._parameters if not each.is_omitted]
        omitted = [each.given for each in self._parameters if each.is_omitted]
        arguments = [f'"{self._signature.name}"', *given]
        arguments += [f"**_given({', '.join(omitted)})"] if omitted else []
        return "\n".join(
            [
                _wrapped(
                    f"def {_name(self._signature)}(",
                    list(_ordered(self._parameters)),
                    f") -> {self._returns}:",
                ),
                *_docstring(self._signature, self._parameters),
                *self._ending(arguments),
            ]
        )

    def _ending(self, arguments: Sequence[str]) -> Iterator[str]:
        """The call, and its result of a type that a type checker knows."""
        returns = self._signature.returns
        reading = self.types.reading(returns, "_answer")
        kind = self._returns if reading == "_answer" else "Any"
        yield _wrapped(f"    _answer: {kind} = _call(", arguments, ")")
        if isinstance(returns, t.Record):
            yield _wrapped(f"    return {self._returns}(", self.types.fields(returns, "_answer"), ")")
        else:
            yield f"    return {reading}"


class _Written:
    """One parameter in Python."""

    def __init__(self, parameter: Parameter, types: PythonTypes) -> None:
        self.parameter = parameter
        self.name = parameter.name + ("_" if keyword.iskeyword(parameter.name) else "")
        kind = types.text(parameter.type, camel(parameter.name))
        value = parameter.fallback
        self.is_omitted = not parameter.required and isinstance(value, tuple | Mapping)
        if parameter.required:
            self.word = f"{self.name}: {kind}"
        elif self.is_omitted:
            optional = kind if isinstance(parameter.type, t.Optional) else f"{kind} | None"
            self.word = f"{self.name}: {optional} = None"
        else:
            shown = json.dumps(value, ensure_ascii=False) if isinstance(value, str) else repr(value)
            self.word = f"{self.name}: {kind} = {shown}"

    @property
    def given(self) -> str:
        """How it is handed on."""
        if self.name == self.parameter.name:
            return f"{self.name}={self.name}"
        return f'**{{"{self.parameter.name}": {self.name}}}'

    @property
    def doc(self) -> str:
        """What it is for, and what it is where it isn't given."""
        default = f" Default: {self.parameter.fallback_text}." if self.is_omitted else ""
        return f"{self.parameter.doc}{default}".strip()


def _ordered(parameters: Sequence[_Written]) -> Iterator[str]:
    """The first by position, where it must be given; the others by name, so that their order is free."""
    if parameters and parameters[0].parameter.required:
        yield parameters[0].word
        parameters = parameters[1:]
    if parameters:
        yield "*"
        yield from (each.word for each in parameters)


def _docstring(signature: Signature, parameters: Sequence[_Written]) -> Iterator[str]:
    lines = signature.doc.splitlines() or [signature.name]
    documented = [each for each in parameters if each.doc]
    if documented:
        told = [line for each in documented for line in _filled(f"{each.name}: {each.doc}")]
        lines += ["", "Args:", *told]
    if signature.returns_doc:
        lines += ["", "Returns:", *_filled(signature.returns_doc)]
    lines += ["", "Raises:", "    CallFailed: It has no result; `kind` says why."]
    safe = [line.replace("\\", "\\\\").replace('"""', '\\"\\"\\"') for line in lines]
    yield f'    """{safe[0]}'
    yield from (f"    {line}".rstrip() for line in safe[1:])
    yield '    """'


def _filled(text: str) -> list[str]:
    """A paragraph of a docstring's part."""
    return textwrap.wrap(text, _WIDTH - 4, initial_indent="    ", subsequent_indent="        ")


def _wrapped(head: str, words: Sequence[str], tail: str) -> str:
    """`head`, `words` with commas, `tail`: in one line, or in one for each word."""
    short = f"{head}{', '.join(words)}{tail}"
    if len(short) <= _WIDTH:
        return short
    inward = " " * (len(head) - len(head.lstrip()))
    return f"{head}\n" + "".join(f"{inward}    {word},\n" for word in words) + inward + tail


def _name(signature: Signature) -> str:
    name = signature.name.replace(".", "_")
    return f"{name}_" if keyword.iskeyword(name) else name
