"""Subtitles in the WebVTT format."""

from __future__ import annotations

from collections.abc import Sequence

from .heard import Heard


def write_vtt(heard: Sequence[Heard]) -> str:
    """The passages as a WebVTT file."""
    cues = [f"{_time(part.start)} --> {_time(part.end)}\n{_escaped(part.text)}\n" for part in heard]
    return "\n".join(["WEBVTT\n", *cues])


def _time(seconds: float) -> str:
    thousandths = round(seconds * 1000)
    minutes, rest = divmod(thousandths, 60_000)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{rest // 1000:02}.{rest % 1000:03}"


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
