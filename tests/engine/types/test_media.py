"""Media types, by name and by content."""

from __future__ import annotations

import gzip
import io
import tarfile
import wave
import zipfile

import pytest

from shunter.engine.types import media


def _wav() -> bytes:
    stream = io.BytesIO()
    with wave.open(stream, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        sound.writeframes(b"\0\1" * 100)
    return stream.getvalue()


def _zip() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("a.txt", "hello")
    return stream.getvalue()


def _tar() -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("a.txt"))
    return stream.getvalue()


PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("audio/x-wav", "audio/wav"),
        ("AUDIO/WAV", "audio/wav"),
        (" text/csv ", "text/csv"),
        ("text/xml", "application/xml"),
        ("audio/*", "audio/*"),
        ("application/vnd.ms-excel", "application/vnd.ms-excel"),
    ],
)
def test_a_media_type_has_one_name(written: str, name: str) -> None:
    assert media.canonical(written) == name
    assert media.canonical(name) == name


@pytest.mark.parametrize(
    "written", ["", "text", "*/*", "text/", "/csv", "text/csv; charset=utf-8", "te xt/csv"]
)
def test_text_that_is_no_media_type_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match="not a media type"):
        media.canonical(written)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("talk.WAV", "audio/wav"),
        ("a.tar.gz", "application/gzip"),
        ("notes.md", "text/markdown"),
        ("README", None),
        ("wav", None),
        ("x.unknown", None),
        ("", None),
    ],
)
def test_an_extension_stands_for_a_media_type(name: str, kind: str | None) -> None:
    assert media.of_name(name) == kind


@pytest.mark.parametrize(
    "kind",
    ["text/plain", "text/html", "audio/wav", "audio/ogg", "image/jpeg", "application/json", "text/csv"],
)
def test_the_usual_extension_stands_for_its_media_type(kind: str) -> None:
    assert media.of_name("x" + media.extension(kind)) == kind


def test_a_type_without_an_extension_has_none() -> None:
    assert [media.extension(kind) for kind in (None, "audio/*", "model/x-unheard-of", "text/*")] == [
        "",
        "",
        "",
        ".txt",
    ]


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (PNG, "image/png"),
        (b"GIF89a\1\0\1\0", "image/gif"),
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"%PDF-1.7\n", "application/pdf"),
        (_wav(), "audio/wav"),
        (_zip(), "application/zip"),
        (_tar(), "application/x-tar"),
        (gzip.compress(b"hello", mtime=0), "application/gzip"),
        (b"OggS\0\2", "audio/ogg"),
        (b"fLaC\0\0\0\x22", "audio/flac"),
        (b"ID3\3\0", "audio/mpeg"),
        (b"", None),
        (b"hello", None),
    ],
)
def test_content_gives_its_media_type_away(head: bytes, kind: str | None) -> None:
    assert media.sniff(head) == kind


@pytest.mark.parametrize(
    "text", [b"Surfing WAVE after wave", b"ID3 tags explained", b"GIF8 is no format", b"BZh"]
)
def test_text_is_not_taken_for_what_its_letters_look_like(text: bytes) -> None:
    assert media.sniff(text) is None
    assert media.refutes(text, "text/plain") is None


@pytest.mark.parametrize(
    ("head", "kind", "reason"),
    [
        (PNG, "text/plain", "its content is image/png"),
        (PNG, "audio/wav", "its content is image/png"),
        (PNG, "audio/*", "its content is image/png"),
        (_wav(), "image/*", "its content is audio/wav"),
        (_zip(), "image/png", "its content is application/zip"),
        (b"caf\xc3\xa9", "audio/wav", "its content is text"),
        (b"\x80\x81\x82\x83\x84", "image/png", "it doesn't begin as image/png does"),
        (b"", "audio/wav", "it is empty"),
        (b"a\0b", "text/csv", "it holds NUL bytes, so it isn't text"),
    ],
)
def test_content_refutes_a_media_type(head: bytes, kind: str, reason: str) -> None:
    assert media.refutes(head, kind) == reason


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"", "text/plain"),
        (b"a,b\n", "text/csv"),
        (b"caf\xe9", "text/plain"),
        (PNG, "image/*"),
        (PNG, "image/png"),
        (PNG, "application/octet-stream"),
        (_zip(), "application/vnd.oasis.opendocument.text"),
        (_zip(), "image/*"),
        (b"ID3\3\0", "audio/flac"),
        (b"\xff\xfb\x90\0", "audio/mpeg"),
        (b"anything", "model/x-unheard-of"),
    ],
)
def test_content_that_proves_nothing_refutes_nothing(head: bytes, kind: str) -> None:
    assert media.refutes(head, kind) is None


def test_a_letter_that_is_cut_off_at_the_end_is_still_text() -> None:
    assert media.is_text("é".encode() * 10 + b"\xc3")
    assert not media.is_text(b"\xc3 and on it goes")
