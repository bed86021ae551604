"""Which daemon is meant: DOCKER_HOST and its companions, else the docker command's current context."""

from __future__ import annotations

import os
import socket
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from shunter.engine.errors import ExecutorUnavailable

if TYPE_CHECKING:
    from docker import APIClient

DEFAULT: Final = "unix:///var/run/docker.sock"
SECONDS: Final = 120
"""How long the daemon may take for an answer, but for what takes long by its nature."""
CONNECTIONS: Final = 256
"""Kept open at most; beyond, urllib3 would complain on stderr."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a daemon listens, and the TLS settings for it."""

    address: str
    tls: Any = None

    def connect(self) -> APIClient:
        """A client that speaks the daemon's version of the API; raises ExecutorUnavailable."""
        from docker import APIClient
        from docker.errors import DockerException

        try:
            _knock(self.address)
            return APIClient(
                base_url=self.address,
                tls=self.tls or False,
                version="auto",
                timeout=SECONDS,
                max_pool_size=CONNECTIONS,
            )
        except (DockerException, OSError) as error:
            raise unreachable(self.address, error) from error


def find_endpoint() -> Endpoint:
    """The daemon that the docker command would use; raises ExecutorUnavailable for settings that are off."""
    from docker.context import ContextAPI
    from docker.errors import DockerException
    from docker.utils import kwargs_from_env

    try:
        if os.environ.get("DOCKER_HOST"):
            settings = kwargs_from_env()
            return Endpoint(settings.get("base_url", DEFAULT), settings.get("tls"))
        context = ContextAPI.get_current_context()
    except DockerException as error:
        raise ExecutorUnavailable(
            f"the settings for Docker can't be used: {error}",
            hint="look at DOCKER_HOST, DOCKER_TLS_VERIFY and DOCKER_CERT_PATH, and at `docker context ls`",
        ) from error
    host = getattr(context, "Host", None)  # there may be no context, which the types don't say
    return Endpoint(host, context.TLSConfig) if host else Endpoint(DEFAULT)


def _knock(address: str) -> None:
    """Raise the operating system's own error where nobody listens at a unix socket."""
    if address.startswith("unix://"):
        with socket.socket(socket.AF_UNIX) as door:
            door.settimeout(SECONDS)
            door.connect(address.removeprefix("unix://"))


def unreachable(address: str, error: BaseException) -> ExecutorUnavailable:
    """That the daemon at `address` doesn't answer, why, and what to do."""
    reason = innermost(error)
    if isinstance(reason, PermissionError):
        hint = f"ask for a place in the group that owns {address.removeprefix('unix://')} (mostly `docker`)"
        return ExecutorUnavailable(f"you may not use the Docker daemon at {address}", hint=hint)
    words = reason.strerror if isinstance(reason, OSError) and reason.strerror else str(reason)
    return ExecutorUnavailable(
        f"no Docker daemon answers at {address}: {words}",
        hint="start it (`sudo systemctl start docker`), or say where it is with DOCKER_HOST",
    )


def innermost(error: BaseException) -> BaseException:
    """The error of the operating system that `error` is about, else `error` itself."""
    seen: set[int] = set()
    waiting = [error]
    while waiting:
        one = waiting.pop()
        if isinstance(one, OSError) and one.errno is not None:
            return one
        if id(one) not in seen:
            seen.add(id(one))
            inner = (one.__cause__, one.__context__, getattr(one, "reason", None), *one.args)
            waiting += [part for part in inner if isinstance(part, BaseException)]
    return error
