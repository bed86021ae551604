"""What a case expects of the plan, and of what comes out."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from typing import Annotated, Final

from pydantic import AfterValidator, Field, model_validator

from shunter.engine.plan.model import Name, Step
from shunter.evals.case.edge import EdgeText
from shunter.evals.case.expected import Expected
from shunter.evals.case.strict import Data, FunctionName, Strict


def _pattern(text: str) -> str:
    try:
        re.compile(text)
    except re.error as error:
        raise ValueError(f"no regular expression: {error}") from None
    return text


Pattern = Annotated[str, AfterValidator(_pattern)]
MEDIA: Final = r"^[a-z]+/(\*|[a-z0-9.+-]+)$"
Media = Annotated[str, Field(pattern=MEDIA)]


class Graph(Strict):
    """The steps of an accepted plan."""

    steps: tuple[Step, ...]


class WantedPlan(Strict):
    """What is asked of the plan, beyond passing the checker.

    `unused` are inputs that no step may take; `accepts` are the graphs of which it has to be one, where ids,
    order and outputs don't matter. `bridges` are calls in all of these that the goal doesn't ask for: types
    make them necessary.
    """

    uses: tuple[FunctionName, ...] = ()
    avoids: tuple[FunctionName, ...] = ()
    edges: tuple[EdgeText, ...] = ()
    unused: tuple[Name, ...] = ()
    most_steps: int | None = Field(default=None, ge=1)
    accepts: tuple[Graph, ...] = ()
    bridges: tuple[FunctionName, ...] = ()

    @model_validator(mode="after")
    def _has_its_bridges(self) -> WantedPlan:
        if self.bridges and not self.accepts:
            raise ValueError("`bridges` goes with `accepts`")
        for graph in self.accepts:
            lacking = Counter(self.bridges) - Counter(step.call for step in graph.steps)
            if lacking:
                raise ValueError(f"{next(iter(lacking))} is a bridge, and not in every accepted plan")
        return self


class WantedText(Strict):
    """What is asked of a text; line ends and white space at its end don't matter."""

    equals: str | None = None
    contains: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()
    matches: tuple[Pattern, ...] = ()
    lines: int | None = Field(default=None, ge=0)

    @model_validator(mode="after")
    def _asks_something(self) -> WantedText:
        if not self.model_fields_set:
            raise ValueError("expected one or more of equals, contains, lacks, matches, lines")
        return self


class WantedFolder(Strict):
    """What is asked of a folder: paths that are there or not (patterns), and what is asked of files."""

    has: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()
    files: Mapping[str, WantedValue] = Field(default_factory=dict)


class Judge(Strict):
    """A catalogue function that looks at the value; what it says is checked in turn.

    The value is its argument `value` (as a list of one where a list is wanted), `with` the others.
    """

    call: FunctionName
    value: Name
    with_: Mapping[Name, Data] = Field(default_factory=dict, alias="with")
    expect: WantedValue


class WantedValue(Strict):
    """What is asked of one value; all that is given has to hold.

    `json` goes from a path inside the data (`.` for all of it) to what is expected there; `properties` does
    the same for what image.properties or media.properties say of a file.
    """

    text: WantedText | None = None
    json_: Mapping[str, Expected] | None = Field(default=None, alias="json")
    media: Media | None = None
    name: str | None = None
    properties: Mapping[str, Expected] | None = None
    folder: WantedFolder | None = None
    judge: Judge | None = None
    items: int | None = Field(default=None, ge=0)
    each: WantedValue | None = None

    @model_validator(mode="after")
    def _asks_something(self) -> WantedValue:
        if not self.model_fields_set - {"output"}:
            names = [field.alias or name for name, field in WantedValue.model_fields.items()]
            raise ValueError(f"expected one or more of {', '.join(names)}")
        return self


class WantedResult(WantedValue):
    """What is asked of a result: the output of that name, or where none is named any of them."""

    output: Name | None = None


class Wanted(Strict):
    """All that a case expects."""

    plan: WantedPlan = WantedPlan()
    results: tuple[WantedResult, ...] = ()
