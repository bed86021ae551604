"""The way out of a container whose image has no Python: opened from outside."""

from __future__ import annotations

import os
import socket
import subprocess

import pytest

from shunter.engine.executors.sandbox.door import open_door


def test_a_container_that_is_gone_has_no_door() -> None:
    gone = subprocess.Popen(["true"])
    gone.wait()
    ours, theirs = socket.socketpair()
    with ours, theirs, pytest.raises(OSError, match="its way to the hosts can't be opened: .*No such file"):
        open_door(gone.pid, theirs.fileno())


def test_a_namespace_of_others_is_not_entered() -> None:
    """This machine's own network is nothing that a container's door may be opened in."""
    if os.geteuid() == 0:
        pytest.skip("root may enter any namespace, and doors are opened as another user")
    ours, theirs = socket.socketpair()
    with ours, theirs, pytest.raises(OSError, match="can't be opened"):
        open_door(os.getpid(), theirs.fileno())
