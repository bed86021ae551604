"""One request by urllib, with errors that say what happened."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPException, HTTPMessage
from typing import IO
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urlsplit, urlunsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener
from urllib.response import addinfourl

from shunter.sdk import Failure, Secret

SECONDS = 60
PIECE = 1 << 20
PRINTABLE = "".join(map(chr, range(0x21, 0x7F)))
REFUSED = "this step may not reach"
"""How the engine's proxy begins when it refuses a host."""


@dataclass(frozen=True)
class Answer:
    """An answer that can be read; `url` is where it came from in the end, `length` its bytes if known."""

    url: str
    media: str
    length: int | None
    stream: IO[bytes]


@contextmanager
def ask(
    url: str, *, accept: str = "*/*", data: bytes | None = None, token: Secret | None = None
) -> Iterator[Answer]:
    """Ask for `url`, or send it `data`, which is JSON; raises Failure where there is no good answer.

    The host of `url` gets the token, and no host that it redirects to.
    """
    headers = {"User-Agent": "shunter", "Accept": accept, "Accept-Encoding": "identity"}
    if data is not None:
        headers["Content-Type"] = "application/json"
    request = Request(_ascii(url), data=data, headers=headers)
    if token is not None:
        request.add_unredirected_header("Authorization", token.bearer(url))
    with _opened(url, request) as stream:
        message = stream.headers
        length = message.get("Content-Length", "")
        media = message.get_content_type() if "Content-Type" in message else ""
        yield Answer(stream.url, media, int(length) if length.isdigit() else None, stream)


def pieces(answer: Answer, most: int) -> Iterator[bytes]:
    """The answer's body, piece by piece; raises Failure where it has more than `most` bytes."""
    if answer.length is not None and answer.length > most:
        raise Failure(f"{answer.url} is {answer.length} bytes long; at most {most} are taken")
    size = 0
    while piece := _read(answer, size):
        size += len(piece)
        if size > most:
            raise Failure(f"{answer.url} is longer than {most} bytes, the most that are taken")
        yield piece
    if answer.length is not None and size < answer.length:
        raise Failure(f"{answer.url} broke off after {size} of {answer.length} bytes")


def _read(answer: Answer, size: int) -> bytes:
    try:
        return answer.stream.read(PIECE)
    except (HTTPException, OSError) as error:
        raise Failure(f"{answer.url} broke off after {size} bytes: {error}") from None


def _opened(url: str, request: Request) -> addinfourl:
    way = _Way()
    try:
        return build_opener(way).open(request, timeout=SECONDS)
    except HTTPError as error:
        raise Failure(_refusal(url, way.last, str(error.reason)) or _bad_answer(url, error)) from None
    except (URLError, HTTPException, OSError) as error:
        reason = str(getattr(error, "reason", "") or error) or type(error).__name__
        raise Failure(_refusal(url, way.last, reason) or f"{url} can't be reached: {reason}") from None


class _Way(HTTPRedirectHandler):
    """Follows redirects as urllib does, and remembers the last."""

    def __init__(self) -> None:
        self.last: str | None = None

    def redirect_request(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> Request | None:
        """The request for `newurl`."""
        self.last = newurl
        following = super().redirect_request(req, fp, code, msg, headers, newurl)
        token = req.unredirected_hdrs.get("Authorization")
        if following is not None and token is not None and _place(following) == _place(req):
            following.add_unredirected_header("Authorization", token)
        return following


def _place(request: Request) -> tuple[str, str]:
    """Where a request leads in the end; its own `host` may be a proxy's by now."""
    parts = urlsplit(request.full_url)
    return parts.scheme, parts.netloc


def _refusal(url: str, last: str | None, reason: str) -> str | None:
    """What is wrong where the proxy refused a host: only a redirect can lead to one that isn't declared."""
    if REFUSED not in reason:
        return None
    said = reason[reason.index(REFUSED) :]
    if last is None:
        return f"{url} can't be reached: {said}"
    return f"{url} redirects to {last}; {said}. Where that is right, name the host in `redirects`"


def _bad_answer(url: str, error: HTTPError) -> str:
    said = error.read(400).decode(errors="replace")
    if said.startswith("shunter: "):  # the engine's proxy, which got no answer
        return f"{url} can't be reached: {error.reason}"
    page = error.headers.get_content_type() == "text/html"
    return f"{url} answered {error.code} {error.reason}" + ("" if page or not said else f": {said.strip()}")


def _ascii(url: str) -> str:
    """The URL as it is sent; raises Failure for one that can't be."""
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").encode("idna").decode()
        port = "" if parts.port is None else f":{parts.port}"
    except ValueError as error:
        raise Failure(f"{url} is no URL: {error}") from None
    if parts.scheme not in {"http", "https"} or not host:
        raise Failure(f"{url} is no URL that can be reached; expected one such as https://example.org/page")
    place = (f"[{host}]" if ":" in host else host) + port
    return urlunsplit(
        (parts.scheme, place, quote(parts.path, safe=PRINTABLE), quote(parts.query, safe=PRINTABLE), "")
    )
