"""The platform's identity: what of the host's root file system decides results.

Keying on all that is installed would throw the cache away at every `apt install`. What counts is the system's
base (essential packages, the C and C++ libraries, OpenSSL) and the interpreters. Another program of the host
that a function starts belongs to that function's own identity.
"""

from __future__ import annotations

import os
import platform
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from shunter.engine.digest import Digest, JsonValue, digest_json
from shunter.engine.executors.sandbox.hostroot import MADE, PATH, SHARED_MEMORY, local_programs, mount_list

FORMAT: Final = 1
"""Raised whenever the container that the sandbox makes changes so that results may differ."""

_DPKG: Final = Path("/var/lib/dpkg/status")
_RELEASE: Final = Path("/usr/lib/os-release")

_BASE: Final = re.compile(
    rb"(lib)?python3(\.\d+)?(-minimal|-stdlib)?|libc6|libc-bin|libgcc-s1|libstdc\+\+6|libgomp1"
    rb"|libssl[\d.]+(t64)?|openssl|zlib1g|libsqlite3-0|libexpat1|libffi\d+|liblzma5|libbz2-1\.0|tzdata"
)
_ESSENTIAL: Final = b"\nEssential: yes\n"
_FIELD: Final = re.compile(rb"^(Package|Architecture|Version): (.+)$", re.MULTILINE)

_KEY_FILES: Final = ("/usr/bin/python3", "/usr/bin/env", "/bin/sh", "/usr/bin/tar", "/usr/bin/openssl")
_KEY_LIBRARIES: Final = ("libc.so.6", "libstdc++.so.6", "libssl.so.3", "libcrypto.so.3", "libm.so.6")
_LIBRARY_FOLDERS: Final = ("/usr/lib64", "/usr/lib", "/lib64", "/lib")


def host_identity() -> Digest:
    """The identity of this machine's root file system as the sandbox shows it; takes a few milliseconds."""
    parts: dict[str, JsonValue] = {
        "format": FORMAT,
        "machine": platform.machine(),
        "release": _text(_RELEASE),
        "mounts": mount_list(),
        "made": [(path, content.decode()) for path, content in MADE.items()],
        "settings": [PATH, SHARED_MEMORY],
        "base": base_packages() or tuple(_key_files()),
        "local": tuple(_local_files()),
    }
    return digest_json(parts)


def base_packages() -> tuple[str, ...]:
    """Name, architecture and version of each base package; empty where dpkg doesn't manage this machine."""
    try:
        status = _DPKG.read_bytes()
    except OSError:
        return ()
    stanzas = (stanza + b"\n" for stanza in status.split(b"\n\n"))
    return tuple(sorted(_describe(stanza) for stanza in stanzas if _is_base(stanza)))


def _is_base(stanza: bytes) -> bool:
    name = stanza[len(b"Package: ") : stanza.find(b"\n")]
    return _ESSENTIAL in stanza or _BASE.fullmatch(name) is not None


def _describe(stanza: bytes) -> str:
    fields = {name.decode(): value.decode() for name, value in _FIELD.findall(stanza)}
    return f"{fields.get('Package')} {fields.get('Architecture')} {fields.get('Version')}"


def _key_files() -> Iterator[str]:
    """Where dpkg doesn't say what is installed: size and time of the files that matter most."""
    yield from filter(None, map(_stat, _KEY_FILES))
    for folder in _LIBRARY_FOLDERS:
        yield from filter(None, (_stat(f"{folder}/{name}") for name in _KEY_LIBRARIES))


def _local_files() -> Iterator[str]:
    for folder in local_programs():
        for entry in sorted(os.listdir(folder)):
            yield _stat(f"{folder}/{entry}") or f"{folder}/{entry}"


def _stat(path: str) -> str | None:
    try:
        found = os.stat(path)
    except OSError:
        return None
    return f"{path} {found.st_size} {found.st_mtime_ns}"


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
