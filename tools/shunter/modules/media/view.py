"""How a film is meant to be seen: turned upright, with square pixels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from shunter.sdk import Failure, File

from .source import opened

if TYPE_CHECKING:
    from av import VideoFrame
    from av.video.stream import VideoStream


@dataclass(frozen=True)
class View:
    """What comes out of the decoder, its `width` with square pixels, and the clockwise `turn` in degrees."""

    width: int
    height: int
    turn: int

    @classmethod
    def of(cls, stream: VideoStream, frame: VideoFrame) -> View:
        """The view of a film whose frames are like `frame`."""
        width = round(frame.width * float(stream.sample_aspect_ratio or 1))
        return cls(max(width, 1), frame.height, -int(frame.rotation) % 360)

    def even(self) -> View:
        """The same with an even width and height, as encoders want it."""
        return View(_even(self.width), _even(self.height), self.turn)

    @property
    def seen(self) -> tuple[int, int]:
        """Width and height once it is upright."""
        return (self.height, self.width) if self.turn in (90, 270) else (self.width, self.height)


def view(file: File) -> View:
    """How the film in `file` is to be seen; raises Failure when it is no film."""
    with opened(file) as source:
        stream = source.need_video()
        first = next(source.container.decode(stream), None)
        if first is None:
            raise Failure(f"{file.name} is no video: it has no picture in it")
        return View.of(stream, first)


def _even(number: int) -> int:
    return max(number // 2 * 2, 2)
