"""What the store did about something that was wrong, for whoever listens to the log."""

from __future__ import annotations


def notice(message: str, *parts: object) -> None:
    """Log a warning: `message` with `parts` in place of its `%s`."""
    import logging  # which nothing else in a run that the cache answers needs

    logging.getLogger("shunter.engine.store").warning(message, *parts)
