"""Recordings and films converted, cut and described, by ffmpeg's libraries and without network."""

from __future__ import annotations

from typing import Annotated, Literal, TypedDict

from shunter.sdk import File, function

Audio = Annotated[File, "audio/*"]
Video = Annotated[File, "video/*"]
AudioFormat = Literal["wav", "mp3", "ogg", "flac"]
VideoFormat = Literal["mp4", "webm", "mkv"]


class Stream(TypedDict):
    """One track of a media file; what doesn't apply to its kind is None."""

    kind: Literal["video", "audio", "subtitle", "other"]
    codec: str
    width: int | None
    height: int | None
    fps: float | None
    sample_rate: int | None
    channels: int | None


class Properties(TypedDict):
    """What an audio or video file is made of; `format` is its container, such as "mp4" or "wav"."""

    seconds: float
    format: str
    streams: list[Stream]


@function(timeout=600)
def properties(file: File) -> Properties:
    """Tell the properties of an audio or video file (describe, inspect): length or duration, format, tracks.

    Args:
        file: The recording or film.
    Returns:
        Its length in seconds, the container's format, and for each track (stream) its kind and codec, with
        width, height and frames per second (fps) of a picture, sample rate and channels of sound.
    Example:
        shunter call media.properties --file film.mp4
    """
    from .describing import describe

    seconds, name, streams = describe(file)
    return Properties(seconds=seconds, format=name, streams=streams)


@function(timeout=3600)
def extract_audio(video: Video) -> Annotated[File, "audio/wav"]:
    """Extract the sound track of a video (take out, rip or separate its audio) as a WAV recording.

    Args:
        video: The film.
    Returns:
        Its first sound track: 16 bits, channels and sample rate as they are; film.mp4 becomes film.wav.
    Example:
        shunter call media.extract_audio --video film.mp4 --output film.wav
    """
    from .transcoding import transcode

    return transcode(video, "wav")


@function(timeout=3600)
def convert_audio(audio: Audio, format: AudioFormat = "mp3") -> Audio:  # noqa: A002 - the caller's word
    """Convert a recording to another audio format (encode, transcode, compress): wav, mp3, ogg or flac.

    Args:
        audio: The recording, in any usual format (wav, mp3, m4a, ogg, opus, flac …).
        format: What to make: mp3 (about 190 kbit/s), ogg (with Opus), or without loss wav and flac (16 bits).
    Returns:
        The recording, without tags and cover, named after it: talk.wav becomes talk.mp3.
    Example:
        shunter call media.convert_audio --audio talk.wav --format mp3 --output talk.mp3
    """
    from .transcoding import transcode

    return transcode(audio, format)


@function(timeout=7200)
def convert_video(video: Video, format: VideoFormat = "mp4") -> Video:  # noqa: A002 - the caller's word
    """Convert a video to another format (encode, transcode a film or clip): mp4, webm or mkv.

    Args:
        video: The film, in any usual format (mp4, mov, avi, mkv, webm …).
        format: What to make: mp4 and mkv hold H.264 and AAC, webm VP9 and Opus.
    Returns:
        The film with its first picture and sound track, upright, named after it: film.mov becomes film.mp4.
    Example:
        shunter call media.convert_video --video film.mov --format mp4 --output film.mp4
    """
    from .transcoding import transcode

    return transcode(video, format)


@function(timeout=3600)
def trim_audio(audio: Audio, start: float = 0, end: float | None = None) -> Audio:
    """Cut a part out of a recording (trim, clip, shorten audio): from one second to another.

    Args:
        audio: The recording: wav, mp3, ogg, flac, m4a or aac.
        start: Where the part begins, in seconds from the recording's start.
        end: Where it ends, in seconds from the recording's start; its end when not given.
    Returns:
        The part, in the same format and under the same name.
    Example:
        shunter call media.trim_audio --audio talk.mp3 --start 10 --end 25.5 --output part.mp3
    """
    from .transcoding import trim

    return trim(audio, start=start, end=end, picture=False)


@function(timeout=7200)
def trim_video(video: Video, start: float = 0, end: float | None = None) -> Video:
    """Cut a part out of a video (trim, clip, shorten a film): from one second to another, picture and sound.

    Args:
        video: The film: mp4, mov, webm or mkv.
        start: Where the part begins, in seconds from the film's start.
        end: Where it ends, in seconds from the film's start; its end when not given.
    Returns:
        The part, cut at the exact picture, in the same format and under the same name.
    Example:
        shunter call media.trim_video --video film.mp4 --start 60 --end 90 --output part.mp4
    """
    from .transcoding import trim

    return trim(video, start=start, end=end, picture=True)


@function(timeout=600)
def frame(video: Video, at: float = 0) -> Annotated[File, "image/png"]:
    """Take a still picture (frame, screenshot, thumbnail, image) of a video at a moment.

    Args:
        video: The film.
        at: The moment, in seconds from the film's start.
    Returns:
        The picture that is seen at that moment, upright, as PNG: film.mp4 becomes film.png.
    Example:
        shunter call media.frame --video film.mp4 --at 2.5 --output still.png
    """
    from .still import still

    return File.write_bytes(f"{video.stem}.png", still(video, at))
