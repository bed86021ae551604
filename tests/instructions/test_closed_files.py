"""Files and folders that a user may not read."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.tools.ordinary import ordinary_user

from shunter.engine.errors import InputError
from shunter.engine.store.local import LocalStore
from shunter.engine.types import parse_type
from shunter.instructions.inputs import Wanted, bind_inputs


@pytest.fixture
def there(open_folder: Path) -> Path:
    """A folder with files and a folder."""
    (open_folder / "file.txt").write_text("x")
    (open_folder / "data.json").write_text("1")
    (open_folder / "folder").mkdir()
    (open_folder / "folder" / "inner.txt").write_text("x")
    return open_folder


CLOSED = "'HERE/{}' can't be read: permission denied (make it readable for this user)"


@pytest.mark.parametrize(
    ("kind", "text", "message"),
    [
        ("File", "HERE/file.txt", CLOSED.format("file.txt")),
        ("list[File]", "HERE/folder/*", "no file matches HERE/folder/*"),
        ("File[text/*]", "HERE/file.txt", "can't read HERE/file.txt: Permission denied"),
        ("File", "HERE/folder/inner.txt", "can't look at HERE/folder/inner.txt: Permission denied"),
        ("Directory", "HERE/folder", CLOSED.format("folder")),
        ("Json", "@HERE/data.json", "can't read HERE/data.json: Permission denied"),
    ],
)
def test_what_may_not_be_read_is_named(
    there: Path, store: LocalStore, kind: str, text: str, message: str
) -> None:
    wanted, given = {"x": Wanted(parse_type(kind))}, [("x", text.replace("HERE", str(there)))]
    bind_inputs(wanted, given, store, flag="{name}")
    for closed in ("file.txt", "data.json", "folder"):
        (there / closed).chmod(0)
    with ordinary_user(), pytest.raises(InputError) as caught:
        bind_inputs(wanted, given, store, flag="{name}")
    assert caught.value.message.replace(str(there), "HERE") == f"x: {message}"
