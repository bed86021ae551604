"""Images from archives, unpacked into a store."""

from __future__ import annotations

import asyncio
import gzip
import json
from collections.abc import Callable

import pytest
import zstandard
from tests.engine.images.making import (
    ARCHITECTURE,
    Made,
    docker_archive,
    file,
    folder,
    hardlink,
    image,
    index,
    layer,
    manifest,
    oci_archive,
    sha256,
    symlink,
)

from shunter.engine.actions.image import ArchivedImage
from shunter.engine.errors import ImageUnavailable
from shunter.engine.images.images import ImageRoot, Images, image_key
from shunter.engine.store.local import LocalStore

BASE = layer(folder("etc"), file("etc/motd", "hello"), file("etc/old", "x"), symlink("link", "/etc/motd"))
UPPER = layer(file("etc/.wh.old"), file("bin/tool", "#!/bin/sh\n", mode=0o755))
MADE = image(BASE, UPPER, env=["PATH=/bin", "EMPTY=", "=x", "NAME=a=b"])
ARCHIVES: dict[str, Callable[[Made], bytes]] = {
    "docker": docker_archive,
    "oci": oci_archive,
    "oci with zstd": lambda made: oci_archive(made, zstandard.compress),
    "oci, not packed": lambda made: oci_archive(made, lambda content: content),
    "docker in gzip": lambda made: gzip.compress(docker_archive(made)),
    "oci in zstd": lambda made: zstandard.compress(oci_archive(made)),
}


def _root(store: LocalStore, archive: bytes, name: str = "image.tar") -> ImageRoot:
    return asyncio.run(Images(store).root(ArchivedImage(store.put_bytes(archive, name))))


def _paths(store: LocalStore, root: ImageRoot) -> list[str]:
    return [path for path, _ in store.get_tree(root.directory).entries]


def _refusal(store: LocalStore, archive: bytes) -> str:
    with pytest.raises(ImageUnavailable) as caught:
        _root(store, archive)
    return caught.value.message


@pytest.mark.parametrize("kind", list(ARCHIVES))
def test_every_kind_of_archive_gives_the_same_root(store: LocalStore, kind: str) -> None:
    root = _root(store, ARCHIVES[kind](MADE))
    assert _paths(store, root) == ["bin", "bin/tool", "etc", "etc/motd", "link"]
    assert root.directory == _root(store, docker_archive(MADE), "other.tar").directory
    assert root.variables == (("PATH", "/bin"), ("EMPTY", ""), ("NAME", "a=b"))
    assert (store.tree_path(root.directory) / "link").read_text() == "hello"


def test_a_layer_that_is_there_is_not_unpacked_again(store: LocalStore) -> None:
    _root(store, docker_archive(MADE))
    other = image(BASE, layer(file("more", "x")))
    broken = docker_archive(Made([b"gone" * 128, other.layers[1]], other.config))
    assert _paths(store, _root(store, broken)) == ["etc", "etc/motd", "etc/old", "link", "more"]


def test_an_image_that_is_there_is_not_read_again(store: LocalStore) -> None:
    archived = ArchivedImage(store.put_bytes(docker_archive(MADE), "image.tar"))
    first = asyncio.run(Images(store).root(archived))
    store.blob_path(archived.archive).unlink()
    assert asyncio.run(Images(store).root(archived)) == first


def test_an_image_whose_files_are_gone_is_unpacked_again(store: LocalStore) -> None:
    archived = ArchivedImage(store.put_bytes(docker_archive(MADE), "image.tar"))
    first = asyncio.run(Images(store).root(archived))
    for damage in list(store.verify()):
        raise AssertionError(damage)
    tree = store.tree_path(first.directory)
    tree.rename(tree.with_name("away"))
    store.tree_path(first.directory)
    assert (store.tree_path(first.directory) / "etc/motd").read_text() == "hello"


def test_tasks_that_want_the_same_image_unpack_it_once(store: LocalStore) -> None:
    archived = ArchivedImage(store.put_bytes(docker_archive(MADE), "image.tar"))

    async def all_at_once() -> list[ImageRoot]:
        return await asyncio.gather(*(Images(store).root(archived) for _ in range(5)))

    assert len(set(asyncio.run(all_at_once()))) == 1


def test_nothing_is_recorded_of_an_image_that_is_refused(store: LocalStore) -> None:
    import platform

    archived = ArchivedImage(store.put_bytes(docker_archive(Made([BASE, BASE], MADE.config)), "image.tar"))
    with pytest.raises(
        ImageUnavailable, match=r"the layer sha256:.* of image.tar isn't what its digest says"
    ):
        asyncio.run(Images(store).root(archived))
    assert not store.lookup([image_key(archived, platform.machine())])


def test_a_layer_that_is_a_link_in_the_archive_is_followed(store: LocalStore) -> None:
    config = f"{sha256(MADE.config)[7:]}.json"
    listed = [{"Config": config, "RepoTags": None, "Layers": ["a/layer.tar", "b/layer.tar"]}]
    archive = layer(
        file("real/layer.tar", BASE),
        symlink("a/layer.tar", "../real/layer.tar"),
        file("b/layer.tar", UPPER),
        file(config, MADE.config),
        file("manifest.json", json.dumps(listed)),
    )
    assert "etc/motd" in _paths(store, _root(store, archive))


