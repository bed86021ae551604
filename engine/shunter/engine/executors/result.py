"""Whether a command has left its result, before that is read; and if not, what it has left."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from shunter.engine.actions.model import Action, Network, OutPath, ResultDocument, Returns
from shunter.engine.errors import StoreError
from shunter.engine.executors.protocol import Ending
from shunter.engine.store.left import Left
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


def keep_left(
    action: Action, ending: Ending, code: int | None, out: Tree, take: Callable[[], Left | None]
) -> Left | None:
    """What `take` takes of /work where the command was started and failed; that must not hide its failure.

    Nothing is kept of what builds an environment: it knew the user's own settings.
    """
    failed = (ending, code) != (Ending.EXITED, 0) or lacks_result(action.returns, out)
    if ending is Ending.NOT_STARTED or not failed:
        return None
    if not action.limits.kept or action.network is Network.HOST:
        return None
    try:
        return take()
    except StoreError:  # a full disk, for one
        return None
