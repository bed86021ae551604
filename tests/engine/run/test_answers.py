"""From what a container left behind to a value of the declared type."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.engine.run.yard import Ran, Yard

from shunter.engine.actions.model import (
    Action,
    Command,
    OutPath,
    ResultDocument,
    ResultFrom,
    Returns,
    Stdout,
)
from shunter.engine.digest import digest_bytes
from shunter.engine.executors.protocol import Ending, Execution
from shunter.engine.executors.scripted import Answer, Script, ScriptedCall
from shunter.engine.run.answer import is_read_soon
from shunter.engine.store.tree import FileEntry, tree_of
from shunter.engine.types import parse_type
from shunter.engine.values import File, Value

PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)
ONE = "{version: 1, steps: [{id: one, call: toy.one}], outputs: {got: {from: one}}}"


def _ran(
    yard: Yard, returns: str, body: Callable[[ScriptedCall], object], *, source: ResultFrom | None = None
) -> Ran:
    if source is None:
        yard.function("toy.one", {}, returns, body)
    else:
        yard.function("toy.one", {}, returns, body, source=source)
    return yard.run(ONE)


def _document(content: str) -> Callable[[ScriptedCall], object]:
    def leave(call: ScriptedCall) -> object:
        (call.out / "result.json").write_text(content)
        return Answer()

    return leave


def _files(*names: str, content: bytes = b"hello\n") -> Callable[[Path], None]:
    def write(out: Path) -> None:
        for name in names:
            (out / name).parent.mkdir(parents=True, exist_ok=True)
            (out / name).write_bytes(content)

    return write


def _returning(
    data: object, write: Callable[[Path], None] = lambda out: None
) -> Callable[[ScriptedCall], object]:
    def leave(call: ScriptedCall) -> object:
        write(call.out)
        return data

    return leave


@pytest.mark.parametrize(
    ("returns", "data", "value"),
    [
        ("str", "text", "text"),
        ("int", 3, 3),
        ("float", 3, 3.0),
        ("bool", False, False),
        ('"a" | "b"', "b", "b"),
        ("str | None", None, None),
        ("list[int]", [1, 2], (1, 2)),
        ("{name: str, size: int | None}", {"name": "n", "extra": 1}, {"name": "n", "size": None}),
        ("Json", {"a": [1, {"b": None}]}, {"a": (1, {"b": None})}),
        ("Json", {"$map": {"$file": "/out/x"}}, {"$file": "/out/x"}),
    ],
)
def test_data_of_the_declared_type_is_taken(yard: Yard, returns: str, data: object, value: Value) -> None:
    assert _ran(yard, returns, _returning(data)).report.outputs == {"got": value}


@pytest.mark.parametrize(
    ("returns", "data", "said"),
    [
        ("str", 3, "expected str, got int 3"),
        ("int", "3", "expected int, got str '3'"),
        ("int", 3.5, "expected int, got float 3.5"),
        ("int", True, "expected int, got bool true"),
        ("bool", 1, "expected bool, got int 1"),
        ("str", None, "expected str, got null"),
        ('"a" | "b"', "c", 'expected "a" | "b", got str \'c\''),
        ("list[int]", [1, "2"], "[1]: expected int, got str '2'"),
        ("list[int]", 1, "expected list[int], got int 1"),
        ("{name: str}", {}, "expected {name: str}, got a record without name"),
        ("{name: str}", {"name": 1}, ".name: expected str, got int 1"),
        ("File", "/out/a.txt", "expected File, got str '/out/a.txt'"),
        ("Directory", {"$file": "/out/result.json"}, "expected Directory, got File 'result.json'"),
    ],
)
def test_data_of_another_type_is_refused(yard: Yard, returns: str, data: object, said: str) -> None:
    message = _ran(yard, returns, _returning(data)).failure("one")
    assert message == f"output-invalid: toy.one returned something else than it declares: {said}"


@pytest.mark.parametrize(
    "data", [{"$file": "/out/a.txt"}, [{"$directory": "/out"}], {"deep": {"$file": "/out/a.txt"}}]
)
def test_a_file_where_data_is_declared_is_refused(yard: Yard, data: object) -> None:
    message = _ran(yard, "Json", _returning(data, _files("a.txt"))).failure("one")
    assert message == "output-invalid: toy.one returned a file or folder where it declares none"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("{", "left a result that isn't JSON"),
        ("", "left a result that isn't JSON"),
        ("\x00\x01", "left a result that isn't JSON"),
        ("[" * 100_000, "left a result that isn't JSON"),
        ("[1]", "left a result document without a result"),
        ('{"answer": 1}', "left a result document without a result"),
    ],
)
def test_a_result_that_is_no_document_is_refused(yard: Yard, content: str, said: str) -> None:
    assert _ran(yard, "Json", _document(content)).failure("one") == f"output-invalid: toy.one {said}"


def test_ending_well_without_a_result_is_a_missing_output(yard: Yard) -> None:
    ran = _ran(yard, "str", lambda _: Answer())
    assert ran.failure("one") == "output-missing: toy.one ended without a result"


@pytest.mark.parametrize("number", ["NaN", "Infinity", "1e999"])
def test_a_number_that_is_none_is_refused(yard: Yard, number: str) -> None:
    ran = _ran(yard, "float", _document(f'{{"result": {number}}}'))
    assert ran.outcomes() == {"one": "failed"}
    assert ran.failure("one").startswith("output-invalid: ")


def test_a_file_keeps_its_name_and_content(yard: Yard) -> None:
    got = _ran(yard, "File", _returning({"$file": "/out/deep/a.txt"}, _files("deep/a.txt"))).report.outputs[
        "got"
    ]
    assert isinstance(got, File)
    assert (got.name, yard.text(got)) == ("a.txt", "hello\n")


@pytest.mark.parametrize(
    "path", ["/out/b.txt", "/out/../etc/passwd", "/etc/passwd", "a.txt", "", "/out", "/out/a.txt/b"]
)
def test_a_file_that_is_not_below_the_output_is_missing_or_of_another_type(yard: Yard, path: str) -> None:
    ran = _ran(yard, "File", _returning({"$file": path}, _files("a.txt")))
    assert ran.outcomes() == {"one": "failed"}
    assert ran.failure("one").startswith("output-")
    assert path in ran.failure("one") or "Directory" in ran.failure("one")


def test_a_folder_where_a_file_is_declared_is_refused(yard: Yard) -> None:
    ran = _ran(yard, "File", _returning({"$directory": "/out/d"}, _files("d/a.txt")))
    assert ran.failure("one").endswith("expected File, got Directory")


def test_content_that_refutes_the_media_type_is_refused(yard: Yard) -> None:
    ran = _ran(yard, "File[text/csv]", _returning({"$file": "/out/a.csv"}, _files("a.csv", content=PNG)))
    assert ran.failure("one").startswith(
        "output-invalid: toy.one returned something else than it declares: expected File[text/csv], got 'a.csv'"
    )


def test_content_inside_a_list_is_looked_at_too(yard: Yard) -> None:
    def write(out: Path) -> None:
        _files("a.csv")(out)
        _files("b.csv", content=PNG)(out)

    data = [{"$file": "/out/a.csv"}, {"$file": "/out/b.csv"}]
    assert "[1]: expected File[text/csv], got 'b.csv'" in _ran(
        yard, "list[File[text/csv]]", _returning(data, write)
    ).failure("one")


def test_an_input_that_is_handed_on_is_the_same_file_and_nothing_is_copied(yard: Yard) -> None:
    yard.function("toy.pass", {"file": "File"}, "File", lambda _: {"$file": "/in/notes.txt"})
    given = yard.file("some notes")
    blob = yard.store.blob_path(given)
    before = (blob.stat().st_ino, blob.stat().st_mtime_ns, len(list(yard.store.home.glob("blobs/*/*"))))
    ran = yard.run(
        """
        version: 1
        inputs: {notes: {type: File}}
        steps: [{id: one, call: toy.pass, with: {file: {from: notes}}}]
        outputs: {got: {from: one}}
        """,
        inputs={"notes": given},
    )
    after = (blob.stat().st_ino, blob.stat().st_mtime_ns)
    assert ran.report.outputs == {"got": given}
    assert after == before[:2]
    assert len(list(yard.store.home.glob("blobs/*/*"))) <= before[2] + 1, "only the result document is new"


@pytest.mark.parametrize(
    ("returns", "printed", "value"),
    [
        ("str", b"two words\n", "two words"),
        ("str", b"two\nlines\n\n", "two\nlines\n"),
        ("str", b"", ""),
        ('"a" | "b"', b"b\n", "b"),
        ("int", b" 12\n", 12),
        ("Json", b'{"a": [1]}', {"a": (1,)}),
        ("list[str]", b'["a", "b"]', ("a", "b")),
    ],
)
def test_what_is_printed_is_text_or_json(yard: Yard, returns: str, printed: bytes, value: Value) -> None:
    ran = _ran(yard, returns, lambda _: Answer(stdout=printed), source=Stdout())
    assert ran.report.outputs == {"got": value}


@pytest.mark.parametrize(
    ("returns", "printed", "said"),
    [
        ("int", b"twelve\n", "printed something that isn't JSON"),
        ("Json", b"", "printed something that isn't JSON"),
        ("str", b"\xff\xfe", "printed bytes that aren't UTF-8 text"),
        ("Json", b'{"a": \xff}', "printed something that isn't JSON"),
        ("int", b'"12"', "returned something else than it declares: expected int, got str '12'"),
    ],
)
def test_what_is_printed_and_does_not_fit_is_refused(
    yard: Yard, returns: str, printed: bytes, said: str
) -> None:
    ran = _ran(yard, returns, lambda _: Answer(stdout=printed), source=Stdout())
    assert ran.failure("one") == f"output-invalid: toy.one {said}"


@pytest.mark.parametrize("printed", [b"a,b\n", b""])
def test_what_is_printed_can_be_a_file_with_the_name_that_was_declared(yard: Yard, printed: bytes) -> None:
    ran = _ran(yard, "File[text/csv]", lambda _: Answer(stdout=printed), source=Stdout("table.csv"))
    got = ran.report.outputs["got"]
    assert isinstance(got, File)
    assert (got.name, yard.text(got)) == ("table.csv", printed.decode())


def _left(write: Callable[[Path], None]) -> Script:
    def play(call: ScriptedCall) -> Answer:
        write(call.out)
        return Answer()

    return play


def test_a_file_can_be_left_at_a_path(yard: Yard) -> None:
    ran = _ran(yard, "File", _left(_files("sub/a.txt")), source=OutPath("sub/a.txt"))
    assert yard.text(ran.report.outputs["got"]) == "hello\n"


def test_a_folder_can_be_left_at_a_path(yard: Yard) -> None:
    ran = _ran(yard, "Directory", _left(_files("d/a.txt", "d/e/b.txt", "beside.txt")), source=OutPath("d"))
    tree = yard.store.get_tree(ran.report.outputs["got"])  # type: ignore[arg-type]
    assert [path for path, _ in tree.entries] == ["a.txt", "e", "e/b.txt"]


def test_nothing_left_at_the_path_is_a_missing_output(yard: Yard) -> None:
    ran = _ran(yard, "File", _left(_files("other.txt")), source=OutPath("a.txt"))
    assert ran.failure("one") == "output-missing: toy.one ended without writing /out/a.txt"


def test_nothing_left_at_the_path_is_null_where_that_is_allowed(yard: Yard) -> None:
    ran = _ran(yard, "File | None", _left(_files("other.txt")), source=OutPath("a.txt"))
    assert ran.report.outputs == {"got": None}


def test_a_folder_left_where_a_file_is_declared_is_refused(yard: Yard) -> None:
    ran = _ran(yard, "File", _left(_files("a.txt/inner")), source=OutPath("a.txt"))
    assert ran.failure("one").endswith("expected File, got Directory")


@pytest.mark.parametrize("levels", [102, 900])
def test_data_that_is_nested_too_deeply_is_refused(yard: Yard, levels: int) -> None:
    deep = json.loads("[" * levels + "]" * levels)
    said = "toy.one returned something else than it declares: expected data of at most 100 levels, got more"
    assert _ran(yard, "Json", _returning(deep)).failure("one") == f"output-invalid: {said}"
    printed = json.dumps(deep).encode()
    assert _ran(yard, "Json", lambda _: Answer(stdout=printed), source=Stdout()).failure("one").endswith(said)


@pytest.mark.parametrize(
    ("returns", "source", "sizes", "printed", "soon"),
    [
        ("File", OutPath("a"), {"a": 1 << 40}, 0, True),  # only its beginning is looked at
        ("Directory", OutPath("a"), {f"a/{number}": 1 for number in range(100)}, 0, False),
        ("str", ResultDocument(), {"result.json": 100}, 0, True),
        ("str", ResultDocument(), {}, 0, True),
        ("str", ResultDocument(), {"result.json": 60 << 20}, 0, False),
        ("list[File]", ResultDocument(), {"result.json": 100}, 0, False),  # may be parts of a large folder
        ("str", Stdout(), {}, 100, True),
        ("str", Stdout(), {}, 60 << 20, False),
    ],
)
def test_an_answer_that_may_take_a_while_is_not_read_where_others_wait(
    returns: str, source: ResultFrom, sizes: dict[str, int], printed: int, soon: bool
) -> None:
    digest = digest_bytes(b"")
    action = Action("one", digest, {}, Command(("true",)), Returns(parse_type(returns), source))
    out = tree_of((path, FileEntry(digest, size)) for path, size in sizes.items())
    stdout = File("stdout", digest, printed) if printed else None
    assert is_read_soon(action, Execution(Ending.EXITED, 0, out, stdout, None, 0.1)) is soon
