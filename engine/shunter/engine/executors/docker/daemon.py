"""A Docker daemon, called through the low-level API. What passes by itself is tried again."""

from __future__ import annotations

import os
import socket
import weakref
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final, ParamSpec, TypeVar

from shunter.engine.errors import ExecutorUnavailable
from shunter.engine.executors.docker.endpoint import Endpoint, unreachable

if TYPE_CHECKING:
    from docker import APIClient

P = ParamSpec("P")
T = TypeVar("T")

ATTEMPTS: Final = 4
_PASSING: Final = frozenset({502, 503, 504})
_PASSING_WORDS: Final = (
    "timeout",
    "timed out",
    "deadline exceeded",
    "connection re",
    "busy",
    "unavailable",
    "EOF",
)
"""What a daemon says of trouble that passes, where it answers 500 as it does for all other trouble."""

_GONE: Final = 404
_NOT_RUNNING: Final = 409
_CONFLICT: Final = 409
_DELETED: Final = 2
_SECONDS_FOR_AN_END: Final = 60


@dataclass(frozen=True, slots=True)
class Facts:
    """What a daemon says of itself. `remapped` tells that uids in containers aren't the host's."""

    id: str
    version: str
    architecture: str
    remapped: bool
    memory_limits: bool
    process_limits: bool
    seccomp: bool


@dataclass(frozen=True, slots=True)
class DaemonImage:
    """An image of a daemon's: `layers` are the digests of what its layers unpack to, lowest first."""

    id: str
    layers: tuple[str, ...]
    architecture: str
    variables: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class State:
    """How a container that has ended did so. Where all went well, the daemon isn't asked for the rest."""

    exit_code: int
    out_of_memory: bool = False
    error: str = ""


