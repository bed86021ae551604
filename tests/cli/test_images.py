"""Modules that run in an image of a registry, from the command line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from tests.cli.conftest import Shunter
from tests.engine.images import registry as registries
from tests.engine.images.making import Made, busybox, file, image, layer

MODULE = """\
[module]
name = "boxed"
version = "0.1.0"
description = "Reads what is in a box."
image = "IMAGE"

[functions.motto]
doc = "Give the motto."
command = ["cat", "/motto"]

[functions.motto.returns]
type = "str"
doc = "The motto."
"""

PLAN = """\
version: 1
steps:
  - {id: motto, call: boxed.motto}
outputs: {motto: {from: motto}}
"""


@pytest.fixture
def registry() -> Iterator[registries.Registry]:
    with registries.running() as running:
        yield running


def _made(motto: str) -> Made:
    return image(busybox(), layer(file("motto", motto)), env=["PATH=/bin"])


@pytest.fixture
def name(registry: registries.Registry, here: Path) -> str:
    """The image that the module in `here` names by a tag."""
    registry.push("box", _made("first"))
    written = f"{registry.host}/box:1"
    folder = here / "modules/boxed"
    folder.mkdir()
    (folder / "module.toml").write_text(MODULE.replace("IMAGE", written))
    (here / "plan.yaml").write_text(PLAN)
    return written


def test_a_tag_is_resolved_once_and_the_plan_keeps_what_it_was(
    shunter: Shunter, here: Path, registry: registries.Registry, name: str
) -> None:
    ran = shunter("run", "plan.yaml", "--output", "out")
    assert (ran.code, ran.err.count("executed")) == (0, 2), ran.err
    kept = yaml.safe_load((here / "out/plan.yaml").read_text())
    assert list(kept["images"]) == [name]
    second = registry.push("box", _made("second"))
    again = shunter("run", "out/plan.yaml", "--json")
    assert json.loads(again.out)["outputs"]["motto"] == "first"
    anew = shunter("run", "plan.yaml", "--output", "new")
    assert anew.code == 0
    assert (here / "new/motto.txt").read_text() == "second\n"
    assert yaml.safe_load((here / "new/plan.yaml").read_text())["images"] == {name: second}


def test_what_ran_once_runs_again_without_the_registry(shunter: Shunter, here: Path) -> None:
    with registries.running() as own:
        own.push("box", _made("first"))
        folder = here / "modules/boxed"
        folder.mkdir()
        (folder / "module.toml").write_text(MODULE.replace("IMAGE", f"{own.host}/box:1"))
        assert shunter("call", "boxed.motto").out == "first\n"
    again = shunter("call", "boxed.motto")
    assert (again.code, again.out) == (0, "first\n"), again.err
    other = (folder / "module.toml").read_text().replace("box:1", "box:2")
    (folder / "module.toml").write_text(other)
    lost = shunter("call", "boxed.motto")
    assert lost.code == 5
    assert f"the registry {own.host} can't be reached" in lost.err
    assert "docker save" in lost.err


def test_an_image_that_is_not_there_is_told_before_anything_runs(
    shunter: Shunter, here: Path, registry: registries.Registry, name: str
) -> None:
    manifest = here / "modules/boxed/module.toml"
    manifest.write_text(manifest.read_text().replace("box:1", "box:9"))
    ran = shunter("run", "plan.yaml")
    assert ran.code == 5
    assert f"{registry.host} has no {registry.host}/box:9" in ran.err
    assert "check the name and the tag" in ran.err


def test_a_digest_that_the_registry_has_not_fails_the_step(
    shunter: Shunter, here: Path, registry: registries.Registry, name: str
) -> None:
    digest = "sha256:" + "0" * 64
    (here / "plan.yaml").write_text(PLAN + f'images: {{"{name}": "{digest}"}}\n')
    ran = shunter("run", "plan.yaml")
    assert ran.code == 1
    assert (
        f"boxed.motto has no image to run in: {registry.host} has no {registry.host}/box@{digest}" in ran.err
    )


def test_a_pin_that_is_no_digest_is_refused(shunter: Shunter, here: Path, name: str) -> None:
    (here / "plan.yaml").write_text(PLAN + f'images: {{"{name}": "latest"}}\n')
    ran = shunter("check", "plan.yaml")
    assert ran.code == 3
    assert "images" in ran.err
