"""A function's signature: all that the checker, the planners and people need to know of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias

from shunter.engine.types.fit import holds_secret
from shunter.engine.types.model import Optional, Type
from shunter.engine.values import Value, encode


class NoDefault(Enum):
    """Marks a parameter that has to be given."""

    REQUIRED = "required"


REQUIRED = NoDefault.REQUIRED


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter; `default` is `REQUIRED` where there is none."""

    name: str
    type: Type
    default: Value | NoDefault = REQUIRED
    doc: str = ""

    @property
    def required(self) -> bool:
        """Whether a call must give it: it has no default and can't be null."""
        return self.default is REQUIRED and not isinstance(self.type, Optional)

    @property
    def fallback_text(self) -> str:
        """The fallback as JSON text."""
        return json.dumps(encode(self.fallback), ensure_ascii=False)

    @property
    def fallback(self) -> Value:
        """What a call that doesn't give it gets: the default, else null."""
        return None if isinstance(self.default, NoDefault) else self.default


@dataclass(frozen=True, slots=True)
class Signature:
    """A function, called `module.function`.

    `hosts` and `effects` are what a call may reach or do beyond computing, by itself or by what it calls.
    `hosts_of_calls` are those of `hosts` that only what it calls may reach.
    """

    name: str
    parameters: tuple[Parameter, ...]
    returns: Type
    doc: str = ""
    returns_doc: str = ""
    example: str = ""
    hosts: tuple[str, ...] = ()
    effects: tuple[str, ...] = ()
    hosts_of_calls: tuple[str, ...] = ()

    @property
    def secrets(self) -> tuple[str, ...]:
        """The parameters that take secrets."""
        return tuple(parameter.name for parameter in self.parameters if holds_secret(parameter.type))

    def parameter(self, name: str) -> Parameter | None:
        """The parameter called `name`, or None."""
        return next((parameter for parameter in self.parameters if parameter.name == name), None)

    @property
    def summary(self) -> str:
        """The first line of the documentation."""
        return self.doc.partition("\n")[0].strip()

    def __str__(self) -> str:
        return f"{self.name}({', '.join(map(_parameter_text, self.parameters))}) -> {self.returns}"


Signatures: TypeAlias = Mapping[str, Signature]
"""Signatures by function name: what the checker knows of the catalogue."""


def _parameter_text(parameter: Parameter) -> str:
    text = f"{parameter.name}: {parameter.type}"
    if isinstance(parameter.default, NoDefault):
        return text
    return f"{text} = {parameter.fallback_text}"
