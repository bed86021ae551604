"""What all written forms have in common: frozen, and nothing in them that isn't known."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, PlainValidator, StringConstraints

from shunter.engine.digest import JsonValue
from shunter.engine.values.literal import literal_value

FUNCTION_NAME: Final = r"^[a-z][a-z0-9_-]*\.[a-z][a-z0-9_]*$"
FunctionName = Annotated[str, StringConstraints(pattern=FUNCTION_NAME)]
"""MODULE.FUNCTION."""


class Strict(BaseModel):
    """A written form."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def _plain(data: object) -> JsonValue:
    literal_value(data)
    return data  # type: ignore[return-value] # which the line above has made sure of


Data = Annotated[object, PlainValidator(_plain)]
"""Plain data, as it stands."""


def only_one(given: Mapping[str, object], what: str) -> str:
    """The name of the one that is given; raises ValueError for none or several."""
    there = [name for name, value in given.items() if value is not None]
    if len(there) != 1:
        names = ", ".join(given)
        got = " and ".join(there) or "none"
        raise ValueError(f"{what} has exactly one of {names}; got {got}")
    return there[0]
