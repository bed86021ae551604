"""The promises are one list: of each executor's findings, of the page on isolation, and of the tests here."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from pathlib import Path

from shunter.engine.executors.promises import PROMISED, Enforced, Finding, Promise

PAGE = Path(__file__).parents[2] / "docs" / "isolation.md"
HERE = Path(__file__).parent


def _rows() -> Iterator[list[str]]:
    """The cells of the page's table of promises."""
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    first = lines.index("| promise | what it says | held by |") + 2
    for line in lines[first:]:
        if not line.startswith("|"):
            return
        yield [cell.strip() for cell in line.strip("|").split("|")]


def _marked() -> dict[str, set[str]]:
    """The promises that each test of this folder holds, by `FILE::TEST`: its own mark, else the file's."""
    found: dict[str, set[str]] = {}
    for path in HERE.glob("test_*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        file_marks: set[str] = set()
        for node in tree.body:
            if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "pytestmark":
                file_marks |= _promises(node.value)
        for node in tree.body:
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                marks = {name for decorator in node.decorator_list for name in _promises(decorator)}
                found[f"{path.name}::{node.name}"] = marks | file_marks
    return found


def _promises(node: ast.expr) -> set[str]:
    return {
        part.attr
        for call in ast.walk(node)
        if isinstance(call, ast.Call) and ast.unparse(call.func) == "pytest.mark.promise"
        for part in call.args
        if isinstance(part, ast.Attribute)
    }


def test_an_executor_has_a_finding_for_each_promise_in_order(findings: Sequence[Finding]) -> None:
    assert [finding.promise for finding in findings] == list(Promise)


def test_what_is_not_enforced_is_explained(findings: Sequence[Finding]) -> None:
    unexplained = [each for each in findings if each.enforced is not Enforced.YES and not each.detail]
    assert unexplained == []


def test_each_promise_is_said_in_a_sentence() -> None:
    assert list(PROMISED) == list(Promise)


def test_the_page_on_isolation_has_the_same_promises_as_doctor() -> None:
    assert [(row[0], row[1]) for row in _rows()] == [(each.value, PROMISED[each]) for each in Promise]


def test_each_promise_of_the_page_is_held_by_tests_that_say_so() -> None:
    marked = _marked()
    for name, _, tests in _rows():
        for test in tests.replace("`", "").split(", "):
            assert Promise(name).name in marked.get(test, set()), f"{test} doesn't hold the promise {name!r}"


def test_no_test_of_an_executor_holds_nothing() -> None:
    unmarked = [name for name, promises in _marked().items() if not promises]
    others = {
        "test_promises.py",
        "test_ordinary_user.py",
        "test_left.py",
        "test_entering.py",
        "test_other_machine.py",
    }
    assert {name.partition("::")[0] for name in unmarked} <= others
