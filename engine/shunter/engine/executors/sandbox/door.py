"""The way out of a container whose image has nothing to open it with: the listener is made from outside.

While the container waits for its filter, a process of this machine enters its network namespace, opens the
listener there, hands it over as the container itself would have, and is gone.
"""

from __future__ import annotations

import subprocess
from typing import Final

from shunter.engine.executors.local.way import PORT

_SECONDS: Final = 20

# The loopback may not be up yet. A namespace of the network is entered by way of that of its owner.
_SCRIPT: Final = f"""
import ctypes, errno, fcntl, os, socket, sys, time
NS_GET_USERNS, CLONE_NEWUSER, CLONE_NEWNET = 0xb701, 0x10000000, 0x40000000
network = os.open("/proc/" + sys.argv[1] + "/ns/net", os.O_RDONLY)
owner = fcntl.ioctl(network, NS_GET_USERNS)
libc = ctypes.CDLL(None, use_errno=True)
for namespace, kind in ((owner, CLONE_NEWUSER), (network, CLONE_NEWNET)):
    if libc.setns(namespace, kind) != 0:
        sys.exit(os.strerror(ctypes.get_errno()))
for attempt in range(1000):
    try:
        listener = socket.create_server(("127.0.0.1", {PORT}), backlog=128)
        break
    except OSError as error:
        if error.errno != errno.EADDRNOTAVAIL:
            raise
        time.sleep(0.005)
else:
    sys.exit("it has no loopback")
with socket.socket(fileno=int(sys.argv[2])) as way:
    socket.send_fds(way, [b"."], [listener.fileno()])
"""


def open_door(pid: int, way: int) -> None:
    """Hand a listener of the container whose init is `pid` to the engine through the descriptor `way`.

    Raises OSError where that can't be done.
    """
    argv = ["/usr/bin/python3", "-I", "-S", "-B", "-c", _SCRIPT, str(pid), str(way)]
    try:
        ran = subprocess.run(
            argv,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            env={},
            cwd="/",
            pass_fds=(way,),
            timeout=_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise OSError("its way to the hosts takes too long to open") from None
    if ran.returncode != 0:
        said = ran.stderr.decode(errors="replace").strip().rpartition("\n")[2]
        raise OSError(f"its way to the hosts can't be opened: {said}")
