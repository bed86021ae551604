"""Requests to the web: each reaches the host of its URL, and those that redirects may lead to."""

from __future__ import annotations

from shunter.sdk import Failure, File, Json, Secret, function, output

JSON_BYTES = 64_000_000


@function(cache="ttl:3600", hosts=["{url}", "{redirects}"])
def fetch(
    url: str, redirects: list[str] = [], max_bytes: int = 1_000_000_000, token: Secret | None = None
) -> File:
    """Download a file or a web page from the internet, by its URL.

    What was downloaded is kept for an hour.

    Args:
        url: The address, such as https://example.org/data.csv.
        redirects: Other hosts that the server may send on to, such as cdn.example.org or *.example.org.
        max_bytes: How large it may be.
        token: What the host of the URL is sent as a bearer token; not those that it sends on to.
    Returns:
        The file, named after the last part of the URL, with the extension of what the server says it is.
    Example:
        shunter call http.fetch --url https://example.org/data.csv --allow host:example.org --output data.csv
    """
    from .naming import file_name
    from .request import ask, pieces

    with ask(url, token=token) as answer:
        path = output(file_name(answer.url, answer.media))
        with path.open("wb") as stream:
            for piece in pieces(answer, max_bytes):
                stream.write(piece)
    return File(path)


@function(cache="ttl:3600", hosts=["{url}", "{redirects}"])
def get_json(url: str, redirects: list[str] = [], token: Secret | None = None) -> Json:
    """Get JSON data from a web service or API, by its URL.

    What was answered is kept for an hour.

    Args:
        url: The address, such as https://example.org/api/items?page=1.
        redirects: Other hosts that the server may send on to, such as api.example.org.
        token: What the host of the URL is sent as a bearer token; not those that it sends on to.
    Returns:
        The data.
    Example:
        shunter call http.get_json --url https://example.org/api/items --allow host:example.org
    """
    from .request import ask, pieces

    with ask(url, accept="application/json", token=token) as answer:
        return _read(b"".join(pieces(answer, JSON_BYTES)), url)


@function(cache="never", hosts=["{url}"], effects=["http.post"])
def post_json(url: str, data: Json, token: Secret | None = None) -> Json:
    """Send (post) JSON data to a web service, such as a webhook or an API.

    It acts on the outside world: it is done each time, never taken from the cache, and never tried twice.

    Args:
        url: The address, such as https://example.org/hooks/build.
        data: What to send.
        token: What the host of the URL is sent as a bearer token.
    Returns:
        What was answered: data where it is JSON, else its text, or null.
    Example:
        shunter call http.post_json --url https://example.org/hook --data '{"state": "done"}' --yes
    """
    import json

    from .request import ask, pieces

    with ask(url, accept="application/json", data=json.dumps(data).encode(), token=token) as answer:
        content = b"".join(pieces(answer, JSON_BYTES))
    try:
        return _read(content, url) if content else None
    except Failure:
        return content.decode(errors="replace")


def _read(content: bytes, url: str) -> Json:
    import json

    def refuse(constant: str) -> None:
        raise ValueError(f"{constant} is no JSON")

    try:
        return json.loads(content, parse_constant=refuse)
    except (ValueError, RecursionError) as error:
        begin = content[:80].decode(errors="replace")
        raise Failure(f"{url} didn't answer with JSON ({error}); it begins with {begin!r}") from None
