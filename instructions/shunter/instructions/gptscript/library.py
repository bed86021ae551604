"""The files of a script, each read and parsed once."""

from __future__ import annotations

import os
import re
from difflib import get_close_matches
from pathlib import Path

from shunter.engine.errors import InputError
from shunter.instructions.gptscript.document import Parse, ParseError, Script, read_script
from shunter.instructions.gptscript.errors import Finding

MAX_BYTES = 1 << 20
_LINE = re.compile(r"line (\d+): (.*)", re.DOTALL)


class Library:
    """Scripts by path. `root` is the folder that paths are shown from."""

    def __init__(self, parse: Parse, root: Path) -> None:
        self._parse = parse
        self._root = root
        self._scripts: dict[Path, Script | Finding] = {}

    def shown(self, path: Path) -> str:
        """`path` for people."""
        return os.path.relpath(path, self._root)

    def open(self, path: Path) -> Script | Finding:
        """The script at `path`, or what keeps it from being read; raises InputError where it isn't there."""
        place = Path(os.path.abspath(path))
        if place not in self._scripts:
            self._scripts[place] = self._read(place)
        return self._scripts[place]

    @property
    def texts(self) -> dict[str, bytes]:
        """The content of every script that was read, by a name of its own."""
        found = [script for script in self._scripts.values() if isinstance(script, Script)]
        return {f"{number}-{script.path.name}": script.content for number, script in enumerate(found)}

    def _read(self, path: Path) -> Script | Finding:
        content = _content(path)
        try:
            script = read_script(path, content, self._parse)
        except ParseError as error:
            found = _LINE.match(str(error))
            line, said = (int(found[1]), found[2]) if found else (1, str(error))
            return Finding(self.shown(path), line, said)
        if not script.tools:
            return Finding(
                self.shown(path), 1, "there is no tool in this file", "write what is wanted, or a tool"
            )
        return script


def _content(path: Path) -> bytes:
    try:
        with path.open("rb") as stream:
            content = stream.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise InputError(f"there is no file {path.name} in {path.parent}", hint=_near(path)) from None
    except OSError as error:
        raise InputError(f"can't read {path}: {error.strerror}") from None
    if len(content) > MAX_BYTES:
        raise InputError(f"{path} is too large for a script: at most {MAX_BYTES} bytes are read")
    if b"\0" in content or not _is_text(content):
        raise InputError(f"{path} isn't text in UTF-8")
    return content


def _is_text(content: bytes) -> bool:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _near(path: Path) -> str | None:
    try:
        stems = [child.stem for child in path.parent.iterdir() if child.suffix == ".gpt"]
    except OSError:
        return None
    close = get_close_matches(path.stem, stems, n=1, cutoff=0.75)
    return f"did you mean {close[0]}.gpt?" if close else None
