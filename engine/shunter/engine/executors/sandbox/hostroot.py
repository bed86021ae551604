"""The root file system of a step: the host's system folders, read-only, by an allow-list.

Nothing else of the host is there: no homes, no `/etc/shadow`, no `/var`, no work folders.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

_LINKED: Final = ("bin", "sbin", "lib", "lib32", "lib64", "libx32")
"""Symlinks into /usr on most distributions, folders of their own on older ones."""

_SHOWN: Final = (
    "/etc/alternatives",
    "/etc/ld.so.cache",
    "/etc/ssl/certs",
    "/etc/ssl/openssl.cnf",
    "/etc/ca-certificates",
    "/etc/pki/tls/certs",
    "/etc/pki/ca-trust/extracted",
    "/etc/crypto-policies",
    "/etc/fonts",
)

_HIDDEN: Final = ("/usr/local/etc",)
"""Settings of programs that the machine's administrator installed: they may hold passwords."""

_RESOLVER: Final = ("/etc/resolv.conf", "/etc/hosts", "/etc/nsswitch.conf")

MADE: Final[Mapping[str, bytes]] = {
    "/etc/passwd": b"root:x:0:0:root:/:/bin/sh\n"
    b"step:x:1000:1000:step:/work/tmp:/bin/sh\n"
    b"nobody:x:65534:65534:nobody:/:/bin/sh\n",
    "/etc/group": b"root:x:0:\nstep:x:1000:\nnogroup:x:65534:\n",
    "/etc/hosts": b"127.0.0.1 localhost step\n::1 localhost step\n",
    "/etc/nsswitch.conf": b"passwd: files\ngroup: files\nhosts: files\n",
}
"""Files written for every container, by path."""

PATH: Final = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

SHARED_MEMORY: Final = 64 << 20
"""Bytes of /dev/shm, as Docker has it."""


def root_arguments() -> tuple[str, ...]:
    """The bubblewrap arguments that make the root, before anything of a step's own is put into it."""
    arguments = ["--perms", "0755", "--dir", "/etc", "--perms", "0755", "--dir", "/etc/ssl"]
    for path in ("/usr", *_own_folders(), *filter(os.path.exists, _SHOWN)):
        arguments += ["--ro-bind", path, path]
    for name in filter(_is_link, _LINKED):
        arguments += ["--symlink", os.readlink(f"/{name}"), f"/{name}"]
    for path in filter(os.path.isdir, _HIDDEN):
        arguments += ["--tmpfs", path, "--remount-ro", path]
    arguments += ["--proc", "/proc", "--ro-bind", "/proc/sys", "/proc/sys", "--dir", "/run", "--dir", "/in"]
    arguments += ["--dev", "/dev", "--remount-ro", "/dev"]
    arguments += ["--perms", "1777", "--size", str(SHARED_MEMORY), "--tmpfs", "/dev/shm"]
    return (*arguments, "--symlink", "work/out", "/out", "--symlink", "work/tmp", "/tmp")


def resolver_arguments() -> tuple[str, ...]:
    """Bubblewrap arguments that let a container with the host's network resolve names as the host does."""
    arguments: list[str] = []
    for path in filter(os.path.exists, _RESOLVER):
        arguments += ["--ro-bind", os.path.realpath(path), path]
    return tuple(arguments)


def mount_list() -> tuple[str, ...]:
    """What is mounted from the host, in order, as text for the platform's identity."""
    return tuple(argument for argument in root_arguments() if argument.startswith("/"))


def reserved(path: str) -> bool:
    """Whether nothing may be mounted at `path`, since the root or the step itself uses it."""
    first = path.lstrip("/").split("/", 1)[0]
    return first in {"", "usr", "proc", "dev", "work", "out", "tmp", *_LINKED}


def local_programs() -> Iterator[Path]:
    """The folders that an administrator fills by hand, past the package manager."""
    return (path for name in ("bin", "sbin", "lib") if (path := Path("/usr/local") / name).is_dir())


def _is_link(name: str) -> bool:
    return os.path.islink(f"/{name}")


def _own_folders() -> list[str]:
    return [f"/{name}" for name in _LINKED if not _is_link(name) and os.path.isdir(f"/{name}")]
