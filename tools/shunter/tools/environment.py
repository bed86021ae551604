"""Python environments: a module's packages, installed once, as an action of its own.

The key covers what is installed (the lock file with hashes, or the requirements as written), not
with which version of uv or from which index: the settings for the index are the user's own, reach the
build alone, and are in no key and no log.
"""

from __future__ import annotations

from pathlib import Path

from shunter.engine.actions.image import Image
from shunter.engine.actions.model import Action, Command, Inline, Limits, Mount, Network, OutPath, Returns
from shunter.engine.digest import digest_json
from shunter.engine.small_file import read_small_file
from shunter.engine.store.protocol import ArtifactStore
from shunter.engine.types import Directory
from shunter.engine.values import File
from shunter.tools.errors import ManifestError, ModuleError
from shunter.tools.index_settings import index_settings
from shunter.tools.modules.manifest import FILE_NAME
from shunter.tools.modules.module import Module

BUILD_SECONDS = 3600.0
MAX_LOCK_BYTES = 16 << 20

_BUILD = """\
set -eu
/uv/uv pip install --quiet --no-cache --no-progress --link-mode copy --python /usr/bin/python3 \\
  --target /out/packages $HASHES -r /in/requirements.txt
/usr/bin/python3 -m compileall -q -q -j 0 --invalidation-mode unchecked-hash /out/packages || true
rm -rf /out/packages/.lock /out/packages/bin/__pycache__
"""
"""Installed, then compiled: a read-only environment whose byte code is never checked against a file's
time, since times aren't kept. A file that doesn't compile (templates, other Pythons) is left as it is."""


def python_environment(module: Module, store: ArtifactStore, *, image: Image | None = None) -> Action | None:
    """The action that installs the module's packages; None where it needs none.

    In an image they are for the interpreter of that.
    """
    python = module.manifest.python
    if python is None or not (python.packages or python.lock):
        return None
    locked = python.lock is not None
    build = _BUILD if image is None else _BUILD.replace("/usr/bin/python3", "python3")
    requirements = (
        _lock(module.folder, python.lock) if python.lock else "\n".join(sorted(python.packages)) + "\n"
    )
    return Action(
        label=f"packages of {module.name}",
        identity=digest_json(["python-environment", 1, build]),
        arguments={"requirements": requirements, "locked": locked},
        command=Command(("/bin/sh", "-c", build), (("HASHES", "--require-hashes" if locked else ""),)),
        returns=Returns(Directory(), OutPath("packages")),
        mounts=(Mount("/uv/uv", _uv(store)),),
        inline=(Inline("/in/requirements.txt", requirements.encode()),),
        limits=Limits(seconds=BUILD_SECONDS),
        network=Network.HOST,
        image=image,
        ambient=index_settings(),
    )


def _lock(folder: Path, name: str) -> str:
    path = folder / name
    try:
        return read_small_file(path, most=MAX_LOCK_BYTES).decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not UTF-8 text"
        raise ManifestError(f"{folder / FILE_NAME}: can't read the lock file {name}: {reason}") from None


def _uv(store: ArtifactStore) -> File:
    from uv import find_uv_bin

    try:
        taken = store.put_path(Path(find_uv_bin()))
    except FileNotFoundError as error:
        raise ModuleError(
            "uv isn't installed, and it installs the packages of modules", hint="pip install uv"
        ) from error
    assert isinstance(taken, File)
    return taken
