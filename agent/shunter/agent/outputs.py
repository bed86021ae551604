"""Outputs as the user's own files: each under its name, nothing half-written."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from pathlib import Path

from shunter.engine.errors import OutputError, ShunterError
from shunter.engine.plan.model import Plan
from shunter.engine.plan.read import load_plan
from shunter.engine.plan.write import plan_text
from shunter.engine.store.protocol import ArtifactStore
from shunter.engine.values import Directory, File, Value, artifacts, encode

PLAN_FILE = "plan.yaml"
_RENAME = "give the output another name in the plan"
_ELSEWHERE = "name a place that doesn't exist yet"


def save_outputs(
    folder: Path, outputs: Mapping[str, Value], plan: Plan, store: ArtifactStore
) -> dict[str, Path]:
    """Write every output and the plan into `folder`; where each output is now. Raises OutputError.

    All is written beside the folder first and moved in then. What an earlier run left under the same
    names is replaced, everything else in the folder is left alone: a folder of the user's, or a plan that
    shunter didn't write, refuses the lot.
    """
    try:
        _check_ours(folder, outputs)
        folder.mkdir(parents=True, exist_ok=True)
        with _staging(folder) as staging:
            inside = Path(staging, "outputs")
            inside.mkdir()
            written = {name: _write(inside, name, value, store) for name, value in outputs.items()}
            plan_file = Path(staging, PLAN_FILE)
            plan_file.write_text(plan_text(plan), encoding="utf-8")
            if inside / PLAN_FILE in written.values():
                raise OutputError(f"an output would be called {PLAN_FILE}, as the plan is", hint=_RENAME)
            for path in (plan_file, *written.values()):
                if _is_special(folder / path.name):
                    raise _in_the_way(folder / path.name)
            _move_in(plan_file, folder)
            return {name: _move_in(path, folder) for name, path in written.items()}
    except OSError as error:
        raise _unwritable(folder, error) from None


def _staging(folder: Path) -> AbstractContextManager[str]:
    from tempfile import TemporaryDirectory

    return TemporaryDirectory(prefix=".shunter-", dir=folder)


def check_folder(folder: Path) -> None:
    """Raise OutputError where no outputs could be saved in `folder`, before work is done for them."""
    try:
        place = next(place for place in (folder, *folder.parents) if os.path.lexists(place))
        if not place.is_dir():
            raise OutputError(f"can't write to {folder}: {place} is not a folder", hint=_ELSEWHERE)
        if not os.access(place, os.W_OK | os.X_OK, effective_ids=True):
            read_only = os.statvfs(place).f_flag & os.ST_RDONLY
            raise PermissionError(0, "Read-only file system" if read_only else "Permission denied")
    except OSError as error:
        raise _unwritable(folder, error) from None


def save_value(target: Path, value: Value, store: ArtifactStore) -> Path:
    """Write one value to `target` itself: a file, or a folder for several; raises OutputError.

    A file that is there is replaced, a folder only where it is empty.
    """
    try:
        if target.is_symlink():
            target = target.resolve()
        if target.is_dir() and isinstance(value, File):
            target = target / value.name
        if _is_filled(target) or _is_special(target):
            raise _in_the_way(target)
        if target.is_file() and _is_folder(value):
            raise OutputError(f"{target} is a file, and the result is a folder", hint=_ELSEWHERE)
        target.parent.mkdir(parents=True, exist_ok=True)
        with _staging(target.parent) as staging:
            written = _write(Path(staging), "value", value, store)
            return _move_in(written.rename(Path(staging) / target.name), target.parent)
    except OSError as error:
        raise _unwritable(target, error) from None


def _check_ours(folder: Path, outputs: Mapping[str, Value]) -> None:
    """Raise OutputError where saving would replace what no earlier run left; its plan tells what it left."""
    plan = folder / PLAN_FILE
    left: frozenset[str] = frozenset()
    if os.path.lexists(plan):
        try:
            earlier, _ = load_plan(plan)
        except ShunterError:
            raise _in_the_way(plan) from None
        if earlier.requires is None:
            raise _in_the_way(plan)
        left = frozenset(earlier.outputs)
    for name in outputs.keys() - left:
        if _is_filled(folder / name):
            raise _in_the_way(folder / name)


def _is_filled(path: Path) -> bool:
    return path.is_dir() and any(path.iterdir())


def _is_special(path: Path) -> bool:
    """A device, a pipe, a socket: as root it could be replaced, and the machine would miss it."""
    return path.exists() and not (path.is_dir() or path.is_file())


def _is_folder(value: Value) -> bool:
    return isinstance(value, Directory) or (not isinstance(value, File) and any(artifacts(value)))


def _in_the_way(path: Path) -> OutputError:
    if path.is_dir():
        what = "is there already and isn't empty"
    elif path.is_file():
        what = "is there already, and no earlier run left it"
    else:
        what = "is neither a file nor a folder"
    return OutputError(f"{path} {what}; nothing was written", hint=_ELSEWHERE)


def _write(folder: Path, name: str, value: Value, store: ArtifactStore) -> Path:
    """Write `value` into `folder` under `name`, with the extension of what it is."""
    if isinstance(value, File):
        path = folder / (name + _extension(value.name))
        store.export(value, path)
    elif isinstance(value, Directory):
        path = folder / name
        store.export(value, path)
    elif any(artifacts(value)):
        path = folder / name
        path.mkdir()
        for child, item in sorted(_children(value), key=lambda pair: isinstance(pair[1], File)):
            _write_child(path, child, item, store)
    elif isinstance(value, str):
        path = folder / f"{name}.txt"
        text = value if value.endswith("\n") else value + "\n"
        path.write_bytes(text.encode("utf-8", "surrogatepass"))
    else:
        path = folder / f"{name}.json"
        text = json.dumps(encode(value), indent=2, ensure_ascii=False) + "\n"
        path.write_bytes(
            text.encode("utf-8", "backslashreplace")
        )  # which is how JSON writes half a character
    return path


def _children(value: Value) -> Iterator[tuple[str, Value]]:
    if isinstance(value, Mapping):
        yield from value.items()
    elif isinstance(value, tuple):
        width = len(str(max(len(value) - 1, 0)))
        for index, item in enumerate(value):
            yield f"{index:0{width}d}", item


def _write_child(folder: Path, name: str, value: Value, store: ArtifactStore) -> None:
    """Files of a list keep their own names, as far as these are free; they come last."""
    if isinstance(value, File) and name.isdigit():
        own = folder / value.name
        while os.path.lexists(own):
            own = own.with_name(f"{name}-{own.name}")
        store.export(value, own)
    else:
        _write(folder, name, value, store)


def _extension(name: str) -> str:
    base, dot, suffix = name.rpartition(".")
    if not base or not dot:
        return ""
    return ".tar" + dot + suffix if base.endswith(".tar") else dot + suffix


def _move_in(path: Path, folder: Path) -> Path:
    """Put `path` into `folder`, in place of what has its name there."""
    target = folder / path.name
    if path.is_dir() or target.is_dir():
        _remove(target)
    path.replace(target)
    return target


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    elif os.path.lexists(path):
        path.unlink()


def _unwritable(path: Path, error: OSError) -> OutputError:
    reason = error.strerror or error
    if isinstance(error, FileExistsError | NotADirectoryError):
        reason = f"{error.filename} is not a folder"
    return OutputError(
        f"can't write to {path}: {reason}",
        hint="name another place with --output, or make room there",
    )
