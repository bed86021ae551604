"""What running or looking up an action gives."""

from __future__ import annotations

from dataclasses import dataclass

from shunter.engine.actions.lasting import ALWAYS, Lasting
from shunter.engine.values import File, Value


@dataclass(frozen=True, slots=True)
class Result:
    """A function's answer, with what it printed (None where it printed nothing).

    `seconds` is how long the container ran when the result was made; `created` the moment, in
    seconds since the epoch. `bound` is how far that what it called allows it to be given again.
    """

    value: Value
    stdout: File | None
    stderr: File | None
    seconds: float
    created: float
    bound: Lasting = ALWAYS
