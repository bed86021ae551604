"""What can be written: the container, and the encoders of picture and sound in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

X264 = {"crf": "20", "preset": "fast"}
VP9 = {"crf": "32", "b": "0", "deadline": "good", "cpu-used": "4", "row-mt": "0"}


@dataclass(frozen=True)
class Encoder:
    """An encoder of ffmpeg and its settings.

    `most_channels` is how many it is given; `deep` the encoder and its sample format for more than 16 bits.
    """

    name: str
    options: Mapping[str, str] = field(default_factory=dict[str, str])
    most_channels: int = 2
    deep: tuple[str, str] | None = None


@dataclass(frozen=True)
class Format:
    """A container, by ffmpeg's name of its writer, with what goes into it."""

    muxer: str
    audio: Encoder
    video: Encoder | None = None
    options: Mapping[str, str] = field(default_factory=dict[str, str])


AAC = Encoder("aac", {"b": "160000"})
OPUS = Encoder("libopus", {"b": "128000"})
H264 = Encoder("libx264", X264)

FORMATS: Mapping[str, Format] = {
    "wav": Format("wav", Encoder("pcm_s16le", most_channels=8, deep=("pcm_s24le", "s32"))),
    "mp3": Format("mp3", Encoder("libmp3lame", {"b": "192000"})),
    "ogg": Format("ogg", OPUS),
    "flac": Format("flac", Encoder("flac", most_channels=8, deep=("flac", "s32"))),
    "m4a": Format("ipod", AAC),
    "aac": Format("adts", AAC),
    "mp4": Format("mp4", AAC, H264, {"movflags": "+faststart"}),
    "mov": Format("mov", AAC, H264),
    "mkv": Format("matroska", AAC, H264),
    "webm": Format("webm", OPUS, Encoder("libvpx-vp9", VP9)),
}

_MP4_FAMILY = "mov,mp4,m4a,3gp,3g2,mj2"
_MATROSKA_FAMILY = "matroska,webm"


def common_name(demuxer: str, name: str) -> str:
    """What people call the format that ffmpeg reads as `demuxer`; in a family the file's `name` decides."""
    suffix = name.rpartition(".")[2].lower()
    if demuxer == _MP4_FAMILY:
        return suffix if suffix in ("m4a", "mov", "3gp", "3g2") else "mp4"
    if demuxer == _MATROSKA_FAMILY:
        return "webm" if suffix in ("webm", "weba") else "mkv"
    return demuxer
