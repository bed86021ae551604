"""python: code is linted, formatted and tested in a container, whatever it does."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.modules.conftest import Call, CallFailed

Write = Callable[[str, str], Path]
Project = Callable[..., Path]

MODULES = Path(__file__).parents[2] / "tools/shunter/modules"
FUNCTIONS = ["python.lint", "python.format", "python.test"]

pytestmark = pytest.mark.timeout(600)  # whichever comes first installs the packages


@pytest.fixture
def project(tmp_path: Path, write: Write) -> Project:
    """Writes files into a folder, and gives the folder."""

    def _project(**files: str) -> Path:
        for name, text in files.items():
            write(f"project/{name.replace('__', '/')}.py", text)
        folder = tmp_path / "project"
        folder.mkdir(exist_ok=True)
        return folder

    return _project


def _findings(path: Path) -> list[str]:
    return path.read_text().splitlines()


def test_findings_are_lines_with_their_places(call: Call, project: Project) -> None:
    source = project(app="import os\n", pkg__broken="def (\n", good="x = 1\n")
    (source / "link.py").symlink_to("app.py")
    found = call("python.lint", source=source)
    lines = _findings(found)
    assert found.name == "lint.txt"
    assert "app.py:1:8: F401 [*] `os` imported but unused" in lines
    assert any(line.startswith("pkg/broken.py:1:5: invalid-syntax") for line in lines)
    assert {line.split(":")[0] for line in lines} == {"app.py", "pkg/broken.py"}


def test_clean_code_has_no_problems(call: Call) -> None:
    assert _findings(call("python.lint", source=MODULES / "json")) == ["no problems"]


def test_the_settings_of_the_project_count(call: Call, project: Project, write: Write) -> None:
    source = project(app="import os\nx = 'a'\n", left__out="import os\n")
    write("project/pyproject.toml", "[tool.ruff]\nexclude = ['left']\nlint.ignore = ['F401', 'I001']\n")
    assert _findings(call("python.lint", source=source)) == ["no problems"]
    write("project/pyproject.toml", "[tool.ruff]\nexclude = ['left']\nformat.quote-style = 'single'\n")
    assert (call("python.format", source=source) / "app.py").read_text() == "import os\n\nx = 'a'\n"


@pytest.mark.parametrize("function", ["python.lint", "python.format"])
def test_settings_that_ruff_cannot_read_are_a_failure_that_says_so(
    call: Call, project: Project, write: Write, function: str
) -> None:
    source = project(app="x = 1\n")
    write("project/ruff.toml", "colour = 1\n")
    with pytest.raises(CallFailed, match=r"\Aruff can't look at the folder: (?s:.*)unknown field `colour`"):
        call(function, source=source)


@pytest.mark.parametrize("function", ["python.lint", "python.format"])
def test_a_folder_without_python_is_a_failure_that_says_so(
    call: Call, project: Project, write: Write, function: str
) -> None:
    write("project/pyproject.toml", "[project]\nname = 'x'\n")
    with pytest.raises(CallFailed, match=r"\Athe folder has no Python files; expected .*\Z"):
        call(function, source=project())


def test_code_is_formatted_and_all_else_kept(call: Call, project: Project, write: Write) -> None:
    source = project(app="x=1\n", pkg__run="print( 'a' )\n")
    write("project/notes.txt", "x=1\n")
    write("project/app.cfg", "").chmod(0o444)
    (source / "pkg/run.py").chmod(0o755)
    (source / "link.py").symlink_to("app.py")
    (source / "gone").symlink_to("nothing")
    (source / "folder").symlink_to("pkg")
    (source / "empty").mkdir()
    found = call("python.format", source=source)
    assert (found / "app.py").read_text() == "x = 1\n"
    assert (found / "pkg/run.py").read_text() == 'print("a")\n'
    assert (found / "pkg/run.py").stat().st_mode & 0o111
    assert not (found / "app.py").stat().st_mode & 0o111
    assert (found / "notes.txt").read_text() == "x=1\n"
    links = [os.readlink(found / name) for name in ("link.py", "gone", "folder")]
    assert links == ["app.py", "nothing", "pkg"]
    assert sorted(path.name for path in found.iterdir()) == sorted(path.name for path in source.iterdir())
    assert (source / "app.py").read_text() == "x=1\n"


def test_code_that_cannot_be_parsed_is_not_formatted(call: Call, project: Project) -> None:
    with pytest.raises(CallFailed, match=r"\Aruff can't format the folder: (?s:.*)broken\.py"):
        call("python.format", source=project(good="x=1\n", broken="def (\n"))


MIXED = """\
import unittest

