"""The suites that come with shunter, and suites by the names that people give."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase
from pathlib import Path

from shunter.engine.errors import UsageError
from shunter.evals.case.suite import Case, Suite, load_suite
from shunter.evals.errors import SuiteError
from shunter.tools.catalogue import Catalogue

FOLDER = Path(__file__).parent / "suites"


def bundled_suites() -> tuple[str, ...]:
    """Their names."""
    return tuple(sorted(path.name for path in FOLDER.iterdir() if any(path.glob("*.yaml"))))


def find_suite(name: str) -> Path:
    """The path of a suite: a file or folder, else a bundled one; raises UsageError."""
    path = Path(name)
    if path.exists():
        return path
    if name in bundled_suites():
        return FOLDER / name
    raise UsageError(
        f"there is no suite {name}: no such file or folder, and none of that name comes with shunter",
        hint=f"bundled: {', '.join(bundled_suites())}",
    )


def load_suites(names: Sequence[str]) -> list[Suite]:
    """The suites called `names`; raises UsageError, and SuiteError with everything that is wrong."""
    suites: list[Suite] = []
    problems: list[str] = []
    for name in dict.fromkeys(names):
        try:
            suites.append(load_suite(find_suite(name)))
        except SuiteError as error:
            problems += error.problems
    if problems:
        raise SuiteError(problems)
    doubles = sorted({suite.name for suite in suites if [it.name for it in suites].count(suite.name) > 1})
    if doubles:
        raise UsageError(f"two suites are called {doubles[0]}", hint="rename one of them")
    return suites


def chosen(suites: Iterable[Suite], filters: Sequence[str]) -> list[Case]:
    """The cases whose key (SUITE/ID) has one of `filters` in it, or matches it; raises UsageError."""
    cases = [case for suite in suites for case in suite.cases]
    if not filters:
        return cases
    found = [
        case for case in cases if any(text in case.key or fnmatchcase(case.key, text) for text in filters)
    ]
    if not found:
        raise UsageError(f"no case matches --filter {' --filter '.join(filters)}")
    return found


def check_names(cases: Sequence[Case], catalogue: Catalogue) -> None:
    """Raise SuiteError where a case names what isn't in the catalogue: it could never pass."""
    problems = [
        case.say(f"there is no function {name}", "expect")
        for case in cases
        for name in sorted(_named(case))
        if name not in catalogue
    ]
    problems += [
        case.say(f"there is no module {name}", "modules")
        for case in cases
        for name in case.written.modules or ()
        if name not in catalogue.names
    ]
    if problems:
        raise SuiteError(problems, hint="`shunter functions` lists them")


def _named(case: Case) -> set[str]:
    from shunter.evals.case.wanted import WantedValue

    wanted = case.written.expect
    names = {*wanted.plan.uses, *wanted.plan.avoids}
    for edge in wanted.plan.edges:
        names |= {edge.target} if edge.from_input else {edge.source, edge.target}
    names |= {step.call for graph in wanted.plan.accepts for step in graph.steps}

    def judges(value: WantedValue) -> set[str]:
        found = judges(value.each) if value.each else set[str]()
        if value.judge is not None:
            found |= {value.judge.call, *judges(value.judge.expect)}
        for one in value.folder.files.values() if value.folder else ():
            found |= judges(one)
        return found

    return names.union(*map(judges, wanted.results))
