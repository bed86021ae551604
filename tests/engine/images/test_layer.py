"""A layer's tar as data: what is kept, and what a hostile one is refused for."""

from __future__ import annotations

import gzip
import io
import tarfile
from collections.abc import Callable

import pytest
import zstandard
from tests.engine.images.making import Entry, file, folder, hardlink, layer, sha256, symlink

from shunter.engine.errors import ImageUnavailable
from shunter.engine.images.layer import Layer, inside, read_layer
from shunter.engine.store.local import LocalStore
from shunter.engine.store.tree import FileEntry, FolderEntry, LinkEntry
from shunter.engine.values import File


def _read(store: LocalStore, content: bytes, *, packed: bytes | None = None, most: int = 1 << 30) -> Layer:
    source = io.BytesIO(content if packed is None else packed)
    return read_layer(source, sha256(content), store, what="the layer", most=most)


def _text(store: LocalStore, entry: object) -> bytes:
    assert isinstance(entry, FileEntry)
    with store.open(File("file", entry.digest, entry.size, entry.executable)) as stream:
        return stream.read()


def test_files_folders_and_links_are_kept(store: LocalStore) -> None:
    read = _read(
        store,
        layer(
            folder("./bin/"),
            file("bin/tool", "run", mode=0o4755, owner=1234),
            hardlink("bin/same", "bin/tool"),
            symlink("bin/link", "tool"),
            file("/etc/deep/conf", "x"),
            folder("empty"),
            file("big", b"b" * (3 << 20)),
        ),
    )
    assert {path: type(entry) for path, entry in read.entries.items()} == {
        "bin": FolderEntry,
        "bin/tool": FileEntry,
        "bin/same": FileEntry,
        "bin/link": LinkEntry,
        "etc": FolderEntry,
        "etc/deep": FolderEntry,
        "etc/deep/conf": FileEntry,
        "empty": FolderEntry,
        "big": FileEntry,
    }
    assert read.entries["bin/tool"] == read.entries["bin/same"]
    assert _text(store, read.entries["bin/tool"]) == b"run"
    assert len(_text(store, read.entries["big"])) == 3 << 20
    executables = [path for path, entry in read.entries.items() if getattr(entry, "executable", False)]
    assert sorted(executables) == ["bin/same", "bin/tool"]


def test_names_that_are_no_utf8_and_long_ones_are_kept(store: LocalStore) -> None:
    long = "/".join(["d" * 90] * 4) + "/" + "n" * 200
    read = _read(store, layer(file("caf\udce9", "x"), file(long, "y"), file("two\nlines", "z")))
    assert {"caf\udce9", long, "two\nlines"} <= read.entries.keys()


@pytest.mark.parametrize("pack", [gzip.compress, lambda data: zstandard.compress(data)])
def test_a_packed_layer_is_the_same(store: LocalStore, pack: Callable[[bytes], bytes]) -> None:
    content = layer(file("a", "hello"))
    assert _read(store, content, packed=pack(content)) == _read(store, content)


def test_whiteouts_are_no_files(store: LocalStore) -> None:
    read = _read(
        store, layer(file("a/.wh.gone"), file("b/.wh..wh..opq"), file(".wh.top"), file(".wh..wh.plnk/1"))
    )
    assert read.whiteouts == {"a/gone", "top"}
    assert read.opaque == {"b"}
    assert not any(".wh." in path for path in read.entries if "plnk" not in path)


def test_devices_and_pipes_are_left_out(store: LocalStore) -> None:
    odd = [
        Entry("dev/null", kind=tarfile.CHRTYPE),
        Entry("dev/sda", kind=tarfile.BLKTYPE),
        Entry("pipe", kind=tarfile.FIFOTYPE),
    ]
    read = _read(store, layer(*odd, file("a", "x")))
    assert read.left_out == ["dev/null", "dev/sda", "pipe"]
    assert "a" in read.entries
    assert "pipe" not in read.entries


HOSTILE = {
    "a path that climbs": ([file("a/../../etc/passwd", "x")], "leads out of it"),
    "a file below a symlink": (
        [symlink("a", "/etc"), file("a/passwd", "x")],
        "something below 'a', which is a symlink",
    ),
    "a file far below a symlink": (
        [folder("b"), symlink("b/a", ".."), file("b/a/c/d", "x")],
        "something below 'b/a', which is a symlink",
    ),
    "a file below a file": ([file("a", "x"), file("a/b", "y")], "something below 'a', which is a file"),
    "a file below a hard link": (
        [hardlink("a", "etc/motd"), file("a/b", "y")],
        "something below 'a', which is a file",
    ),
    "a folder that becomes a hard link": (
        [folder("a"), hardlink("a", "etc/motd")],
        "'a' is a folder in it, and something else",
    ),
    "a hard link that climbs": ([hardlink("a", "../../etc/shadow")], "leads out of it"),
    "a hard link to a folder": ([folder("b"), hardlink("a", "b")], "a hard link to 'b'"),
    "a folder that becomes a symlink": (
        [folder("a"), file("a/b", "x"), symlink("a", "/etc")],
        "'a' is a folder in it, and something else",
    ),
    "a whiteout of the folder above": ([file("a/.wh..")], "removes nothing that can be named"),
    "a whiteout of nothing": ([file(".wh.")], "removes nothing that can be named"),
    "a header of megabytes": (
        [file("a", "x", headers={"comment": "c" * (3 << 20)})],
        "a header claims to be longer than 1048576 bytes",
    ),
    "a name that no folder can hold": ([file("é" * 200, "x")], "has a part of more than 255 bytes"),
    "folders without end": ([file("/".join(["d"] * 300), "x")], "more than 256 folders deep"),
}


