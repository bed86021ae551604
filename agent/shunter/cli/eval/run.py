"""`shunter eval SUITE…`."""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from shunter.cli.exits import EXIT_HELP, Exit
from shunter.cli.messages import safe
from shunter.cli.options import Parser, add_executor_option, add_workspace_options, open_workspace, positive
from shunter.engine.errors import UsageError

if TYPE_CHECKING:
    from shunter.agent import Workspace
    from shunter.agent.planners.protocol import Planner
    from shunter.cli.eval.show import CaseLines
    from shunter.evals.case.suite import Case
    from shunter.evals.run.results import Head, Results, ResultsFile
    from shunter.evals.run.runner import Runner

PLANNERS = ("auto", "model", "embedded", "reference")


def _parser() -> Parser:
    from shunter.evals.bundled import bundled_suites
    from shunter.evals.faults import Fault

    parser = Parser(
        "eval",
        "Run suites of cases: each is planned, checked, run in containers, and what comes out is looked at.\n"
        "A case whose inputs are given by their type alone is planned and checked, and its plan looked at.\n"
        "No step comes from an earlier run's cache. A miss is a result: the exit code is 0, and\n"
        "`shunter eval gate RESULTS --baseline FILE` says what got worse; `shunter eval baseline RESULTS`\n"
        f"writes a baseline.\n\nsuites that come with shunter: {', '.join(bundled_suites())}\n\n{EXIT_HELP}",
        example="shunter eval basics --filter table --planner embedded --output results.jsonl",
    )
    parser.add_argument(
        "suites", nargs="+", metavar="SUITE", help="a file of cases, a folder of such files, or a bundled one"
    )
    parser.add_argument(
        "--planner",
        choices=PLANNERS,
        default="auto",
        help="who plans, as for `run`; reference: each case's own right plan",
    )
    parser.add_argument("--model", metavar="NAME", help="the model that plans (or SHUNTER_MODEL)")
    parser.add_argument(
        "--epochs", type=positive, default=1, metavar="N", help="run everything N times (default: 1)"
    )
    parser.add_argument(
        "--jobs", type=positive, metavar="N", help="how many cases at once (default: one a core)"
    )
    parser.add_argument(
        "--filter",
        action="append",
        default=[],
        metavar="TEXT",
        help="only cases with TEXT in their SUITE/ID, or that match it as a pattern (can be given again)",
    )
    parser.add_argument(
        "--output",
        "-o",
        type=Path,
        metavar="FILE",
        help="write the results there, one JSON line a case (default: in the home folder)",
    )
    parser.add_argument(
        "--resume",
        action="store_true",
        help="go on with results that were cut off: --output's, or the latest",
    )
    parser.add_argument(
        "--fault",
        choices=[fault.value for fault in Fault],
        help="break the planner on purpose, to see whether anybody notices",
    )
    parser.add_argument(
        "--json", action="store_true", help="print one JSON document and nothing else on stdout"
    )
    parser.add_argument("--quiet", "-q", action="store_true", help="no progress")
    add_executor_option(parser)
    add_workspace_options(parser)
    return parser


