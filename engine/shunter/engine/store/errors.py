"""What the store refuses to take.

    ShunterError
    └── UnsafeOutput          a container left something that can't be taken

What the home folder itself does wrong is in `shunter.engine.errors`: StoreError and StoreCorrupt.
"""

from __future__ import annotations

from shunter.engine.errors import ShunterError


class UnsafeOutput(ShunterError):
    """A container left something that can't be taken; the message is one sentence that names it."""
