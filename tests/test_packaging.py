"""The five folders are portions of one namespace, and all of them reach the wheel."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
PORTIONS = ("agent", "evals", "instructions", "tools", "engine")


def _imports(source: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(source.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            yield f"{node.module}"


def _stands_alone(name: str) -> bool:
    return name.partition(".")[0] in sys.stdlib_module_names or f"{name}.".startswith("shunter.sdk.")


def _shipped(portion: Path) -> set[str]:
    files = (path for path in (portion / "shunter").rglob("*") if path.is_file())
    return {path.relative_to(portion).as_posix() for path in files if "__pycache__" not in path.parts}


def test_no_portion_claims_the_namespace_for_itself() -> None:
    assert [portion for portion in PORTIONS if (ROOT / portion / "shunter" / "__init__.py").exists()] == []


def test_every_package_says_that_it_is_typed() -> None:
    packages = {
        path.parent for portion in PORTIONS for path in (ROOT / portion).glob("shunter/*/__init__.py")
    }
    assert [str(package) for package in packages if not (package / "py.typed").exists()] == []
    assert packages


def test_the_sdk_imports_nothing_but_the_standard_library() -> None:
    sources = list((ROOT / "tools" / "shunter" / "sdk").rglob("*.py"))
    foreign = {
        (source.name, name) for source in sources for name in _imports(source) if not _stands_alone(name)
    }
    assert foreign == set()
    assert sources


def test_the_wheel_holds_every_file_of_every_portion(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(tmp_path)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    names = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    assert names == set().union(*(_shipped(ROOT / portion) for portion in PORTIONS))


def test_the_lock_names_no_registry_and_no_path() -> None:
    lines = (ROOT / "requirements.lock").read_text().splitlines()
    pinned = re.compile(r"[\w.-]+==[\w.]+( ; .*)? \\|    --hash=sha256:[0-9a-f]{64}( \\)?|\s*#.*")
    assert [line for line in lines if not pinned.fullmatch(line)] == []
    assert not re.search(r"://|[\s=]/", "\n".join(lines))
