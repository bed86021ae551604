"""A registry by its HTTP interface. What it sends is held against digests; what it says is shown, cut short.

https, except on this machine itself. Trouble that may pass is tried again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final, Self, TypeVar

from shunter.engine.errors import ImageUnavailable
from shunter.engine.images.credentials import Login, login_for, read_challenge
from shunter.engine.images.documents import MANIFESTS, MOST_BYTES
from shunter.engine.images.reference import DEFAULT_REGISTRY, DIGEST, Reference, is_loopback
from shunter.engine.images.source import Proceed

if TYPE_CHECKING:
    from collections.abc import Callable

    from httpx2 import Client, Response

_OFFICIAL: Final = "registry-1.docker.io"
_TIMEOUT: Final = 60.0
_PIECE: Final = 1 << 20
_PAUSES: Final = (0.2, 1.0, 3.0)
_PASSING: Final = frozenset({408, 429, 500, 502, 503, 504})

T = TypeVar("T")


class _Passing(Exception):
    """Trouble that may pass; holds what to say where it doesn't."""

    def __init__(self, error: ImageUnavailable) -> None:
        super().__init__(error.message)
        self.error = error


class Registry:
    """Pulls from the registry `host`; as a context it keeps its connections.

    `login` of None is what `docker login` left. `pauses` are the seconds between attempts.
    """

    def __init__(self, host: str, *, login: Login | None = None, pauses: Sequence[float] = _PAUSES) -> None:
        self._host = host
        self._login = login
        self._pauses = tuple(pauses)
        self._authorization: str | None = None
        self._local = is_loopback(host)
        name = _OFFICIAL if host == DEFAULT_REGISTRY else host
        self._base = f"{'http' if self._local else 'https'}://{name}/v2"

    def __enter__(self) -> Self:
        import httpx2

        self._client: Client = httpx2.Client(
            timeout=_TIMEOUT, follow_redirects=True, trust_env=not self._local, max_redirects=5
        )
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def url(self, reference: Reference, path: str) -> str:
        """Where it has `path` of a repository."""
        return f"{self._base}/{reference.path}/{path}"

    def resolve(self, reference: Reference) -> str:
        """The digest that the tag of `reference` stands for now."""
        place = reference.tag or ""

        def look() -> str | None:
            with self._open("HEAD", reference, f"manifests/{place}", _accepting()) as response:
                told = str(response.headers.get("docker-content-digest", ""))
            return told if DIGEST.fullmatch(told) else None

        return self._again(look) or "sha256:" + hashlib.sha256(self.manifest(reference, place)).hexdigest()

    def manifest(self, reference: Reference, place: str) -> bytes:
        """A manifest by tag or digest, which isn't held against that yet."""
        return self._document(reference, f"manifests/{place}", _accepting())

    def blob(self, reference: Reference, digest: str) -> bytes:
        """A small blob, which isn't held against `digest` yet."""
        return self._document(reference, f"blobs/{digest}", {})

    def download(self, reference: Reference, digest: str, size: int, target: Path, proceed: Proceed) -> None:
        """Write a blob to the file `target`; raises ImageUnavailable where it isn't what `digest` says."""
        self._again(lambda: self._download(reference, digest, size, target, proceed))

    def _download(self, reference: Reference, digest: str, size: int, target: Path, proceed: Proceed) -> None:
        hasher = hashlib.sha256()
        with (
            self._open("GET", reference, f"blobs/{digest}", {}) as response,
            open(target, "wb") as stream,
        ):
            for piece in response.iter_raw(_PIECE):
                proceed()
                hasher.update(piece)
                stream.write(piece)
                if stream.tell() > size:
                    raise ImageUnavailable(
                        f"{self._host} sends more for {digest} than the {size} bytes it has"
                    )
        if f"sha256:{hasher.hexdigest()}" != digest:
            raise _Passing(ImageUnavailable(f"what {self._host} sends for {digest} isn't that"))

    def _document(self, reference: Reference, path: str, headers: Mapping[str, str]) -> bytes:
        def fetch() -> bytes:
            content = b""
            with self._open("GET", reference, path, headers) as response:
                for piece in response.iter_bytes(_PIECE):
                    content += piece
                    if len(content) > MOST_BYTES:
                        raise ImageUnavailable(f"{self._host} sends more than {MOST_BYTES} bytes for {path}")
            return content

        return self._again(fetch)

    def _again(self, work: Callable[[], T]) -> T:
        import httpx2
        from tenacity import Retrying, retry_if_exception_type, stop_after_attempt, wait_chain, wait_fixed

        def attempt() -> T:
            try:
                return work()
            except httpx2.TransportError as error:
                raise _Passing(self._unreachable(error)) from None
            except (httpx2.HTTPError, httpx2.InvalidURL) as error:
                raise self._unreachable(error) from None

        waiting = wait_chain(*map(wait_fixed, self._pauses)) if self._pauses else wait_fixed(0)
        retrying = Retrying(
            stop=stop_after_attempt(len(self._pauses) + 1),
            wait=waiting,
            retry=retry_if_exception_type(_Passing),
            reraise=True,
        )
        try:
            return retrying(attempt)
        except _Passing as passing:
            raise passing.error from None

    @contextmanager
    def _open(
        self, method: str, reference: Reference, path: str, headers: Mapping[str, str]
    ) -> Iterator[Response]:
        """A response of 200; asks for a token once where the registry wants one."""
        url = self.url(reference, path)
        for attempt in ("first", "second"):
            given = {} if self._authorization is None else {"Authorization": self._authorization}
            with self._client.stream(method, url, headers={**headers, **given}) as response:
                if response.status_code == 401 and attempt == "first":
                    wanted = str(response.headers.get("www-authenticate", ""))
                elif response.status_code == 200:
                    self._check_way(response)
                    yield response
                    return
                else:
                    raise self._refusal(reference, path, response.status_code)
            self._authorization = self._authorize(reference, wanted)

    def _authorize(self, reference: Reference, wanted: str) -> str:
        challenge = read_challenge(wanted)
        login = self._login or login_for(self._host)
        if challenge.scheme == "basic" and login is not None:
            return login.basic
        if challenge.scheme != "bearer" or not self._may_ask(challenge.realm):
            raise self._refusal(reference, "", 401)
        query = {"scope": f"repository:{reference.path}:pull", **challenge.parameters}
        headers = {} if login is None else {"Authorization": login.basic}
        response = self._client.get(challenge.realm, params=query, headers=headers)
        token = _token(response)
        if token is None:
            status = response.status_code
            raise self._refusal(reference, "", 401 if status == 200 else status)
        return f"Bearer {token}"

    def _may_ask(self, realm: str) -> bool:
        """A password goes over https alone, unless it stays on this machine."""
        import httpx2

        try:
            url = httpx2.URL(realm)
        except httpx2.InvalidURL:
            return False
        return url.scheme == "https" or (self._local and url.scheme == "http" and is_loopback(url.host))

    def _check_way(self, response: Response) -> None:
        for url in (response.url, *(each.url for each in response.history)):
            if url.scheme != "https" and not (self._local and is_loopback(url.host)):
                raise ImageUnavailable(f"{self._host} leads to {url.host} without https")

    def _refusal(self, reference: Reference, path: str, status: int) -> ImageUnavailable | _Passing:
        if status in (401, 403):
            return ImageUnavailable(
                f"{self._host} gives {reference} to nobody whom it doesn't know, or has no such image",
                hint=f"check the name, or `docker login {self._host}`",
            )
        if status == 404:
            return ImageUnavailable(f"{self._host} has no {reference}", hint="check the name and the tag")
        error = ImageUnavailable(
            f"{self._host} answers {status} for {path or reference}",
            hint="wait a while: it limits how much is pulled" if status == 429 else None,
        )
        return _Passing(error) if status in _PASSING else error

    def _unreachable(self, error: Exception) -> ImageUnavailable:
        reason = str(error) or type(error).__name__
        return ImageUnavailable(
            f"the registry {self._host} can't be reached: {reason[:200]}",
            hint="check the network; an image can also be given as an archive (`docker save`)",
        )


def _accepting() -> Mapping[str, str]:
    return {"Accept": ", ".join(MANIFESTS)}


def _token(response: Response) -> str | None:
    if response.status_code != 200:
        return None
    try:
        data = response.json()
    except ValueError:
        return None
    token = data.get("token") or data.get("access_token") if isinstance(data, dict) else None
    return token if isinstance(token, str) and token.isascii() and token.isprintable() else None