def test_of_a_list_the_image_for_this_machine_is_taken(store: LocalStore) -> None:
    other = image(layer(file("other", "x")), architecture="mips")
    documents: dict[str, bytes] = {}
    blobs: dict[str, bytes] = {}
    for architecture, made in {"mips": other, ARCHITECTURE: MADE}.items():
        documents[architecture], own = manifest(made)
        blobs |= own | {sha256(documents[architecture]): documents[architecture]}
    archive = layer(
        file("index.json", index(documents)),
        *(file("blobs/" + digest.replace(":", "/"), content) for digest, content in blobs.items()),
    )
    assert "etc/motd" in _paths(store, _root(store, archive))


def test_an_image_for_another_machine_is_refused(store: LocalStore) -> None:
    said = _refusal(store, docker_archive(image(BASE, architecture="s390x")))
    assert said == f"image.tar is for linux/s390x, and this machine is linux/{ARCHITECTURE}"
    said = _refusal(store, docker_archive(image(BASE, os_name="windows")))
    assert said == f"image.tar is for windows/{ARCHITECTURE}, and this machine is linux/{ARCHITECTURE}"


def test_two_images_in_one_archive_are_refused(store: LocalStore) -> None:
    said = _refusal(store, docker_archive(MADE, image(BASE)))
    assert said == "image.tar holds 2 images, and nothing says which one is meant"


NO_IMAGES: dict[str, tuple[bytes, str]] = {
    "text": (b"hello " * 1000, "image.tar is no archive of an image: "),
    "nothing": (b"", "image.tar is no archive of an image: "),
    "another tar": (BASE, "image.tar is no archive of an image: it has neither index.json nor manifest.json"),
    "a manifest that is none": (
        layer(file("manifest.json", "{}")),
        "manifest.json of image.tar can't be read: ",
    ),
    "json without end": (
        layer(file("manifest.json", "[" * 100_000)),
        "manifest.json of image.tar can't be read: nested too deeply",
    ),
    "a path that is missing": (
        layer(file("manifest.json", '[{"Config": "../../etc/passwd", "Layers": []}]')),
        "image.tar lacks '../../etc/passwd', which it names itself",
    ),
    "links in a circle": (
        layer(
            symlink("a", "b"),
            symlink("b", "a"),
            file("manifest.json", '[{"Config": "a", "Layers": []}]'),
        ),
        "image.tar lacks 'a', which it names itself",
    ),
    "a digest that is none": (
        layer(file("index.json", '{"manifests": [{"digest": "sha256:../../x", "size": 1}]}')),
        "index.json of image.tar can't be read: manifests.0.digest: string should match",
    ),
    "a giant document": (
        layer(file("manifest.json", b" " * (9 << 20))),
        "manifest.json in image.tar has more than 8388608 bytes",
    ),
}


@pytest.mark.parametrize("name", list(NO_IMAGES))
def test_what_is_no_image_is_refused(store: LocalStore, name: str) -> None:
    content, said = NO_IMAGES[name]
    assert _refusal(store, content).startswith(said)


def test_a_damaged_configuration_is_refused(store: LocalStore) -> None:
    archive = oci_archive(MADE).replace(b'"/nowhere"', b'"/nowhere_')
    assert "isn't what its digest says" in _refusal(store, archive)


def test_more_layers_than_the_configuration_has_are_refused(store: LocalStore) -> None:
    said = _refusal(store, docker_archive(Made([BASE, UPPER, UPPER], MADE.config)))
    assert said == "image.tar lists other layers in its configuration than in its manifest"


def test_layers_are_explained_and_verified_like_any_result(store: LocalStore) -> None:
    root = _root(store, docker_archive(MADE))
    assert list(store.verify()) == []
    blob = next(
        path for path in (store.home / "blobs").rglob("*") if path.is_file() and path.read_bytes() == b"hello"
    )
    blob.chmod(0o644)
    blob.write_bytes(b"jello")
    assert len(list(store.verify())) >= 1
    assert root.directory.digest in {path.name for path in (store.home / "trees").rglob("*")}


def test_a_hard_link_to_a_file_of_a_lower_layer_is_that_file(store: LocalStore) -> None:
    above = layer(folder("usr"), hardlink("usr/motd", "/etc/motd"), file("etc/.wh.motd"))
    root = _root(store, docker_archive(image(BASE, above)))
    assert _paths(store, root) == ["etc", "etc/old", "link", "usr", "usr/motd"]
    assert (store.tree_path(root.directory) / "usr/motd").read_text() == "hello"
    again = _root(store, docker_archive(image(BASE, above, layer(file("more", "x")))))  # from what is known
    assert _paths(store, again) == ["etc", "etc/old", "link", "more", "usr", "usr/motd"]


def test_a_hard_link_to_what_no_layer_has_is_refused(store: LocalStore) -> None:
    told = _refusal(store, docker_archive(image(BASE, layer(hardlink("a", "/etc/shadow")))))
    assert "'a' in it is a hard link to 'etc/shadow', which it doesn't have as a file" in told
