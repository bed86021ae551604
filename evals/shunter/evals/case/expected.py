"""What a value in data should be: itself, or within bounds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from pydantic import BeforeValidator, Field, model_validator

from shunter.engine.digest import JsonValue
from shunter.evals.case.strict import Data, Strict


class Bounds(Strict):
    """What is asked of a value; all that is given has to hold.

    `about` is a number that it may differ from by `within`; `length` is that of a list or text; `same_items`
    is a list whose order doesn't matter.
    """

    equals: Data | None = None
    about: float | None = Field(default=None, allow_inf_nan=False)
    within: float = Field(default=0.0, ge=0, allow_inf_nan=False)
    at_least: float | None = None
    at_most: float | None = None
    contains: Data | None = None
    length: int | None = Field(default=None, ge=0)
    same_items: tuple[Data, ...] | None = None

    @model_validator(mode="after")
    def _asks_something(self) -> Bounds:
        if not self.model_fields_set - {"within"}:
            raise ValueError(f"expected one or more of {', '.join(Bounds.model_fields)}")
        if "within" in self.model_fields_set and self.about is None:
            raise ValueError("`within` goes with `about`")
        return self


def _wrapped(data: JsonValue) -> JsonValue:
    return data if isinstance(data, Bounds | Mapping) else {"equals": data}


Expected = Annotated[Bounds, BeforeValidator(_wrapped)]
"""A literal, which the value has to equal, or bounds (`{about: 2, within: 0.1}`; records under `equals`)."""
