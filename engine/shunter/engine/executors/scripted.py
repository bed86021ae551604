"""An executor that starts nothing: Python callables play the containers.

It is meant for testing what stands above executors: it gives the same `Execution`s, from a store of any kind.
"""

from __future__ import annotations

import asyncio
import inspect
import tempfile
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeAlias

from shunter.engine.actions.image import Image, image_platform
from shunter.engine.actions.model import Action
from shunter.engine.digest import Digest, digest_bytes
from shunter.engine.errors import ExecutorUnavailable
from shunter.engine.executors.allowance import Allowance
from shunter.engine.executors.promises import Enforced, Finding, Promise
from shunter.engine.executors.protocol import Ending, Execution, unheeded
from shunter.engine.secrets.leaks import leak_of, scrub
from shunter.engine.secrets.revealed import NOTHING, Revealed
from shunter.engine.sessions.door import Door
from shunter.engine.sessions.protocol import StepSession
from shunter.engine.store.left import Left
from shunter.engine.store.protocol import ArtifactStore
from shunter.engine.store.tree import FileEntry, Tree
from shunter.engine.values import Artifact, Directory, File

if TYPE_CHECKING:
    from shunter.engine.executors.streams import Streams


@dataclass(frozen=True, slots=True)
class ScriptedCall:
    """What a script may look at: the action, what is mounted, and the folder that plays `/out`.

    `secrets` are the action's, by their path in the container. `session` plays /run/shunter. What a script
    hands over by a path below /work is looked for in `out`.
    """

    action: Action
    mounted: Mapping[str, Artifact]
    out: Path
    store: ArtifactStore
    secrets: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    session: Path | None = None

    def read(self, path: str) -> bytes:
        """The content of a file: a mounted one, an inline one, one in a mounted folder, or a secret."""
        if path in self.secrets:
            return self.secrets[path]
        for inline in self.action.inline:
            if inline.path == path:
                return inline.content
        with self.store.open(self._find(path)) as stream:
            return stream.read()

    def _find(self, path: str) -> File:
        for place, artifact in self.mounted.items():
            if isinstance(artifact, File) and place == path:
                return artifact
            if isinstance(artifact, Directory) and path.startswith(place + "/"):
                entry = dict(self.store.get_tree(artifact).entries).get(path.removeprefix(place + "/"))
                if isinstance(entry, FileEntry):
                    return File(path.rpartition("/")[2], entry.digest, entry.size, entry.executable)
        raise FileNotFoundError(path)


@dataclass(frozen=True, slots=True)
class Answer:
    """How a scripted container ended; outputs are kept where it exited with 0."""

    exit_code: int | None = 0
    stdout: bytes = b""
    stderr: bytes = b""
    ending: Ending = Ending.EXITED
    detail: str = ""


_MOMENT: Final = 0.01
"""Seconds between looks at a clock that has all but run out, and may stand still."""

Script: TypeAlias = Callable[[ScriptedCall], "Answer | None | Awaitable[Answer | None]"]
"""Writes below `call.out`; None means that all went well. An async script is cancelled with its step."""


