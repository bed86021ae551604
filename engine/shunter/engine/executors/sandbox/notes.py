"""What the sandbox knows of its own promises beyond what containers show."""

from __future__ import annotations

import platform
from collections.abc import Mapping

from shunter.engine.digest import Digest
from shunter.engine.executors.local.counted import disk_finding
from shunter.engine.executors.promises import Enforced, Finding, Promise
from shunter.engine.executors.sandbox.seccomp import supports


def notes(identity: Digest, *, uid: int | None, groups: int | None) -> Mapping[Promise, Finding]:
    """`uid` is what steps run under where that isn't the engine's, `groups` the version of control groups."""
    found = (
        Finding(Promise.CONTAINERS, Enforced.YES, "bubblewrap makes namespaces here"),
        Finding(Promise.USER, Enforced.YES, _user(uid)),
        _system_calls(platform.machine()),
        Finding(Promise.ENGINE, Enforced.YES, "a watchdog outlives the engine and kills what it leaves"),
        _memory(groups),
        _processes(platform.release()),
        disk_finding(),
        Finding(Promise.ROOT, Enforced.YES, f"this machine's system folders, identity {identity[:12]}"),
    )
    return {finding.promise: finding for finding in found}


def _user(uid: int | None) -> str:
    return "as you, whose files the container doesn't show" if uid is None else f"as uid {uid}"


def _system_calls(machine: str) -> Finding:
    if supports(machine):
        return Finding(Promise.SYSTEM_CALLS, Enforced.YES)
    return Finding(Promise.SYSTEM_CALLS, Enforced.NO, f"no filter is written for {machine}")


def _memory(groups: int | None) -> Finding:
    if groups is not None:
        return Finding(Promise.MEMORY, Enforced.YES, f"by control groups, version {groups}")
    detail = "each process of a step is limited; their sum isn't, and the reason for an end is a guess"
    remedy = "run shunter as root where whole steps must be limited"
    return Finding(Promise.MEMORY, Enforced.PARTLY, detail, remedy)


def _processes(release: str) -> Finding:
    numbers = [part for part in release.split("-")[0].split(".") if part.isdigit()]
    if [int(number) for number in numbers[:2]] >= [5, 14]:
        return Finding(Promise.PROCESS_LIMIT, Enforced.YES)
    detail = f"this kernel ({release}, before 5.14) counts the processes of all steps together"
    return Finding(Promise.PROCESS_LIMIT, Enforced.PARTLY, detail)
