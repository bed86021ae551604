"""What kinds of tokens there are, and what each looks like."""

from __future__ import annotations

import re
from enum import Enum

from shunter.agent.planners.embedded.thesaurus import FORMATS
from shunter.engine.types import media

KEYS = re.compile(
    r"([A-Za-z_][\w-]*|\[[^\]\s]*\])(\[[^\]\s]*\]|\.[\w-]+)*(\[[^\]\s]*\])(\[[^\]\s]*\]|\.[\w-]+)*\Z"
)
_DOTTED = re.compile(r"[A-Za-z_][\w-]*(\.[\w-]+)+\Z")
_KEYS_ENDINGS = frozenset(
    """port name size id ids key keys host user mode type url urls path date time year age tag tags max min
    city lang lr seed text root home info data list item mail zone unit rate cost sum code env""".split()
)
"""Short words that keys end with, and no files' names."""
_PATH = re.compile(r"[\w.~{}-]*(/[\w.{}-]+)+/?\Z|\.{0,2}/[\w./-]+\Z")
_NAMED = re.compile(r"[\w{}-][\w.{}-]*\.[A-Za-z0-9]{1,5}\Z")
_HIDDEN = re.compile(r"\.[A-Za-z][\w-]{5,}(\.\w+)?\Z")
_HOOK = re.compile(r"\b(?:web)?hooks?\b", re.IGNORECASE)
_ENDING = re.compile(r"/[^/?#]+\.(?!json|php|aspx?|jsp)[a-z0-9]{2,5}$")
REGEX_SIGNS = re.compile(r"[\\^$|+\[\]{}*]")


class Kind(Enum):
    """What a token is."""

    WORD = "word"
    NUMBER = "number"
    TIME = "time"
    SIZE = "size"
    QUOTED = "quoted"
    PATH = "path"
    GLOB = "glob"
    KEYS = "keys"
    CODE = "code"
    DATA = "data"
    REGEX = "regex"
    DATE = "date"
    URL = "url"
    VARIABLE = "variable"
    SIGN = "sign"
    BREAK = "break"


def is_hook(address: str) -> bool:
    """Whether an address is that of a hook, which is there to be sent to."""
    return _HOOK.search(address) is not None and _ENDING.search(address) is None


_ADDRESS = re.compile(r"https?://\w\S*\Z")


def kind_of(text: str) -> Kind:
    """What a run of signs without spaces looks like."""
    if text.lower() in FORMATS or text.lower().removesuffix("s") in FORMATS:
        return Kind.WORD
    if _ADDRESS.match(text):
        return Kind.URL  # in brackets
    if re.search(r"\{\w+\}", text) and "\\" not in text:
        return Kind.PATH
    if "[" in text and (KEYS.match(text) or re.match(r"\[[-\d*]+\][\w.\[\]*-]*\Z", text)):
        return Kind.KEYS
    if "*" in text and "\\" not in text and not any(sign in text for sign in "^$|+()"):
        return Kind.GLOB if ("/" in text or text.startswith("*") or "*." in text) else Kind.REGEX
    if _HIDDEN.match(text):
        return Kind.PATH
    if _NAMED.match(text) and (media.of_name(text) or "{" in text or "/" in text):
        return Kind.PATH
    if _PATH.match(text) and not _is_choice(text):
        return Kind.PATH
    if _DOTTED.match(text):
        ending = text.rpartition(".")[2]
        return (
            Kind.PATH
            if _NAMED.match(text) and len(ending) <= 4 and ending not in _KEYS_ENDINGS and not _is_deep(text)
            else Kind.KEYS
        )
    if REGEX_SIGNS.search(text) or re.search(r"\.[*+?]|\(\?", text):
        return Kind.REGEX
    return Kind.WORD


def _is_deep(text: str) -> bool:
    """Whether it leads down by words alone, to nothing that a file's name ends with: `model.layers.lr`."""
    parts = text.split(".")
    words = all(part.replace("_", "").isalpha() for part in parts)
    return words and len(parts) > 2 and parts[-1] not in FORMATS


def _is_choice(text: str) -> bool:
    """Whether it is something like and/or, him/her: words, not a path."""
    parts = text.split("/")
    return len(parts) == 2 and all(part.isalpha() and len(part) <= 3 for part in parts)
