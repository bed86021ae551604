"""Media types: canonical names, extensions, wildcards, and what a file's first bytes give away.

The tables are the project's own, since the operating system's differ from machine to machine and
what they say would decide what a plan means.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

UNKNOWN = "application/octet-stream"

_ALIASES = {
    "application/csv": "text/csv",
    "application/javascript": "text/javascript",
    "application/x-gzip": "application/gzip",
    "application/x-javascript": "text/javascript",
    "application/x-ndjson": "application/jsonl",
    "application/x-jsonlines": "application/jsonl",
    "application/x-zip-compressed": "application/zip",
    "application/x-yaml": "application/yaml",
    "audio/mp3": "audio/mpeg",
    "audio/vnd.wave": "audio/wav",
    "audio/wave": "audio/wav",
    "audio/x-flac": "audio/flac",
    "audio/x-wav": "audio/wav",
    "image/jpg": "image/jpeg",
    "text/json": "application/json",
    "text/x-markdown": "text/markdown",
    "text/xml": "application/xml",
    "text/yaml": "application/yaml",
}

_BY_EXTENSION = {
    "aac": "audio/aac",
    "avi": "video/x-msvideo",
    "bmp": "image/bmp",
    "bz2": "application/x-bzip2",
    "c": "text/x-c",
    "css": "text/css",
    "csv": "text/csv",
    "flac": "audio/flac",
    "gif": "image/gif",
    "go": "text/x-go",
    "gpt": "text/x-gptscript",
    "gz": "application/gzip",
    "htm": "text/html",
    "html": "text/html",
    "jpeg": "image/jpeg",
    "jpg": "image/jpeg",
    "js": "text/javascript",
    "json": "application/json",
    "jsonl": "application/jsonl",
    "log": "text/plain",
    "m4a": "audio/mp4",
    "md": "text/markdown",
    "mkv": "video/x-matroska",
    "mov": "video/quicktime",
    "mp3": "audio/mpeg",
    "mp4": "video/mp4",
    "ndjson": "application/jsonl",
    "oga": "audio/ogg",
    "ogg": "audio/ogg",
    "opus": "audio/ogg",
    "pdf": "application/pdf",
    "png": "image/png",
    "py": "text/x-python",
    "rst": "text/x-rst",
    "sh": "text/x-shellscript",
    "srt": "application/x-subrip",
    "svg": "image/svg+xml",
    "tar": "application/x-tar",
    "text": "text/plain",
    "tgz": "application/gzip",
    "tif": "image/tiff",
    "tiff": "image/tiff",
    "toml": "application/toml",
    "ts": "text/x-typescript",
    "tsv": "text/tab-separated-values",
    "txt": "text/plain",
    "vtt": "text/vtt",
    "wav": "audio/wav",
    "webm": "video/webm",
    "webp": "image/webp",
    "xml": "application/xml",
    "xz": "application/x-xz",
    "yaml": "application/yaml",
    "yml": "application/yaml",
    "zip": "application/zip",
    "zst": "application/zstd",
}

_PREFERRED_EXTENSION = {
    "application/gzip": "gz",
    "application/jsonl": "jsonl",
    "application/yaml": "yaml",
    "audio/ogg": "ogg",
    "image/jpeg": "jpg",
    "image/tiff": "tiff",
    "text/html": "html",
    "text/plain": "txt",
}

_SIGNATURES: Mapping[str, bytes] = {
    "image/png": rb"\x89PNG\r\n\x1a\n",
    "image/jpeg": rb"\xff\xd8\xff",
    "image/gif": rb"GIF8[79]a",
    "image/webp": rb"RIFF....WEBP",
    "audio/wav": rb"(RIFF|RIFX|RF64|BW64)....WAVE",
    "audio/flac": rb"fLaC[\x00\x80]",
    "audio/ogg": rb"OggS\x00",
    "audio/mpeg": rb"ID3[\x02-\x04]",
    "video/x-msvideo": rb"RIFF....AVI ",
    "application/pdf": rb"%PDF-",
    "application/zip": rb"PK(\x03\x04|\x05\x06)",
    "application/gzip": rb"\x1f\x8b",
    "application/x-bzip2": rb"BZh[1-9](1AY&SY|\x17rE8P\x90)",
    "application/x-xz": rb"\xfd7zXZ\x00",
    "application/zstd": rb"\x28\xb5\x2f\xfd",
    "application/x-tar": rb".{257}ustar",
}
"""What a file begins with; no text begins so, but for that of a PDF and of a tar of texts."""

SNIFFED_BYTES = 4096
"""How much of a file's beginning `sniff` and `refutes` want to see."""

