"""The image that a step runs in, and what that means for its result."""

from __future__ import annotations

import os
import tarfile
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from shunter.engine.digest import Digest, digest_json
from shunter.engine.errors import ExecutorUnavailable
from shunter.engine.executors.docker.archive import add_folder
from shunter.engine.executors.docker.base.build import ready_base
from shunter.engine.executors.docker.base.frame import FRAME, TOPS, write_frame
from shunter.engine.executors.docker.daemon import Daemon, DaemonImage, Facts
from shunter.engine.executors.local.way import Opener
from shunter.engine.executors.sandbox.arguments import VARIABLES
from shunter.engine.executors.sandbox.hostroot import SHARED_MEMORY

FORMAT: Final = 1
"""Raised whenever the container that is made of the base image changes so that results may differ."""

VARIABLE: Final = "SHUNTER_DOCKER_IMAGE"
"""Names an image of the daemon's to use instead of the base image."""


@dataclass(frozen=True, slots=True)
class Root:
    """What a container is made of: an image of the daemon, by its id, and the variables that it sets.

    `opener` is who can open the listener of its way out.
    """

    image: str
    variables: Mapping[str, str] = field(default_factory=dict)
    opener: Opener = Opener.CONTAINER


def own_image(daemon: Daemon, facts: Facts, notice: Callable[[str], None], folder: Path) -> DaemonImage:
    """The image for actions that name none: the base image, unless SHUNTER_DOCKER_IMAGE names another.

    Raises ExecutorUnavailable where it isn't there and can't be made.
    """
    named = os.environ.get(VARIABLE)
    if not named:
        return ready_base(daemon, facts.architecture, notice, folder)
    image = daemon.image(named)
    if image is None:
        raise ExecutorUnavailable(
            f"the Docker daemon has no image {named}, which {VARIABLE} names",
            hint=f"`docker pull {named}`, or unset {VARIABLE} to use shunter's own base image",
        )
    return image


def own_identity(image: DaemonImage) -> Digest:
    """Identity of all that decides results: what the image unpacks to, never its name or id."""
    return digest_json(
        {
            "format": FORMAT,
            "executor": "docker",
            "architecture": image.architecture,
            "layers": image.layers,
            "image variables": image.variables,
            "variables": dict(VARIABLES),
            "shared memory": SHARED_MEMORY,
        }
    )


def image_of_folder(daemon: Daemon, root: Path, digest: Digest, place: Path) -> str:
    """The id of the daemon's image that has the folder `root` of the store, known by `digest`, as its root.

    It is made where the daemon hasn't got it, by way of a tar in the folder `place`.
    """
    name = f"shunter-image:{digest[:32]}"
    found = daemon.image(name)
    if found is None:
        with tempfile.NamedTemporaryFile(dir=place) as stream:
            with tarfile.open(
                fileobj=stream,
                mode="w",
                format=tarfile.GNU_FORMAT,
                encoding="utf-8",
                errors="surrogateescape",
            ) as tar:
                add_folder(tar, root, without=FRAME, folders=TOPS)
                there = [name for name in TOPS if (root / name).is_dir() and not (root / name).is_symlink()]
                write_frame(tar, there=there)
            stream.flush()
            daemon.import_image(Path(stream.name), name)
        found = daemon.image(name)
    if found is None:
        raise ExecutorUnavailable(f"the image {name} was made, and the Docker daemon hasn't got it")
    return found.id