class Refused(ExecutorUnavailable):
    """The daemon answered that it won't; `status` is the answer's code of HTTP, `reason` its words."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(f"the Docker daemon won't: {reason.strip()}")
        self.status = status
        self.reason = reason


class Daemon:
    """What the executor asks of a daemon, from whatever thread.

    Everything blocks. It raises Refused where the daemon declines, ExecutorUnavailable where none answers.
    """

    def __init__(self, endpoint: Endpoint) -> None:
        self.address = endpoint.address
        self._endpoint = endpoint

    @cached_property
    def _client(self) -> APIClient:
        client = self._retried(self._endpoint.connect)
        weakref.finalize(self, client.close)
        return client

    def facts(self) -> Facts:
        """What the daemon says of itself."""
        said: Mapping[str, Any] = self._call(self._client.info)
        options = [str(option) for option in said.get("SecurityOptions") or ()]
        return Facts(
            id=said.get("ID") or said.get("Name") or self.address,
            version=said.get("ServerVersion", "?"),
            architecture=said.get("Architecture", ""),
            remapped=any(option.startswith(("name=rootless", "name=userns")) for option in options),
            memory_limits=bool(said.get("MemoryLimit")),
            process_limits=bool(said.get("PidsLimit")),
            seccomp=any(option.startswith("name=seccomp") for option in options),
        )

    def image(self, name: str) -> DaemonImage | None:
        """The image that is called `name` or has that id; None where there is none."""
        try:
            said: Mapping[str, Any] = self._call(self._client.inspect_image, name)
        except Refused as refusal:
            if refusal.status == _GONE:
                return None
            raise
        layers = tuple(said["RootFS"].get("Layers") or ())
        variables = tuple((said.get("Config") or {}).get("Env") or ())
        return DaemonImage(said["Id"], layers, said.get("Architecture", ""), variables)

    def import_image(self, tar: Path, name: str) -> None:
        """Make an image of one layer from the tar of a root file system, and call it `name`."""
        repository, _, tag = name.rpartition(":")
        client = self._client
        answer = self._call(client.import_image_from_file, str(tar), repository=repository, tag=tag)
        if "error" in str(answer):
            raise Refused(500, str(answer))

    def drop_image(self, name: str) -> None:
        """Remove an image, if it is there and nothing uses it."""
        self._leniently(self._client.remove_image, name)

    def create(self, config: Mapping[str, object], name: str) -> str:
        """Make a container; returns its id. An attempt whose answer was lost may have made it."""
        client = self._client
        try:
            made: Mapping[str, str] = self._call(client.create_container_from_config, dict(config), name)
        except Refused as refusal:
            if refusal.status != _CONFLICT or name not in refusal.reason:
                raise
            return str(self._call(client.inspect_container, name)["Id"])
        return made["Id"]

    def attach(self, container: str) -> socket.socket:
        """A connection to the container's stdin, stdout and stderr, to be closed by the caller."""
        streams = {"stdin": 1, "stdout": 1, "stderr": 1, "stream": 1}
        return _connection(self._call(self._client.attach_socket, container, streams))

    @contextmanager
    def beside(self, container: str, argv: Sequence[str]) -> Iterator[None]:
        """Run `argv` in a running container too, with a stdin that ends with the block, or this process."""
        held: AbstractContextManager[object] = nullcontext()
        with suppress(Refused):  # where it has ended already
            made = self._call(self._client.exec_create, container, list(argv), stdin=True)
            held = _connection(self._call(self._client.exec_start, made["Id"], socket=True))
        with held:
            yield

    def resize(self, container: str, size: os.terminal_size) -> None:
        """Give a container's terminal `size`; in vain where it has ended."""
        with suppress(Refused):
            self._call(self._client.resize, container, size.lines, size.columns)

    def start(self, container: str) -> None:
        """Start a container."""
        self._call(self._client.start, container)

    def kill(self, container: str) -> None:
        """Kill all processes of a container, if it is running."""
        self._leniently(self._client.kill, container)

    def wait(self, container: str) -> State:
        """Wait for the end of a container that is about to end."""
        client = self._client
        ended: Mapping[str, Any] = self._call(client.wait, container, timeout=_SECONDS_FOR_AN_END)
        if ended["StatusCode"] == 0 and not ended.get("Error"):
            return State(0)
        said: Mapping[str, Any] = self._call(client.inspect_container, container)["State"]
        return State(int(said["ExitCode"]), bool(said.get("OOMKilled")), str(said.get("Error") or ""))

    def remove(self, container: str) -> None:
        """Remove a container with all that belongs to it, if it is there."""
        self._leniently(self._client.remove_container, container, v=True, force=True)

    def put(self, container: str, tar: IO[bytes]) -> None:
        """Unpack `tar` over a container's root."""

        def send() -> None:
            tar.seek(0)
            self._client.put_archive(container, "/", tar)

        self._call(send)

    def get(self, container: str, path: str) -> Iterable[bytes] | None:
        """A tar of what is at `path`; None where nothing is."""
        try:
            stream, _ = self._call(self._client.get_archive, container, path)
        except Refused as refusal:
            if refusal.status == _GONE:
                return None
            raise
        return _read(stream)

    def changed(self, container: str) -> Sequence[str]:
        """The paths that are there and were not, or not the same, in the container's image."""
        said: Iterable[Mapping[str, Any]] = self._call(self._client.diff, container) or ()
        return [str(change["Path"]) for change in said if change["Kind"] != _DELETED]

    def size(self, container: str) -> int:
        """Bytes that a container has written into its own layer; 0 where it is gone."""
        filters = {"id": container}
        found: Iterable[Mapping[str, Any]] = self._call(
            self._client.containers, all=True, size=True, filters=filters
        )
        return sum(int(one.get("SizeRw") or 0) for one in found)

    def containers(self, label: str) -> Sequence[tuple[str, Mapping[str, str]]]:
        """Id and labels of each container, running or not, that has `label` (NAME=VALUE)."""
        found: Iterable[Mapping[str, Any]] = self._call(
            self._client.containers, all=True, filters={"label": label}
        )
        return [(one["Id"], one.get("Labels") or {}) for one in found]

    def _leniently(self, function: Callable[P, object], *args: P.args, **kwargs: P.kwargs) -> None:
        try:
            self._call(function, *args, **kwargs)
        except Refused as refusal:
            if refusal.status not in {_GONE, _NOT_RUNNING}:
                raise

    def _call(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        from docker.errors import APIError, DockerException
        from requests.exceptions import RequestException

        try:
            return self._retried(function, *args, **kwargs)
        except APIError as error:
            raise Refused(error.status_code or 0, str(error.explanation or error)) from error
        except (DockerException, RequestException, OSError) as error:
            raise unreachable(self.address, error) from error

    def _retried(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        from tenacity import Retrying, retry_if_exception, stop_after_attempt, wait_random_exponential

        trying = Retrying(
            retry=retry_if_exception(_passes),
            stop=stop_after_attempt(ATTEMPTS),
            wait=wait_random_exponential(multiplier=0.1, max=2),
            reraise=True,
        )
        return trying(function, *args, **kwargs)


def _passes(error: BaseException) -> bool:
    """Whether the same call may well succeed a moment later."""
    from docker.errors import APIError
    from requests import exceptions

    if isinstance(error, APIError):
        said = str(error.explanation or error)
        words = error.status_code == 500 and any(word in said for word in _PASSING_WORDS)
        return words or error.status_code in _PASSING
    return isinstance(error, exceptions.ConnectionError | exceptions.Timeout)


def _connection(attached: Any) -> socket.socket:
    """The socket below what docker-py returns, which differs with the kind of connection."""
    inner = getattr(attached, "_sock", attached)
    if not isinstance(inner, socket.socket):
        raise ExecutorUnavailable(
            f"the connection to the Docker daemon is of no known kind: {type(attached).__name__}",
            hint="set DOCKER_HOST to unix://PATH or tcp://HOST:PORT",
        )
    own = inner.dup()
    attached.close()
    inner.close()
    return own


def _read(stream: Iterator[bytes]) -> Iterator[bytes]:
    yield from stream
