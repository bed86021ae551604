"""`shunter runs show`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from shunter.cli.exits import Exit
from shunter.cli.options import Parser, add_workspace_options, open_workspace
from shunter.engine.digest import JsonValue
from shunter.engine.run.history import PastRun, find_run


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
    from shunter.cli.messages import safe

    with open_workspace(options) as workspace:
        run = find_run(workspace.runs, options.run)
    if options.json:
        print_json({"id": run.id, "status": run.status(), **run.about(), "events": list(run.events())})
    else:
        print(safe("\n".join(_lines(run))))
    return Exit.DONE


def _lines(run: PastRun) -> Iterator[str]:
    about = run.about()
    yield f"run {run.id}: {run.status()}" + (f", {about['goal']}" if about.get("goal") else "")
    for event in run.events():
        match event:
            case {"event": "call-finished", "step": str(step), "outcome": str(outcome), "seconds": seconds}:
                index = event.get("index")
                name = step if index is None else f"{step}[{index}]"
                yield f"  {name}: {outcome} in {seconds} s"
                yield from _network(event.get("asked"))
                yield from _failure(event.get("failure"))
    yield f"folder: {run.folder}"


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
