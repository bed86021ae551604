"""The seccomp filter: a deny-list as a classic BPF program.

The kernel keeps a bitmap of the calls that a filter always lets pass (5.11 and later), so that the length of
the list costs a step nothing.
"""

from __future__ import annotations

import errno
import struct
from collections.abc import Iterable, Mapping
from typing import Final

from shunter.engine.executors.sandbox.syscalls import CLONE, IOCTL, MISSING, REFUSED, SOCKET, Numbers

_LOAD: Final = 0x20  # BPF_LD | BPF_W | BPF_ABS
_EQUAL: Final = 0x15  # BPF_JMP | BPF_JEQ | BPF_K
_AT_LEAST: Final = 0x35  # BPF_JMP | BPF_JGE | BPF_K
_ANY_BIT: Final = 0x45  # BPF_JMP | BPF_JSET | BPF_K
_RETURN: Final = 0x06  # BPF_RET | BPF_K

_ALLOW: Final = 0x7FFF0000
_KILL: Final = 0x80000000
_ERRNO: Final = 0x00050000

_NUMBER: Final = 0  # offsets in struct seccomp_data
_ARCHITECTURE: Final = 4
_ARGUMENTS: Final = 16

_X32: Final = 0x40000000
_CLONE_NEWUSER: Final = 0x10000000
_TIOCSTI: Final = 0x5412
_TIOCLINUX: Final = 0x541C
_FAMILIES: Final = (1, 2, 10, 16)
"""AF_UNIX, AF_INET, AF_INET6, AF_NETLINK. AF_VSOCK, for one, knows no network namespace: it reaches the host
of a virtual machine."""

_ARCHITECTURES: Final[Mapping[str, tuple[int, int]]] = {
    "x86_64": (0, 0xC000003E),
    "aarch64": (1, 0xC00000B7),
}
"""By machine: the column in the tables, and the kernel's AUDIT_ARCH."""


def supports(machine: str) -> bool:
    """Whether `filter_for(machine)` refuses anything."""
    return machine in _ARCHITECTURES


def filter_for(machine: str) -> bytes:
    """The program for `machine` (see `platform.machine`); one that allows all where that is unknown."""
    if machine not in _ARCHITECTURES:
        return _answer(_ALLOW)
    column, architecture = _ARCHITECTURES[machine]
    parts = [_other_architectures(architecture, x32=machine == "x86_64")]
    parts += [_refuse(number, errno.EPERM) for number in _column(REFUSED.values(), column)]
    parts += [_refuse(number, errno.ENOSYS) for number in _column(MISSING.values(), column)]
    parts += [_new_users(_one(CLONE, column)), _typing_into_terminals(_one(IOCTL, column))]
    parts += [_strange_sockets(_one(SOCKET, column)), _answer(_ALLOW)]
    return b"".join(parts)


def _column(calls: Iterable[Numbers], column: int) -> list[int]:
    return [number for numbers in calls if (number := numbers[column]) is not None]


def _one(numbers: Numbers, column: int) -> int:
    (number,) = _column([numbers], column)
    return number


def _instruction(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("=HBBI", code, if_true, if_false, value)


def _answer(value: int) -> bytes:
    return _instruction(_RETURN, value)


def _argument(index: int) -> bytes:
    """Load the low 32 bits of an argument; both architectures are little-endian."""
    return _instruction(_LOAD, _ARGUMENTS + 8 * index)


def _other_architectures(architecture: int, *, x32: bool) -> bytes:
    program = _instruction(_LOAD, _ARCHITECTURE) + _instruction(_EQUAL, architecture, 1, 0) + _answer(_KILL)
    program += _instruction(_LOAD, _NUMBER)
    if x32:
        program += _instruction(_AT_LEAST, _X32, 0, 1) + _answer(_KILL)
    return program


def _refuse(number: int, code: int) -> bytes:
    return _instruction(_EQUAL, number, 0, 1) + _answer(_ERRNO | code)


def _for_call(number: int, body: bytes) -> bytes:
    """`body`, which must end with an answer, for one call only: it may load an argument over the number."""
    return _instruction(_EQUAL, number, 0, len(body) // 8) + body


def _new_users(clone: int) -> bytes:
    refuse = _instruction(_ANY_BIT, _CLONE_NEWUSER, 0, 1) + _answer(_ERRNO | errno.EPERM)
    return _for_call(clone, _argument(0) + refuse + _answer(_ALLOW))


def _typing_into_terminals(ioctl: int) -> bytes:
    refuse = _refuse(_TIOCSTI, errno.EPERM) + _refuse(_TIOCLINUX, errno.EPERM)
    return _for_call(ioctl, _argument(1) + refuse + _answer(_ALLOW))


def _strange_sockets(socket: int) -> bytes:
    allow = b"".join(_instruction(_EQUAL, family, 0, 1) + _answer(_ALLOW) for family in _FAMILIES)
    return _for_call(socket, _argument(0) + allow + _answer(_ERRNO | errno.EAFNOSUPPORT))
