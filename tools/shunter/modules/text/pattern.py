"""Regular expressions that a caller wrote."""

from __future__ import annotations

import re

from shunter.sdk import Failure


def compiled(pattern: str, *, ignore_case: bool) -> re.Pattern[str]:
    """`pattern`, ready to search with; raises Failure when it is no regular expression."""
    try:
        return re.compile(pattern, re.IGNORECASE if ignore_case else 0)
    except re.error as error:
        raise Failure(f"{pattern!r} is no regular expression: {error}") from None


def replaced(text: str, old: str, new: str, *, regex: bool, ignore_case: bool) -> str:
    """`text` with `new` for every `old`; raises Failure when one of them is malformed."""
    if not regex:
        return compiled(re.escape(old), ignore_case=ignore_case).sub(lambda _: new, text)
    try:
        return compiled(old, ignore_case=ignore_case).sub(new, text)
    except (re.error, IndexError) as error:
        raise Failure(f"{new!r} can't be put in: {error}") from None