def execute(words: Sequence[str]) -> Exit:
    """Run suites."""
    options = _parser().parse_args(words)
    from shunter.agent.executors import ExecutorKind
    from shunter.cli.eval.show import CaseLines, show_results
    from shunter.evals.bundled import check_names, chosen, load_suites
    from shunter.evals.case.reach import Reach
    from shunter.evals.run.results import read_results
    from shunter.evals.run.runner import Runner, Setting

    cases = chosen(load_suites(options.suites), options.filter)
    jobs = options.jobs or len(os.sched_getaffinity(0))
    options.jobs = None  # the workspace's own are containers
    with open_workspace(options) as workspace:
        check_names(cases, workspace.catalogue)
        if any(case.written.reach is Reach.RUN for case in cases):
            workspace.executor.check()
        planner = _planner(options, cases)
        results, found = _open(options, workspace, _head(options, cases, planner))
    containers = max(1, len(os.sched_getaffinity(0)) // jobs)
    setting = Setting(
        lambda: _planner(options, cases, said=True),
        options.home,
        tuple(options.modules),
        containers,
        None if options.executor is None else ExecutorKind(options.executor),
    )
    with results:
        todo = _todo(cases, options.epochs, found)
        lines = CaseLines(quiet=options.quiet or options.json)
        lines.begin(todo=len(todo), there=len(cases) * options.epochs - len(todo))
        if todo or found is None or found.end is None:
            _run(Runner(setting, jobs), todo, results, lines)
    show_results(read_results(results.path), results.path, as_json=options.json)
    return Exit.DONE


def _run(runner: Runner, todo: Sequence[tuple[int, Case]], results: ResultsFile, lines: CaseLines) -> None:
    try:
        runner.run(todo, results, lines)
    except BaseException:
        print(safe(f"results so far: {results.path}; `--resume` goes on with them"), file=sys.stderr)
        raise


def _planner(options: argparse.Namespace, cases: Sequence[Case], *, said: bool = False) -> Planner:
    from shunter.agent.planners.choose import PlannerKind, choose_planner
    from shunter.evals.faults import Fault, FaultyPlanner

    planner: Planner
    if options.planner == "reference":
        from shunter.evals.reference import ReferencePlanner

        planner, why = ReferencePlanner(cases), "each case's reference is its plan: it was asked for"
    else:
        planner, why = choose_planner(PlannerKind(options.planner), model=options.model)
    if not (said or options.json or options.quiet):
        print(why, file=sys.stderr)
    return planner if options.fault is None else FaultyPlanner(planner, Fault(options.fault))


def _head(options: argparse.Namespace, cases: Sequence[Case], planner: Planner) -> Head:
    from shunter.evals.run.results import Head, new_id

    return Head(
        id=new_id(),
        started=time.time(),
        suites=tuple(dict.fromkeys(case.suite for case in cases)),
        filters=tuple(options.filter),
        planner=planner.name,
        model=options.model,
        fault=options.fault,
        epochs=options.epochs,
        cases=tuple(case.key for case in cases),
    )


def _open(
    options: argparse.Namespace, workspace: Workspace, head: Head
) -> tuple[ResultsFile, Results | None]:
    """The file to write to, and what it has already."""
    from shunter.evals.run.results import ResultsFile, latest_results

    folder = workspace.store.home / "evals"
    path = options.output
    if not options.resume or (path is not None and not path.exists()):
        if path is None:
            folder.mkdir(mode=0o700, exist_ok=True)
        return ResultsFile.create(path or folder / f"{head.id}.jsonl", head), None
    results, found = ResultsFile.resume(path or latest_results(folder))
    _check_same(results, head)
    return results, found


def _check_same(results: ResultsFile, head: Head) -> None:
    """Raise UsageError where what is in the file was asked for in another way: they can't be one run."""
    there, here = results.head.model_dump(), head.model_dump()
    for name in ("suites", "filters", "planner", "model", "fault", "epochs"):
        if there[name] != here[name]:
            results.__exit__()
            raise UsageError(
                f"--resume: {results.path} was begun with {name} {_shown(there[name])}, "
                f"and this is {_shown(here[name])}",
                hint="say it as it was begun, or begin another file",
            )


def _shown(value: object) -> str:
    return ", ".join(map(str, value)) or "none" if isinstance(value, list | tuple) else str(value or "none")


def _todo(cases: Sequence[Case], epochs: int, found: Results | None) -> list[tuple[int, Case]]:
    """Each case with its epoch, without those that have a record of the case as it is written now."""
    done = set() if found is None else {(it.epoch, it.case, it.digest) for it in found.records}
    return [
        (epoch, case)
        for epoch in range(1, epochs + 1)
        for case in cases
        if (epoch, case.key, case.digest) not in done
    ]
