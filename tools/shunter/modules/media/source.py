"""A media file opened for reading: its tracks, its length, and what is said when it can't be read."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from shunter.sdk import Failure, File

if TYPE_CHECKING:
    from av.audio.stream import AudioStream
    from av.container import InputContainer
    from av.video.stream import VideoStream

# Text would be drawn as a picture, and a playlist could point at other files.
DEMUXERS = (
    "aac,ac3,aiff,amr,ape,asf,au,avi,caf,dv,eac3,flac,flv,m4v,matroska,webm,mov,mp4,mp3,mpeg,mpegts,"
    "mpegvideo,mxf,ogg,w64,wav,wv"
)
MICROSECONDS = 1_000_000


@dataclass(frozen=True)
class Source:
    """An open media file; times are in seconds from its first picture or sound."""

    name: str
    container: InputContainer

    @property
    def format(self) -> str:
        """ffmpeg's name of the container, such as "wav" or "matroska,webm"."""
        return self.container.format.name

    @property
    def origin(self) -> float:
        """The time stamp that its start carries."""
        return (self.container.start_time or 0) / MICROSECONDS

    @property
    def video(self) -> VideoStream | None:
        """The first film; a cover picture is none."""
        from av.stream import Disposition

        films = (found for found in self.container.streams.video if found.codec_context is not None)
        return next((film for film in films if not film.disposition & Disposition.attached_pic), None)

    @property
    def audio(self) -> AudioStream | None:
        """The first sound track."""
        return next((found for found in self.container.streams.audio if found.codec_context), None)

    def need_video(self) -> VideoStream:
        """Its film; raises Failure when there is none."""
        if (stream := self.video) is None:
            raise Failure(f"{self.name} is no video: it has no moving picture in it")
        return stream

    def need_audio(self) -> AudioStream:
        """Its sound; raises Failure when there is none."""
        if (stream := self.audio) is None:
            raise Failure(f"{self.name} has no sound in it")
        return stream


@contextmanager
def opened(file: File) -> Iterator[Source]:
    """`file` as a Source; raises Failure when it is no media file, or broken."""
    import av

    whitelist = {"format_whitelist": DEMUXERS}
    try:
        container = av.open(str(file.path), metadata_errors="ignore", options=whitelist)
    except (av.InvalidDataError, av.ArgumentError):
        raise Failure(f"{file.name} can't be read as audio or video: it is neither, or broken") from None
    with container:
        try:
            yield Source(file.name, container)
        except av.FFmpegError as error:
            raise Failure(f"{file.name} can't be read as audio or video: {error.strerror}") from None


def seconds(source: Source) -> float:
    """How long it is; a file that doesn't tell is read to its end, and can't be read again."""
    if source.container.duration:
        return source.container.duration / MICROSECONDS
    ends = (
        (packet.pts + (packet.duration or 0)) * float(packet.time_base)
        for packet in source.container.demux()
        if packet.pts is not None
    )
    return max(0.0, max(ends, default=0.0) - source.origin)
