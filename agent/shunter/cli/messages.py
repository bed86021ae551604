"""Errors and failures as people read them."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, TextIO

from shunter.agent.errors import NoPlan
from shunter.engine.actions.failure import Failure, FailureKind
from shunter.engine.digest import JsonValue
from shunter.engine.errors import PlanRefused, PlanSyntaxError, ShunterError
from shunter.engine.plan.problem import Problem
from shunter.engine.run.outcome import CallReport, RunReport
from shunter.instructions.gptscript.names import MODULE as SCRIPT_MODULE

if TYPE_CHECKING:
    from shunter.instructions.gptscript.errors import Finding

_NEVER_STARTED = {
    FailureKind.ARGUMENT,
    FailureKind.ENVIRONMENT,
    FailureKind.EXECUTOR,
    FailureKind.NOT_CACHED,
}


def show_error(error: ShunterError, stream: TextIO | None = None) -> None:
    """Print what is wrong and what to do."""
    from shunter.cli.page import filled, page_width

    where = sys.stderr if stream is None else stream
    columns = page_width(where) if isinstance(error, PlanRefused) else None  # a command to copy stays whole
    for line in error_lines(error):
        margin = " " * (len(line) - len(line.lstrip()))
        print(safe(filled(line.lstrip(), columns, first=margin, rest=margin + "  ")), file=where)


def error_lines(error: ShunterError) -> Iterator[str]:
    """What is wrong, one thing a line, and what to do."""
    line = f" (line {error.line})" if isinstance(error, PlanSyntaxError) and error.line else ""
    first, *more = error.message.splitlines() or [type(error).__name__]
    yield f"shunter: {first}{line}"
    yield from (f"         {text}" for text in more)
    if isinstance(error, PlanRefused):
        yield from (f"  {problem}" for problem in error.problems)
        if any(f"'{SCRIPT_MODULE}." in problem.message for problem in error.problems):
            yield "  a script's own tools are there with --modules FILE.gpt"
    yield from (f"  {finding}" for finding in _findings(error))
    if error.hint:
        yield f"  {error.hint}"


def _findings(error: ShunterError) -> Sequence[Finding]:
    """What is wrong with a script, if it is one that was refused."""
    from shunter.instructions.gptscript.errors import ScriptRefused

    return error.findings if isinstance(error, ScriptRefused) else ()


def error_document(error: ShunterError, code: int) -> dict[str, JsonValue]:
    """What is wrong as JSON data; `code` is the exit code."""
    document: dict[str, JsonValue] = {"exit_code": code, "message": error.message, "hint": error.hint}
    if isinstance(error, PlanSyntaxError):
        document["line"] = error.line
    if isinstance(error, PlanRefused):
        document["problems"] = [_problem(problem) for problem in error.problems]
    if findings := _findings(error):
        document["problems"] = [asdict(finding) for finding in findings]
    if isinstance(error, NoPlan):
        missing = error.missing
        document["missing"] = {
            "words": list(missing.words),
            "nearest": list(missing.nearest),
            "inputs": list(missing.inputs),
        }
    return {"status": "error", "error": document}


def _problem(problem: Problem) -> dict[str, JsonValue]:
    return {
        "code": problem.code.value,
        "where": problem.where,
        "line": problem.line,
        "message": problem.message,
        "expected": problem.expected,
        "got": problem.got,
        "candidates": list(problem.candidates),
    }


def failure_lines(report: RunReport, run_id: str) -> Iterator[str]:
    """Every failed call of a run: the step, the command, its last words, and what to do next."""
    if report.failure is not None:
        yield f"failed: {report.failure.message}"
    for step in report.steps:
        for call in step.failures[:3]:
            yield from _call_lines(call, run_id)
        if len(step.failures) > 3:
            yield f"… and {len(step.failures) - 3} more calls of {step.id} failed"


def safe(text: str) -> str:
    """`text` without control characters that could repaint a terminal."""
    return "".join(c if c.isprintable() or c in "\n\t" else "\N{REPLACEMENT CHARACTER}" for c in text)


def safe_name(text: str) -> str:
    """A file's name or path, on one line."""
    return safe(text.replace("\n", "\N{REPLACEMENT CHARACTER}").replace("\t", "\N{REPLACEMENT CHARACTER}"))


def shortened(text: str, most: int) -> str:
    """`text`, or its first `most` characters."""
    return text if len(text) <= most else text[: most - 1] + "…"


def in_one_line(text: str, *, most: int = 200) -> str:
    """`text` with its line ends as spaces, shortened."""
    return shortened(" ".join(text.split()), most)


def call_name(step: str, index: int | None) -> str:
    """A call for people: `answer`, or `transcripts[2]` in a mapped step."""
    return step if index is None else f"{step}[{index}]"


def _call_lines(call: CallReport, run_id: str) -> Iterator[str]:
    failure = call.failure
    if failure is None:
        return
    yield f"failed: {call_name(call.step, call.index)}: {failure.message}"
    if failure.command and failure.kind is not FailureKind.ENVIRONMENT:
        yield f"  command: {in_one_line(' '.join(failure.command), most=300)}"
    for name, text in (("stderr", failure.stderr), ("stdout", "" if failure.stderr else failure.stdout)):
        if text:
            yield f"  last lines of {name}:"
            yield from (f"    {line}" for line in text.splitlines())
    yield from _next_lines(call, failure, run_id)


def _next_lines(call: CallReport, failure: Failure, run_id: str) -> Iterator[str]:
    if failure.hint:
        yield f"  {failure.hint}"
    if failure.kind is FailureKind.EXIT and not (failure.stderr or failure.stdout or failure.hint):
        yield "  it printed nothing"
    if call.stderr or call.stdout:
        yield f"  all that it printed: shunter runs logs {run_id} {call.step}"
    if failure.kind not in _NEVER_STARTED:
        yield f"  look into it: {debug_command(run_id, call.step, call.index)}"


def debug_command(run_id: str, step: str, index: int | None) -> str:
    """How one looks into a call."""
    return f"shunter debug {run_id} {step}{'' if index is None else f'.{index}'}"
