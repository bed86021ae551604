"""The runner: arguments in, results out, and nothing that a function does confuses it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.sdk.conftest import Container

HEAD = "from shunter.sdk import Directory, Failure, File, function, output\n"


def test_plain_arguments_and_results_arrive_as_they_are(container: Container) -> None:
    given = {"a": 'é\n"\U0001f600', "b": [1, 2.5, None, True], "c": {"x": {"y": []}}}
    ran = container.run(HEAD + "@function\ndef f(**all): return all", given)
    assert (ran.exit_code, ran.result, ran.stderr) == (0, given, "")


def test_the_runner_starts_as_a_module_too(container: Container) -> None:
    ran = container.run(HEAD + "@function\ndef f(): return 1", command=["-m", "shunter.sdk"])
    assert (ran.exit_code, ran.result) == (0, 1)


def test_the_decorator_takes_options_and_leaves_the_function_alone(container: Container) -> None:
    options = 'timeout=5, memory="1GiB", cache="never", effects=["x"], hosts=["y"]'
    source = f"@function({options})\ndef f(a: int) -> int: return a + 1"
    assert container.run(HEAD + source, {"a": 1}).result == 2


def test_an_input_file_can_be_read_and_is_handed_on_where_it_lies(container: Container) -> None:
    path = container.put("in/file/talk.txt", "hello")
    source = "def f(a): return {'same': a, 'all': [a.name, a.stem, a.suffix, a.size, a.read_text()]}"
    ran = container.run(HEAD + source, {"a": {"$file": str(path)}})
    assert ran.result == {"same": {"$file": str(path)}, "all": ["talk.txt", "talk", ".txt", 5, "hello"]}


def test_a_file_inside_an_input_folder_is_handed_on_where_it_lies(container: Container) -> None:
    path = container.put("in/folder/a/b.txt", "x")
    source = (
        "def f(folder): return [folder.files(), folder.relative(folder.files()[0]), folder.file('a/b.txt')]"
    )
    ran = container.run(HEAD + source, {"folder": {"$directory": str(container.inputs / "folder")}})
    assert ran.result == [[{"$file": str(path)}], "a/b.txt", {"$file": str(path)}]


def test_outputs_of_equal_names_do_not_meet(container: Container) -> None:
    ran = container.run(HEAD + "def f(): return [File.write_text('a.txt', str(n)) for n in range(3)]")
    paths = [Path(item["$file"]) for item in ran.result]
    assert [(path.name, path.read_text()) for path in paths] == [
        ("a.txt", "0"),
        ("a.txt", "1"),
        ("a.txt", "2"),
    ]
    assert all(path.is_relative_to(container.out) for path in paths)


def test_what_was_made_in_the_working_folder_is_moved_to_the_outputs(container: Container) -> None:
    source = """
import os
def f():
    os.makedirs('site/css'); open('site/css/a.css', 'w').write('x'); open('b.txt', 'w').write('y')
    twice = [File('b.txt'), File('b.txt')]
    return {'file': File('site/css/a.css'), 'site': Directory('site'), 'again': twice}
