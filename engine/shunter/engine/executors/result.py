"""Whether a result is where it should be, before anything of it is read."""

from __future__ import annotations

from typing import Final

from shunter.engine.actions.model import OutPath, ResultDocument, Returns
from shunter.engine.store.tree import Tree
from shunter.engine.types import Optional

DOCUMENT: Final = "result.json"
"""What a function leaves in `/out` that returns data."""


def lacks_result(returns: Returns, out: Tree) -> bool:
    """Whether `out`, what a command that ended well left in `/out`, can't hold what it returns."""
    match returns.source:
        case ResultDocument():
            return out.find(DOCUMENT) is None
        case OutPath(path) if not isinstance(returns.type, Optional):
            return out.find(path.partition("/")[0]) is None
    return False
