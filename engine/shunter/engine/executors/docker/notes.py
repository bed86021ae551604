"""What the Docker executor knows of its own promises beyond what containers show."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from shunter.engine.digest import Digest
from shunter.engine.executors.docker.base.frame import STEP
from shunter.engine.executors.docker.daemon import Facts
from shunter.engine.executors.docker.transfer import Transfer, Transfers
from shunter.engine.executors.local.counted import COUNTED, disk_finding
from shunter.engine.executors.promises import Enforced, Finding, Promise

_BY_DAEMON: Final = f"{COUNTED}; by the daemon, which counts holes, and nothing deeper than a path reaches"

_WAYS: Final = {
    (Transfer.BIND, Transfer.BIND): "files are bound",
    (Transfer.BIND, Transfer.ARCHIVE): "inputs are bound, outputs come as archives",
    (Transfer.ARCHIVE, Transfer.ARCHIVE): "files go and come as archives",
}


def notes(facts: Facts, transfers: Transfers, identity: Digest, *, address: str) -> Mapping[Promise, Finding]:
    """`identity` is the platform's, `address` the daemon's."""
    way = _WAYS[(transfers.inputs, transfers.work)]
    seconds = "the way to hosts ends at the engine, and this daemon is on another machine"
    calls = "calls go to a socket of the engine's, and this daemon is on another machine"
    remedy = "use a daemon of this machine, or the sandbox"
    near = transfers.inputs is Transfer.BIND
    found = (
        Finding(Promise.CONTAINERS, Enforced.YES, f"Docker Engine {facts.version} at {address}; {way}"),
        Finding(Promise.USER, Enforced.YES, f"as uid {STEP}{' of its own' if facts.remapped else ''}"),
        _where(Promise.SYSTEM_CALLS, "this daemon has no seccomp", holds=facts.seccomp),
        _where(Promise.HOSTS, seconds, holds=near, remedy=remedy),
        _where(Promise.CALLS, calls, holds=near, remedy=remedy),
        Finding(Promise.ENGINE, Enforced.YES, "a container ends with the engine's connection to it"),
        _where(Promise.MEMORY, "this daemon can't limit memory", holds=facts.memory_limits),
        _where(Promise.PROCESS_LIMIT, "this daemon can't limit processes", holds=facts.process_limits),
        disk_finding()
        if transfers.work is Transfer.BIND
        else Finding(Promise.DISK, Enforced.PARTLY, _BY_DAEMON),
        Finding(Promise.ROOT, Enforced.YES, f"an image, identity {identity[:12]}"),
    )
    return {finding.promise: finding for finding in found}


def _where(promise: Promise, otherwise: str, *, holds: bool, remedy: str | None = None) -> Finding:
    return Finding(promise, Enforced.YES) if holds else Finding(promise, Enforced.NO, otherwise, remedy)
