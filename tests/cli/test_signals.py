"""What becomes of signals that shunter was started to ignore."""

from __future__ import annotations

import subprocess
import sys

IGNORING = """
import os, signal, subprocess
signal.signal(signal.SIGHUP, signal.SIG_IGN)
from shunter.cli.signals import disregard_ignored
disregard_ignored()
os.kill(os.getpid(), signal.SIGHUP)
subprocess.run(["sh", "-c", "kill -HUP $$; echo went on"])
print("still there")
"""


def test_what_is_to_be_ignored_is_so_here_and_not_in_what_is_started() -> None:
    ran = subprocess.run([sys.executable, "-c", IGNORING], capture_output=True, text=True, check=True)
    assert ran.stdout == "still there\n"
