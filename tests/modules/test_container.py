"""container: images out of folders, and commands in them."""

from __future__ import annotations

import json
import os
import shutil
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.engine.images.making import (
    busybox,
    docker_archive,
    file,
    image,
    layer,
    oci_archive,
    sha256,
)
from tests.modules.conftest import Call, CallFailed

Write = Callable[[str, str], Path]


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """An image with a shell, as `docker save` writes it."""
    path = tmp_path / "base.tar"
    path.write_bytes(docker_archive(image(busybox(), env=["PATH=/bin", "COLOUR=red"])))
    return path


@pytest.fixture
def folder(tmp_path: Path, write: Write) -> Path:
    write("project/a.txt", "hello\n")
    write("project/bin/tool", "#!/bin/sh\necho tool $COLOUR $SHAPE\n").chmod(0o755)
    (tmp_path / "project/link").symlink_to("a.txt")
    (tmp_path / "project/empty").mkdir()
    return tmp_path / "project"


def _document(archive: Path, name: str) -> object:
    with tarfile.open(archive) as tar:
        stream = tar.extractfile(name)
        assert stream is not None
        return json.load(stream)


def test_a_command_runs_in_an_image(call: Call, base: Path, folder: Path) -> None:
    command = ["sh", "-c", "cat /in/folder/a.txt; ls /; echo $COLOUR"]
    printed = call("container.run", image=base, command=command, folder=folder)
    assert printed.read_text().split() == [
        "hello",
        *("bin", "dev", "etc", "in", "module", "out", "proc", "run", "tmp", "work", "red"),
    ]


def test_a_command_needs_no_folder(call: Call, base: Path) -> None:
    assert (
        call("container.run", image=base, command=["echo", "a b", "{command}"]).read_text()
        == "a b {command}\n"
    )


def test_the_folder_that_a_command_makes_is_kept(call: Call, base: Path, folder: Path) -> None:
    command = ["cp", "-r", "/in/folder", "/out/result"]
    made = call("container.run_for_folder", image=base, command=command, folder=folder)
    assert (made / "a.txt").read_text() == "hello\n"
    assert os.readlink(made / "link") == "a.txt"


def test_no_command_is_refused(call: Call, base: Path) -> None:
    with pytest.raises(CallFailed, match="expected a program, and what it is given, got nothing"):
        call("container.run", image=base, command=[])


def test_what_is_no_image_is_refused(call: Call, tmp_path: Path) -> None:
    path = tmp_path / "other.tar"
    path.write_bytes(layer(file("a", "x")))
    with pytest.raises(CallFailed, match="has no image to run in: other.tar is no archive of an image"):
        call("container.run", image=path, command=["true"])


def test_an_image_that_was_built_on_another_runs(call: Call, base: Path, folder: Path) -> None:
    built = call("container.build", folder=folder, base=base, path="/opt/own", variables=["SHAPE=round"])
    command = ["sh", "-c", "/opt/own/bin/tool; cat /opt/own/link; ls -d /opt/own/empty"]
    assert call("container.run", image=built, command=command).read_text().splitlines() == [
        "tool red round",
        "hello",
        "/opt/own/empty",
    ]


def test_an_image_that_was_built_on_an_oci_layout_runs(call: Call, tmp_path: Path, folder: Path) -> None:
    base = tmp_path / "base.tar"
    base.write_bytes(oci_archive(image(busybox(), env=["PATH=/bin"])))
    built = call("container.build", folder=folder, base=base, variables=["COLOUR=blue"])
    assert call("container.run", image=built, command=["/bin/tool"]).read_text() == "tool blue\n"


def test_an_image_can_be_built_on_nothing_and_on_what_was_built(call: Call, tmp_path: Path) -> None:
    busybox()  # skips where there is none
    (tmp_path / "root/bin").mkdir(parents=True)
    shutil.copy("/bin/busybox", tmp_path / "root/bin/busybox")
    (tmp_path / "root/bin/echo").symlink_to("busybox")
    first = call("container.build", folder=tmp_path / "root")
    assert call("container.run", image=first, command=["/bin/echo", "x"]).read_text() == "x\n"
    (tmp_path / "more").mkdir()
    (tmp_path / "more/note").write_text("n")
    second = call("container.build", folder=tmp_path / "more", base=first, path="notes")
    assert (
        call("container.run", image=second, command=["/bin/busybox", "ls", "/notes"]).read_text() == "note\n"
    )


