"""Seals of single files; what alterations do to them is in `test_alterations.py`."""

from __future__ import annotations

import os
from pathlib import Path

from shunter.engine.store.seal import is_sealed, set_seal, unlink_sealed


def test_removing_a_name_of_a_sealed_file_keeps_its_seal_and_says_nothing_of_need(tmp_path: Path) -> None:
    kept, gone = tmp_path / "kept", tmp_path / "gone"
    kept.write_bytes(b"x")
    gone.hardlink_to(kept)
    set_seal(str(kept))
    long_ago = 10**18
    os.utime(kept, ns=(long_ago, kept.stat().st_mtime_ns))
    folder = os.open(tmp_path, os.O_RDONLY)
    try:
        unlink_sealed("gone", folder)
    finally:
        os.close(folder)
    assert not gone.exists()
    assert is_sealed(kept.stat())
    assert kept.stat().st_atime_ns == long_ago
