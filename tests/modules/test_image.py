"""image: formats, sizes, parts, and what isn't a picture. The pictures are made here, byte by byte."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.modules.conftest import Call, CallFailed

RED, BLUE, CLEAR = (255, 0, 0, 255), (0, 0, 255, 255), (0, 0, 0, 0)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _png(width: int, height: int, pixel: Callable[[int, int], tuple[int, int, int, int]]) -> bytes:
    rows = b"".join(b"\0" + b"".join(bytes(pixel(x, y)) for x in range(width)) for y in range(height))
    header = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    body = _chunk(b"IHDR", header) + _chunk(b"IDAT", zlib.compress(rows)) + _chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    """40 x 20 pixels: the left half is red, the right half blue."""
    path = tmp_path / "flag.png"
    path.write_bytes(_png(40, 20, lambda x, y: RED if x < 20 else BLUE))
    return path


def _shape(call: Call, image: Path) -> tuple[int, int, str, str]:
    found = call("image.properties", image=image)
    return found["width"], found["height"], found["format"], found["color"]


def test_properties_are_told(call: Call, picture: Path) -> None:
    assert call("image.properties", image=picture) == {
        "width": 40,
        "height": 20,
        "format": "png",
        "color": "rgb",
        "transparent": True,
        "frames": 1,
    }


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("png", "flag.png"),
        ("jpeg", "flag.jpg"),
        ("webp", "flag.webp"),
        ("gif", "flag.gif"),
        ("bmp", "flag.bmp"),
        ("tiff", "flag.tif"),
    ],
)
def test_a_picture_is_converted_and_keeps_its_size(call: Call, picture: Path, name: str, file: str) -> None:
    made = call("image.convert", image=picture, format=name)
    assert made.name == file
    assert _shape(call, made)[:3] == (40, 20, name)


def test_transparency_becomes_white_where_the_format_has_none(call: Call, tmp_path: Path) -> None:
    (tmp_path / "clear.png").write_bytes(_png(4, 4, lambda x, y: CLEAR))
    made = call("image.convert", image=tmp_path / "clear.png", format="bmp")
    assert made.read_bytes()[-48:] == b"\xff" * 48


def test_the_same_picture_gives_the_same_bytes(call: Call, call_again: Call, picture: Path) -> None:
    again = call_again("image.convert", image=picture, format="jpeg")
    assert call("image.convert", image=picture, format="jpeg").read_bytes() == again.read_bytes()


@pytest.mark.parametrize(
    ("size", "shape"),
    [
        ({"width": 20}, (20, 10)),
        ({"height": 40}, (80, 40)),
        ({"width": 7, "height": 9}, (7, 9)),
        ({"width": 1}, (1, 1)),
    ],
)
def test_a_side_that_is_not_given_follows(
    call: Call, picture: Path, size: dict[str, int], shape: tuple[int, int]
) -> None:
    made = call("image.resize", image=picture, **size)
    assert made.name == "flag.png"
    assert _shape(call, made)[:2] == shape


def test_a_part_is_cut_out(call: Call, picture: Path) -> None:
    right = call("image.crop", image=picture, left=20, top=5, width=20, height=10)
    assert _shape(call, right)[:2] == (20, 10)
    made = call("image.convert", image=right, format="bmp").read_bytes()
    assert made[-3:] == bytes((255, 0, 0))  # blue, as BMP writes it


def test_colours_are_taken_out(call: Call, picture: Path) -> None:
    assert _shape(call, call("image.grayscale", image=picture)) == (40, 20, "png", "gray")


@pytest.mark.parametrize(
    ("function", "arguments", "message"),
    [
        ("resize", {}, "give a width, a height, or both, in pixels"),
        ("resize", {"width": 0}, "width is 0; expected 1 to 30000 pixels"),
        ("resize", {"height": 30_000}, "the picture would be 60000 x 30000 pixels; each side may have 30000"),
        (
            "crop",
            {"left": 30, "top": 0, "width": 20, "height": 20},
            "the part reaches to 50 x 20, and flag.png is 40 x 20 pixels",
        ),
        (
            "crop",
            {"left": -1, "top": 0, "width": 20, "height": 20},
            "left and top are 0 or more, width and height 1 or more",
        ),
    ],
)
def test_what_can_not_be_is_said(
    call: Call, picture: Path, function: str, arguments: dict[str, int], message: str
) -> None:
    with pytest.raises(CallFailed) as failed:
        call(f"image.{function}", image=picture, **arguments)
    assert str(failed.value) == message


def test_a_broken_picture_is_named(call: Call, tmp_path: Path) -> None:
    (tmp_path / "half.png").write_bytes(_png(40, 20, lambda x, y: RED)[:-40])
    with pytest.raises(CallFailed, match=r"^half\.png can't be read as a picture: "):
        call("image.properties", image=tmp_path / "half.png")


def test_a_picture_that_would_exhaust_memory_is_refused(call: Call, tmp_path: Path) -> None:
    header = struct.pack(">IIBBBBB", 100_000, 100_000, 8, 6, 0, 0, 0)
    bomb = (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", header)
        + _chunk(b"IDAT", zlib.compress(b""))
        + _chunk(b"IEND", b"")
    )
    (tmp_path / "bomb.png").write_bytes(bomb)
    with pytest.raises(CallFailed, match=r"^bomb\.png has more than 200000000 pixels$"):
        call("image.properties", image=tmp_path / "bomb.png")
