"""Where a function's outputs are made: one numbered folder each, so that equal names never meet."""

import os

from shunter.sdk.failure import Failure

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path

ROOT_VARIABLE = "SHUNTER_OUT"
ROOT = "/out"

_state = {"temporary": "", "last": "0"}


def output(name: str) -> "Path":
    """A path for a new output file called `name`, in a folder that exists.

    Raises Failure when `name` can't be a file's name.
    """
    from pathlib import Path

    return Path(new_path(name))


def new_path(name: str) -> str:
    """As `output`, but as text: pathlib is slow to import."""
    check_name(name)
    number = int(_state["last"])
    while True:
        number += 1
        folder = f"{root()}/{number}"
        try:
            os.mkdir(folder)
        except FileExistsError:
            continue
        _state["last"] = str(number)
        return f"{folder}/{name}"


def root() -> str:
    """The output folder: /out in a container, a temporary folder in an author's own tests."""
    return os.environ.get(ROOT_VARIABLE) or (ROOT if os.path.isdir(ROOT) else _temporary())


def check_name(name: str) -> None:
    """Raises Failure when `name` can't be the name of a file or folder."""
    if name in ("", ".", "..") or "/" in name or "\0" in name:
        raise Failure(f"{name!r} can't be a file's name: expected one without '/', such as 'report.txt'")
    if len(os.fsencode(name)) > 255:
        raise Failure(f"{name[:40]!r}… can't be a file's name: it is longer than 255 bytes")


def _temporary() -> str:
    if not _state["temporary"]:
        import atexit
        import shutil
        import tempfile

        _state["temporary"] = tempfile.mkdtemp(prefix="shunter-out-")
        atexit.register(shutil.rmtree, _state["temporary"], ignore_errors=True)
    return _state["temporary"]
