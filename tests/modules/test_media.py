"""media: sound and film, made here as an AVI file of raw pictures and samples."""

from __future__ import annotations

import math
import struct
from pathlib import Path
from typing import Any

import pytest
from tests.modules.conftest import Call, CallFailed

RATE, FPS, SIDE = 8000, 10, 32


def _chunk(kind: bytes, data: bytes) -> bytes:
    return kind + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2)


def _list(kind: bytes, *parts: bytes) -> bytes:
    return _chunk(b"LIST", kind + b"".join(parts))


def _samples(count: int, first: int = 0) -> bytes:
    tone = (math.sin(2 * math.pi * 440 * (first + at) / RATE) for at in range(count))
    return b"".join(struct.pack("<h", int(8000 * value)) for value in tone)


def _film(seconds: float) -> bytes:
    """A film that is red in its first half and blue in its second one, with a tone."""
    frames, each = int(seconds * FPS), RATE // FPS
    size = SIDE * SIDE * 3
    avih = struct.pack("<14I", 1_000_000 // FPS, 0, 0, 0, frames, 0, 2, size, SIDE, SIDE, 0, 0, 0, 0)
    video = struct.pack(
        "<4s4sIHHIIIIIIIIHHHH", b"vids", b"DIB ", 0, 0, 0, 0, 1, FPS, 0, frames, size, 0, 0, 0, 0, SIDE, SIDE
    )
    bitmap = struct.pack("<IiiHHIIiiII", 40, SIDE, SIDE, 1, 24, 0, size, 0, 0, 0, 0)
    audio = struct.pack(
        "<4s4sIHHIIIIIIIIHHHH",
        b"auds",
        b"\0\0\0\0",
        0,
        0,
        0,
        0,
        2,
        RATE * 2,
        0,
        frames * each,
        each * 2,
        0,
        2,
        0,
        0,
        0,
        0,
    )
    wave = struct.pack("<HHIIHH", 1, 1, RATE, RATE * 2, 2, 16)
    streams = (
        _list(b"strl", _chunk(b"strh", video), _chunk(b"strf", bitmap)),
        _list(b"strl", _chunk(b"strh", audio), _chunk(b"strf", wave)),
    )
    pictures = [
        bytes((0, 0, 255) if at < frames / 2 else (255, 0, 0)) * (SIDE * SIDE) for at in range(frames)
    ]
    data = [
        part
        for at, picture in enumerate(pictures)
        for part in (_chunk(b"00db", picture), _chunk(b"01wb", _samples(each, at * each)))
    ]
    return _chunk(b"RIFF", b"AVI " + _list(b"hdrl", _chunk(b"avih", avih), *streams) + _list(b"movi", *data))


@pytest.fixture
def film(tmp_path: Path) -> Path:
    """One second of film."""
    (tmp_path / "film.avi").write_bytes(_film(1.0))
    return tmp_path / "film.avi"


@pytest.fixture
def tone(tmp_path: Path) -> Path:
    """One second of sound."""
    data = _samples(RATE)
    wave = struct.pack("<HHIIHH", 1, 1, RATE, RATE * 2, 2, 16)
    (tmp_path / "tone.wav").write_bytes(
        _chunk(b"RIFF", b"WAVE" + _chunk(b"fmt ", wave) + _chunk(b"data", data))
    )
    return tmp_path / "tone.wav"


def _told(call: Call, file: Path) -> Any:
    found = call("media.properties", file=file)
    return found["format"], found["seconds"], [stream["kind"] for stream in found["streams"]]


def test_a_films_tracks_are_told(call: Call, film: Path) -> None:
    found = call("media.properties", file=film)
    picture, sound = found["streams"]
    assert (found["format"], found["seconds"]) == ("avi", pytest.approx(1.0, abs=0.05))
    assert (picture["kind"], picture["width"], picture["height"], picture["fps"]) == (
        "video",
        SIDE,
        SIDE,
        FPS,
    )
    assert (sound["kind"], sound["sample_rate"], sound["channels"]) == ("audio", RATE, 1)


def test_the_sound_of_a_film_is_taken_out(call: Call, film: Path) -> None:
    sound = call("media.extract_audio", video=film)
    assert sound.name == "film.wav"
    assert _told(call, sound) == ("wav", pytest.approx(1.0, abs=0.05), ["audio"])


@pytest.mark.parametrize("name", ["wav", "mp3", "ogg", "flac"])
def test_sound_is_converted(call: Call, tone: Path, name: str) -> None:
    made = call("media.convert_audio", audio=tone, format=name)
    assert made.name == f"tone.{name}"
    assert _told(call, made) == (name, pytest.approx(1.0, abs=0.1), ["audio"])


@pytest.mark.parametrize("name", ["mp4", "webm", "mkv"])
def test_a_film_is_converted(call: Call, film: Path, name: str) -> None:
    made = call("media.convert_video", video=film, format=name)
    assert made.name == f"film.{name}"
    assert _told(call, made) == (name, pytest.approx(1.0, abs=0.15), ["video", "audio"])


def test_a_part_of_the_sound_is_cut_out(call: Call, tone: Path) -> None:
    part = call("media.trim_audio", audio=tone, start=0.25, end=0.75)
    assert part.name == "tone.wav"
    assert _told(call, part) == ("wav", pytest.approx(0.5, abs=0.02), ["audio"])


def test_a_part_of_a_film_is_cut_out_with_its_sound(call: Call, film: Path) -> None:
    whole = call("media.convert_video", video=film, format="mp4")
    part = call("media.trim_video", video=whole, start=0.5)
    assert _told(call, part) == ("mp4", pytest.approx(0.5, abs=0.15), ["video", "audio"])
    still = call("media.frame", video=part)
    assert _pixel(call, still) == "blue"


@pytest.mark.parametrize(("at", "color"), [(0, "red"), (0.2, "red"), (0.8, "blue")])
def test_a_still_is_what_is_seen_at_that_moment(call: Call, film: Path, at: float, color: str) -> None:
    still = call("media.frame", video=film, at=at)
    assert still.name == "film.png"
    assert _pixel(call, still) == color


def _pixel(call: Call, still: Path) -> str:
    blue, green, red = call("image.convert", image=still, format="bmp").read_bytes()[-3:]
    return (
        "red" if red > 200 and blue < 60 else "blue" if blue > 200 and red < 60 else f"{red} {green} {blue}"
    )


def test_the_same_film_gives_the_same_bytes(call: Call, call_again: Call, film: Path) -> None:
    again = call_again("media.convert_video", video=film, format="webm")
    assert call("media.convert_video", video=film, format="webm").read_bytes() == again.read_bytes()


@pytest.mark.parametrize(
    ("function", "arguments", "message"),
    [
        ("trim_audio", {"start": 2.0}, "start is 2, but tone.wav is only 1.000 seconds long"),
        ("trim_audio", {"start": 0.5, "end": 0.5}, "end is 0.5; expected a time after start, which is 0.5"),
        ("trim_audio", {"start": -1.0}, "start is -1; expected seconds from the beginning, 0 or more"),
    ],
)
def test_a_part_that_is_not_there_is_said(
    call: Call, tone: Path, function: str, arguments: dict[str, float], message: str
) -> None:
    with pytest.raises(CallFailed) as failed:
        call(f"media.{function}", audio=tone, **arguments)
    assert str(failed.value) == message


def test_what_is_no_media_file_is_named(call: Call, tmp_path: Path) -> None:
    (tmp_path / "noise").write_bytes(b"\x01\x02\x03" * 500)
    with pytest.raises(
        CallFailed, match=r"^noise can't be read as audio or video: it is neither, or broken$"
    ):
        call("media.properties", file=tmp_path / "noise")
