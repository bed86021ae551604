"""The daemon that processes of the tests share."""

from __future__ import annotations

import os
import subprocess

from tests.dockerd import is_alive


def test_a_daemon_that_ended_is_gone_though_its_parent_has_not_looked_yet() -> None:
    with subprocess.Popen(["cat"], stdin=subprocess.PIPE) as child:
        assert is_alive(child.pid)
        assert child.stdin is not None
        child.stdin.close()
        os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
        assert not is_alive(child.pid)
        child.wait()
    assert not is_alive(child.pid)
