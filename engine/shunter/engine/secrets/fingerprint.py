"""Fingerprints: how the value of a secret enters a key without being told by it.

They are made with a random key that lies in the home folder and that only its owner can read, so that nobody
else who sees a fingerprint can try values until one fits.
"""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path
from typing import Final

from shunter.engine.errors import StoreError
from shunter.engine.store.home import trouble

KEY_FILE: Final = "fingerprint.key"
_BYTES: Final = 32


def fingerprint(value: bytes, key: bytes) -> str:
    """The fingerprint of `value`: equal values have equal ones, under one key of 32 bytes."""
    from blake3 import blake3

    return blake3(value, key=key).hexdigest()


def home_key(home: Path) -> bytes:
    """The key of a home folder, made where there is none; raises StoreError."""
    path = home / KEY_FILE
    try:
        key = path.read_bytes() if path.exists() else _made(path)
    except OSError as error:
        raise trouble(home, error) from error
    if len(key) != _BYTES:
        raise StoreError(
            f"{path} has {len(key)} bytes; expected {_BYTES}",
            hint="remove it: what was computed with secrets is computed again then",
        )
    return key


def _made(path: Path) -> bytes:
    """Whole or not at all; of two processes the first one makes it."""
    draft = path.with_name(f"{KEY_FILE}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        with open(descriptor, "wb") as stream:
            stream.write(secrets.token_bytes(_BYTES))
        with suppress(FileExistsError):
            os.link(draft, path)
        return path.read_bytes()
    finally:
        draft.unlink()
