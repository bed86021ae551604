"""What a step sees of its container, and what the proxy answers it."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, TypeAlias

from shunter.engine.actions.model import Inline, Limits
from shunter.engine.executors.probe import Probe, Seen
from shunter.engine.executors.promises import PYTHON, Enforced, Finding, Promise
from shunter.engine.executors.trial import Trial, judged

_FILE: Final = 1 << 20
_OPEN: Final = 100

# A setting of the kernel is only opened, in a subshell, since a failed redirection ends some shells.
_LOOKING: Final = r"""
sed -nE 's/^(Uid|CapBnd|CapEff|NoNewPrivs|Seccomp):\s+(\S+).*/\1=\2/p' /proc/self/status
echo umask=$(umask) hostname=$(uname -n) zone=$(date +%Z) locale=$LC_ALL | tr ' ' '\n'
(: >>/proc/sys/kernel/core_pattern) 2>/dev/null && echo sysctl=open
for path in / /usr /etc /in /run /dev; do [ -w $path ] && echo "writable=$path"; done
for path in /work /out /tmp /dev/shm; do (: >$path/probe) 2>/dev/null || echo "closed=$path"; done
for path in /root /home "$1"; do [ -n "$(ls -A "$path" 2>/dev/null)" ] && echo "shown=$path"; done
[ -r /etc/shadow ] && echo shown=/etc/shadow
for path in /dev/*; do [ ! -L $path ] && { [ -b $path ] || [ -c $path ]; } && echo "device=$path"; done
unshare --user true 2>/dev/null && echo namespaces=open
for path in /proc/[0-9]*; do echo "process=$path"; done
sed -n 's/^ *\([^:]*\):.*/interface=\1/p' /proc/net/dev
(chmod 666 /in/probe || : >>/in/probe || rm /in/probe) 2>/dev/null && echo input=changed
[ "$(cat /in/probe)" = given ] || echo input=unread
(head -c 2000000 /dev/zero >/tmp/big) 2>/dev/null; echo "size=$(wc -c </tmp/big)"
echo "files=$(ulimit -n)"
env | sed 's/^/variable=/'
[ -z "$(head -c 1)" ] || echo variable=standard-input
/usr/bin/python3 -c 'import sys; print("python=%d.%d" % sys.version_info[:2])' 2>/dev/null
true
"""

_DECLARED: Final = "declared.invalid"
_ASKING: Final = r"""
sed -n 's/^ *\([^:]*\):.*/interface=\1/p' /proc/net/dev
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

_HARMLESS: Final = frozenset({"null", "zero", "full", "random", "urandom", "tty", "console", "ptmx"})
_OWN_PROCESSES: Final = 8
_SAME_ANYWHERE: Final = frozenset(
    ("PATH", "LANG", "LC_ALL", "TZ", "SHLVL", "_", "PYTHONHASHSEED", "PYTHONDONTWRITEBYTECODE")
)
"""Variables that may have the caller's value by chance."""

Lines: TypeAlias = Mapping[str, Sequence[str]]
"""What was printed, by name."""


def _lines(seen: Seen) -> Lines:
    found: dict[str, list[str]] = defaultdict(list)
    for line in seen.stdout.splitlines():
        name, _, value = line.partition("=")
        found[name].append(value)
    return found


def _looked(seen: Seen) -> Iterator[Finding]:
    lines = _lines(seen)
    yield from _confinement(lines)
    yield from _surroundings(lines)
    yield from _files(lines)
    yield _python(lines)