import pytest


class TestOld(unittest.TestCase):
    def test_of_unittest(self):
        self.assertEqual(1, 1)


@pytest.mark.parametrize("value", [1, 2])
def test_passes(value, tmp_path):
    (tmp_path / "a").write_text("x")


def test_fails():
    assert {"a", "b", "c"} == {object()}


@pytest.fixture
def broken():
    raise OSError("no such thing")


def test_errs(broken): ...


@pytest.mark.skip
def test_is_skipped(): ...


@pytest.mark.xfail
def test_is_expected_to_fail():
    raise ValueError


def test_exits():
    raise SystemExit(0)
"""


def test_tests_are_counted_by_how_they_ended(call: Call, project: Project) -> None:
    found = call("python.test", source=project(test_mixed=MIXED))
    report = found.pop("report")
    assert found == {"passed": 3, "failed": 2, "errors": 1, "skipped": 2, "ok": False}
    text = report.read_text()
    assert report.name == "tests.txt"
    assert "OSError: no such thing" in text
    assert text.splitlines()[-1] == "2 failed, 3 passed, 1 skipped, 1 xfailed, 1 error"


def test_a_report_is_the_same_each_time(call: Call, call_again: Call, project: Project) -> None:
    source = project(test_mixed=MIXED)
    first, second = call("python.test", source=source), call_again("python.test", source=source)
    assert first.pop("report").read_bytes() == second.pop("report").read_bytes()
    assert first == second


def test_a_project_finds_its_own_packages_and_writes_where_it_stands(
    call: Call, project: Project, write: Write
) -> None:
    write("project/data/a.txt", "seven")
    source = project(
        app="NAME = 'app'\n",
        src__deep__inner="NAME = 'inner'\n",
        tests__test_all=(
            "import subprocess, sys\nfrom pathlib import Path\nimport app\nfrom deep import inner\n\n"
            "def test_names():\n    assert (app.NAME, inner.NAME) == ('app', 'inner')\n\n"
            "def test_children():\n    code = 'import app, deep.inner, pytest'\n"
            "    subprocess.run([sys.executable, '-c', code], check=True)\n\n"
            "def test_writes():\n    Path('data/a.txt').write_text('x')\n    Path('data/b.txt').write_text('x')\n\n"
            "def test_no_cache():\n    assert not list(Path('.').rglob('*cache*'))\n"
        ),
    )
    for path in [source / "data/a.txt", source / "data", source]:
        path.chmod(path.stat().st_mode & ~0o222)
    found = call("python.test", source=source)
    source.chmod(0o755)
    (source / "data").chmod(0o755)
    assert (found["passed"], found["ok"]) == (4, True), found["report"].read_text()
    assert (source / "data/a.txt").read_text() == "seven"


@pytest.mark.parametrize(
    ("files", "passed", "reason"),
    [
        ({"test_broken": "def (\n", "test_good": "def test_a(): ...\n"}, 0, "SyntaxError"),
        ({"test_a": "import numpy\ndef test_a(): ...\n"}, 0, "No module named 'numpy'"),
        ({"conftest": "import numpy\n", "test_a": "def test_a(): ...\n"}, 0, "No module named 'numpy'"),
        ({"conftest": "def (\n", "test_a": "def test_a(): ...\n"}, 0, "SyntaxError"),
        ({"test_a": "raise SystemExit(0)\n"}, 0, "SystemExit"),
        ({"test_a": "import pytest\ndef test_a(): pytest.exit('enough', returncode=0)\n"}, 0, "enough"),
        ({"conftest": "def pytest_runtest_setup(): 1 / 0\n", "test_a": "def test_a(): ...\n"}, 0, "ZeroDiv"),
        ({"conftest": "def pytest_collection(): 1 / 0\n", "test_a": "def test_a(): ...\n"}, 0, "ZeroDiv"),
    ],
)
def test_what_keeps_tests_from_running_is_an_error_in_the_result(
    call: Call, project: Project, files: dict[str, str], passed: int, reason: str
) -> None:
    found = call("python.test", source=project(**files))
    report = found.pop("report").read_text()
    assert found == {"passed": passed, "failed": 0, "errors": 1, "skipped": 0, "ok": False}, report
    assert reason in report


def test_settings_that_pytest_refuses_are_an_error_in_the_result(
    call: Call, project: Project, write: Write
) -> None:
    write("project/pytest.ini", "[pytest]\naddopts = --cov\n")
    found = call("python.test", source=project(test_a="def test_a(): ...\n"))
    assert (found["errors"], found["ok"]) == (1, False)
    assert "unrecognized arguments: --cov" in found["report"].read_text()


@pytest.mark.parametrize("options", ["-v", "-q", "-x --durations=0", "-rA"])
def test_a_report_has_no_times_whatever_the_project_asks_for(
    call: Call, project: Project, write: Write, options: str
) -> None:
    write("project/pytest.ini", f"[pytest]\naddopts = {options}\n")
    found = call("python.test", source=project(test_a="def test_a(): ...\n"))
    report = found["report"].read_text()
    assert report.splitlines()[-1] == "1 passed"
    assert "durations" not in report


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        ({"conftest": "import sys\nsys.exit(0)\n"}, "exit code 0"),
        ({"conftest": "print('bye', flush=True)\nexit(3)\n"}, r"exit code 3\):\nbye"),
        ({"test_b": "import os\ndef test_b(): os._exit(0)\n"}, "exit code 0"),
        ({"test_b": "import os\ndef test_b(): os.kill(os.getpid(), 9)\n"}, "signal 9"),
    ],
)
def test_tests_that_end_the_process_are_a_failure_that_says_so(
    call: Call, project: Project, files: dict[str, str], reason: str
) -> None:
    with pytest.raises(CallFailed, match=rf"\Athe tests ended pytest before it was through \({reason}"):
        call("python.test", source=project(test_a="def test_a(): ...\n", **files))


@pytest.mark.parametrize("files", [{}, {"app": "def test_a(): ...\n"}, {"test_a": "x = 1\n"}])
def test_a_folder_without_tests_is_a_failure_that_says_so(
    call: Call, project: Project, files: dict[str, str]
) -> None:
    with pytest.raises(CallFailed, match=r"\Athe folder has no tests; expected functions test_…"):
        call("python.test", source=project(**files))


def test_a_process_that_a_test_leaves_behind_is_not_waited_for(call: Call, project: Project) -> None:
    code = "import subprocess\ndef test_a(): subprocess.Popen(['sleep', '600'])\n"
    assert call("python.test", source=project(test_a=code))["ok"]


def test_a_long_report_keeps_its_end(call: Call, project: Project) -> None:
    found = call(
        "python.test", source=project(test_a="def test_a():\n    print('long ' * 400_000)\n    1 / 0\n")
    )
    report = found["report"]
    assert found["failed"] == 1
    assert report.stat().st_size < 1_100_000
    assert report.read_text().startswith("… the first ")
    assert report.read_text().endswith("\n1 failed\n")