_CARRIERS = {"application/zip", "application/gzip", "audio/ogg"}
"""What other formats are wrapped in: it refutes no type whose own beginning isn't known."""

_MAY_BEGIN_OTHERWISE = {
    "application/pdf",
    "application/x-tar",
    "application/zip",
    "application/zstd",
    "audio/mpeg",
}
"""Types whose files needn't begin with their signature."""

_MEDIA = re.compile(r"[a-z0-9][a-z0-9.+-]*/(\*|[a-z0-9][a-z0-9.+-]*)\Z")


def canonical(media: str) -> str:
    """The one name of a media type, lower case; raises ValueError where `media` is none."""
    name = media.strip().lower()
    if not _MEDIA.match(name):
        raise ValueError(f"not a media type: {media!r} (expected something like text/csv or audio/*)")
    return _ALIASES.get(name, name)


def covers(wanted: str | None, given: str | None) -> bool:
    """Whether a file of media type `given` may go where `wanted` is asked for (None is any file)."""
    if wanted is None or wanted == given:
        return True
    return given is not None and wanted.endswith("/*") and given.startswith(wanted[:-1])


def of_name(name: str) -> str | None:
    """The media type that a file's extension stands for, or None for an unknown one."""
    return _BY_EXTENSION.get(name.rpartition(".")[2].lower()) if "." in name else None


def extension(media: str | None) -> str:
    """The usual extension for `media` with its dot, or an empty text."""
    if media is None or media.endswith("/*"):
        return ".txt" if media == "text/*" else ""
    if media in _PREFERRED_EXTENSION:
        return "." + _PREFERRED_EXTENSION[media]
    return next(("." + suffix for suffix, known in _BY_EXTENSION.items() if known == media), "")


def sniff(head: bytes) -> str | None:
    """The media type that a file's first bytes show without doubt, or None."""
    return next((media for media, magic in _SIGNATURES.items() if re.match(magic, head, re.DOTALL)), None)


def is_text(head: bytes) -> bool:
    """Whether the bytes are UTF-8 text, but for a character that is cut off at their end."""
    if b"\0" in head:
        return False
    try:
        head.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start >= len(head) - 3
    return True


def is_textual(media: str) -> bool:
    """Whether files of this media type hold text."""
    return media.startswith("text/") or media in {
        "application/json",
        "application/jsonl",
        "application/toml",
        "application/x-subrip",
        "application/xml",
        "application/yaml",
        "image/svg+xml",
    }


def refutes(head: bytes, media: str) -> str | None:
    """Why a file that begins with `head` can't be of type `media`, or None where it may be."""
    shown = sniff(head)
    if is_textual(media):
        if shown is not None:
            return f"its content is {shown}"
        return "it holds NUL bytes, so it isn't text" if b"\0" in head else None
    if shown == "audio/mpeg" and media.startswith("audio/"):
        return None  # an ID3 tag, which may stand before any sound
    if shown is not None:
        known = media in _SIGNATURES or (media.endswith("/*") and shown not in _CARRIERS)
        return f"its content is {shown}" if known and not covers(media, shown) else None
    if media not in _SIGNATURES or media in _MAY_BEGIN_OTHERWISE:
        return None
    return _unlike(head, media)


def _unlike(head: bytes, media: str) -> str | None:
    if not head:
        return "it is empty"
    return "its content is text" if is_text(head) else f"it doesn't begin as {media} does"
