"""Where arguments stand inside the container."""

from __future__ import annotations

from shunter.engine.actions.model import Mount
from shunter.engine.digest import digest_bytes
from shunter.engine.values import Directory, File, Value
from shunter.tools.arguments import argument_data, named_arguments, placed

FIRST = File("a.txt", digest_bytes(b"1"), 1)
SECOND = File("a.txt", digest_bytes(b"2"), 1, executable=True)
FOLDER = Directory(digest_bytes(b"3"))
ARGUMENTS: dict[str, Value] = {
    "file": FIRST,
    "many": (FIRST, SECOND),
    "record": {"folder": FOLDER, "deep": ({"file": FIRST},)},
    "data": {"$file": "x", "n": (1, None)},
}


def test_every_artifact_has_a_place_of_its_own() -> None:
    assert list(placed(ARGUMENTS)) == [
        Mount("/in/file/a.txt", FIRST),
        Mount("/in/many/0/a.txt", FIRST),
        Mount("/in/many/1/a.txt", SECOND),
        Mount("/in/record/folder", FOLDER),
        Mount("/in/record/deep/0/file/a.txt", FIRST),
    ]


def test_a_function_is_told_where_its_artifacts_are() -> None:
    assert argument_data(ARGUMENTS) == {
        "file": {"$file": "/in/file/a.txt"},
        "many": [{"$file": "/in/many/0/a.txt"}, {"$file": "/in/many/1/a.txt"}],
        "record": {
            "folder": {"$directory": "/in/record/folder"},
            "deep": [{"file": {"$file": "/in/record/deep/0/file/a.txt"}}],
        },
        "data": {"$map": {"$file": "x", "n": [1, None]}},
    }


def test_where_names_do_not_matter_files_have_one_name_and_keep_their_extension() -> None:
    named = named_arguments(
        {"a": (FIRST, File("B.TXT", FIRST.digest, 1)), "b": FIRST, "c": File(".hidden", FIRST.digest, 1)},
        {"a", "c"},
    )
    assert named == {
        "a": (File("file.txt", FIRST.digest, 1), File("file.txt", FIRST.digest, 1)),
        "b": FIRST,
        "c": File("file", FIRST.digest, 1),
    }
