"""The words of a command function's command line."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping

from shunter.engine.actions.placing import data_at
from shunter.engine.digest import JsonValue
from shunter.engine.values import File, Secret, Value
from shunter.engine.values.conform import Mismatch
from shunter.tools.modules.command_function import PLACEHOLDER
from shunter.tools.modules.function import CommandEntry

_LONGEST_NAME = 255
_UNFIT = re.compile("[\0\ud800-\udc7f\udd00-\udfff]")
"""What no command can be given; of the surrogates, those that stand for a byte can."""


def words(entry: CommandEntry, arguments: Mapping[str, Value]) -> tuple[str, ...]:
    """The command line, with the arguments in their places; raises Mismatch for text that can't be there."""
    if isinstance(entry.command, str):
        return ("/bin/sh", "-eu", "-c", entry.command)
    found: list[str] = _fed_secret(entry, arguments)
    for word in entry.command:
        if isinstance(word, str):
            found += _expanded(word, arguments)
        elif _is_wanted(word, arguments):
            kept = word[1:] if word[0].startswith("?") else word
            found += [text for part in kept for text in _expanded(part, arguments)]
    if not found or not found[0]:
        raise Mismatch("command", "a program, and what it is given", "nothing")
    return tuple(found)


def _fed_secret(entry: CommandEntry, arguments: Mapping[str, Value]) -> list[str]:
    """What stands in front of a command that reads a secret from its standard input: opened inside."""
    if entry.stdin is None or not isinstance(arguments[entry.stdin], Secret):
        return []
    (place,) = _texts(arguments[entry.stdin], entry.stdin)
    return ["/bin/sh", "-c", f'exec "$@" <{place}', "sh"]


def shell_variables(arguments: Mapping[str, Value]) -> Iterator[tuple[str, str]]:
    """The arguments as variables of a shell: never part of its text, lists one item a line."""
    for name, value in arguments.items():
        yield name, "\n".join(_texts(value, name))


def stdin_of(entry: CommandEntry, arguments: Mapping[str, Value]) -> File | bytes | None:
    """What the command reads from its standard input."""
    if entry.stdin is None:
        return None
    value = arguments[entry.stdin]
    if isinstance(value, Secret):
        return None
    return (
        value
        if isinstance(value, File)
        else "\n".join(_texts(value, entry.stdin)).encode("utf-8", "surrogateescape")
    )


def file_name(entry: CommandEntry, arguments: Mapping[str, Value]) -> str:
    """What the file made of stdout is called."""

    def shown(match: re.Match[str]) -> str:
        value = arguments[match[1]]
        return value.name if isinstance(value, File) else "-".join(_texts(value, match[1]))

    name = PLACEHOLDER.sub(shown, entry.file_name or "stdout").replace("/", "_").replace("\0", "")
    return _shortened(name) if name not in {"", ".", ".."} else "stdout"


def _shortened(name: str) -> str:
    """`name`, cut before its extension to what file systems have."""
    encoded = name.encode("utf-8", "surrogateescape")
    if len(encoded) <= _LONGEST_NAME:
        return name
    stem, extension = os.path.splitext(encoded)
    return (stem[: _LONGEST_NAME - len(extension[:20])] + extension[:20]).decode("utf-8", "ignore")


def _is_wanted(group: tuple[str, ...], arguments: Mapping[str, Value]) -> bool:
    if group[0].startswith("?") and arguments[group[0][1:]] is not True:
        return False
    return all(arguments[name] is not None for part in group for name in PLACEHOLDER.findall(part))


def _expanded(word: str, arguments: Mapping[str, Value]) -> list[str]:
    """One word, or as many as a list has items where the word is nothing but that list."""
    if "{" not in word:
        return [word]
    alone = PLACEHOLDER.fullmatch(word)
    if alone is not None:
        return _texts(arguments[alone[1]], alone[1])
    return [PLACEHOLDER.sub(lambda match: " ".join(_texts(arguments[match[1]], match[1])), word)]


def _texts(value: Value, name: str) -> list[str]:
    data = data_at(value, f"/in/{name}")
    texts = [_text(item) for item in data] if isinstance(data, list) else [_text(data)]
    if any(_UNFIT.search(text) for text in texts):
        raise Mismatch(name, "text that a command can be given", "a NUL or half a character")
    return texts


def _text(data: JsonValue) -> str:
    match data:
        case None:
            return ""
        case bool():
            return "true" if data else "false"
        case int() | float() | str():
            return str(data)
        case {"$file": str(path)} | {"$directory": str(path)} | {"$secret": str(path)}:
            return path
    import json

    return json.dumps(data, ensure_ascii=False, sort_keys=True)
