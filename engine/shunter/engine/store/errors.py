"""What the store refuses to take.

    ShunterError
    └── UnsafeOutput          a container left something that can't be taken

What the home folder itself does wrong is in `shunter.engine.errors`: StoreError and StoreCorrupt.
"""

from __future__ import annotations

from shunter.engine.errors import ShunterError
from shunter.engine.store.tree import Tree


class UnsafeOutput(ShunterError):
    """A container left something that can't be taken; the message is one sentence that names it.

    `taken` is what is in the store already, and no longer where it was left.
    """

    taken: Tree = Tree(())
