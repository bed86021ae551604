"""Runs one call inside a container: reads it, calls the function, writes the result."""

import os
import sys

from shunter.sdk import result
from shunter.sdk.call import Call, load
from shunter.sdk.failure import Failure

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import TracebackType

USAGE = "usage: python3 -m shunter.sdk CALL.json"


def main(arguments: list[str]) -> int:
    """Run the call in the file that `arguments` names; the exit code, 0 or 1 (2 for a wrong usage)."""
    if len(arguments) != 1:
        sys.stderr.write(f"{USAGE}\n")
        return 2
    work = os.getcwd()
    try:
        _run(arguments[0], work)
    except Failure as failure:
        sys.stderr.write(f"{failure}\n")
    except SystemExit as stop:
        sys.stderr.write(f"{_farewell(stop)}\n")
    except BaseException as error:  # noqa: BLE001 - the function's code can raise anything
        _print_traceback(error)
    else:
        return 0
    return 1


def _run(path: str, work: str) -> None:
    call = Call.read(path)
    value = load(call)(**call.arguments)
    result.write(value, inputs=os.path.dirname(os.path.abspath(path)), work=work)


def _farewell(stop: SystemExit) -> str:
    if isinstance(stop.code, str):
        return stop.code
    return f"the function ended the interpreter with exit code {stop.code or 0} and returned nothing"


def _print_traceback(error: BaseException) -> None:
    import traceback

    traceback.print_exception(error.with_traceback(_own_frames(error.__traceback__)))


def _own_frames(trace: "TracebackType | None") -> "TracebackType | None":
    """The frames of the function's code: without those of the runner and of Python's import."""
    while trace is not None and _is_foreign(trace.tb_frame.f_code.co_filename):
        trace = trace.tb_next
    return trace


def _is_foreign(filename: str) -> bool:
    return filename.startswith(("<frozen importlib", os.path.dirname(__file__) + "/"))
