"""One track on its way: decoded, filtered, encoded, written."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from av import AudioFrame, Packet, VideoFrame
    from av.audio.stream import AudioStream
    from av.container import OutputContainer
    from av.filter import Graph
    from av.video.stream import VideoStream

    from .filters import Filters
    from .formats import Encoder

THREADS = 4
"""A fixed number: what an encoder writes depends on it, and shouldn't depend on the machine."""


class Track:
    """A track of the source that becomes `target`, a track of the output, through `filters`."""

    def __init__(
        self, source: VideoStream | AudioStream, filters: Filters, target: VideoStream | AudioStream
    ) -> None:
        self.source = source
        self.is_done = False
        self.frames = 0
        self._filters = filters
        self._target = target
        self._graph: Graph | None = None
        self._shape: object = None

    def packets(self, frame: VideoFrame | AudioFrame | None) -> Iterator[Packet]:
        """What is to be written after `frame`, or at the end where that is None."""
        for filtered in self._filtered(frame):
            self.frames += 1
            yield from self._target.encode(filtered)
        if frame is None and self.frames:
            yield from self._target.encode(None)

    def _filtered(self, frame: VideoFrame | AudioFrame | None) -> Iterator[VideoFrame | AudioFrame]:
        if frame is None or _shape(frame) != self._shape:
            yield from self._passed(None)
            self._graph = None
        if frame is not None and not self.is_done:
            if self._graph is None:
                self._graph, self._shape = self._filters.graph(frame), _shape(frame)
            yield from self._passed(frame)

    def _passed(self, frame: VideoFrame | AudioFrame | None) -> Iterator[VideoFrame | AudioFrame]:
        """What the chain of filters gives for `frame`; all that is left in it for None."""
        import av

        if self._graph is None:
            return
        try:
            self._graph.push(frame)
            while True:
                filtered = self._graph.pull()
                if self.source.type == "video":
                    filtered.pict_type = 0  # which pictures stand alone is the encoder's to say
                yield filtered
        except av.BlockingIOError:
            return
        except av.EOFError:
            self.is_done = frame is not None  # the span is over


def _shape(frame: VideoFrame | AudioFrame) -> object:
    """What a chain of filters is made for."""
    import av

    if isinstance(frame, av.AudioFrame):
        return frame.format.name, frame.layout.name, frame.sample_rate
    return frame.format.name, frame.width, frame.height


def add_picture(
    target: OutputContainer, encoder: Encoder, source: VideoStream, size: tuple[int, int]
) -> VideoStream:
    """A new film of `target`, `size` wide and high, with the times and colours of `source`."""
    rate = source.average_rate or source.guessed_rate or Fraction(25)
    stream = target.add_stream(encoder.name, rate=rate, options={**encoder.options, "flags": "+bitexact"})
    stream.width, stream.height = size
    stream.pix_fmt = "yuv420p"
    stream.time_base = stream.codec_context.time_base = source.time_base
    stream.codec_context.thread_count = THREADS
    for name in ("colorspace", "color_primaries", "color_trc"):
        setattr(stream.codec_context, name, getattr(source.codec_context, name))
    return stream


def add_sound(target: OutputContainer, encoder: Encoder, source: AudioStream) -> AudioStream:
    """A new sound track of `target`, as near to `source` as `encoder` can."""
    from av.codec import Codec

    is_deep = source.codec.lossless and source.format.bytes > 2
    name, form = encoder.deep if encoder.deep and is_deep else (encoder.name, None)
    channels = source.channels
    plain = "mono" if channels == 1 else "stereo"
    layout = source.layout.name if 2 < channels <= encoder.most_channels else plain
    stream = target.add_stream(
        name,
        rate=_nearest(source.rate, Codec(name, "w").audio_rates),
        layout=layout,
        options={**encoder.options, "flags": "+bitexact"},
    )
    if form:
        stream.codec_context.format = form
    return stream


def sound_form(target: AudioStream) -> str:
    """What the encoder of `target` takes, as ffmpeg's filter aformat reads it."""
    context = target.codec_context
    return (
        f"sample_fmts={context.format.name}:sample_rates={context.sample_rate}"
        f":channel_layouts={context.layout.name}"
    )


def _nearest(rate: int, known: list[int] | None) -> int:
    """The least of the rates `known` that loses nothing of `rate`, or the greatest."""
    if not known or rate in known:
        return rate
    return min((found for found in known if found > rate), default=max(known))
