"""What a run is about to do, and what it gave."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from shunter.agent import Run
from shunter.agent.pursuit import Pursuit
from shunter.agent.ready import ReadyPlan
from shunter.cli.document import print_json, pursuit_document, value_data
from shunter.cli.exits import Exit
from shunter.cli.messages import failure_lines, in_one_line, safe, safe_name, shortened
from shunter.engine.plan.expression import Expression, Fields, Items, Literal, Reference
from shunter.engine.run.outcome import Outcome, RunReport, Status
from shunter.engine.store.protocol import ArtifactStore
from shunter.engine.types import media
from shunter.engine.values import File, Value, artifacts

if TYPE_CHECKING:
    from shunter.instructions.gptscript.program import Program

_SHOWN_STEPS = 30
_BEGINNING_LINES = 2
_BEGINNING_BYTES = 4096


def show_plan(ready: ReadyPlan, stream: TextIO, reasons: Mapping[str, str] | None = None) -> None:
    """Print the steps with what goes into them, and what deserves a notice; `reasons` are by step."""
    steps = ready.checked.steps
    goal = f": {in_one_line(ready.plan.goal)}" if ready.plan.goal else ""
    print(safe(f"plan{goal}"), file=stream)
    width = max((len(step.id) for step in steps), default=0)
    for step in steps[:_SHOWN_STEPS]:
        written = [f"{name}={_shown(value)}" for name, value in step.arguments.items()]
        mapped = [f"{name}=each of {_shown(value)}" for name, value in step.each.items()]
        call = f"{step.signature.name}({', '.join(mapped + written)})"
        print(safe(f"  {step.id:{width}}  {shortened(call, 400)}"), file=stream)
        if reasons and step.id in reasons:
            print(safe(f"  {'':{width}}    {reasons[step.id]}"), file=stream)
    if len(steps) > _SHOWN_STEPS:
        print(f"  … and {len(steps) - _SHOWN_STEPS} more steps", file=stream)
    for notice in ready.notices:
        print(safe(f"  note: {notice}"), file=stream)


def show_program(program: Program, stream: TextIO) -> None:
    """Print what a script wants, takes, and may call."""
    lines = [f"command: {program.direct.signature}"] if program.direct else [f"goal: {program.goal}"]
    for name, doc in program.arguments.items():
        lines.append(f"  --{name.replace('_', '-')} ({program.types.get(name, 'text or a path')}): {doc}")
    if program.uses_workspace:
        lines.append("  --workspace (Directory): the folder that its tools share")
    if program.direct is None:
        lines.append(f"may call: {', '.join(sorted(program.allowed))}")
    print(safe("\n".join(lines)), file=stream)


def show_pursuit(pursuit: Pursuit, *, output: Path | None, as_json: bool, quiet: bool) -> Exit:
    """Save and print what the last run gave; the exit code."""
    run = pursuit.run
    saved = _saved(run, output)
    if as_json:
        print_json(pursuit_document(pursuit, saved))
    if run.report.status is not Status.DONE:
        print(safe("\n".join(failure_lines(run.report, run.id))), file=sys.stderr)
        if pursuit.ended:
            print(safe(f"not planned again: {pursuit.ended}"), file=sys.stderr)
        _print_tally(run)
        return Exit.FAILED
    if not quiet:
        _print_tally(run)
    if not as_json:
        _print_outputs(run, saved)
    return Exit.DONE


def tally(report: RunReport) -> str:
    """How many calls had which outcome, and how long it took, in one line."""
    calls = [call for step in report.steps for call in step.calls]
    parts = [(sum(call.outcome is outcome for call in calls), outcome.value) for outcome in Outcome]
    unreached = sum(step.outcome is Outcome.SKIPPED for step in report.steps)
    counted = [f"{number} {name}" for number, name in parts if number] + (
        [f"{unreached} not started"] if unreached else []
    )
    everything = (
        "everything came from the cache" if calls and parts[1][0] == len(calls) else ", ".join(counted)
    )
    return f"{report.status.value} in {report.seconds:.1f} s: {everything or 'nothing to do'}"


def _saved(run: Run, output: Path | None) -> dict[str, Path]:
    if output is None or run.report.status is not Status.DONE:
        return {}
    return run.save(output)


def _print_tally(run: Run) -> None:
    print(f"{tally(run.report)} (run {run.id})", file=sys.stderr)


def _print_outputs(run: Run, saved: Mapping[str, Path]) -> None:
    for name, value in run.report.outputs.items():
        place = f"  → {safe_name(str(saved[name]))}" if name in saved else ""
        print(safe(f"{name}: {_in_short(value)}{place}"))
        if isinstance(value, File):
            _print_beginning(value, run.store)
    if not saved and any(artifacts(tuple(run.report.outputs.values()))):
        print("(--output DIR keeps the files)", file=sys.stderr)


def _print_beginning(file: File, store: ArtifactStore) -> None:
    """The first words of a text, so that one sees at once whether it's what was wanted."""
    with store.open(file) as stream:
        head = stream.read(_BEGINNING_BYTES)
    if media.sniff(head) is not None or not media.is_text(head):
        return
    lines = [line for line in head.decode(errors="ignore").splitlines() if line.strip()]
    for line in lines[:_BEGINNING_LINES]:
        print(safe(f"  | {shortened(line, 100)}"))


def _in_short(value: Value) -> str:
    data = value_data(value)
    match data:
        case {"file": str(name), "size": int(size)}:
            return f"{safe_name(name)}, {size} bytes"
        case {"directory": str(digest)}:
            return f"a folder ({digest[:12]}…)"
        case list() if any(artifacts(value)):
            return f"{len(data)} items"
    text = data if isinstance(data, str) else json.dumps(data, ensure_ascii=False)
    return shortened(text, 400)


def _shown(expression: Expression) -> str:
    match expression:
        case Reference(_, _, None):
            return str(expression)
        case Reference(_, _, narrowed):
            return f"{expression} as {narrowed}"
        case Items(items):
            return f"[{', '.join(_shown(item) for item in items)}]"
        case Fields(fields):
            return "{" + ", ".join(f"{name}: {_shown(item)}" for name, item in fields) + "}"
        case Literal(value):
            return shortened(json.dumps(value, ensure_ascii=False), 60)
