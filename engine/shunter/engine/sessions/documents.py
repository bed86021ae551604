"""What goes over the socket, as strict models; artifacts are `{"$file": PATH}` and `{"$directory": PATH}`."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field


class _Document(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class CallRequest(_Document):
    """A call. Arguments that aren't given take their defaults."""

    function: Annotated[str, Field(description="its name, such as `text.count`", max_length=200)]
    arguments: Annotated[dict[str, Any], Field(default_factory=dict, description="by parameter")]


class CallAnswer(_Document):
    """The result of a call. Its files are where their paths say, for as long as the step runs."""

    value: Any
    outcome: Annotated[Literal["executed", "cached"], Field(description="whether a container ran for it")]


class ErrorDetail(_Document):
    """Why there is no result."""

    kind: Annotated[str, Field(description="of a refusal or of a failure, see the protocol's page")]
    message: Annotated[str, Field(description="one sentence")]
    hint: Annotated[str | None, Field(description="what to do, where the engine knows")] = None
    function: Annotated[str | None, Field(description="the function that failed")] = None
    exit_code: Annotated[int | None, Field(description="of its command, where one ended")] = None
    stderr: Annotated[str, Field(description="the last lines that it printed as errors")] = ""
    stdout: Annotated[str, Field(description="the last lines that it printed")] = ""


class ErrorAnswer(_Document):
    """Every answer that isn't 200."""

    error: ErrorDetail


class ParameterDocument(_Document):
    """A parameter. `type` is written as in plans; `default` is there where it needn't be given."""

    name: str
    type: str
    required: bool
    default: Any = None
    doc: str = ""


class FunctionDocument(_Document):
    """A function that may be called."""

    name: str
    doc: str
    parameters: list[ParameterDocument]
    returns: str


class SessionAnswer(_Document):
    """What the step may do."""

    protocol: Annotated[Literal[1], Field(description="the version of this protocol")] = 1
    functions: list[FunctionDocument]
