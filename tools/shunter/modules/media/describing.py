"""What a media file is made of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal

from shunter.sdk import Failure, File

from .formats import common_name
from .source import opened, seconds

if TYPE_CHECKING:
    from av.stream import Stream

    from .media import Stream as Track

_KINDS: Mapping[str, Literal["video", "audio", "subtitle", "other"]] = {
    "video": "video",
    "audio": "audio",
    "subtitle": "subtitle",
}


def describe(file: File) -> tuple[float, str, list[Track]]:
    """Length in seconds, container format and tracks; raises Failure when it is no media file."""
    with opened(file) as source:
        streams = [_stream(stream) for stream in source.container.streams]
        if not any(stream["kind"] in ("audio", "video") for stream in streams):
            raise Failure(f"{file.name} has neither picture nor sound in it")
        return round(seconds(source), 3), common_name(source.format, file.name), streams


def _stream(stream: Stream) -> Track:
    kind = _KINDS.get(stream.type, "other")
    context = stream.codec_context
    rate = stream.average_rate if kind == "video" else None
    return {
        "kind": kind,
        "codec": context.codec.canonical_name if context else "unknown",
        "width": context.width if context and kind == "video" else None,
        "height": context.height if context and kind == "video" else None,
        "fps": round(float(rate), 3) if rate else None,
        "sample_rate": context.sample_rate if context and kind == "audio" else None,
        "channels": context.channels if context and kind == "audio" else None,
    }