class ScriptedExecutor:
    """Plays each action by the script under its identity, else under its label, else by `default`.

    `executed` lists the actions in the order in which they were started.
    """

    name = "scripted"

    def __init__(
        self, store: ArtifactStore, scripts: Mapping[str, Script], *, default: Script | None = None
    ) -> None:
        self._store = store
        self._scripts = dict(scripts)
        self._default = default
        self.executed: list[Action] = []

    def platform(self, image: Image | None) -> Digest:
        """Always the same, outside of images."""
        return digest_bytes(b"scripted") if image is None else image_platform(image)

    def check(self) -> None:
        """Nothing can be missing."""

    def findings(self) -> Sequence[Finding]:
        """That nothing is enforced."""
        why = "scripted steps run inside the engine"
        return [Finding(Promise.CONTAINERS, Enforced.NO, why, "use another executor")]

    async def execute(
        self,
        action: Action,
        prepared: Sequence[tuple[str, Directory]],
        secrets: Revealed = NOTHING,
        session: StepSession | None = None,
        *,
        vacated: Callable[[], None] = unheeded,
    ) -> Execution:
        """Call the script; raises KeyError where there is none, and whatever the script raises.

        A script that takes longer than the action's limit ends as TIMED_OUT, where it is async.
        """
        script = self._script_for(action)
        self.executed.append(action)
        mounted = {**{mount.path: mount.artifact for mount in action.mounts}, **dict(prepared)}
        begin = time.monotonic()
        with tempfile.TemporaryDirectory() as folder:
            out = Path(tempfile.mkdtemp(dir=folder))
            async with self._door(session, Path(folder), out) or nullcontext() as door:
                call = ScriptedCall(action, mounted, out, self._store, secrets.files, door and door.folder)
                answer = await _play(script, call, Allowance(action.limits.seconds, session))
            if (answer.ending, answer.exit_code) == (Ending.EXITED, 0):
                vacated()
            return self._execution(action, answer, out, secrets, time.monotonic() - begin)

    async def enter(
        self,
        action: Action,
        prepared: Sequence[tuple[str, Directory]],
        *,
        work: Directory | None,
        streams: Streams,
    ) -> int:
        """There is nothing to enter: raises ExecutorUnavailable."""
        raise ExecutorUnavailable(f"{action.label} ran in no container", hint="use another executor")

    def _door(self, session: StepSession | None, folder: Path, out: Path) -> Door | None:
        if session is None:
            return None

        def borrow(path: str) -> Artifact | None:
            found = out / path
            return self._store.put_path(found) if found.exists() else None

        return Door(session, folder / "session", owner=None, borrow=borrow)

    def _script_for(self, action: Action) -> Script:
        script = self._scripts.get(action.identity) or self._scripts.get(action.label) or self._default
        if script is None:
            raise KeyError(
                f"no script plays {action.label!r}; there are: {', '.join(self._scripts) or 'none'}"
            )
        return script

    def _execution(
        self, action: Action, answer: Answer, folder: Path, secrets: Revealed, seconds: float
    ) -> Execution:
        out, ending, detail = Tree(()), answer.ending, answer.detail
        if ending is Ending.EXITED and answer.exit_code == 0:
            leak = leak_of(folder, secrets)
            if leak is not None:
                ending, detail = Ending.LEAKED, f"/out/{leak}"
            else:
                taken = self._store.put_path(folder)
                assert isinstance(taken, Directory)
                out = self._store.get_tree(taken)
        left = self._left(action, folder, secrets) if not out.entries and action.limits.kept else None
        printed = (secrets.redactor.strike(log) for log in (answer.stdout, answer.stderr))
        logs = [self._log(name, log) for name, log in zip(("stdout", "stderr"), printed, strict=True)]
        return Execution(ending, answer.exit_code, out, logs[0], logs[1], seconds, detail, left=left)

    def _left(self, action: Action, folder: Path, secrets: Revealed) -> Left:
        """What is kept of a failed step: here `/out` is all that it can write."""
        scrub(folder, secrets.redactor)
        taken = self._store.put_path(folder)
        assert isinstance(taken, Directory)
        tree = self._store.get_tree(taken)
        sizes = [entry.size for _, entry in tree.entries if isinstance(entry, FileEntry)]
        if sum(sizes) > action.limits.kept:
            return Left(self._store.put_tree(Tree(())), 0, 0, ("/out is too large",))
        return Left(self._store.put_tree(tree.inside("out")), len(sizes), sum(sizes))

    def _log(self, name: str, content: bytes) -> File | None:
        return self._store.put_bytes(content, name) if content else None


async def _play(script: Script, call: ScriptedCall, allowance: Allowance) -> Answer:
    played = script(call)
    if not inspect.isawaitable(played):
        return played or Answer()
    playing = asyncio.ensure_future(played)
    try:
        while not playing.done():
            if allowance.left <= 0:
                return Answer(None, ending=Ending.TIMED_OUT)
            await asyncio.wait([playing], timeout=max(_MOMENT, allowance.left))
        return playing.result() or Answer()
    finally:
        playing.cancel()
        await asyncio.wait([playing])
