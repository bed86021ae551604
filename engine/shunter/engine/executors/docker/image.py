"""Which image a step runs in, and what that means for its result."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Final

from shunter.engine.digest import Digest, digest_json
from shunter.engine.errors import ExecutorUnavailable
from shunter.engine.executors.docker.base.build import ready_base
from shunter.engine.executors.docker.daemon import Daemon, Facts, Image
from shunter.engine.executors.sandbox.arguments import VARIABLES
from shunter.engine.executors.sandbox.hostroot import SHARED_MEMORY

FORMAT: Final = 1
"""Raised whenever the container that is made of an image changes so that results may differ."""

VARIABLE: Final = "SHUNTER_DOCKER_IMAGE"
"""Names an image of the daemon's to use instead of the base image."""


def choose_image(daemon: Daemon, facts: Facts, notice: Callable[[str], None], folder: Path) -> Image:
    """The image for an action that names none: the base image, unless SHUNTER_DOCKER_IMAGE names another.

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


def image_identity(image: Image) -> Digest:
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
