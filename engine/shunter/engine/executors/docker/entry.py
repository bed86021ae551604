"""What runs in front of a command: the container's first process.

It ends as the command did, with 128 + N for signal N. A process beside it waits for the end of its stdin,
which is held by the engine and ends with it, and kills all
others then: a killed engine leaves no step running.
"""

from __future__ import annotations

import base64
import shlex
from collections.abc import Mapping
from typing import Final

from shunter.engine.actions.model import SECRETS

NO_COMMAND: Final = "the container has no such command:"

# Descriptor 3 is the command's stderr, 4 the engine. A shell prints that a signal has ended its child:
# it gets no stderr of its own.
_SCRIPT: Final = """\
unset HOSTNAME
exec 3>&2 2>/dev/null 4<&0 </dev/null
{settings}(exec >/dev/null 3>&-; read -r _ <&4; kill -KILL -1) &
{wait}command -v -- "$1" >/dev/null || {{ echo "{no_command} $1" >&3; exit 127; }}
(exec "$@" <{stdin} 2>&3 3>&- 4<&-)
"""

_SETTINGS: Final = 'read -r settings <&4; eval "$(echo "$settings" | base64 -d)"; unset settings\n'


def entry(argv: tuple[str, ...], *, stdin: str | None, settings: bool, wait: str = "") -> tuple[str, ...]:
    """The command line that starts `argv` with the file `stdin` (None for nothing to read).

    With `settings` their text is expected on its own stdin first, as `settings_text` gives it. `wait` is a
    line of shell that ends when the command may start.
    """
    script = _SCRIPT.format(
        settings=_SETTINGS if settings else "",
        stdin=stdin or "/dev/null",
        no_command=NO_COMMAND,
        wait=wait,
    )
    return ("/bin/sh", "-c", script, "sh", *argv)


def settings_text(
    variables: Mapping[str, str], files: Mapping[str, bytes], secrets: Mapping[str, bytes]
) -> bytes:
    """A line that sets `variables` and writes `files` by path, where nothing of them shows or is kept.

    `secrets` are files below SECRETS, which are read-only from then on.
    """
    lines = [
        f"export {name}={shlex.quote(value)}" for name, value in variables.items() if name.isidentifier()
    ]
    for path, content in files.items():
        text = base64.b64encode(content).decode()
        lines.append(f"echo {text} | base64 -d >{shlex.quote(path)}")
    for path, content in secrets.items():
        text = base64.b64encode(content).decode()
        lines.append(f"(umask 0377; echo {text} | base64 -d >{shlex.quote(path)})")
    if secrets:
        lines.append(f"chmod 0500 {SECRETS}")
    return base64.b64encode("\n".join(lines).encode()) + b"\n"
