"""What a download is called."""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

EXTENSIONS = {
    "application/gzip": ".gz",
    "application/json": ".json",
    "application/jsonl": ".jsonl",
    "application/pdf": ".pdf",
    "application/xhtml+xml": ".html",
    "application/xml": ".xml",
    "application/yaml": ".yaml",
    "application/zip": ".zip",
    "audio/flac": ".flac",
    "audio/mp4": ".m4a",
    "audio/mpeg": ".mp3",
    "audio/ogg": ".ogg",
    "audio/wav": ".wav",
    "audio/x-wav": ".wav",
    "image/gif": ".gif",
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/svg+xml": ".svg",
    "image/webp": ".webp",
    "text/css": ".css",
    "text/csv": ".csv",
    "text/html": ".html",
    "text/javascript": ".js",
    "text/markdown": ".md",
    "text/plain": ".txt",
    "text/vtt": ".vtt",
    "text/xml": ".xml",
    "video/mp4": ".mp4",
    "video/webm": ".webm",
}
"""By media type, the extension that tells it."""

_ALSO = {".htm", ".jpeg", ".oga", ".opus", ".tar", ".tgz", ".toml", ".tsv", ".yml", ".bz2", ".xz", ".bin"}
_KNOWN = {*EXTENSIONS.values(), *_ALSO}
_UNFIT = re.compile(r"[\x00-\x1f\x7f/\\]+")
_VAGUE = "text/plain"
_LONGEST = 120


def file_name(url: str, media: str) -> str:
    """The last part of the URL's path, with an extension that tells what the server says it is."""
    last = unquote(urlsplit(url).path.rstrip("/").rpartition("/")[2])
    name = _UNFIT.sub("_", last).strip(". ")[-_LONGEST:] or "index"
    extension = EXTENSIONS.get(media, "")
    dot = name.rfind(".")
    own = name[dot:].lower() if dot > 0 else ""
    if own in _KNOWN or (own and media == _VAGUE):  # servers say text/plain of what they don't know
        return name
    return name + extension
