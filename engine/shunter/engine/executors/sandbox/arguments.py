"""An action as bubblewrap arguments.

Options go NUL-separated through a file descriptor: nothing of them shows in `ps`. The command itself stands
on bubblewrap's command line.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from shunter.engine.actions.model import SECRETS, Action, Command, Network
from shunter.engine.executors.local.settings import read_setting
from shunter.engine.executors.local.way import proxy_variables
from shunter.engine.executors.local.workspace import Bind, Workspace
from shunter.engine.executors.sandbox.hostroot import PATH, resolver_arguments
from shunter.engine.executors.sandbox.root import Root
from shunter.engine.executors.sandbox.wayout import listening
from shunter.engine.store.content import write_all
from shunter.engine.values import File

VARIABLES: Final[Mapping[str, str]] = {
    "PATH": PATH,
    "HOME": "/work/tmp",
    "TMPDIR": "/work/tmp",
    "TZ": "UTC",
    "LANG": "C.UTF-8",
    "LC_ALL": "C.UTF-8",
    "SOURCE_DATE_EPOCH": "315532800",  # 1980-01-01, the earliest that a zip archive can hold
    "PYTHONHASHSEED": "0",
    "PYTHONDONTWRITEBYTECODE": "1",
}
"""What every step finds in its environment; an image has its own PATH."""

STDIN_PATH: Final = "/run/stdin"

_ISOLATION: Final = (
    *("--unshare-all", "--unshare-user", "--disable-userns", "--uid", "1000", "--gid", "1000"),
    *("--hostname", "step", "--die-with-parent", "--new-session", "--cap-drop", "ALL", "--clearenv"),
)

_OWN_SESSION: Final = 'command -v setsid >/dev/null && exec setsid -c "$@"; exec "$@"'


@dataclass(frozen=True, slots=True)
class Invocation:
    """Arguments for bubblewrap, and the descriptors that they refer to; close them with `descriptors`."""

    argv: tuple[str, ...]
    inherited: tuple[int, ...]
    stdin: int
    descriptors: ExitStack


def invoke(
    action: Action,
    root: Root,
    space: Workspace,
    binds: Iterable[Bind],
    *,
    secrets: Mapping[str, bytes],
    way_out: int | None = None,
) -> Invocation:
    """How bubblewrap is called for `action`; `binds` are in the order in which they are mounted.

    `secrets` are the contents of files below /run/secrets, by their path. `way_out` is the descriptor through
    which the container's listener reaches its proxy.
    """
    stack = ExitStack()
    try:
        data: list[int] = []
        options = [*_ISOLATION, *_variables(action, root.variables), *root.arguments]
        options += _made_files(action, root.files, stack, data)
        options += ["--bind", str(space.work), "/work"]
        for bind in binds:
            options += ["--ro-bind", str(bind.source), bind.target]
        options += [*_ambient_files(action, stack, data), *_secret_files(secrets, stack, data)]
        for place in root.closed:
            options += ["--remount-ro", place]
        options += ["--chdir", "/work"]
        listing = _memory("arguments", os.fsencode("\0".join(options)), stack)
        first = () if way_out is None else listening(way_out)
        argv = ("--args", str(listing), "--", *first, *command_line(action.command))
        inherited = (listing, *data) if way_out is None else (listing, *data, way_out)
        return Invocation(argv, inherited, _stdin(action.command, stack), stack)
    except BaseException:
        stack.close()
        raise


def on_a_terminal(action: Action) -> Action:
    """`action` with its streams as the terminal of a session of its own, where the container has `setsid`."""
    argv = ("/bin/sh", "-c", _OWN_SESSION, "sh", *action.command.argv)
    return replace(action, command=replace(action.command, argv=argv))


def command_line(command: Command) -> tuple[str, ...]:
    """What is started in the container.

    A File for stdin is opened by a shell inside, through its read-only mount: a descriptor that the engine
    had opened could be chmodded by a step that runs as the owner of the store.
    """
    if isinstance(command.stdin, File):
        return ("/bin/sh", "-c", f'exec "$@" <{STDIN_PATH}', "sh", *command.argv)
    return command.argv


def _variables(action: Action, own: Mapping[str, str]) -> Iterator[str]:
    common = {**own, **VARIABLES, "PATH": own.get("PATH", PATH)}
    ambient = action.ambient.variables if action.network is Network.HOST else {}
    proxy = proxy_variables(action.hosts) if action.network is Network.PROXY else {}
    for name, value in {**common, **ambient, **proxy, **dict(action.command.variables)}.items():
        if not name or "=" in name or "\0" in name + value:
            raise ValueError(f"no environment variable can be called or hold this: {name!r}")
        yield from ("--setenv", name, value)


def _made_files(action: Action, files: Mapping[str, bytes], stack: ExitStack, data: list[int]) -> list[str]:
    """The container's own /etc files; with the host's network, the host's resolver in their place."""
    host = action.network is Network.HOST
    theirs = resolver_arguments() if host else ()
    arguments = ["--share-net", *theirs] if host else []
    for path, content in files.items():
        if path not in theirs:
            data.append(_memory(path, content, stack))
            arguments += ["--perms", "0644", "--file", str(data[-1]), path]
    return arguments


def _ambient_files(action: Action, stack: ExitStack, data: list[int]) -> list[str]:
    """Files are read here and not bound: the uid of steps may not see them, and no copy may lie on disk.

    Folders are bound; that uid must be able to read them.
    """
    arguments: list[str] = []
    for path, source in action.ambient.files.items() if action.network is Network.HOST else ():
        if Path(source).is_dir():
            arguments += ["--ro-bind", source, path]
        else:
            data.append(_memory("ambient", read_setting(source), stack))
            arguments += ["--perms", "0444", "--file", str(data[-1]), path]
    return arguments


def _secret_files(secrets: Mapping[str, bytes], stack: ExitStack, data: list[int]) -> list[str]:
    """Files in a file system of their own, in memory, whatever the container's root is."""
    if not secrets:
        return []
    arguments = ["--perms", "0500", "--tmpfs", SECRETS]
    for path, value in secrets.items():
        data.append(_memory("secret", value, stack))
        arguments += ["--perms", "0400", "--file", str(data[-1]), path]
    return [*arguments, "--remount-ro", SECRETS]


def _stdin(command: Command, stack: ExitStack) -> int:
    if isinstance(command.stdin, bytes):
        return _memory("stdin", command.stdin, stack)
    null = os.open(os.devnull, os.O_RDONLY)
    stack.callback(os.close, null)
    return null


def _memory(name: str, content: bytes, stack: ExitStack) -> int:
    """A descriptor to read `content` from, without a file."""
    descriptor = os.memfd_create(name.replace("/", "-"))
    stack.callback(os.close, descriptor)
    write_all(descriptor, content)
    return descriptor