def _confinement(lines: Lines) -> Iterator[Finding]:
    ordinary = bool(lines["Uid"]) and lines["Uid"] != ["0"]
    yield judged(Promise.USER, "steps are root in their container", holds=ordinary)
    powerless = [int(value, 16) for name in ("CapBnd", "CapEff") for value in lines[name]] == [0, 0]
    fixed = lines["NoNewPrivs"] == ["1"]
    powers = "a step has capabilities, or can get new privileges"
    yield judged(Promise.PRIVILEGES, powers, holds=powerless and fixed)
    yield judged(Promise.SYSTEM_CALLS, "no seccomp filter is on", holds=lines["Seccomp"] == ["2"])
    yield judged(Promise.NAMESPACES, "`unshare --user` works in a step", holds=not lines["namespaces"])
    few = 0 < len(lines["process"]) <= _OWN_PROCESSES
    yield judged(Promise.PROCESSES, f"a step sees {len(lines['process'])} processes", holds=few)
    strange = [path for path in lines["device"] if path.rpartition("/")[2] not in _HARMLESS]
    yield judged(Promise.DEVICES, f"a step sees {', '.join(strange)}", holds=not strange)
    open_setting = "/proc/sys/kernel/core_pattern can be opened for writing"
    yield judged(Promise.KERNEL, open_setting, holds=not lines["sysctl"])
    interfaces = ", ".join(lines["interface"])
    yield judged(Promise.NETWORK, f"a step has the interfaces {interfaces or '?'}", holds=interfaces == "lo")


def _surroundings(lines: Lines) -> Iterator[Finding]:
    given = set(lines["variable"])
    leaked = [name for name, value in os.environ.items() if f"{name}={value}" in given]
    leaked = [name for name in leaked if name not in _SAME_ANYWHERE]
    leaked += [name for name in given if name == "standard-input"]
    yield judged(Promise.ENVIRONMENT, f"a step gets {', '.join(leaked)}", holds=not leaked)
    wanted = {"umask": "0022", "hostname": "step", "zone": "UTC", "locale": "C.UTF-8"}
    other = [f"{name} {' '.join(lines[name])}" for name, value in wanted.items() if lines[name] != [value]]
    yield judged(Promise.SURROUNDINGS, f"a step has {', '.join(other)}", holds=not other)


def _files(lines: Lines) -> Iterator[Finding]:
    wrong = [f"{path} can be written" for path in lines["writable"]]
    wrong += [f"{path} can't be written" for path in lines["closed"]]
    yield judged(Promise.SYSTEM, ", ".join(wrong), holds=not wrong)
    shown = lines["shown"]
    yield judged(Promise.HOST_FILES, f"a step sees what is in {', '.join(shown)}", holds=not shown)
    yield judged(Promise.INPUTS, f"an input was {', '.join(lines['input'])}", holds=not lines["input"])
    limited = lines["files"] == [str(_OPEN)] and lines["size"] == [str(_FILE)]
    wrote = (
        f"a step may open {' '.join(lines['files'])} files, and wrote {' '.join(lines['size'])} bytes to one"
    )
    yield judged(Promise.FILES, wrote, holds=limited)


def _python(lines: Lines) -> Finding:
    wanted = ".".join(map(str, PYTHON))
    if not lines["python"]:
        remedy = f"install Python {wanted} or later there"
        return Finding(Promise.PYTHON, Enforced.NO, "there is no /usr/bin/python3", remedy)
    found = lines["python"][0]
    recent = tuple(map(int, found.split("."))) >= PYTHON
    return Finding(Promise.PYTHON, Enforced.YES if recent else Enforced.NO, f"it is {found}")


def _asked(seen: Seen) -> Iterator[Finding]:
    lines = _lines(seen)
    answer = " ".join(lines["answer"]) or "no answer: it takes /usr/bin/python3"
    alone = answer == "403" and lines["interface"] == ["lo"]
    yield judged(Promise.HOSTS, f"another host gave {answer}", holds=alone)


def look_around() -> Trial:
    """A step that looks around in its container."""
    return Trial(
        Probe(
            _LOOKING,
            (os.path.expanduser("~"),),
            limits=Limits(seconds=30, open_files=_OPEN, file_size=_FILE),
            inline=(Inline("/in/probe", b"given"),),
        ),
        _looked,
    )


ASKED: Final = Trial(Probe(_ASKING, hosts=(_DECLARED,)), _asked)
"""A step that asks its proxy for a host that it didn't declare."""
