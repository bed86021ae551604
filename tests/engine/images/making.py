"""Images made by hand: layers, configurations, and both kinds of archive."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import os
import platform
import stat
import tarfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from shunter.engine.images.documents import architecture_of

ARCHITECTURE = architecture_of(platform.machine())
BUSYBOX = Path("/bin/busybox")
APPLETS = ("sh", "cat", "echo", "ls", "id", "env", "stat", "readlink", "true", "cp", "mkdir", "touch", "wget")


@dataclass(frozen=True)
class Made:
    """An image's parts: plain layers from the bottom up, and its configuration."""

    layers: Sequence[bytes]
    config: bytes

    @property
    def diff_ids(self) -> list[str]:
        """The layers' digests."""
        return [sha256(layer) for layer in self.layers]


@dataclass
class Entry:
    """A member of a tar; `kind` is one of tarfile's."""

    name: str
    content: bytes = b""
    kind: bytes = tarfile.REGTYPE
    target: str = ""
    mode: int = 0o644
    owner: int = 0
    headers: Mapping[str, str] = field(default_factory=dict)


def sha256(content: bytes) -> str:
    """As registries write it."""
    return "sha256:" + hashlib.sha256(content).hexdigest()


def file(name: str, content: bytes | str = b"", **more: object) -> Entry:
    """A regular file."""
    data = content.encode() if isinstance(content, str) else content
    return Entry(name, data, **more)  # type: ignore[arg-type]


def folder(name: str) -> Entry:
    """A folder."""
    return Entry(name, kind=tarfile.DIRTYPE, mode=0o755)


def symlink(name: str, target: str) -> Entry:
    """A symlink."""
    return Entry(name, kind=tarfile.SYMTYPE, target=target, mode=0o777)


def hardlink(name: str, target: str) -> Entry:
    """A hard link."""
    return Entry(name, kind=tarfile.LNKTYPE, target=target)


def gzipped(content: bytes) -> bytes:
    """Packed, the same whenever it is."""
    return gzip.compress(content, mtime=0)


def layer(*entries: Entry) -> bytes:
    """A tar with these members."""
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w", format=tarfile.PAX_FORMAT) as tar:
        for entry in entries:
            member = tarfile.TarInfo(entry.name)
            member.type, member.linkname, member.mode = entry.kind, entry.target, entry.mode
            member.uid = member.gid = entry.owner
            member.pax_headers = dict(entry.headers)
            member.size = len(entry.content) if entry.kind == tarfile.REGTYPE else 0
            tar.addfile(member, io.BytesIO(entry.content))
    return target.getvalue()


def image(
    *layers: bytes, env: Iterable[str] = (), architecture: str = ARCHITECTURE, os_name: str = "linux"
) -> Made:
    """An image of plain layers."""
    config = {
        "architecture": architecture,
        "os": os_name,
        "config": {"Env": list(env), "WorkingDir": "/nowhere", "User": "0"},
        "rootfs": {"type": "layers", "diff_ids": [sha256(each) for each in layers]},
    }
    return Made(layers, json.dumps(config).encode())


def docker_archive(*images: Made, tag: str = "made:1") -> bytes:
    """What `docker save` wrote before Engine 25."""
    members: dict[str, bytes] = {}
    listed = []
    for made in images:
        paths = [f"{sha256(each)[7:]}/layer.tar" for each in made.layers]
        config = f"{sha256(made.config)[7:]}.json"
        members |= dict(zip(paths, made.layers, strict=True)) | {config: made.config}
        listed.append({"Config": config, "RepoTags": [tag], "Layers": paths})
    members["manifest.json"] = json.dumps(listed).encode()
    return layer(*(file(name, content) for name, content in members.items()))


def manifest(made: Made, pack: Callable[[bytes], bytes] = gzipped) -> tuple[bytes, dict[str, bytes]]:
    """An OCI manifest, and the blobs that it names, by digest."""
    packed = [pack(each) for each in made.layers]
    blobs = {sha256(content): content for content in (*packed, made.config)}
    document = {
        "schemaVersion": 2,
        "mediaType": "application/vnd.oci.image.manifest.v1+json",
        "config": _descriptor(made.config, "application/vnd.oci.image.config.v1+json"),
        "layers": [_descriptor(each, "application/vnd.oci.image.layer.v1.tar+gzip") for each in packed],
    }
    return json.dumps(document).encode(), blobs


def index(manifests: Mapping[str, bytes]) -> bytes:
    """An OCI index of manifests by architecture."""
    entries = [
        {
            **_descriptor(content, "application/vnd.oci.image.manifest.v1+json"),
            "platform": {"os": "linux", "architecture": architecture},
        }
        for architecture, content in manifests.items()
    ]
    return json.dumps(
        {
            "schemaVersion": 2,
            "mediaType": "application/vnd.oci.image.index.v1+json",
            "manifests": entries,
        }
    ).encode()


def oci_archive(made: Made, pack: Callable[[bytes], bytes] = gzipped) -> bytes:
    """A tar of an OCI layout with one image."""
    document, blobs = manifest(made, pack)
    blobs[sha256(document)] = document
    top = {
        "schemaVersion": 2,
        "manifests": [_descriptor(document, "application/vnd.oci.image.manifest.v1+json")],
    }
    return layer(
        file("oci-layout", '{"imageLayoutVersion": "1.0.0"}'),
        file("index.json", json.dumps(top)),
        *(file("blobs/" + digest.replace(":", "/"), content) for digest, content in blobs.items()),
    )


def busybox() -> bytes:
    """A layer with a shell; skips the test where Debian's busybox-static isn't there."""
    if not BUSYBOX.is_file() or not _is_static(BUSYBOX):
        pytest.skip("no static /bin/busybox: apt-get install busybox-static")
    return layer(
        folder("bin"),
        file("bin/busybox", BUSYBOX.read_bytes(), mode=0o755),
        *(symlink(f"bin/{name}", "/bin/busybox") for name in APPLETS),
    )


def _is_static(program: Path) -> bool:
    """Whether it needs no loader: ELF without a PT_INTERP segment."""
    content = program.read_bytes()
    return stat.S_ISREG(os.stat(program).st_mode) and b"ld-linux" not in content[:4096]


def _descriptor(content: bytes, kind: str) -> dict[str, object]:
    return {"mediaType": kind, "digest": sha256(content), "size": len(content)}
