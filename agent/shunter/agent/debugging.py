"""A person in the container of a past call."""

from __future__ import annotations

import asyncio
import os
import shlex
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from shunter.agent.past_call import PastCall
from shunter.agent.run import Observers
from shunter.engine.actions.failure import Failure
from shunter.engine.actions.model import Action, Command, Inline, Mount
from shunter.engine.errors import ShunterError
from shunter.engine.executors.streams import Streams, Way
from shunter.engine.run.events import Observer
from shunter.engine.run.network import not_allowed
from shunter.engine.run.perform import Performer
from shunter.engine.values import File

SCRIPT: Final = "/run/step"
"""Where the container has a script that runs the call's own command."""

_STDIN: Final = "/run/step.stdin"
_SHELL: Final = r"""
command -v bash >/dev/null && PS1="$0 \w\\$ " exec bash --norc --noprofile -i
PS1="$0 $ " exec sh -i
"""
"""The prompt has the step's name."""


def enter(
    past: PastCall,
    command: Sequence[str] | None,
    streams: Streams,
    *,
    observer: Observer | None = None,
) -> int:
    """Run `command` in the container of `past`; the exit code.

    None is a shell on a terminal, else the call's own command. Raises ShunterError where the environment
    can't be built or the call may reach more than its run might, and what the executor raises.
    """
    workspace = past.workspace
    refused = not_allowed(past.action, past.hosts)
    if refused is not None:
        raise ShunterError(refused.message)
    action = past.action
    if command is not None or streams.way is Way.TERMINAL:
        action = _with_script(action)
        action = replace(action, command=_command(past, command, streams))
    performer = Performer(workspace.store, workspace.executor, Observers([observer] if observer else []))

    async def run() -> int:
        prepared = await performer.prepare(action)
        if isinstance(prepared, Failure):
            raise ShunterError(prepared.message, hint=prepared.hint)
        return await workspace.executor.enter(action, prepared, work=past.left, streams=streams)

    return asyncio.run(run())


def _command(past: PastCall, command: Sequence[str] | None, streams: Streams) -> Command:
    variables = dict(past.action.command.variables)
    if streams.way is Way.TERMINAL and "TERM" in os.environ:
        variables["TERM"] = os.environ["TERM"]
    argv = ("/bin/sh", "-c", _SHELL, past.call.step) if command is None else tuple(command)
    return Command(argv, tuple(variables.items()))


def _with_script(action: Action) -> Action:
    """`action` with its own command as a script, and what that reads beside it."""
    words = ["exec", *map(shlex.quote, action.command.argv)]
    given = action.command.stdin
    if given is not None:
        words.append(f"<{_STDIN}")
    inline, mounts = [Inline(SCRIPT, (" ".join(words) + "\n").encode("utf-8", "surrogateescape"))], []
    if isinstance(given, File):
        mounts.append(Mount(_STDIN, given))
    elif given is not None:
        inline.append(Inline(_STDIN, given))
    return replace(action, mounts=(*action.mounts, *mounts), inline=(*action.inline, *inline))
