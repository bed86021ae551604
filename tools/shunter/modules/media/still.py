"""A still picture of a film."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import TYPE_CHECKING

from shunter.sdk import Failure, File

from .filters import PictureFilters
from .source import Source, opened, seconds
from .span import Span
from .view import View

if TYPE_CHECKING:
    from av import VideoFrame


def still(file: File, at: float) -> bytes:
    """A PNG of what is seen `at` seconds from the film's start; raises Failure when it is over by then."""
    if not (math.isfinite(at) and at >= 0):
        raise Failure(f"at is {at:g}; expected seconds from the film's beginning, 0 or more")
    with opened(file) as source:
        source.need_video()
        length = seconds(source)
    if at > length:
        raise Failure(f"at is {at:g}, but {file.name} is only {length:.3f} seconds long")
    with opened(file) as source:
        return _png(source, _seen_at(source, at))


def _seen_at(source: Source, at: float) -> VideoFrame:
    """The last frame that begins at that moment or before, or else the first one."""
    stream, moment = source.need_video(), source.origin + at
    if at > 0:
        source.container.seek(int(moment * 1_000_000))
    found = None
    for frame in source.container.decode(stream):
        if found is not None and frame.time is not None and frame.time > moment + 1e-6:
            break
        found = frame
    if found is None:
        raise Failure(f"{source.name} has no picture at second {at:g}")
    return found


def _png(source: Source, frame: VideoFrame) -> bytes:
    from av import CodecContext

    stream = source.need_video()
    view = View.of(stream, frame)
    graph = PictureFilters(stream, view, "rgb24", Span(), source.origin).graph(frame)
    graph.push(frame)
    graph.push(None)
    encoder = CodecContext.create("png", "w")
    encoder.width, encoder.height = view.seen
    encoder.sample_aspect_ratio = Fraction(1)
    encoder.pix_fmt, encoder.time_base = "rgb24", stream.time_base
    return b"".join(bytes(packet) for packet in [*encoder.encode(graph.pull()), *encoder.encode(None)])
