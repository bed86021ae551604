"""Suites are strict: whatever is off is said, with file, line and what was expected."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.evals.conftest import Write

from shunter.agent import Workspace
from shunter.engine.errors import UsageError
from shunter.evals.bundled import check_names, chosen, find_suite, load_suites
from shunter.evals.case.reach import Reach
from shunter.evals.case.suite import load_suite
from shunter.evals.errors import SuiteError

GOOD = "cases: [{id: one, goal: Shout}, {id: two, goal: Whisper, inputs: {n: 3}}]"


def _problems(path: Path) -> list[str]:
    with pytest.raises(SuiteError) as caught:
        load_suite(path)
    return [problem.replace(f"{path.parent}/", "") for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("case", "said"),
    [
        ("{id: one}", "line 2: one: a case has exactly one of goal, gpt, plan; got none"),
        (
            "{id: one, goal: a, plan: p}",
            "line 2: one: a case has exactly one of goal, gpt, plan; got goal and plan",
        ),
        ("{id: one, goal: ''}", "line 2: one.goal: expected some text, got str ''"),
        ("{id: one, goals: a}", "line 2: one.goals: there is no such field; fits: goal"),
        (
            "{id: a b, goal: a}",
            "line 2: a b.id: expected a name: a letter, then letters, digits, `_` and `-`, got str 'a b'",
        ),
        ("7", "line 2: cases[0]: expected a record, got int 7"),
        (
            "{id: one, goal: a, limits: {seconds: 0}}",
            "line 2: one.limits.seconds: expected a number greater than 0, got int 0",
        ),
        (
            "{id: one, goal: a, inputs: {x: {file: a, folder: b}}}",
            "line 2: one.inputs.x: an input is one of file, files, folder, type, literal; got file and folder",
        ),
        (
            "{id: one, goal: a, inputs: {x: {file: null}}}",
            "line 2: one.inputs.x: an input is one of file, files, folder, type, literal; got none",
        ),
        (
            "{id: one, goal: a, inputs: {x: {type: 'Fil[audio/*]'}}}",
            "line 2: one.inputs.x.type: the type `Fil[audio/*]` has an unknown type 'Fil'; did you mean File?",
        ),
        (
            "{id: one, goal: a, inputs: {x: {type: str}, n: 3}, expect: {results: [{items: 3}]}}",
            (
                "line 2: one: the case isn't run, since of x there is only a type, and so it has no results: "
                "say under expect.plan what is asked of its plan"
            ),
        ),
        (
            "{id: one, plan: p.yaml, inputs: {x: {type: str}, y: {type: int}}}",
            "line 2: one: only a goal can do without values, and of x, y there is only a type",
        ),
        (
            "{id: one, goal: a, expect: {plan: {bridges: [text.cat]}}}",
            "line 2: one.expect.plan: `bridges` goes with `accepts`",
        ),
        (
            (
                "{id: one, goal: a, expect: {plan: {bridges: [a.b, a.b], "
                "accepts: [{steps: [{id: x, call: a.b}, {id: y, call: a.b}]}, {steps: [{id: x, call: a.b}]}]}}}"
            ),
            "line 2: one.expect.plan: a.b is a bridge, and not in every accepted plan",
        ),
        (
            "{id: one, goal: a, expect: {plan: {uses: [text]}}}",
            "line 2: one.expect.plan.uses[0]: expected a function, MODULE.FUNCTION, got str 'text'",
        ),
        (
            "{id: one, goal: a, expect: {plan: {edges: [a > b]}}}",
            (
                "line 2: one.expect.plan.edges[0]: an edge is written `FUNCTION -> FUNCTION` or `INPUT -> FUNCTION` "
                "(`->>` with steps in between), got 'a > b'"
            ),
        ),
        (
            "{id: one, goal: a, expect: {results: [{}]}}",
            (
                "line 2: one.expect.results[0]: expected one or more of text, json, media, name, properties, "
                "folder, judge, items, each"
            ),
        ),
        (
            "{id: one, goal: a, expect: {results: [{json: {a: {abot: 3}}}]}}",
            "line 2: one.expect.results[0].json.a.abot: there is no such field; fits: about",
        ),
        (
            "{id: one, goal: a, expect: {results: [{text: {matches: ['(']}}]}}",
            (
                "line 2: one.expect.results[0].text.matches[0]: no regular expression: "
                "missing ), unterminated subpattern at position 0"
            ),
        ),
        (
            "{id: one, goal: a, expect: {results: [{media: png}]}}",
            (
                "line 2: one.expect.results[0].media: expected a media type such as image/png or text/*, "
                "got str 'png'"
            ),
        ),
    ],
)
def test_what_is_off_is_said_with_file_line_and_what_is_expected(write: Write, case: str, said: str) -> None:
    assert _problems(write(f"cases:\n  - {case}\n")) == [f"small.yaml, {said}"]


def test_all_problems_are_said_at_once(write: Write) -> None:
    text = "cases:\n  - {id: one, goal: 3}\n  - {id: two, goal: a, plam: b}\n"
    assert _problems(write(text)) == [
        "small.yaml, line 2: one.goal: expected text, got int 3",
        "small.yaml, line 3: two.plam: there is no such field; fits: plan",
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("cases: []", "small.yaml, line 1: cases: expected at least one, got a list of 0"),
        ("- 3", "small.yaml, line 1: the file: expected a record, got a list of 1"),
        ("", "small.yaml: the file is empty"),
        ("cases: [", "small.yaml, line 2: not YAML: did not find expected node content"),
        ("cases: 1\ncases: 2", "small.yaml, line 2: the key `cases` is given twice"),
    ],
)
def test_what_is_no_suite_is_said(write: Write, text: str, said: str) -> None:
    assert _problems(write(text + "\n")) == [said]


def test_files_that_are_not_there_and_ids_that_are_taken_are_said(write: Write) -> None:
    path = write(
        "cases:\n"
        "  - {id: one, goal: a, inputs: {x: {file: no.txt}, y: {files: '*.zzz'}, z: {folder: gone}}}\n"
        "  - {id: one, plan: no.yaml}\n"
    )
    assert _problems(path) == [
        "small.yaml, line 3: one: this id is that of another case, small.yaml, line 2",
        "small.yaml, line 2: one: inputs.x: there is no file no.txt beside the suite's file",
        "small.yaml, line 2: one: inputs.y: no file matches *.zzz",
        "small.yaml, line 2: one: inputs.z: there is no folder gone beside the suite's file",
        "small.yaml, line 3: one: there is no file no.yaml beside the suite's file",
    ]


def test_a_folder_is_a_suite_of_all_its_files(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "a.yaml").write_text("cases: [{id: one, goal: a}]")
    (folder / "b.yml").write_text("cases: [{id: two, goal: b}]")
    (folder / "notes.txt").write_text("cases")
    assert [case.key for case in load_suite(folder).cases] == ["mine/one", "mine/two"]
    (folder / "b.yml").write_text("cases: [{id: one, goal: b}]")
    with pytest.raises(
        SuiteError, match=r"b\.yml, line 1: one: this id is that of another case, .*a\.yaml, line 1$"
    ):
        load_suite(folder)


def test_inputs_are_files_beside_the_suite_or_plain_data(write: Write, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    for name in ("b.txt", "a.txt"):
        (tmp_path / "in" / name).write_text(name)
    (case,) = load_suite(
        write(
            "cases: [{id: one, goal: a, inputs: {file: {file: in/a.txt}, some: {files: 'in/*.txt'}, "
            "two: {files: [in/b.txt, in/a.txt]}, all: {folder: in}, text: in/a.txt, n: 3, "
            "record: {a: 1}, odd: {literal: {file: x}}}}]"
        )
    ).cases
    here = tmp_path / "in"
    assert case.given() == {
        "file": here / "a.txt",
        "some": [here / "a.txt", here / "b.txt"],
        "two": [here / "b.txt", here / "a.txt"],
        "all": here,
        "text": "in/a.txt",
        "n": 3,
        "record": {"a": 1},
        "odd": {"file": "x"},
    }


def test_an_input_can_be_given_by_its_type_alone(write: Write, workspace: Workspace) -> None:
    (case,) = load_suite(
        write(
            "cases: [{id: one, goal: a, inputs: {talk: {type: 'list[File[audio/*]]'}, n: 3, s: {type: str}}}]"
        )
    ).cases
    offers = case.offers(workspace.store)
    assert (case.given(), [*offers]) == ({"n": 3}, ["n"])
    assert {name: str(kind) for name, kind in case.types(offers).items()} == {
        "talk": "list[File[audio/*]]",
        "n": "int",
        "s": "str",
    }
    assert case.written.reach is Reach.PLAN


def test_a_case_is_run_where_all_its_inputs_are_there(write: Write) -> None:
    text = "cases: [{id: one, goal: a}, {id: two, goal: a, inputs: {x: {literal: {type: str}}}}]"
    assert [case.written.reach for case in load_suite(write(text)).cases] == [Reach.RUN, Reach.RUN]


def test_cases_are_chosen_by_parts_of_their_names_and_by_patterns(write: Write) -> None:
    suites = load_suites([str(write(GOOD))])
    assert [case.key for case in chosen(suites, ["small"])] == ["small/one", "small/two"]
    assert [case.key for case in chosen(suites, ["on", "x"])] == ["small/one"]
    assert [case.key for case in chosen(suites, ["*/t*"])] == ["small/two"]
    with pytest.raises(UsageError, match="^no case matches --filter x --filter y$"):
        chosen(suites, ["x", "y"])


def test_an_edited_case_has_another_digest(write: Write) -> None:
    first, other = load_suite(write(GOOD)).cases
    again, edited = load_suite(write(GOOD.replace("n: 3", "n: 4"))).cases
    assert first.digest == again.digest
    assert other.digest != edited.digest


def test_a_function_that_is_not_there_is_said_before_anything_runs(
    write: Write, workspace: Workspace
) -> None:
    judge = "{judge: {call: x.y, value: z, expect: {judge: {call: toy.no, value: a, expect: {items: 1}}}}}"
    path = write(
        "cases:\n  - id: one\n    goal: a\n    expect:\n"
        f"      plan: {{uses: [text.cat], edges: ['notes -> text.cut']}}\n      results: [{{each: {judge}}}]\n"
    )
    with pytest.raises(SuiteError) as caught:
        check_names(load_suite(path).cases, workspace.catalogue)
    with pytest.raises(SuiteError, match="small.yaml, line 1: one: there is no module tay$"):
        check_names(
            load_suite(write("cases: [{id: one, goal: a, modules: [tay]}]")).cases, workspace.catalogue
        )
    assert [problem.partition(": ")[2] for problem in caught.value.problems] == [
        f"one: there is no function {name}" for name in ("text.cat", "text.cut", "toy.no", "x.y")
    ]
    assert all("small.yaml, line 4" in problem for problem in caught.value.problems)


def test_a_name_is_a_path_or_a_bundled_suite(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert find_suite("basics").name == "basics"
    with pytest.raises(UsageError, match="there is no suite basic: no such file or folder"):
        find_suite("basic")
    (tmp_path / "basics").mkdir()
    assert find_suite("basics") == Path("basics")


def test_two_suites_of_one_name_are_refused(write: Write, tmp_path: Path) -> None:
    path = write(GOOD)
    (tmp_path / "other").mkdir()
    other = tmp_path / "other" / "small.yaml"
    other.write_text(GOOD)
    with pytest.raises(UsageError, match="^two suites are called small$"):
        load_suites([str(path), str(other)])
