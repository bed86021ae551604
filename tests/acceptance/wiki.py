"""A wiki of this machine whose pages only those may read who have its token."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler

from tests.serving import serving

TOKEN = "wiki/tok+en=with 5 marks & more"


@dataclass
class Wiki:
    """Its port, the tokens that it takes, its one page, and the paths that were asked for, in order."""

    port: int
    tokens: list[str] = field(default_factory=lambda: [TOKEN])
    page: str = "Who may read this has the token.\n"
    asked: list[str] = field(default_factory=list)

    @property
    def host(self) -> str:
        """What a run has to be allowed."""
        return f"localhost:{self.port}"

    def url(self, name: str = "page") -> str:
        """An address of the page, which has as many as one likes."""
        return f"http://{self.host}/{name}.md"


@contextmanager
def wiki() -> Iterator[Wiki]:
    """Serve it for as long as the context lasts."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            served.asked.append(self.path)
            known = self.headers.get("Authorization") in [f"Bearer {token}" for token in served.tokens]
            content = served.page.encode() if known else b"no"
            self.send_response(200 if known else 401)
            self.send_header("Content-Type", "text/markdown")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
            pass

    with serving(Handler) as port:
        served = Wiki(port)
        yield served
