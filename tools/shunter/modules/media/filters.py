"""Chains of ffmpeg's filters: cut to a span, turn upright, square pixels, sound without gaps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from av import AudioFrame, VideoFrame
    from av.audio.stream import AudioStream
    from av.filter import Graph
    from av.video.stream import VideoStream

    from .span import Span
    from .view import View

_TURNS = {90: [("transpose", "clock")], 180: [("hflip", ""), ("vflip", "")], 270: [("transpose", "cclock")]}


class Filters(Protocol):
    """Makes the chain for frames that look like one of them."""

    def graph(self, frame: VideoFrame | AudioFrame) -> Graph:
        """A chain that takes frames like `frame`."""
        ...


@dataclass(frozen=True)
class PictureFilters:
    """Makes a film's frames look like `view`, in the format `pixels`; `origin` is its start's time stamp."""

    stream: VideoStream
    view: View
    pixels: str
    span: Span
    origin: float

    def graph(self, frame: VideoFrame) -> Graph:
        """As Filters says."""
        from av.filter import Graph

        graph = Graph()
        source = graph.add_buffer(
            width=frame.width, height=frame.height, format=frame.format, time_base=self.stream.time_base
        )
        scale = f"{self.view.width}:{self.view.height}:flags=bicubic+accurate_rnd+full_chroma_int+bitexact"
        return _chained(
            graph,
            source,
            ("trim", _bounds(self.span, self.origin)),
            ("setpts", _shift(self.span, self.origin)),
            ("scale", scale),
            ("format", self.pixels),
            *_TURNS.get(self.view.turn, []),
            ("buffersink", ""),
        )


@dataclass(frozen=True)
class SoundFilters:
    """Cuts sound and fills its gaps; `form` is what comes out: sample format, rate and channels."""

    stream: AudioStream
    form: str
    span: Span
    origin: float

    def graph(self, frame: AudioFrame) -> Graph:
        """As Filters says."""
        from av.filter import Graph

        graph = Graph()
        source = graph.add_abuffer(
            sample_rate=frame.sample_rate,
            format=frame.format,
            layout=frame.layout.name,
            time_base=self.stream.time_base,
        )
        return _chained(
            graph,
            source,
            ("atrim", _bounds(self.span, self.origin)),
            ("asetpts", _shift(self.span, self.origin)),
            ("aresample", "async=1"),  # one sample follows the other, whatever the time stamps say
            ("aformat", self.form),
            ("abuffersink", ""),
        )


def _chained(graph: Graph, source: object, *steps: tuple[str, str]) -> Graph:
    graph.link_nodes(source, *(graph.add(name, settings or None) for name, settings in steps)).configure()
    return graph


def _bounds(span: Span, origin: float) -> str:
    until = "" if span.end is None else f":end={span.end + origin:.6f}"
    # What a decoder gives before the start is kept where nothing is cut off.
    return (f"start={span.start + origin:.6f}" if span.start else "start=-1000000") + until


def _shift(span: Span, origin: float) -> str:
    return f"PTS-({span.start + origin:.6f}/TB)"
