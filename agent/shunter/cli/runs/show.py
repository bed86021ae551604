"""`shunter runs show`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from shunter.cli.exits import Exit
from shunter.cli.messages import call_name, debug_command, in_one_line, safe
from shunter.cli.options import Parser, add_workspace_options, open_workspace
from shunter.cli.progress import MARKS
from shunter.engine.digest import JsonValue
from shunter.engine.run.history import PastRun, find_run

_MARKS = {outcome.value: mark for outcome, mark in MARKS.items()}


def execute(words: Sequence[str]) -> Exit:
    """Show one past run."""
    parser = Parser("runs show", "Show what a past run did, step by step.", example="shunter runs show last")
    parser.add_argument("run", metavar="RUN", help="a run's name, a part of it, or `last`")
    parser.add_argument(
        "--json", action="store_true", help="print one JSON document and nothing else on stdout"
    )
    add_workspace_options(parser)
    options = parser.parse_args(words)
    from shunter.cli.document import print_json

    with open_workspace(options) as workspace:
        run = find_run(workspace.runs, options.run)
    if options.json:
        print_json({"id": run.id, "status": run.status(), **run.about(), "events": list(run.events())})
    else:
        print(safe("\n".join(_lines(run))))
    return Exit.DONE


def _lines(run: PastRun) -> Iterator[str]:
    about, calls = run.about(), run.calls()
    yield f"run {run.id}: {run.status()}" + (
        f", {in_one_line(str(about['goal']))}" if about.get("goal") else ""
    )
    width = max((len(_name(event)) for event in calls), default=0)
    for event in calls:
        mark = _MARKS.get(str(event.get("outcome")), "?")
        yield f"  {mark} {_name(event):{width}}  {_outcome(event)}"
        yield from _network(event.get("asked"))
        yield from _failure(event.get("failure"))
        yield from _left(event.get("left"))
        for nested in run.nested(event.get("step"), event.get("index")):
            yield from _nested(nested)
    for event in _first_failed(calls):
        index = event.get("index")
        command = debug_command(run.id, str(event["step"]), index if isinstance(index, int) else None)
        yield f"look into what failed: {command}"
    if any(event.get("stdout") or event.get("stderr") for event in calls):
        yield f"what the steps printed: shunter runs logs {run.id}"
    yield f"folder: {run.folder}"


def _nested(event: Mapping[str, JsonValue]) -> Iterator[str]:
    """A call that a step made while it ran, further in than what made it."""
    path = event.get("path")
    inward = "  " * (len(path) if isinstance(path, list) else 1)
    mark = _MARKS.get(str(event.get("outcome")), "?")
    yield f"  {inward}{mark} {event.get('call')}  {_outcome(event)}"
    for line in (*_network(event.get("asked")), *_failure(event.get("failure"))):
        yield inward + line


def _outcome(event: Mapping[str, JsonValue]) -> str:
    took = "" if event.get("outcome") == "cached" else f" in {_seconds(event.get('seconds'))}"
    return f"{event.get('outcome')}{took}"


def _name(event: Mapping[str, JsonValue]) -> str:
    index = event.get("index")
    return call_name(str(event.get("step")), index if isinstance(index, int) else None)


def _seconds(seconds: JsonValue) -> str:
    return f"{seconds:.1f} s" if isinstance(seconds, int | float) else "? s"


def _network(asked: JsonValue) -> Iterator[str]:
    for one in asked if isinstance(asked, list) else ():
        match one:
            case {"host": str(host), "verdict": str(verdict), "reason": str(reason), "count": int(count)}:
                times = f", {count} times" if count > 1 else ""
                yield f"    network: {host or '?'} {verdict}{times}" + (f" ({reason})" if reason else "")


def _failure(failure: JsonValue) -> Iterator[str]:
    match failure:
        case {"message": str(message), "stderr": str(stderr)}:
            yield f"    {message}"
            yield from (f"    | {line}" for line in stderr.splitlines()[-5:])


def _left(left: JsonValue) -> Iterator[str]:
    match left:
        case {"files": int(files), "size": int(size), "omitted": list(omitted), "more": int(more)}:
            yield f"    kept of its /work: {files} file{'' if files == 1 else 's'}, {size} bytes"
            yield from (f"    not kept: {reason}" for reason in omitted)
            if more:
                yield f"    not kept: {more} more"


def _first_failed(calls: list[dict[str, JsonValue]]) -> list[dict[str, JsonValue]]:
    """One that was started."""
    failed = [event for event in calls if event.get("outcome") == "failed" and event.get("key")]
    return failed[:1]
