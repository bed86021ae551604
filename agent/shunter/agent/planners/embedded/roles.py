"""What a text parameter is for, told from its name and documentation."""

from __future__ import annotations

from enum import Enum
from functools import lru_cache

from shunter.agent.planners.embedded.lexicon import stems_of
from shunter.engine.types.signature import Parameter


class Role(Enum):
    """What kind of text a parameter takes."""

    QUESTION = "question"
    PATTERN = "pattern"
    PATH = "path"
    URL = "url"
    FILE_NAME = "file name"
    CODE = "code"  # of a language or voice
    TITLE = "title"
    COLUMN = "column"
    MODEL = "model"  # the name of one, never what a file says
    VOCABULARY = "vocabulary"  # names that have to be spelled right
    CONTENT = "content"  # something that has to be said
    OPTION = "option"  # something that may be said, and then with the parameter's own words


_BY_NAME = {
    "question": Role.QUESTION,
    "query": Role.QUESTION,
    "pattern": Role.PATTERN,
    "regex": Role.PATTERN,
    "glob": Role.PATTERN,
    "path": Role.PATH,
    "url": Role.URL,
    "name": Role.FILE_NAME,
    "filename": Role.FILE_NAME,
    "language": Role.CODE,
    "voice": Role.CODE,
    "title": Role.TITLE,
    "heading": Role.TITLE,
    "column": Role.COLUMN,
    "model": Role.MODEL,
}


def role_of(parameter: Parameter) -> Role:
    """The role of a text parameter."""
    return _BY_NAME.get(parameter.name) or _told(parameter.doc, required=parameter.required)


@lru_cache(maxsize=5_000)
def _told(doc: str, *, required: bool) -> Role:
    words = stems_of(doc)
    if "column" in words[:4]:
        return Role.COLUMN
    if "url" in words[:4]:
        return Role.URL
    if "question" in words[:3]:
        return Role.QUESTION
    if "spell" in words and not required:
        return Role.VOCABULARY
    return Role.CONTENT if required else Role.OPTION