@pytest.mark.parametrize("name", list(HOSTILE))
def test_a_hostile_layer_is_refused(store: LocalStore, name: str) -> None:
    entries, said = HOSTILE[name]
    with pytest.raises(ImageUnavailable, match="the layer can't be read: ") as caught:
        _read(store, layer(*entries))
    assert said in caught.value.message


def test_a_bomb_is_stopped_before_it_goes_off(store: LocalStore) -> None:
    content = layer(file("zeros", bytes(8 << 20)))
    with pytest.raises(ImageUnavailable, match="unpacked it has more than 1048576 bytes"):
        _read(store, content, packed=gzip.compress(content), most=1 << 20)


def test_a_sparse_giant_is_refused(store: LocalStore) -> None:
    giant = {
        "GNU.sparse.major": "0",
        "GNU.sparse.minor": "1",
        "GNU.sparse.map": "0,1",
        "GNU.sparse.size": str(1 << 50),
    }
    with pytest.raises(ImageUnavailable, match="claims to have 1125899906842624 bytes"):
        _read(store, layer(file("giant", "x", headers={**giant, "GNU.sparse.name": "giant"})))


def test_a_chain_of_headers_without_end_is_refused(store: LocalStore) -> None:
    link = tarfile.TarInfo("././@LongLink")
    link.type, link.size = tarfile.GNUTYPE_LONGNAME, 1
    content = (link.tobuf() + b"a".ljust(512, b"\0")) * 5000
    with pytest.raises(ImageUnavailable, match="nested too deeply"):
        _read(store, content)


@pytest.mark.parametrize("cut", [100, 700, 1600])
def test_a_layer_that_ends_too_early_is_refused(store: LocalStore, cut: int) -> None:
    content = layer(file("a", "x" * 600), file("b", "y" * 600))
    with pytest.raises(ImageUnavailable, match="the layer"):
        read_layer(io.BytesIO(content[:cut]), sha256(content), store, what="the layer")


def test_a_damaged_pack_is_refused(store: LocalStore) -> None:
    content = layer(file("a", "x" * 600))
    for packed in (gzip.compress(content), zstandard.compress(content)):
        for damaged in (packed[:-9], packed[:20] + b"???" + packed[23:]):
            with pytest.raises(ImageUnavailable, match="the layer"):
                _read(store, content, packed=damaged)


def test_another_packing_is_named(store: LocalStore) -> None:
    import bz2

    content = layer(file("a", "x"))
    with pytest.raises(ImageUnavailable, match="packed with bzip2, and only gzip and zstd can be read"):
        _read(store, content, packed=bz2.compress(content))


def test_content_that_differs_from_its_digest_is_refused(store: LocalStore) -> None:
    content = layer(file("a", "x"))
    with pytest.raises(ImageUnavailable, match="isn't what its digest says: expected sha256:000"):
        read_layer(io.BytesIO(content), "sha256:" + "0" * 64, store, what="the layer")


def test_what_follows_the_end_of_the_tar_counts_for_the_digest(store: LocalStore) -> None:
    content = layer(file("a", "x")) + b"more"
    assert set(_read(store, content).entries) == {"a"}


@pytest.mark.parametrize(
    ("path", "target", "kept"),
    [
        ("a", "b", "b"),
        ("bin/sh", "/bin/busybox", "../bin/busybox"),
        ("a", "/", "."),
        ("a/b", "/", "../"),
        ("usr/lib/x", "../../lib/y", "../../lib/y"),
        ("usr/x", "../../../etc/y", "../etc/y"),
        ("x", "../..", "."),
        ("x", "/../../etc", "etc"),
        ("a/b/c", "..", ".."),
        ("a/b", "c/../../../d", "../d"),
    ],
)
def test_a_symlink_leads_where_it_would_lead_in_the_image(path: str, target: str, kept: str) -> None:
    assert inside(path, target).rstrip("/") == kept.rstrip("/")


def test_a_hard_link_to_what_a_lower_layer_may_have_is_kept_as_such(store: LocalStore) -> None:
    read = _read(
        store,
        layer(
            hardlink("a", "/etc/motd"),
            hardlink("b", "a"),
            hardlink("c", "etc/motd"),
            file("c", "own"),
            file("d", "own"),
            hardlink("d", "etc/motd"),
            hardlink("e", "e"),
        ),
    )
    assert read.links == {"a": "etc/motd", "b": "etc/motd", "d": "etc/motd"}
    assert set(read.entries) == {"c"}
