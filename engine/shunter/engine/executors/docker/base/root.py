"""The base image's root file system, as a tar that says the same each time for the same packages.

Packages are unpacked, not installed: none of their scripts runs. What these would leave and a step may need is
written here.
"""

from __future__ import annotations

import io
import subprocess
import tarfile
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath
from typing import IO, Final

from shunter.engine.errors import ExecutorUnavailable
from shunter.engine.executors.docker.base.definition import Definition
from shunter.engine.executors.docker.base.packages import OTHERWISE
from shunter.engine.executors.sandbox.hostroot import MADE

STEP: Final = 1000
"""The uid and gid of steps in their containers."""

_TIME: Final = 315532800
_MERGED: Final = ("bin", "sbin", "lib", "lib32", "lib64", "libx32")
_LINKS: Final = {
    **{name: f"usr/{name}" for name in ("bin", "sbin", "lib", "lib64")},
    "out": "work/out",
    "tmp": "work/tmp",
    "usr/bin/awk": "mawk",
    "usr/bin/which": "which.debianutils",
}
_FOLDERS: Final = ("etc", "etc/ssl", "etc/ssl/certs", "in", "proc", "dev", "sys", "run", "usr/local/bin")
_OWN: Final = ("work", "work/out", "work/tmp")
_AUTHORITIES: Final = "usr/share/ca-certificates/mozilla/"
_BUNDLE: Final = "etc/ssl/certs/ca-certificates.crt"


class RootWriter:
    """Writes the tar of a root file system, each path once."""

    def __init__(self, tar: tarfile.TarFile) -> None:
        self._tar = tar
        self._written: set[str] = set()
        self._authorities: dict[str, bytes] = {}

    def unpack(self, package: Path, dropped: Iterable[str]) -> None:
        """Write what `package` holds, but for what lies below `dropped`."""
        without = tuple(f"{path}/" for path in dropped)
        for member, content in _members(package):
            name = member.name.removeprefix("./").rstrip("/")
            if name in {"", "."} or f"{name}/".startswith(without):
                continue
            if content is not None and name.startswith(_AUTHORITIES):
                self._authorities[name] = content.read()
                content = io.BytesIO(self._authorities[name])
            self._add(_merged(name), member, content)

    def finish(self) -> None:
        """Write what packages' scripts would leave, and what every step's container has."""
        for name in _FOLDERS:
            self._folder(name, 0)
        for name in _OWN:
            self._folder(name, STEP)
        for name, target in _LINKS.items():
            self._link(name, target)
        for name, content in {**_made(), _BUNDLE: self._bundle()}.items():
            self.file(name, content)

    def file(self, name: str, content: bytes) -> None:
        """Write a plain file of root's, unless there is one."""
        info = tarfile.TarInfo(name)
        info.size = len(content)
        info.mode = 0o644
        self._add(name, info, io.BytesIO(content))

    def _bundle(self) -> bytes:
        """All authorities in one file, where OpenSSL looks for them."""
        return b"".join(self._authorities[name] for name in sorted(self._authorities))

    def _folder(self, name: str, owner: int) -> None:
        info = tarfile.TarInfo(name)
        info.type = tarfile.DIRTYPE
        info.mode = 0o755
        info.uid = info.gid = owner
        self._add(name, info, None)

    def _link(self, name: str, target: str) -> None:
        info = tarfile.TarInfo(name)
        info.type = tarfile.SYMTYPE
        info.linkname = target
        self._add(name, info, None)

    def _add(self, name: str, member: tarfile.TarInfo, content: IO[bytes] | None) -> None:
        if name in self._written or name in _MERGED and not member.issym():
            return
        self._parents(name)
        self._written.add(name)
        info = tarfile.TarInfo(name)
        info.type, info.size = member.type, member.size
        info.linkname = _merged(member.linkname.removeprefix("./")) if member.islnk() else member.linkname
        info.mode = member.mode & 0o755
        info.mtime = _TIME
        info.uid, info.gid = member.uid, member.gid
        self._tar.addfile(info, content)

    def _parents(self, name: str) -> None:
        for parent in reversed(PurePosixPath(name).parents[:-1]):
            if str(parent) not in self._written:
                self._folder(str(parent), 0)


def write_root(definition: Definition, packages: Iterable[Path], tar: tarfile.TarFile) -> None:
    """Write the root file system of `packages` to `tar`; raises ExecutorUnavailable for a broken package."""
    writer = RootWriter(tar)
    for package in packages:
        writer.unpack(package, definition.dropped)
    writer.finish()


def _made() -> dict[str, bytes]:
    return {path.lstrip("/"): content for path, content in MADE.items()}


def _members(package: Path) -> Iterator[tuple[tarfile.TarInfo, IO[bytes] | None]]:
    """What a package holds, root's each, in the order in which it has it."""
    try:
        with subprocess.Popen(["dpkg-deb", "--fsys-tarfile", package], stdout=subprocess.PIPE) as unpacked:
            assert unpacked.stdout is not None
            with tarfile.open(fileobj=unpacked.stdout, mode="r|") as archive:
                for member in archive:
                    member.uid = member.gid = 0
                    yield member, archive.extractfile(member) if member.isreg() else None
    except (OSError, tarfile.TarError) as error:
        raise ExecutorUnavailable(
            f"the package {package.name} can't be unpacked: {error}", hint=OTHERWISE
        ) from error


def _merged(name: str) -> str:
    """The path below /usr, where Debian 12 has what packages still put beside it."""
    return f"usr/{name}" if name.split("/", 1)[0] in _MERGED and "/" in name else name
