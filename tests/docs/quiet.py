"""A web server of files that says nothing."""

from __future__ import annotations

from http.server import SimpleHTTPRequestHandler


class Quiet(SimpleHTTPRequestHandler):
    """Serves a folder."""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Nothing."""
