"""The base image's root file system, as a tar that says the same each time for the same packages.

Packages are unpacked, not installed: none of their scripts runs. What these would leave and a step may need
is written here.
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
from shunter.engine.executors.docker.base.frame import TIME, file, folder, frame, link
from shunter.engine.executors.docker.base.packages import OTHERWISE

_MERGED: Final = ("bin", "sbin", "lib", "lib32", "lib64", "libx32")
_LINKS: Final = {
    **{name: f"usr/{name}" for name in ("bin", "sbin", "lib", "lib64")},
    "usr/bin/awk": "mawk",
    "usr/bin/which": "which.debianutils",
}
_AUTHORITIES: Final = "usr/share/ca-certificates/mozilla/"
_BUNDLE: Final = "etc/ssl/certs/ca-certificates.crt"


def write_root(definition: Definition, packages: Iterable[Path], tar: tarfile.TarFile) -> None:
    """Write the root file system of `packages` to `tar`; raises ExecutorUnavailable for a broken package."""
    writer = _Writer(tar)
    for info, content in frame():
        writer.add(info, io.BytesIO(content))
    for package in packages:
        writer.unpack(package, definition.dropped)
    writer.finish()


class _Writer:
    """Writes each path once: what comes first stays."""

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
            if name not in _MERGED:
                self.add(_rewritten(member, name), content)

    def finish(self) -> None:
        """Write what packages' scripts would leave, such as all authorities in one file for OpenSSL."""
        for name, target in _LINKS.items():
            self.add(link(name, target), None)
        bundle = b"".join(self._authorities[name] for name in sorted(self._authorities))
        self.add(file(_BUNDLE, bundle), io.BytesIO(bundle))
        self.add(folder("usr/local/bin"), None)

    def add(self, info: tarfile.TarInfo, content: IO[bytes] | None) -> None:
        """Write `info`, after the folders that it lies in."""
        if info.name in self._written:
            return
        for parent in reversed(PurePosixPath(info.name).parents[:-1]):
            if str(parent) not in self._written:
                self.add(folder(str(parent)), None)
        self._written.add(info.name)
        self._tar.addfile(info, content)


def _rewritten(member: tarfile.TarInfo, name: str) -> tarfile.TarInfo:
    """A member as it is written: below /usr, root's, without a time of its own, and without special bits."""
    info = tarfile.TarInfo(_merged(name))
    info.type, info.size, info.mode, info.mtime = member.type, member.size, member.mode & 0o755, TIME
    info.linkname = _merged(member.linkname.removeprefix("./")) if member.islnk() else member.linkname
    return info


def _merged(name: str) -> str:
    """The path below /usr, where Debian 12 has what packages still put beside it."""
    return f"usr/{name}" if name.split("/", 1)[0] in _MERGED and "/" in name else name


def _members(package: Path) -> Iterator[tuple[tarfile.TarInfo, IO[bytes] | None]]:
    """What a package holds, in the order in which it has it."""
    try:
        with subprocess.Popen(["dpkg-deb", "--fsys-tarfile", package], stdout=subprocess.PIPE) as unpacked:
            assert unpacked.stdout is not None
            with tarfile.open(fileobj=unpacked.stdout, mode="r|") as archive:
                for member in archive:
                    yield member, archive.extractfile(member) if member.isreg() else None
    except (OSError, tarfile.TarError) as error:
        raise ExecutorUnavailable(
            f"the package {package.name} can't be unpacked: {error}", hint=OTHERWISE
        ) from error
