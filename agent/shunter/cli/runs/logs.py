"""`shunter runs logs`."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import BinaryIO

from shunter.cli.exits import Exit
from shunter.cli.options import Parser, add_workspace_options, open_workspace
from shunter.engine.digest import JsonValue
from shunter.engine.errors import UsageError
from shunter.engine.run.history import PastRun, find_run
from shunter.engine.run.job import Place
from shunter.engine.store.protocol import ArtifactStore
from shunter.engine.values import File, decode

_FINISHED = frozenset({"call-finished", "nested-finished"})


def execute(words: Sequence[str]) -> Exit:
    """Print what the steps of a past run printed."""
    parser = Parser(
        "runs logs",
        "Print what the steps of a past run printed, also those from the cache.",
        example="shunter runs logs last answer",
    )
    parser.add_argument("run", metavar="RUN", help="a run's name, a part of it, or `last`")
    parser.add_argument("step", nargs="?", metavar="STEP", help="only this step")
    add_workspace_options(parser)
    options = parser.parse_args(words)
    with open_workspace(options) as workspace:
        run = find_run(workspace.runs, options.run)
        shown = sum(_show(event, run, workspace.store, options.step) for event in run.events())
        steps = {str(event["step"]) for event in run.events() if "step" in event}
    if options.step and options.step not in steps:
        raise UsageError(
            f"run {run.id} has no step {options.step!r}", hint=f"it has {', '.join(sorted(steps))}"
        )
    if not shown:
        print("nothing was printed", file=sys.stderr)
    return Exit.DONE


def _show(event: Mapping[str, JsonValue], run: PastRun, store: ArtifactStore, wanted: str | None) -> int:
    """Print what one call printed; how many streams there were."""
    if event.get("event") not in _FINISHED or (wanted is not None and event["step"] != wanted):
        return 0
    call = str(_place(event))
    function = f" {event['call']}" if "call" in event else ""
    shown = 0
    for stream in ("stdout", "stderr"):
        content = _opened(run.folder / "logs" / f"{call}.{stream}", event.get(stream), store)
        if content is not None:
            with content:
                print(f"== {call}{function} {stream} ({event['outcome']})", flush=True)
                _copy(content)
            shown += 1
    return shown


def _place(event: Mapping[str, JsonValue]) -> Place:
    index, path = event.get("index"), event.get("path")
    numbers = path if isinstance(path, list) else ()
    return Place(
        str(event["step"]),
        index if isinstance(index, int) else None,
        tuple(number for number in numbers if isinstance(number, int)),
    )


def _copy(content: BinaryIO) -> None:
    """The bytes as they are, and a line's end where there is none."""
    last = b""
    while chunk := content.read(1 << 20):
        sys.stdout.buffer.write(chunk)
        last = chunk[-1:]
    sys.stdout.buffer.write(b"" if last in (b"", b"\n") else b"\n")
    sys.stdout.buffer.flush()


def _opened(kept: Path, log: JsonValue, store: ArtifactStore) -> BinaryIO | None:
    """The log that was kept with the run, else the one that the cache has."""
    if kept.exists():
        return kept.open("rb")
    file = decode(log) if log is not None else None
    return store.open(file) if isinstance(file, File) else None
