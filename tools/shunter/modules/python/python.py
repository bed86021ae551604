"""Functions on Python projects: lint, format, test."""

from __future__ import annotations

from typing import Annotated, TypedDict

from shunter.sdk import Directory, Failure, File, function

Plain = Annotated[File, "text/plain"]


class Outcome(TypedDict):
    """How many tests ended in which way; `ok` when all that ran passed, and nothing kept one from running.

    `errors` are what went wrong outside of a test: in a fixture, an import, the settings. A failure that
    a test expects counts as skipped.
    """

    passed: int
    failed: int
    errors: int
    skipped: int
    ok: bool
    report: Plain


@function(timeout=300)
def lint(source: Directory) -> Plain:
    """Lint Python code with ruff (check for mistakes, code quality, static analysis, style).

    Follows the settings that the project has for ruff. Findings are the result, and no failure.

    Args:
        source: The folder with the code.
    Returns:
        The findings, one a line, as in "app.py:1:8: F401 `os` imported but unused"; or "no problems".
    Example:
        shunter call python.lint --source project/
    """
    from .ruff import findings

    found = findings(source)
    return File.write_text("lint.txt", "".join(f"{line}\n" for line in found or ["no problems"]))


@function(timeout=300)
def format(source: Directory) -> Directory:  # noqa: A001 - a function's name is what people call it by
    """Format Python code with ruff (reformat, tidy up, pretty-print, black style).

    Follows the settings that the project has for ruff. Only the layout of the code changes; files that
    are no Python code, and links, stay as they are.

    Args:
        source: The folder with the code.
    Returns:
        The folder, with its Python files formatted.
    Example:
        shunter call python.format --source project/ --output formatted/
    """
    from .copying import writable_copy
    from .ruff import reformat

    folder = Directory.create(source.name)
    writable_copy(source, folder)
    reformat(folder)
    return folder


@function(timeout=900, memory="2GiB")
def test(source: Directory) -> Outcome:
    """Run the tests of a Python project with pytest (unit tests, test suite), unittest's as well.

    The tests run on a copy, without network, and find the project's own packages at the top of the folder
    and in src/; other packages than pytest and the standard library aren't there. Tests that fail are a
    result, and no failure.

    Args:
        source: The project's folder, with its tests.
    Returns:
        How many tests passed, failed, had errors and were skipped, whether all is well, and pytest's report.
    Example:
        shunter call python.test --source project/
    """
    from .testing import run_tests

    tested = run_tests(source)
    if tested.found_none:
        raise Failure("the folder has no tests; expected functions test_… in files test_*.py or *_test.py")
    counts = tested.counts
    return Outcome(
        passed=counts["passed"],
        failed=counts["failed"],
        errors=counts["errors"],
        skipped=counts["skipped"],
        ok=tested.ok,
        report=File.write_text("tests.txt", tested.report),
    )
