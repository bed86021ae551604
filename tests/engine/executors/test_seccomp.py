"""The filter, as a program that is read by a small machine here, and as the kernel applies it."""

from __future__ import annotations

import json
import struct

import pytest
from tests.conformance.steps import execute, step, text

from shunter.engine.executors.sandbox.executor import SandboxExecutor
from shunter.engine.executors.sandbox.seccomp import filter_for, supports
from shunter.engine.executors.sandbox.syscalls import MISSING, REFUSED
from shunter.engine.store.local import LocalStore

ALLOW, KILL, EPERM, ENOSYS, EAFNOSUPPORT = 0x7FFF0000, 0x80000000, 0x50001, 0x50026, 0x50061
ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
COLUMNS = {"x86_64": 0, "aarch64": 1}
EVERYDAY = {"x86_64": range(100), "aarch64": (56, 57, 63, 64, 93, 94, 198, 221, 222, 260)}
"""read, write, open, close, mmap, execve, exit and their like."""


def _verdict(machine: str, call: int, *arguments: int, architecture: int | None = None) -> int:
    """What the filter for `machine` answers to a system call."""
    audit = ARCHITECTURES[machine] if architecture is None else architecture
    padded = (*arguments, *[0] * (6 - len(arguments)))
    data = struct.pack("=IIQ6Q", call, audit, 0, *padded)
    program = list(struct.iter_unpack("=HBBI", filter_for(machine)))
    accumulator, counter = 0, 0
    while True:
        code, if_true, if_false, value = program[counter]
        counter += 1
        if code == 0x06:
            return int(value)
        if code == 0x20:
            (accumulator,) = struct.unpack_from("=I", data, value)
            continue
        holds = {0x15: accumulator == value, 0x35: accumulator >= value, 0x45: bool(accumulator & value)}[
            code
        ]
        counter += if_true if holds else if_false


@pytest.mark.parametrize("machine", list(ARCHITECTURES))
def test_listed_calls_are_refused_and_everyday_calls_pass(machine: str) -> None:
    column = COLUMNS[machine]
    refused = {name: numbers[column] for name, numbers in REFUSED.items() if numbers[column] is not None}
    missing = {name: numbers[column] for name, numbers in MISSING.items()}
    assert {_verdict(machine, number) for number in refused.values()} == {EPERM}  # type: ignore[arg-type]
    assert {_verdict(machine, number) for number in missing.values()} == {ENOSYS}  # type: ignore[arg-type]
    special = {*refused.values(), *missing.values(), 41, 198}
    assert {_verdict(machine, number) for number in EVERYDAY[machine] if number not in special} == {ALLOW}


@pytest.mark.parametrize(("machine", "clone"), [("x86_64", 56), ("aarch64", 220)])
def test_new_processes_pass_and_new_user_namespaces_do_not(machine: str, clone: int) -> None:
    assert _verdict(machine, clone, 17) == ALLOW
    assert _verdict(machine, clone, 0x10000000 | 17) == EPERM


@pytest.mark.parametrize(("machine", "ioctl"), [("x86_64", 16), ("aarch64", 29)])
def test_nothing_can_be_typed_into_a_terminal(machine: str, ioctl: int) -> None:
    assert _verdict(machine, ioctl, 0, 0x5401) == ALLOW
    assert _verdict(machine, ioctl, 0, 0x5412) == EPERM
    assert _verdict(machine, ioctl, 0, 0x1_0000_5412) == EPERM
    assert _verdict(machine, ioctl, 0, 0x541C) == EPERM


@pytest.mark.parametrize(("machine", "socket"), [("x86_64", 41), ("aarch64", 198)])
def test_sockets_are_local_internet_or_netlink(machine: str, socket: int) -> None:
    assert {_verdict(machine, socket, family) for family in (1, 2, 10, 16)} == {ALLOW}
    assert {_verdict(machine, socket, family) for family in (17, 38, 40)} == {EAFNOSUPPORT}


def test_other_architectures_and_x32_are_killed() -> None:
    assert _verdict("x86_64", 1, architecture=0x40000003) == KILL
    assert _verdict("x86_64", 0x40000001) == KILL
    assert _verdict("aarch64", 64, architecture=0x40000028) == KILL


def test_an_unknown_machine_gets_a_filter_that_allows_all() -> None:
    assert not supports("sparc64")
    assert list(struct.iter_unpack("=HBBI", filter_for("sparc64"))) == [(0x06, 0, 0, ALLOW)]


def test_the_kernel_applies_the_filter(sandbox: SandboxExecutor, store: LocalStore) -> None:
    script = """
import ctypes, errno, json, os, socket
libc = ctypes.CDLL(None, use_errno=True)
def code(name, *arguments):
    ctypes.set_errno(0)
    libc[name](*arguments)
    return errno.errorcode.get(ctypes.get_errno(), "ok")
def family(number):
    try:
        socket.socket(number).close()
    except OSError as error:
        return errno.errorcode[error.errno]
    return "ok"
print(json.dumps({
    "unshare": code("unshare", 0x10000000), "ptrace": code("ptrace", 0, 0, 0, 0),
    "mount": code("mount", b"none", b"/work", b"tmpfs", 0, None), "setns": code("setns", 0, 0),
    "type": code("ioctl", 0, 0x5412, b"x"), "vsock": family(40), "inet": family(2), "unix": family(1),
}))
"""
    execution = execute(sandbox, step("/usr/bin/python3", "-c", script))
    assert json.loads(text(store, execution.stdout)) == {
        **dict.fromkeys(("unshare", "ptrace", "mount", "setns", "type"), "EPERM"),
        "vsock": "EAFNOSUPPORT",
        "inet": "ok",
        "unix": "ok",
    }
