"""What runs in front of a command: the container's first process.

It ends as the command did, with 128 + N for signal N. A process beside it waits for the end of its stdin,
which is held by the engine and ends with it, and kills all
others then: a killed engine leaves no step running.
"""

from __future__ import annotations

import os
import shlex
import string
from collections.abc import Mapping
from typing import Final

from shunter.engine.actions.model import SECRETS

NO_COMMAND: Final = "the container has no such command:"
NOT_GIVEN: Final = (
    "the shell of the image can't write files (it takes one with printf), so no secret is given"
)

# With control groups of version 1 a daemon may not hear that memory ran out where the container is gone at
# once: one whose command was killed stays for a moment, if its image has `sleep`.
_KILLED: Final = 137

# Descriptor 3 is the command's stderr, 4 the engine. A shell prints that a signal has ended its child:
# it gets no stderr of its own.
_SCRIPT: Final = """\
unset HOSTNAME
exec 3>&2 2>/dev/null 4<&0 </dev/null
{settings}(exec >/dev/null 3>&-; read -r _ <&4; kill -KILL -1) &
{wait}command -v -- "$1" >/dev/null || {{ echo "{no_command} $1" >&3; exit 127; }}
(exec "$@" <{stdin} 2>&3 3>&- 4<&-)
ended=$?
[ $ended -ne {killed} ] || sleep 0.5
exit $ended
"""

# It takes nothing of the image but a shell that has printf, as dash, bash and busybox have.
_SETTINGS: Final = """\
read -r settings <&4
eval "$settings" || {{ echo "{not_given}" >&3; exit 126; }}
unset settings
"""

_PLAIN: Final = frozenset(string.ascii_letters + string.digits + "_.,:/+=")


def entry(argv: tuple[str, ...], *, stdin: str | None, settings: bool, wait: str = "") -> tuple[str, ...]:
    """The command line that starts `argv` with the file `stdin` (None for nothing to read).

    With `settings` their text is expected on its own stdin first, as `settings_text` gives it. `wait` is a
    line of shell that ends when the command may start.
    """
    script = _SCRIPT.format(
        settings=_SETTINGS.format(not_given=NOT_GIVEN) if settings else "",
        stdin=stdin or "/dev/null",
        no_command=NO_COMMAND,
        killed=_KILLED,
        wait=wait,
    )
    return ("/bin/sh", "-c", script, "sh", *argv)


def settings_text(
    variables: Mapping[str, str], files: Mapping[str, bytes], secrets: Mapping[str, bytes]
) -> bytes:
    """A line that sets `variables` and writes `files` by path, where nothing of them shows or is kept.

    `secrets` are files below SECRETS, which are read-only from then on, where the image has chmod.
    """
    # A substitution loses the newlines at its end: hence the x.
    done = [
        f'{name}=$(printf {_written(os.fsencode(value))}x); export {name}="${{{name}%x}}"'
        for name, value in variables.items()
        if name.isidentifier()
    ]
    done += [f"printf {_written(content)} >{shlex.quote(path)}" for path, content in files.items()]
    done += [
        f"(umask 0377; printf {_written(content)} >{shlex.quote(path)})" for path, content in secrets.items()
    ]
    if secrets:
        done.append(f"{{ chmod 0500 {SECRETS}; :; }}")
    return os.fsencode(" && ".join(done)) + b"\n"


def _written(content: bytes) -> str:
    """`content` as a word that printf makes it of."""
    return "'" + "".join(chr(byte) if chr(byte) in _PLAIN else f"\\{byte:03o}" for byte in content) + "'"