"""
    result = container.run(HEAD + source).result
    site = Path(result["site"]["$directory"])
    assert site.is_relative_to(container.out)
    assert result["file"]["$file"] == str(site / "css/a.css")
    assert result["again"][0] == result["again"][1]
    assert Path(result["again"][0]["$file"]).read_text() == "y"
    assert not (container.root / "work/site").exists()


def test_a_link_with_a_new_name_becomes_a_file_of_that_name(container: Container) -> None:
    path = container.put("in/file/old.txt", "x")
    source = "import os\ndef f(file): os.symlink(file, 'new.txt'); return [File('new.txt'), file]"
    new, old = container.run(HEAD + source, {"file": {"$file": str(path)}}).result
    assert (Path(new["$file"]).name, Path(new["$file"]).is_symlink(), old["$file"]) == (
        "new.txt",
        False,
        str(path),
    )


def test_a_file_of_the_module_itself_can_be_returned(container: Container) -> None:
    container.put("module/template.txt", "t")
    source = "import os\ndef f(): return File(os.path.dirname(__file__) + '/template.txt')"
    assert Path(container.run(HEAD + source).result["$file"]).is_relative_to(container.out)
    assert (container.root / "module/template.txt").exists()


def test_a_file_called_like_the_runners_own_is_kept_apart(container: Container) -> None:
    source = "def f(): open('out/result.json', 'w').write('mine'); return File('out/result.json')"
    result = container.run(HEAD + source).result
    assert Path(result["$file"]).read_text() == "mine"


def test_names_that_are_not_utf8_survive(container: Container) -> None:
    name = b"caf\xe9.txt".decode(errors="surrogateescape")
    path = container.inputs / "file" / name
    path.parent.mkdir()
    path.write_bytes(b"x")
    source = "def f(file): return [file, File.write_bytes(file.name, file.read_bytes())]"
    same, copy = container.run(HEAD + source, {"file": {"$file": str(path)}}).result
    assert (same["$file"], Path(copy["$file"]).name) == (str(path), name)


def test_data_that_looks_like_an_artifact_stays_data(container: Container) -> None:
    fields = {"$file": "/etc/passwd"}
    ran = container.run(HEAD + "def f(data): return data", {"data": {"$map": fields}})
    assert ran.result == {"$map": fields}


def test_a_failure_shows_its_message_alone(container: Container) -> None:
    ran = container.run(HEAD + "def f(): raise Failure('talk.wav has no sound in it')")
    assert (ran.exit_code, ran.stderr, ran.result) == (1, "talk.wav has no sound in it\n", None)


def test_a_bug_shows_the_functions_own_frames_alone(container: Container) -> None:
    ran = container.run(HEAD + "def g(): return 1 / 0\ndef f(): return g()")
    frames = [
        line.split(",")[0].split("/")[-1] for line in ran.stderr.splitlines() if line.startswith("  File")
    ]
    assert (ran.exit_code, frames) == (1, ['work.py"', 'work.py"'])
    assert ran.stderr.endswith("ZeroDivisionError: division by zero\n")


def test_an_error_at_import_shows_no_frame_of_the_import(container: Container) -> None:
    ran = container.run("import nonesuch\ndef f(): return 1")
    assert (ran.exit_code, ran.stderr.count("  File")) == (1, 1)
    assert "ModuleNotFoundError: No module named 'nonesuch'" in ran.stderr


def test_wrong_arguments_show_no_frames_at_all(container: Container) -> None:
    ran = container.run("def f(): return 1", {"x": 1})
    assert (ran.exit_code, ran.stderr) == (1, "TypeError: f() got an unexpected keyword argument 'x'\n")


def test_a_function_that_leaves_python_counts_as_failed(container: Container) -> None:
    ran = container.run("import sys\ndef f(): sys.exit(0)")
    assert (ran.exit_code, ran.result) == (1, None)
    assert ran.stderr == "the function ended the interpreter with exit code 0 and returned nothing\n"
    assert container.run("import sys\ndef f(): sys.exit('no disk')").stderr == "no disk\n"


def test_printing_does_not_disturb_the_result(container: Container) -> None:
    ran = container.run("import sys\ndef f(): print('{}'); sys.stdout.close(); return 'x'")
    assert (ran.exit_code, ran.result) == (0, "x")


def test_what_cannot_be_handed_on_is_named(container: Container) -> None:
    cases = {
        "{'a': [1, b'x']}": "the result.a[1] is a bytes, which can't be handed on; expected text, a number, "
        "a bool, None, a File, a Directory, or a list or dict of these\n",
        "{1: 2}": "the result has the key 1; expected only text as keys\n",
        "float('nan')": "the result is nan; expected a finite number\n",
        "File('/nowhere/x')": "the function returned File('/nowhere/x'), which doesn't exist\n",
        "File('/')": "the function returned File('/'), which is no file\n",
    }
    for value, message in cases.items():
        ran = container.run(HEAD + f"def f(): return {value}")
        assert (ran.exit_code, ran.stderr, ran.result) == (1, message, None)


def test_the_working_folder_itself_is_no_result(container: Container) -> None:
    ran = container.run(HEAD + "def f(): return Directory('.')")
    assert ran.exit_code == 1
    assert "holds more than its output" in ran.stderr


def test_siblings_are_imported_and_standard_modules_stay_standard(container: Container) -> None:
    container.put("module/json.py", "x = 'mine'")
    container.put("module/part.py", "y = 'part'")
    source = """
import json, part
from . import json as own
from .part import y
def f(): return [json.dumps(1), own.x, part.y, y]
"""
    assert container.run(source).result == ["1", "mine", "part", "part"]


def test_records_can_be_typed_dicts_and_dataclasses_in_a_file_of_any_name(container: Container) -> None:
    source = """
from __future__ import annotations
import dataclasses
from typing import Annotated, TypedDict
from shunter.sdk import File, Json, Nameless, function
Text = Annotated[File, "text/*", Nameless]
class Passage(TypedDict):
    text: str
@dataclasses.dataclass
class Inner:
    x: Json | None = None
@function
def f() -> Passage:
    return Passage(text=repr(Inner()))
"""
    assert container.run(source, name="my-functions.py").result == {"text": "Inner(x=None)"}


def test_the_runner_imports_nothing_slow(container: Container) -> None:
    slow = {"json", "re", "typing", "pathlib", "dataclasses"}
    start = str(container.put("start.py", START))
    source = HEAD + f"import sys\ndef f(): return sorted({slow} & set(sys.modules))"
    assert container.run(source, command=["-S", "-I", start]).result == []


START = f"""
import sys
sys.path.insert(0, {str(Path(__file__).parents[2] / "tools")!r})
from shunter.sdk.runner import main
sys.exit(main(sys.argv[1:]))
"""
