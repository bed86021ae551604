"""What stands under `Tools:`: a name, a file, `NAME from FILE`, any of them `as` another name."""

from __future__ import annotations

import re
from dataclasses import dataclass

_FORM = re.compile(
    r"(?P<subject>.+?)(?:\s+from\s+(?P<file>\S+))?(?:\s+as\s+(?P<alias>\S+))?(?:\s+with\s+(?P<given>.+))?",
    re.IGNORECASE,
)
_HOST = re.compile(
    r"(https?://|git@|[a-z0-9-]+(\.[a-z0-9-]+)*\.(com|org|net|io|dev|ai|sh|app)/)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Reference:
    """`subject` is empty where a file is named alone; `given` is what follows `with`."""

    written: str
    subject: str
    file: str | None = None
    alias: str | None = None
    given: str | None = None

    @property
    def is_remote(self) -> bool:
        """Whether it is on another machine."""
        return bool(_HOST.match(self.file or self.subject))

    @property
    def is_pattern(self) -> bool:
        """Whether it can stand for several tools."""
        return "*" in self.subject


def read_reference(written: str) -> Reference:
    """The reference that `written` is."""
    match = _FORM.fullmatch(written.strip())
    if match is None:
        return Reference(written, written)
    subject, file = match["subject"], match["file"]
    if file is None and _is_path(subject):
        subject, file = "", subject
    return Reference(written, subject, file, match["alias"], match["given"])


def _is_path(text: str) -> bool:
    return text.startswith(("./", "../", "/")) or text.lower().endswith((".gpt", ".yaml", ".yml", ".json"))
