"""Calls of other modules' functions, from a function that runs.

The bindings that `shunter bind` writes call these, with types. Several threads may call at once.
"""

import os

from shunter.sdk.artifacts import Directory, File
from shunter.sdk.call import value_of
from shunter.sdk.failure import Failure
from shunter.sdk.json_value import Json, dump, parse
from shunter.sdk.result import GIVEN, artifacts, copied, encoded, is_inside
from shunter.sdk.secret import Secret

TYPE_CHECKING = False
if TYPE_CHECKING:
    from socket import socket
    from typing import Any

FOLDER = "/run/shunter"
_GIVEN = ("/in", GIVEN, "/work")
_PIECE = 1 << 16


class CallFailed(Failure):
    """A function that was called has no result.

    `kind` is that of a failure, such as "exit" or "timeout", or says why the call wasn't made, such as
    "arguments". `stderr` is what the function printed last, `exit_code` its command's, or None.
    """

    def __init__(self, function: str, error: "dict[str, Json]") -> None:
        self.function = function
        self.kind = str(error.get("kind"))
        self.message = str(error.get("message"))
        self.hint = error.get("hint") and str(error["hint"])
        self.stderr = str(error.get("stderr") or "")
        code = error.get("exit_code")
        self.exit_code = code if isinstance(code, int) else None
        said = "".join(f"\n  | {line}" for line in self.stderr.splitlines())
        super().__init__(self.message + (f"\n  {self.hint}" if self.hint else "") + said)


def call(function: str, /, **arguments: object) -> "Any":
    """What `function`, such as "text.count", returns; files and folders in it can be read, and handed on.

    Raises CallFailed where it fails, and Failure for arguments that can't be handed over.
    """
    places = {os.fspath(each): _handed(each) for each in artifacts(arguments)}
    given = [os.fspath(each) for each in arguments.values() if isinstance(each, Secret)]
    places.update({path: path for path in given})
    data = encoded(arguments, places, f"the call of {function}")
    body = dump({"function": function, "arguments": _unwrapped(data)})
    status, answer = _exchange(body.encode(), function)
    if not isinstance(answer, dict):
        raise Failure(f"the call of {function} got an answer that is none")
    if status != 200:
        error = answer.get("error")
        raise CallFailed(function, error if isinstance(error, dict) else {})
    return value_of(answer.get("value"))


def _unwrapped(data: Json) -> Json:
    """The arguments by name: none begins with `$`."""
    return data["$map"] if isinstance(data, dict) and "$map" in data else data


def _handed(artifact: "File | Directory") -> str:
    """The path by which the engine knows `artifact`; what it can't know is copied first."""
    real = os.path.realpath(artifact)
    known = any(is_inside(real, folder) for folder in _GIVEN)
    path = real if known and os.path.basename(real) == artifact.name else copied(real, os.fspath(artifact))
    return os.path.realpath(path)


def _exchange(body: bytes, function: str) -> "tuple[int, Json]":
    import socket

    with socket.socket(socket.AF_UNIX) as connection:
        try:
            with open(f"{FOLDER}/token", encoding="ascii") as stream:
                token = stream.read()
            connection.connect(f"{FOLDER}/socket")
        except OSError:
            raise Failure(
                f"{function} can't be called: this step has no session. In a run it has one where `uses` of "
                "its module.toml names the modules that it calls; in `shunter debug` it has none"
            ) from None
        head = (
            f"POST /v1/calls HTTP/1.1\r\nHost: shunter\r\nAuthorization: Bearer {token}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        connection.sendall(head.encode("ascii") + body)
        return _answer(connection, function)


def _answer(connection: "socket", function: str) -> "tuple[int, Json]":
    pieces = []
    while piece := connection.recv(_PIECE):
        pieces.append(piece)
    head, blank, document = b"".join(pieces).partition(b"\r\n\r\n")
    if not blank:
        raise Failure(f"the call of {function} got no answer: the engine has gone away")
    return int(head.split(b" ", 2)[1]), parse(document.decode("ascii"))
