"""Archives of images whose bytes follow from their content alone.

What is written is an OCI layout with the `manifest.json` of `docker save` beside it, so that new and old
engines read it.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import tarfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shunter.sdk import Directory, Failure, File, output

from .base import Base, Blob, read_base
from .layer import write_layer

_MANIFEST = "application/vnd.oci.image.manifest.v1+json"
_CONFIG = "application/vnd.oci.image.config.v1+json"
_UNFIT = re.compile(r"[^a-z0-9._-]+")


@dataclass(frozen=True)
class Configuration:
    """What the new image sets: variables as NAME=VALUE, and the command that it starts."""

    variables: list[str]
    command: list[str]


def build_image(
    folder: Directory, base: File | None, path: str, configuration: Configuration, name: str
) -> File:
    """The archive `name` with the image; raises Failure where `base` is no image."""
    target = output(name)
    scratch = Path(f"{target}.parts")
    scratch.mkdir()
    try:
        below = Base.nothing() if base is None else read_base(base, scratch)
        layer = write_layer(folder, path, scratch / "layer.tar")
        document = _config(below, layer, configuration)
        _write(target, [*below.layers, layer], document, _tag(name))
    finally:
        shutil.rmtree(scratch)
    return File(target)


def _config(below: Base, layer: Blob, configuration: Configuration) -> bytes:
    given = dict(below.config)
    process: dict[str, Any] = dict(given.get("config") or {})
    variables: dict[str, str] = {}
    for each in [*(process.get("Env") or []), *configuration.variables]:
        key, _, value = str(each).partition("=")
        variables[key] = value
    process["Env"] = [f"{key}={value}" for key, value in variables.items()]
    if configuration.command:
        process["Cmd"] = configuration.command
        process.pop("Entrypoint", None)
    given["config"] = process
    given["rootfs"] = {"type": "layers", "diff_ids": [*below.diff_ids, f"sha256:{layer.digest}"]}
    given.pop("history", None)
    given["created"] = "1970-01-01T00:00:00Z"
    return json.dumps(given, sort_keys=True, separators=(",", ":")).encode()


def _write(target: Path, layers: list[Blob], config: bytes, tag: str) -> None:
    manifest = _json(
        {
            "schemaVersion": 2,
            "mediaType": _MANIFEST,
            "config": _descriptor(_CONFIG, config),
            "layers": [
                {"mediaType": blob.media_type, "digest": f"sha256:{blob.digest}", "size": blob.size}
                for blob in layers
            ],
        }
    )
    named = {"annotations": {"org.opencontainers.image.ref.name": tag.rpartition(":")[2]}}
    index = {"schemaVersion": 2, "manifests": [{**_descriptor(_MANIFEST, manifest), **named}]}
    saved = [
        {
            "Config": f"blobs/sha256/{_digest(config)}",
            "RepoTags": [tag],
            "Layers": [f"blobs/sha256/{blob.digest}" for blob in layers],
        }
    ]
    with tarfile.open(target, "w", format=tarfile.PAX_FORMAT) as archive:
        _add_bytes(archive, "oci-layout", b'{"imageLayoutVersion":"1.0.0"}')
        _add_bytes(archive, "index.json", _json(index))
        _add_bytes(archive, "manifest.json", _json(saved))
        for document in (config, manifest):
            _add_bytes(archive, f"blobs/sha256/{_digest(document)}", document)
        for blob in {blob.digest: blob for blob in layers}.values():
            info = tarfile.TarInfo(f"blobs/sha256/{blob.digest}")
            info.size = blob.size
            with blob.path.open("rb") as source:
                archive.addfile(info, source)


def _add_bytes(archive: tarfile.TarFile, name: str, content: bytes) -> None:
    import io

    info = tarfile.TarInfo(name)
    info.size = len(content)
    archive.addfile(info, io.BytesIO(content))


def _descriptor(media_type: str, content: bytes) -> dict[str, Any]:
    return {"mediaType": media_type, "digest": f"sha256:{_digest(content)}", "size": len(content)}


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _json(data: Any) -> bytes:
    return json.dumps(data, sort_keys=True, separators=(",", ":")).encode()


def _tag(name: str) -> str:
    """A tag of the archive's name, in what tags may be made of."""
    stem = _UNFIT.sub("-", name.lower().removesuffix(".tar")).strip("-._")
    if not stem:
        raise Failure(f"the archive can't be called {name!r}; expected a name such as tool.tar")
    return f"{stem}:latest"
