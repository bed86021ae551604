"""What `shunter doctor` says of the sandbox, as a container sees it from inside."""

from __future__ import annotations

import platform
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from shunter.engine.errors import ShunterError
from shunter.engine.executors.protocol import Executor, Finding
from shunter.engine.executors.sandbox.probe import check, probe
from shunter.engine.executors.sandbox.seccomp import supports
from shunter.engine.executors.sandbox.storage import SandboxStore

PYTHON: Final = (3, 11)
"""The oldest Python that modules may be written for."""

# Nothing is written: a file is only opened, in a subshell, since a failed redirection ends some shells.
_SCRIPT: Final = r"""
sed -n 's/^\(CapBnd\|CapEff\|NoNewPrivs\|Seccomp\):[[:space:]]*/\1=/p' /proc/self/status
(: >>/proc/sys/kernel/core_pattern) 2>/dev/null && echo sysctl=open
[ -w / ] || [ -w /usr ] || [ -w /etc ] && echo root=writable
for path in /etc/shadow /root /home /var; do [ -e $path ] && echo "seen=$path"; done
unshare --user true 2>/dev/null && echo namespaces=open
echo interfaces=$(sed -n 's/^ *\([^:]*\):.*/\1/p' /proc/net/dev)
echo processes=$(sed -n 's/^Max processes *\([^ ]*\).*/\1/p' /proc/self/limits)
/usr/bin/python3 -c 'import sys; print("python=%d.%d" % sys.version_info[:2])' 2>/dev/null
true
"""


_DECLARED: Final = "declared.invalid"
_ASKING: Final = r"""
echo beside=$(sed -n 's/^ *\([^:]*\):.*/\1/p' /proc/net/dev)
/usr/bin/python3 -c '
from urllib.error import HTTPError
from urllib.request import urlopen
try:
    urlopen("http://another.invalid/")
except HTTPError as error:
    print("answer=%d" % error.code)
except OSError as error:
    print("answer=%s" % error)
' 2>/dev/null
true
"""
"""Asks for another host than the one that is declared."""


def findings(
    executor: Executor, store: SandboxStore, *, uid: int | None, groups: int | None
) -> Sequence[Finding]:
    """Probe one container; `uid` is what steps run under, `groups` the version of control groups, or None."""
    try:
        check(executor, store)
        lines = probe(executor, store, _SCRIPT).stdout.splitlines()
        lines += probe(executor, store, _ASKING, hosts=(_DECLARED,)).stdout.splitlines()
    except ShunterError as error:
        return [Finding("containers", False, error.message, error.hint)]
    seen = {name: value for name, _, value in (line.partition("=") for line in lines)}
    started = Finding("containers", True, "bubblewrap makes namespaces here")
    return [started, *_confinement(seen, uid), *_limits(groups), *_root(seen, executor)]


def _confinement(seen: Mapping[str, str], uid: int | None) -> Iterator[Finding]:
    own = "steps run as your own user, of whose files the container shows none"
    yield Finding("user", True, own if uid is None else f"steps run as uid {uid}, not as root")
    powerless = int(seen["CapBnd"], 16) == int(seen["CapEff"], 16) == 0 and seen["NoNewPrivs"] == "1"
    yield Finding("privileges", powerless, "no capabilities, and no way to new ones")
    yield _seccomp(seen)
    nested = seen.get("namespaces") != "open"
    yield Finding("nested namespaces", nested, "a step can't make namespaces of its own")
    alone = seen["interfaces"] == "lo"
    yield Finding("network", alone, f"a step that declares no network has: {seen['interfaces']}")
    yield _proxy(seen)
    closed = "sysctl" not in seen and "root" not in seen
    yield Finding("read-only system", closed, "system folders and kernel settings can't be written")
    found = seen.get("seen")
    yield Finding("host files", found is None, f"the container shows {found or 'system folders alone'}")


def _proxy(seen: Mapping[str, str]) -> Finding:
    answer = seen.get("answer", "no answer: it takes /usr/bin/python3")
    alone = answer == "403" and seen.get("beside") == "lo"
    detail = "a step that declares hosts reaches them through a proxy of the engine, and nothing else"
    return Finding("declared hosts", alone, detail if alone else f"another host gave {answer}")


def _seccomp(seen: Mapping[str, str]) -> Finding:
    machine = platform.machine()
    if not supports(machine):
        return Finding("system calls", False, f"no filter is written for {machine}")
    return Finding("system calls", seen["Seccomp"] == "2", "a seccomp filter refuses what no step needs")


def _limits(groups: int | None) -> Iterator[Finding]:
    release = tuple(int(part) for part in platform.release().split("-")[0].split(".")[:2])
    counted = (
        "each step's processes are counted by themselves"
        if release >= (5, 14)
        else ("this kernel (before 5.14) counts all processes of the user that steps run under together")
    )
    yield Finding("process limit", release >= (5, 14), counted)
    if groups is not None:
        yield Finding("memory limit", True, f"by control groups, version {groups}")
    else:
        detail = "each process of a step is limited; their sum isn't, and the reason for an end is a guess"
        yield Finding("memory limit", False, detail, "run shunter as root where whole steps must be limited")
    yield Finding("disk limit", False, "the size of each file is limited; how many a step writes isn't")


def _root(seen: Mapping[str, str], executor: Executor) -> Iterator[Finding]:
    found, wanted = seen.get("python"), ".".join(map(str, PYTHON))
    if found is None:
        yield Finding("python", False, "there is no /usr/bin/python3", f"install Python {wanted} or later")
    else:
        recent = tuple(map(int, found.split("."))) >= PYTHON
        yield Finding("python", recent, f"/usr/bin/python3 is {found}; modules need {wanted} or later")
    identity = executor.platform(None)[:12]
    yield Finding("root file system", True, f"this machine's system folders, identity {identity}")
