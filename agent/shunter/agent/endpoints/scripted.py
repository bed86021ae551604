"""A model endpoint that answers from a script, over real HTTP on the loopback.

It speaks `/v1/chat/completions`, `/v1/embeddings` and `/v1/models` well enough for the `openai` package,
streamed or not, and misbehaves where the script says so:

    with ScriptedEndpoint([Status(429, retry_after="1"), Say({"steps": []})]) as endpoint:
        client = OpenAI(base_url=endpoint.base_url, api_key="any")
        ...
        endpoint.requests[0].body["messages"]

Answers are given in order; a callable makes its answer from the request. When the script is over, `otherwise`
answers every further request.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socket import socket
from types import TracebackType
from typing import Self, TypeAlias

from shunter.agent.endpoints.replies import (
    Bytes,
    Cut,
    Late,
    Reply,
    Say,
    Status,
    ToolCalls,
    Vectors,
    call_completion,
    call_events,
    completion,
    embeddings,
    error_body,
    events,
)
from shunter.engine.digest import JsonValue

_MAX_REQUEST = 16 << 20
_OVER = Status(400, "the script is over")


@dataclass(frozen=True, slots=True)
class ScriptedRequest:
    """A request as it came in. The headers hold the key: they are left out of what is printed."""

    path: str
    body: Mapping[str, JsonValue]
    headers: Mapping[str, str] = field(repr=False, default_factory=dict)

    @property
    def messages(self) -> Sequence[Mapping[str, str]]:
        """The conversation, oldest first."""
        found = self.body.get("messages")
        turns = found if isinstance(found, list) else []
        return [
            {key: str(turn.get(key)) for key in ("role", "content")}
            for turn in turns
            if isinstance(turn, dict)
        ]

    @property
    def response_format(self) -> str:
        """The kind of answer that was asked for: `json_schema`, `json_object` or `text`."""
        asked = self.body.get("response_format")
        return str(asked.get("type")) if isinstance(asked, Mapping) else "text"


Scripted: TypeAlias = Reply | Callable[[ScriptedRequest], Reply]


class ScriptedEndpoint:
    """Serves while it is entered; `requests` lists the completions that were asked for, in order.

    `refuses` are request fields or response formats (`json_schema`, `json_object`, `temperature`, …) that get
    a 400 which names them, without using up the script. With a `key`, other keys get a 401.
    """

    def __init__(
        self,
        script: Iterable[Scripted] = (),
        *,
        otherwise: Scripted = _OVER,
        refuses: Iterable[str] = (),
        models: Sequence[str] = ("scripted",),
        key: str | None = None,
    ) -> None:
        self.models = tuple(models)
        self.requests: list[ScriptedRequest] = []
        self._script = list(script)
        self._otherwise = otherwise
        self._refuses = tuple(refuses)
        self._key = key
        self._lock = threading.Lock()
        self.closing = threading.Event()
        self._server = _Server(("127.0.0.1", 0), partial(_Handler, self))
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)

    @property
    def base_url(self) -> str:
        """What a client is given as its base URL."""
        return f"http://127.0.0.1:{self._server.server_address[1]}/v1"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.closing.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def answer(self, request: ScriptedRequest) -> Reply:
        """The next answer for `request`, which is recorded."""
        with self._lock:
            self.requests.append(request)
            refused = self._refusal(request)
            if refused is not None:
                return refused
            scripted = self._script.pop(0) if self._script else self._otherwise
        return scripted(request) if callable(scripted) else scripted

    def admits(self, request: ScriptedRequest) -> bool:
        """Whether the request's key is the right one."""
        return self._key is None or request.headers.get("authorization") == f"Bearer {self._key}"

    def _refusal(self, request: ScriptedRequest) -> Status | None:
        for name in self._refuses:
            if request.response_format == name:
                return Status(400, f"response_format {name!r} is not supported", param="response_format")
            if name in request.body:
                return Status(400, f"Unsupported parameter: {name!r}", param=name)
        return None


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hung up is part of the game."""


class _Handler(BaseHTTPRequestHandler):
    def __init__(
        self, endpoint: ScriptedEndpoint, connection: socket, address: object, server: _Server
    ) -> None:
        self._endpoint = endpoint
        super().__init__(connection, address, server)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Nothing is printed."""

    def do_GET(self) -> None:
        """The list of models, or a 404."""
        request = ScriptedRequest(self.path, {}, self._lower_headers())
        if not self._endpoint.admits(request):
            self._send_error(_wrong_key())
        elif self.path == "/v1/models":
            models = [{"id": name, "object": "model"} for name in self._endpoint.models]
            self._send_json(200, {"object": "list", "data": models})
        else:
            self._send_error(Status(404, f"no such path: {self.path}"))

    def do_POST(self) -> None:
        """The script's next answer, or a 404."""
        length = min(int(self.headers.get("content-length") or 0), _MAX_REQUEST)
        try:
            body = json.loads(self.rfile.read(length))
        except ValueError:
            self._send_error(Status(400, "the request isn't JSON"))
            return
        request = ScriptedRequest(self.path, body if isinstance(body, dict) else {}, self._lower_headers())
        if not self._endpoint.admits(request):
            self._send_error(_wrong_key())
        elif self.path not in {"/v1/chat/completions", "/v1/embeddings"}:
            self._send_error(Status(404, f"no such path: {self.path}"))
        else:
            self._give(self._endpoint.answer(request), request)

    def _give(self, reply: Reply, request: ScriptedRequest) -> None:
        match reply:
            case Status():
                self._send_error(reply)
            case Bytes(body, content_type, status):
                self._send(status, body, content_type)
            case Vectors():
                self._send_json(200, embeddings(reply, str(request.body.get("model"))))
            case Say() | ToolCalls():
                self._send(200, *self._completion(reply, request))
            case Cut(say, kept):
                self._send_cut(*self._completion(say, request), kept)
            case Late(say, seconds, 0):
                self._endpoint.closing.wait(seconds)
                self._send(200, *self._completion(say, request))
            case Late(say, seconds, pieces):
                self._trickle(*self._completion(say, request), seconds, pieces)

    def _completion(self, say: Say | ToolCalls, request: ScriptedRequest) -> tuple[bytes, str]:
        model, number = str(request.body.get("model")), len(self._endpoint.requests)
        if isinstance(say, ToolCalls):
            if request.body.get("stream") is True:
                return call_events(say, model, number), "text/event-stream"
            return json.dumps(call_completion(say, model, number)).encode(), "application/json"
        if say.always_streams or request.body.get("stream") is True:
            return events(say, model, number), "text/event-stream"
        return json.dumps(completion(say, model, number)).encode(), "application/json"

    def _send_error(self, status: Status) -> None:
        headers = {"Retry-After": status.retry_after} if status.retry_after is not None else {}
        self._send_json(status.status, error_body(status), headers)

    def _send_json(self, status: int, data: JsonValue, headers: Mapping[str, str] | None = None) -> None:
        self._send(status, json.dumps(data).encode(), "application/json", headers)

    def _send(
        self, status: int, body: bytes, content_type: str, headers: Mapping[str, str] | None = None
    ) -> None:
        self._begin(status, len(body), content_type, headers or {})
        self.wfile.write(body)

    def _send_cut(self, body: bytes, content_type: str, kept: int) -> None:
        if kept:
            self._begin(200, len(body), content_type, {})
            self.wfile.write(body[:kept])
        self.close_connection = True

    def _trickle(self, body: bytes, content_type: str, seconds: float, pieces: int) -> None:
        self._begin(200, len(body), content_type, {})
        size = -(-len(body) // pieces)
        for start in range(0, len(body), size):
            if self._endpoint.closing.wait(seconds / pieces):
                return
            self.wfile.write(body[start : start + size])
            self.wfile.flush()

    def _begin(self, status: int, length: int, content_type: str, headers: Mapping[str, str]) -> None:
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(length))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    def _lower_headers(self) -> dict[str, str]:
        return {name.lower(): value for name, value in self.headers.items()}


def _wrong_key() -> Status:
    return Status(401, "Incorrect API key provided", code="invalid_api_key")
