"""Recordings read by PyAV, which carries ffmpeg's decoders."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from shunter.sdk import Failure, File

if TYPE_CHECKING:
    from av import AudioFrame
    from av.container import InputContainer


def decode(audio: File, sample_rate: int) -> bytes:
    """The samples of `audio`: 16 bits, one channel; raises Failure when it is no recording."""
    import av

    resampler = av.AudioResampler(format="s16", layout="mono", rate=sample_rate)
    with _opened(audio) as container:
        parts = [_bytes(part) for frame in container.decode(audio=0) for part in resampler.resample(frame)]
    return b"".join(parts + [_bytes(part) for part in resampler.resample(None)])


def inspect(audio: File) -> tuple[float, int, int, str]:
    """Length in seconds, samples a second, channels and codec; raises Failure when it is no recording."""
    with _opened(audio) as container:
        stream = container.streams.audio[0]
        samples = sum(frame.samples for frame in container.decode(stream))
        rate = stream.sample_rate
        return round(samples / rate, 3), rate, stream.channels, stream.codec_context.name


@contextmanager
def _opened(audio: File) -> Iterator[InputContainer]:
    import av

    try:
        with av.open(str(audio.path), metadata_errors="ignore") as container:
            if not container.streams.audio:
                raise Failure(f"{audio.name} has no sound in it")
            yield container
    except av.FFmpegError as error:
        raise Failure(f"{audio.name} can't be read as a recording: {error.strerror}") from None


def _bytes(frame: AudioFrame) -> bytes:
    return frame.to_ndarray().tobytes()
