"""Handles: short names for artifacts, so that what can't hold bytes can name them.

`artifact:3fa9c1d2e4b5/talk.wav` is a file, `artifact:77ab01cd9f02/` a folder. What follows the slash is for
readers. A handle is good for the store that gave it, for as long as the content is there.
"""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Final

from shunter.engine.digest import digest_bytes
from shunter.engine.errors import InputError
from shunter.engine.store.home import Home, make_passage
from shunter.engine.store.recency import renew_name
from shunter.engine.values import Directory, File, decode, encode
from shunter.engine.values.model import Artifact

PREFIX: Final = "artifact:"
_FORM: Final = re.compile(r"artifact:([0-9a-f]{12,64})(/.*)?", re.DOTALL)
_LENGTHS: Final = (12, 20, 64)


class Handles:
    """Handles of one home folder, each in a small file."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._folder = home.handles

    def give(self, artifact: Artifact) -> str:
        """The artifact's handle; the same artifact has the same one."""
        content = json.dumps(encode(artifact), sort_keys=True).encode()
        digest = digest_bytes(content)
        name = artifact.name if isinstance(artifact, File) else ""
        for length in _LENGTHS:
            path = self._folder / digest[:length]
            if self._keep(path, content):
                return f"{PREFIX}{path.name}/{name}"
        raise AssertionError("a whole digest is no other artifact's")

    def find(self, text: str) -> Artifact:
        """The artifact that a handle names; raises InputError."""
        match = _FORM.fullmatch(text.strip())
        if match is None:
            raise InputError(
                f"{text!r} is no handle", hint="one looks like artifact:3fa9c1d2e4b5/talk.wav; copy it whole"
            )
        try:
            path = self._folder / match[1]
            found = decode(json.loads(path.read_bytes()))
            renew_name(path)
        except (OSError, ValueError):
            raise no_artifact(text) from None
        assert isinstance(found, File | Directory)
        return found

    def _keep(self, path: Path, content: bytes) -> bool:
        """Whether `path` holds `content`; another artifact may be there already."""
        with self._home.guard():
            try:
                if path.read_bytes() != content:
                    return False
                renew_name(path)
                return True
            except FileNotFoundError:
                make_passage(self._folder)
            draft = path.with_name(f"{path.name}.{os.getpid()}")
            draft.write_bytes(content)
            draft.replace(path)
            return True


def no_artifact(handle: str) -> InputError:
    """What is said of a handle that names nothing, or nothing any more."""
    return InputError(
        f"there is no artifact {handle!r} here",
        hint="it was made with another home folder, or has been removed: run what made it again",
    )
