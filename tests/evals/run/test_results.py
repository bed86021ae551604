"""The file of results: whole lines, one writer, and going on where it was cut off."""

from __future__ import annotations

from pathlib import Path

import pytest

from shunter.evals.errors import ResultsError
from shunter.evals.run.record import CaseStatus, Record
from shunter.evals.run.results import Head, ResultsFile, latest_results, read_results

HEAD = Head(id="run", started=1.0, suites=("small",), planner="any", cases=("small/one", "small/two"))


def _record(case: str, *, epoch: int = 1, seconds: float = 0.0) -> Record:
    return Record(
        case=case,
        epoch=epoch,
        digest="d",
        status=CaseStatus.PASSED,
        planner="any",
        valid=True,
        seconds=seconds,
    )


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "out" / "results.jsonl"


def test_what_was_written_is_read(path: Path) -> None:
    with ResultsFile.create(path, HEAD) as results:
        results.add(_record("small/one"))
        assert read_results(path).records == (_record("small/one"),)
        results.finish(1.5)
    found = read_results(path)
    assert (found.head, found.end and found.end.seconds) == (HEAD, 1.5)


def test_a_file_that_is_there_is_never_overwritten(path: Path) -> None:
    ResultsFile.create(path, HEAD).__exit__()
    before = path.read_bytes()
    with pytest.raises(ResultsError, match=r"results\.jsonl is there already$"):
        ResultsFile.create(path, HEAD)
    assert path.read_bytes() == before


def test_half_a_line_is_cut_off_and_the_rest_goes_on(path: Path) -> None:
    with ResultsFile.create(path, HEAD) as results:
        results.add(_record("small/one"))
    whole = path.read_bytes()
    path.write_bytes(whole + b'{"case": "small/tw')
    assert read_results(path).records == (_record("small/one"),)
    results, found = ResultsFile.resume(path)
    with results:
        assert found.records == (_record("small/one"),)
        assert path.read_bytes() == whole
        results.add(_record("small/two"))
        results.finish(0)
    assert read_results(path).records == (_record("small/one"), _record("small/two"))


def test_of_two_records_for_a_case_and_epoch_the_last_counts(path: Path) -> None:
    with ResultsFile.create(path, HEAD) as results:
        for seconds, epoch in ((1, 1), (2, 2), (3, 1)):
            results.add(_record("small/one", epoch=epoch, seconds=seconds))
    assert [(it.epoch, it.seconds) for it in read_results(path).records] == [(2, 2), (1, 3)]


def test_a_file_that_went_on_after_its_end_has_none_until_the_next(path: Path) -> None:
    with ResultsFile.create(path, HEAD) as results:
        results.finish(1)
        results.add(_record("small/one"))
    assert read_results(path).end is None


def test_two_cannot_write_to_one_file(path: Path) -> None:
    with ResultsFile.create(path, HEAD):
        with pytest.raises(ResultsError, match="is being written by another eval run$"):
            ResultsFile.resume(path)
    ResultsFile.resume(path)[0].__exit__()


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (b"", 1),
        (b"{}\n", 1),
        (b"[project]\nname = 1\n", 1),
        (b"\xff\n", 1),
        (HEAD.model_dump_json().encode() + b"\n{}\n", 2),
    ],
)
def test_what_are_no_results_is_said_and_left_alone(path: Path, content: bytes, line: int) -> None:
    path.parent.mkdir()
    path.write_bytes(content)
    for use in (read_results, ResultsFile.resume):
        with pytest.raises(
            ResultsError, match=rf"results\.jsonl, line {line}: this isn't what `shunter eval` writes$"
        ):
            use(path)
    assert path.read_bytes() == content


def test_a_file_that_is_not_there_is_said(path: Path) -> None:
    with pytest.raises(ResultsError, match=r"can't use .*results\.jsonl: No such file or directory$"):
        read_results(path)


def test_the_latest_results_are_those_whose_name_comes_last(tmp_path: Path) -> None:
    with pytest.raises(ResultsError, match="^there are no results yet$"):
        latest_results(tmp_path / "evals")
    for name in ("20310102-1.jsonl", "20310101-9.jsonl", "notes.txt"):
        (tmp_path / name).touch()
    assert latest_results(tmp_path).name == "20310102-1.jsonl"
