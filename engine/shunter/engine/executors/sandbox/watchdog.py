"""A small process that outlives the engine for a moment, and kills what a killed engine left.

bubblewrap's `--die-with-parent` takes hold some milliseconds after the start: an engine that is killed
before leaves a container running, or one that waits for ever. Measured with steps of 20 ms, two at a time:
one kill in three left something. The watchdog's stdin ends with the engine, however that dies.
"""

from __future__ import annotations

import secrets
import subprocess
import weakref
from typing import Final

# bubblewrap's outer process and the container's init carry the mark on their command lines, and the end of
# the init is the end of all in its container. The mark reaches grep by stdin, so that it doesn't find itself.
# What is just being started shows a little later: hence several rounds.
_SCRIPT: Final = """
read -r word && exit
quiet=0
while [ $quiet -lt 3 ]; do
    quiet=$((quiet + 1))
    for path in $(echo "$MARK" | grep -laFf - /proc/[0-9]*/cmdline); do
        pid=${path#/proc/}
        kill -KILL "${pid%/cmdline}" && quiet=0
    done
    sleep 0.02
done
"""


class Watchdog:
    """Watches over what is started with `mark`, a pair of arguments that mean nothing to bubblewrap."""

    def __init__(self) -> None:
        name = f"SHUNTER_{secrets.token_hex(8)}"
        self.mark = ("--unsetenv", name)
        self._process = subprocess.Popen(
            ["/bin/sh", "-c", _SCRIPT],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={"MARK": name, "PATH": "/usr/bin:/bin"},
            cwd="/",
            start_new_session=True,  # so that Ctrl-C reaches the engine alone
        )
        weakref.finalize(self, _dismiss, self._process)


def _dismiss(process: subprocess.Popen[bytes]) -> None:
    """The engine ends in peace, or has no more use for containers."""
    process.communicate(b"done\n")
