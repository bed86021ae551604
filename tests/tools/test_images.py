"""Images that modules name, from the manifest to the action."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.tools.yard import ABOUT, command_folder, module_folder

from shunter.engine.actions.image import ArchivedImage, PulledImage
from shunter.engine.actions.model import Action
from shunter.engine.digest import digest_bytes
from shunter.engine.store.local import LocalStore
from shunter.engine.values import File, Value
from shunter.tools.catalogue import Catalogue
from shunter.tools.errors import ManifestError, ModuleError, SourceError
from shunter.tools.images import registry_images
from shunter.tools.lowering import IMAGE_PYTHON_COMMAND, CatalogueLowering

DEBIAN = PulledImage("docker.io/library/debian", "sha256:" + "1" * 64)
OTHER = PulledImage("docker.io/library/python", "sha256:" + "2" * 64)
PULLED = {"debian:12": DEBIAN, "python:3.12": OTHER}
ARCHIVE = File("image.tar", digest_bytes(b"image"), 5)
IN_DEBIAN = ABOUT + 'image = "debian:12"\n'


def _lowered(folder: Path, store: LocalStore, name: str, **arguments: Value) -> Action:
    catalogue = Catalogue([folder])
    return CatalogueLowering(catalogue, store, PULLED)(catalogue[name], arguments)


def _python(mark: str) -> str:
    return f'from shunter.sdk import function\n\n{mark}\ndef same(text: str) -> str:\n    """Same."""\n    return text\n'


def test_a_function_runs_in_the_image_of_its_module_or_in_its_own(tmp_path: Path, store: LocalStore) -> None:
    plain = command_folder(tmp_path / "plain")
    assert Catalogue([plain]).function("toy.run").image is None
    own = command_folder(tmp_path / "own", image='"python:3.12"')
    assert Catalogue([own]).function("toy.run").image == "python:3.12"
    manifest = (own / "module.toml").read_text()
    (own / "module.toml").write_text(manifest.replace(ABOUT, IN_DEBIAN, 1))
    assert Catalogue([own]).function("toy.run").image == "python:3.12"
    (own / "module.toml").write_text(
        manifest.replace(ABOUT, IN_DEBIAN, 1).replace('"python:3.12"', '"debian:12"')
    )
    assert _lowered(own, store, "toy.run").image == DEBIAN


def test_a_python_function_takes_the_interpreter_of_its_image(tmp_path: Path, store: LocalStore) -> None:
    folder = module_folder(tmp_path, toy_py=_python('@function(image="python:3.12")'))
    action = _lowered(folder, store, "toy.same", text="a")
    assert action.image == OTHER
    assert action.command.argv[: len(IMAGE_PYTHON_COMMAND)] == IMAGE_PYTHON_COMMAND


def test_packages_are_installed_in_the_image_that_uses_them(tmp_path: Path, store: LocalStore) -> None:
    folder = module_folder(
        tmp_path,
        toy_py=_python('@function(image="python:3.12")')
        + "\n\n"
        + _python("@function").replace("same", "host"),
    )
    manifest = folder / "module.toml"
    manifest.write_text(manifest.read_text() + 'packages = ["six==1.16"]\n')
    inside = _lowered(folder, store, "toy.same", text="a").prepared[0].action
    outside = _lowered(folder, store, "toy.host", text="a").prepared[0].action
    assert (inside.image, outside.image) == (OTHER, None)
    assert "/usr/bin/python3" not in " ".join(inside.command.argv)
    assert "/usr/bin/python3" in " ".join(outside.command.argv)


def test_an_archive_is_taken_from_an_argument(tmp_path: Path, store: LocalStore) -> None:
    folder = command_folder(tmp_path, image='"{box}"', parameters='{box = {type = "File"}}')
    action = _lowered(folder, store, "toy.run", box=ARCHIVE)
    assert action.image == ArchivedImage(ARCHIVE)
    assert registry_images([Catalogue([folder]).function("toy.run")]) == []


def test_a_tag_that_nobody_resolved_is_no_image(tmp_path: Path, store: LocalStore) -> None:
    folder = command_folder(tmp_path, image='"debian:13"')
    with pytest.raises(ModuleError, match="toy.run runs in debian:13, which hasn't been resolved"):
        _lowered(folder, store, "toy.run")


@pytest.mark.parametrize(
    ("image", "said"),
    [
        ("Debian:12", "not the name of an image: 'Debian:12'"),
        ("debian@sha256:1", "not a digest: 'sha256:1'"),
        ("", "not the name of an image: ''"),
        ("{box}", "the image is in {box}, which is no parameter of type File"),
        ("{lines}", "the image is in {lines}, which is no parameter of type File"),
    ],
)
def test_what_names_no_image_is_refused(tmp_path: Path, image: str, said: str) -> None:
    folder = command_folder(
        tmp_path, image=f'"{image}"', command='["head", "{lines}"]', parameters='{lines = {type = "int"}}'
    )
    with pytest.raises(ManifestError) as caught:
        Catalogue([folder]).module("toy")
    assert said in caught.value.message
    assert "module.toml" in caught.value.message


def test_an_option_that_is_no_text_is_refused(tmp_path: Path) -> None:
    folder = module_folder(tmp_path, toy_py=_python("@function(image=3)"))
    with pytest.raises(SourceError, match="image is a text such as python:3.12-slim"):
        Catalogue([folder]).module("toy")


def test_a_command_that_is_given_needs_a_program(tmp_path: Path, store: LocalStore) -> None:
    from shunter.engine.values.conform import Mismatch

    folder = command_folder(
        tmp_path, command='["{words}"]', parameters='{words = {type = "list[str]"}, more = {type = "File"}}'
    )
    assert _lowered(folder, store, "toy.run", words=("a", "b"), more=ARCHIVE).command.argv == ("a", "b")
    for words in ((), ("",)):
        with pytest.raises(Mismatch, match="a program"):
            _lowered(folder, store, "toy.run", words=words, more=ARCHIVE)
