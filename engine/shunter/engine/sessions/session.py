"""One step's session: whoever has its token may call what its module declares, as long as the step runs."""

from __future__ import annotations

import json
import socket
from collections.abc import Sequence
from hmac import compare_digest
from secrets import token_urlsafe
from typing import Final

from shunter.engine.actions.failure import Failure
from shunter.engine.actions.lasting import Lasting
from shunter.engine.actions.model import Action, Mount
from shunter.engine.executors.local.background import to_the_end
from shunter.engine.run.outcome import Outcome
from shunter.engine.secrets.revealed import NOTHING, Revealed
from shunter.engine.sessions.arguments import Arguments
from shunter.engine.sessions.documents import (
    CallAnswer,
    CallRequest,
    ErrorAnswer,
    ErrorDetail,
    FunctionDocument,
    ParameterDocument,
    SessionAnswer,
)
from shunter.engine.sessions.http import Answer, HttpServer, Request
from shunter.engine.sessions.limits import Traffic
from shunter.engine.sessions.nested import NestedCalls
from shunter.engine.sessions.protocol import Room
from shunter.engine.sessions.refusal import FAILED, STATUS, Kind, Refused
from shunter.engine.sessions.shelf import Shelf
from shunter.engine.store.local import LocalStore
from shunter.engine.types.signature import Signature
from shunter.engine.values import encode

CALLS: Final = "/v1/calls"
SESSION: Final = "/v1/session"
_METHODS: Final = {CALLS: "POST", SESSION: "GET"}


class Session:
    """The session of one container that runs `action`."""

    def __init__(
        self,
        action: Action,
        calls: NestedCalls,
        store: LocalStore,
        *,
        secrets: Revealed = NOTHING,
        traffic: Traffic | None = None,
    ) -> None:
        self._secrets = secrets
        self.token = token_urlsafe(32)
        self._open = True
        self._action = action
        self._functions = {each.name: each for each in (action.session.functions if action.session else ())}
        self._calls = calls
        self._store = store
        self._shelf = Shelf(store)
        self._traffic = traffic or Traffic()

    @property
    def given(self) -> Sequence[Mount]:
        """The artifacts that its calls gave, by their paths in the container."""
        return tuple(self._shelf.mounts)

    @property
    def lasting(self) -> Lasting:
        """How far its calls allow the result to be given again."""
        return self._calls.lasting

    def waited(self) -> float:
        """Seconds for which the step has waited for its calls so far."""
        return self._calls.waited

    async def serve(self, listener: socket.socket, room: Room) -> None:
        """Answer what comes through `listener` until cancelled; the token is worth nothing after that."""

        async def answer(request: Request) -> Answer:
            return await self.answer(request, room)

        try:
            await HttpServer(answer, _refusal, self._traffic).serve(listener)
        finally:
            self._open = False

    async def answer(self, request: Request, room: Room) -> Answer:
        """The answer to one request."""
        try:
            self._admit(request)
            if request.path == SESSION:
                return _document(200, self._described())
            return await self._call(_parsed(request.body), room)
        except Refused as refused:
            return _refusal(refused)

    def _admit(self, request: Request) -> None:
        if not self._open or not compare_digest((request.token or "").encode(), self.token.encode()):
            message = "the request has no token of this step" if request.token else "the request has no token"
            hint = "send `Authorization: Bearer TOKEN`, with what is in /run/shunter/token"
            raise Refused(Kind.TOKEN, message, hint=hint)
        if request.path not in _METHODS:
            known = ", ".join(f"{method} {path}" for path, method in _METHODS.items())
            raise Refused(Kind.PATH, f"there is nothing at {request.path[:80]!r}; there are {known}")
        if request.method != _METHODS[request.path]:
            wanted = _METHODS[request.path]
            raise Refused(Kind.METHOD, f"{request.path} takes {wanted}, and not {request.method[:20]}")

    async def _call(self, request: CallRequest, room: Room) -> Answer:
        signature = self._function(request.function)
        mounts = [*self._action.mounts, *self._shelf.mounts]
        arguments = Arguments(mounts, self._action.secrets, self._secrets, room, self._store)
        values = await to_the_end(lambda: arguments.of(signature, request.arguments))
        number, performed = await self._calls.call(signature, values)
        if isinstance(performed.answer, Failure):
            return _failure(signature.name, performed.answer)
        value = performed.answer.value
        data = await to_the_end(lambda: self._shelf.put(room.shelf, number, value))
        cached = performed.outcome is Outcome.CACHED
        return _document(200, CallAnswer(value=data, outcome="cached" if cached else "executed"))

    def _function(self, name: str) -> Signature:
        if name in self._functions:
            return self._functions[name]
        modules = sorted({known.partition(".")[0] for known in self._functions})
        module = name.partition(".")[0]
        if module in modules:
            of_it = [known for known in self._functions if known.startswith(f"{module}.")]
            message, hint = f"there is no function {name!r}", f"{module} has {', '.join(of_it)}"
        else:
            message = f"{self._action.label} may call functions of {', '.join(modules)}, and not {name!r}"
            hint = "name the module in `uses` of the caller's module.toml"
        raise Refused(Kind.NOT_DECLARED, message, hint=hint)

    def _described(self) -> SessionAnswer:
        return SessionAnswer(functions=[_function_document(each) for each in self._functions.values()])


def _function_document(signature: Signature) -> FunctionDocument:
    parameters = [
        ParameterDocument(
            name=each.name,
            type=str(each.type),
            required=each.required,
            default=encode(each.fallback),
            doc=each.doc,
        )
        for each in signature.parameters
    ]
    return FunctionDocument(
        name=signature.name, doc=signature.doc, parameters=parameters, returns=str(signature.returns)
    )


def _parsed(body: bytes) -> CallRequest:
    from pydantic import ValidationError

    try:
        return CallRequest.model_validate(json.loads(body))
    except ValidationError as error:
        found = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(map(str, found["loc"])) or "the request"
        raise Refused(Kind.REQUEST, f"{place[:80]}: {found['msg']}") from None
    except (ValueError, RecursionError):
        raise Refused(Kind.REQUEST, "the request's body isn't JSON") from None


def _failure(function: str, failure: Failure) -> Answer:
    detail = ErrorDetail(
        kind=failure.kind.value,
        message=failure.message,
        hint=failure.hint,
        function=function,
        exit_code=failure.exit_code,
        stderr=failure.stderr,
        stdout=failure.stdout,
    )
    return _document(FAILED, ErrorAnswer(error=detail))


def _refusal(refused: Refused) -> Answer:
    detail = ErrorDetail(kind=refused.kind.value, message=refused.message, hint=refused.hint)
    return _document(STATUS[refused.kind], ErrorAnswer(error=detail))


def _document(status: int, document: CallAnswer | ErrorAnswer | SessionAnswer) -> Answer:
    """JSON in ASCII: names of files can hold halves of characters."""
    return Answer(status, json.dumps(document.model_dump()).encode("ascii"))
