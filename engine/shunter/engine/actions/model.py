"""Actions: a step ready to run, as plain data without a path of this machine.

The engine knows functions only as actions. Where a field decides what the result is, it is covered
by the key (`shunter.engine.actions.key`); `label` and `ambient` are not.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Final, TypeAlias

from shunter.engine.actions.image import Image
from shunter.engine.digest import Digest
from shunter.engine.types import Type
from shunter.engine.types.signature import Signature
from shunter.engine.values import Artifact, File, Secret, Value


class CachePolicy(Enum):
    """How long a result may be given again: for good, for `ttl` seconds, until refreshed, never."""

    PURE = "pure"
    TTL = "ttl"
    PINNED = "pinned"
    NEVER = "never"


class Network(Enum):
    """What an action may reach: nothing, its `hosts` through the engine's proxy, or all that the host can."""

    NONE = "none"
    PROXY = "proxy"
    HOST = "host"


@dataclass(frozen=True, slots=True)
class Limits:
    """What an action may use. Seconds are wall clock, memory and file sizes are bytes.

    `memory` of None leaves it to the machine. Exceeding a limit ends the step with a failure that names it.
    `disk` is for all that it writes, and doesn't remove again, together. `kept` is no limit of the step but
    of what is kept of its folder once it has failed.
    """

    seconds: float = 600.0
    memory: int | None = None
    processes: int = 1024
    open_files: int = 4096
    file_size: int = 16 << 30
    disk: int = 64 << 30
    kept: int = 0


@dataclass(frozen=True, slots=True)
class Mount:
    """An artifact at an absolute path of the container, read-only."""

    path: str
    artifact: Artifact


@dataclass(frozen=True, slots=True)
class Inline:
    """A small file of the container, read-only, whose content is part of the action."""

    path: str
    content: bytes


@dataclass(frozen=True, slots=True)
class SecretFile:
    """A secret that the container finds as a file in memory, which the step alone can read.

    `name` is that of the argument which it is. `cache_id` stands for it in the key, of None its fingerprint.
    """

    name: str
    secret: Secret
    cache_id: str | None = None

    @property
    def path(self) -> str:
        """Where it is in the container."""
        return f"{SECRETS}/{self.name}"


SECRETS: Final = "/run/secrets"


@dataclass(frozen=True, slots=True)
class Prepared:
    """A Directory at `path` that another action makes first: an environment."""

    path: str
    action: Action


@dataclass(frozen=True, slots=True)
class Ambient:
    """The caller's own settings that a build needs to reach its package index.

    They are not in the key, nor in any log: `variables` by name, `files` from container path to the
    path on this machine, `secrets` the texts to strike out of what the build prints.
    """

    variables: Mapping[str, str] = field(default_factory=dict, repr=False)
    files: Mapping[str, str] = field(default_factory=dict, repr=False)
    secrets: frozenset[str] = field(default=frozenset(), repr=False)


@dataclass(frozen=True, slots=True)
class Command:
    """What is started in the container, in `/work`."""

    argv: tuple[str, ...]
    variables: tuple[tuple[str, str], ...] = ()
    stdin: File | bytes | None = None


@dataclass(frozen=True, slots=True)
class ResultDocument:
    """The result is in `/out/result.json`, which refers to artifacts by their path."""


@dataclass(frozen=True, slots=True)
class Stdout:
    """The result is what the command printed; `name` is the file's name where a File is wanted."""

    name: str = "stdout.txt"


@dataclass(frozen=True, slots=True)
class OutPath:
    """The result is the file or folder at `path`, relative to `/out`."""

    path: str


ResultFrom: TypeAlias = ResultDocument | Stdout | OutPath


@dataclass(frozen=True, slots=True)
class Returns:
    """The result's type, and where the container leaves it."""

    type: Type
    source: ResultFrom = ResultDocument()


@dataclass(frozen=True, slots=True)
class Session:
    """What a step may call while it runs: `functions`, and of these such as have no other `effects`.

    What they reach must be among the step's own hosts or among `hosts`, to which the step has no way itself.
    `made_of` is by name what decides the results of all that may be called, there or further on: it is in the
    key, and nothing else of this is.
    """

    functions: tuple[Signature, ...]
    effects: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    made_of: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Action:
    """One call of one function.

    `identity` is the function's: the digest of its source, its signature and whatever else of it
    decides the result. `arguments` are keyed as they are, so artifacts enter by name, digest and
    executable bit; where a parameter's file name doesn't matter the lowering gives it a fixed one.
    `command`, `mounts` and `inline` must follow from identity and arguments alone. `hosts` belong to
    `Network.PROXY`. Every argument that is a secret is one of `secrets`; no other holds one. `image` is the
    root file system to run in; of None it is what the executor has. Without a `session` it has no way to the
    engine.
    """

    label: str
    identity: Digest
    arguments: Mapping[str, Value]
    command: Command
    returns: Returns
    mounts: tuple[Mount, ...] = ()
    inline: tuple[Inline, ...] = ()
    prepared: tuple[Prepared, ...] = ()
    limits: Limits = Limits()
    network: Network = Network.NONE
    hosts: tuple[str, ...] = ()
    secrets: tuple[SecretFile, ...] = ()
    image: Image | None = None
    session: Session | None = None
    cache: CachePolicy = CachePolicy.PURE
    ttl: float | None = None
    ambient: Ambient = Ambient()

    @property
    def reach(self) -> tuple[str, ...]:
        """All hosts that it may reach, by itself or by what it calls."""
        return self.hosts if self.session is None else (*self.hosts, *self.session.hosts)

    def __post_init__(self) -> None:
        if (self.network is Network.PROXY) is not bool(self.hosts):
            raise ValueError(f"{self.label}: hosts belong to the network {Network.PROXY.value}")