def test_the_same_content_gives_the_same_bytes(
    call: Call, call_again: Call, base: Path, folder: Path
) -> None:
    first = call("container.build", folder=folder, base=base).read_bytes()
    for path in (folder, folder / "a.txt", base):
        os.utime(path, (1, 1))
    assert call_again("container.build", folder=folder, base=base).read_bytes() == first


def test_old_and_new_readers_find_the_same_image(call: Call, base: Path, folder: Path) -> None:
    built = call("container.build", folder=folder, base=base, command=["/bin/tool", "x"], name="My Tool.tar")
    saved = _document(built, "manifest.json")
    assert isinstance(saved, list)
    assert saved[0]["RepoTags"] == ["my-tool:latest"]
    index = _document(built, "index.json")
    assert isinstance(index, dict)
    manifest = _document(built, "blobs/sha256/" + index["manifests"][0]["digest"][7:])
    assert isinstance(manifest, dict)
    assert saved[0]["Config"] == "blobs/sha256/" + manifest["config"]["digest"][7:]
    assert saved[0]["Layers"] == ["blobs/sha256/" + each["digest"][7:] for each in manifest["layers"]]
    config = _document(built, saved[0]["Config"])
    assert isinstance(config, dict)
    assert config["config"]["Cmd"] == ["/bin/tool", "x"]
    assert config["config"]["Env"] == ["PATH=/bin", "COLOUR=red"]
    with tarfile.open(built) as tar:
        stream = tar.extractfile(saved[0]["Layers"][-1])
        assert stream is not None
        assert sha256(stream.read()) == config["rootfs"]["diff_ids"][-1]


BROKEN = {
    "another tar": (layer(file("a", "x")), "can't be built on: it has neither index.json nor manifest.json"),
    "text": (b"hello", "base.tar is no archive of an image"),
    "for another machine": (
        docker_archive(image(architecture="s390x")),
        "it is for linux/s390x, and this is linux/",
    ),
    "two images": (
        docker_archive(image(), image(layer(file("a", "x")))),
        "it holds 2 images; save one alone",
    ),
    "a layer that is another": (
        docker_archive(image(layer(file("a", "x" * 600)))).replace(b"x" * 600, b"y" * 600),
        "isn't what its digest says",
    ),
    "a document that is none": (
        layer(file("manifest.json", '{"a": 1}')),
        "the documents in base.tar can't be read",
    ),
    "a digest that climbs": (
        layer(file("index.json", '{"manifests": [{"digest": "sha256:../../etc/passwd"}]}')),
        "not a digest",
    ),
}


@pytest.mark.parametrize("name", list(BROKEN))
def test_nothing_is_built_on_what_is_no_image(call: Call, tmp_path: Path, folder: Path, name: str) -> None:
    content, said = BROKEN[name]
    (tmp_path / "base.tar").write_bytes(content)
    with pytest.raises(CallFailed, match=said):
        call("container.build", folder=folder, base=tmp_path / "base.tar")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"variables": ["A"]}, "'A' is no variable; expected NAME=VALUE"),
        ({"variables": ["=A"]}, "'=A' is no variable"),
        ({"path": "a/../../b"}, "leads upwards"),
        ({"name": "???.tar"}, "can't be called"),
        ({"name": "a/b.tar"}, "can't be a file's name"),
    ],
)
def test_what_cannot_be_built_is_told(
    call: Call, folder: Path, arguments: dict[str, object], said: str
) -> None:
    with pytest.raises(CallFailed, match=said):
        call("container.build", folder=folder, **arguments)


def test_a_name_that_would_remove_a_file_below_is_refused(call: Call, folder: Path, write: Write) -> None:
    write("project/.wh.a", "x")
    with pytest.raises(CallFailed, match=r"\.wh\.a would remove a file of the image below"):
        call("container.build", folder=folder)
