"""The error of secrets.

InputError
└── SecretUnreadable   a secret can't be had from its source
"""

from __future__ import annotations

from shunter.engine.errors import InputError


class SecretUnreadable(InputError):
    """A secret can't be had from its source; neither message nor hint has anything of its value."""
