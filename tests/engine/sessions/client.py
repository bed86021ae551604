"""What a scripted step says to its session."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass

from shunter.engine.executors.scripted import ScriptedCall
from shunter.engine.sessions.documents import CallAnswer, ErrorAnswer, ErrorDetail


@dataclass(frozen=True)
class Said:
    """An answer: its status, and its document as it came."""

    status: int
    document: bytes

    @property
    def error(self) -> ErrorDetail:
        """Why there is no result."""
        return ErrorAnswer.model_validate_json(self.document).error

    @property
    def answer(self) -> CallAnswer:
        """The result."""
        assert self.status == 200, self.document
        return CallAnswer.model_validate_json(self.document)


async def send(step: ScriptedCall, raw: bytes) -> bytes:
    """Everything that comes back for these bytes."""
    assert step.session is not None
    reader, writer = await asyncio.open_unix_connection(step.session / "socket")
    try:
        writer.write(raw)
        return await reader.read()
    finally:
        writer.close()


async def request(
    step: ScriptedCall, path: str, document: object = None, *, method: str = "POST", token: str | None = None
) -> Said:
    """The answer to a request; without a `token` it carries the step's own."""
    assert step.session is not None
    body = b"" if document is None else json.dumps(document).encode()
    own = (step.session / "token").read_text() if token is None else token
    head = f"{method} {path} HTTP/1.1\r\nHost: shunter\r\nAuthorization: Bearer {own}\r\nContent-Length: {len(body)}\r\n\r\n"
    answer = await send(step, head.encode() + body)
    status, _, rest = answer.partition(b"\r\n")
    return Said(int(status.split()[1]), rest.partition(b"\r\n\r\n")[2])


async def ask(step: ScriptedCall, function: str, **arguments: object) -> Said:
    """The answer to a call."""
    return await request(step, "/v1/calls", {"function": function, "arguments": arguments})


async def value(step: ScriptedCall, function: str, **arguments: object) -> object:
    """The value that a call gives."""
    return (await ask(step, function, **arguments)).answer.value
