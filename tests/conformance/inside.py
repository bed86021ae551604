"""Runs in a container and prints, as JSON, what a step finds there."""

import ctypes
import errno
import json
import os
import platform
import resource
import socket
import stat
import sys
import tempfile
import threading
import time
from collections.abc import Callable


def attempt(function: Callable[..., object], *arguments: object) -> str:
    """ "ok", or the name of the error."""
    try:
        function(*arguments)
    except OSError as error:
        return errno.errorcode.get(error.errno or 0, str(error))
    return "ok"


def create(path: str) -> None:
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL))
    os.unlink(path)


def open_for_writing(path: str) -> None:
    os.close(os.open(path, os.O_WRONLY))


def connect(address: tuple[str, int]) -> None:
    with socket.create_connection(address, timeout=2):
        pass


def loopback() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        connect(server.getsockname())


def rename_into_out() -> None:
    with tempfile.NamedTemporaryFile(delete=False) as made:
        made.write(b"renamed")
    os.rename(made.name, "/out/renamed")


def lock() -> None:
    import multiprocessing

    with multiprocessing.get_context("spawn").Lock():
        pass


def thread() -> None:
    started = threading.Thread(target=time.time)
    started.start()
    started.join()


def status() -> dict[str, str]:
    with open("/proc/self/status") as lines:
        return {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}


def shown(path: str) -> list[str] | str:
    """What a folder lists or a file holds; nothing where it isn't there, is empty, or is closed."""
    try:
        return sorted(os.listdir(path))
    except NotADirectoryError:
        with open(path, errors="replace") as file:
            return file.read()
    except OSError:
        return ""


def file_or_nothing(path: str) -> list[str] | str:
    try:
        return shown(path)
    except OSError:
        return ""


def make_device() -> None:
    os.mknod("/work/device", 0o600 | stat.S_IFCHR, os.makedev(1, 3))
    os.unlink("/work/device")


def calls() -> dict[str, str]:
    """What the kernel answers to system calls, which are given by name and number."""
    libc = ctypes.CDLL(None, use_errno=True)
    answers = {}
    for name, number in json.loads(sys.argv[4]).items():
        failed = libc.syscall(number, 0, 0, 0, 0, 0, 0) == -1
        answers[name] = errno.errorcode[ctypes.get_errno()] if failed else "ok"
    return answers


NEW = "/new-file"
DEVICES = (stat.S_IFCHR, stat.S_IFBLK)

json.dump(
    {
        "argv": sys.argv[1:],
        "cwd": os.getcwd(),
        "environment": dict(os.environ),
        "umask": os.umask(0),
        "ids": [os.getuid(), os.getgid(), os.getgroups()],
        "user": os.path.expanduser("~step"),
        "hostname": platform.node(),
        "time zone": time.tzname,
        "encoding": sys.getfilesystemencoding(),
        "status": status(),
        "descriptors": sorted(map(int, os.listdir("/proc/self/fd")))[:-1],
        "stdin": sys.stdin.read(),
        "processes": sum(name.isdigit() for name in os.listdir("/proc")),
        "shown": {path: file_or_nothing(path) for path in sys.argv[3].split(":")},
        "calls": calls(),
        "devices": sorted(
            name for name in os.listdir("/dev") if stat.S_IFMT(os.lstat(f"/dev/{name}").st_mode) in DEVICES
        ),
        "a new device": attempt(make_device),
        "python": list(sys.version_info[:2]),
        "interfaces": [name for _, name in socket.if_nameindex()],
        "outside": attempt(connect, ("203.0.113.1", 80)),
        "loopback": attempt(loopback),
        "sysctl": attempt(open_for_writing, "/proc/sys/kernel/core_pattern"),
        "read-only": {folder: attempt(create, folder + NEW) for folder in sys.argv[1].split(":")},
        "writable": {folder: attempt(create, folder + NEW) for folder in sys.argv[2].split(":")},
        "rename": attempt(rename_into_out),
        "lock": attempt(lock),
        "thread": attempt(thread),
        "limits": {
            name: resource.getrlimit(getattr(resource, "RLIMIT_" + name))
            for name in ("CORE", "NPROC", "NOFILE", "FSIZE")
        },
    },
    sys.stdout,
)
