"""What an action's key covers, and what it doesn't."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from tests.engine.types.strategies import sampled
from tests.engine.values.strategies import values

from shunter.engine.actions.image import ArchivedImage, Image, PulledImage, image_platform
from shunter.engine.actions.key import Platforms, action_key, key_parts
from shunter.engine.actions.model import (
    Action,
    Ambient,
    CachePolicy,
    Command,
    Limits,
    Network,
    Prepared,
    Returns,
)
from shunter.engine.digest import Digest, digest_bytes, digest_json
from shunter.engine.types import parse_type
from shunter.engine.values import Directory, File, Value


def _machine(name: bytes) -> Platforms:
    def platform(image: Image | None) -> Digest:
        return digest_bytes(name) if image is None else image_platform(image)

    return platform


PLATFORM = _machine(b"this machine")
ELSEWHERE = _machine(b"another machine")
IMAGE = PulledImage("docker.io/library/debian", "sha256:" + "1" * 64)
FILE = File("a.txt", digest_bytes(b"hello"), 5)
ENVIRONMENT = Action(
    "packages of m",
    digest_bytes(b"environment"),
    {"requirements": "six==1.16\n"},
    Command(("/bin/sh",)),
    Returns(parse_type("Directory")),
    network=Network.HOST,
)
ACTION = Action(
    "m.f",
    digest_bytes(b"function"),
    {"file": FILE, "options": {"deep": (1, "x")}},
    Command(("run",)),
    Returns(parse_type("str")),
    prepared=(Prepared("/env", ENVIRONMENT),),
)
KEY = action_key(ACTION, PLATFORM)


def _with_file(**changes: object) -> Action:
    fields = {"name": FILE.name, "digest": FILE.digest, "size": FILE.size, **changes}
    return replace(ACTION, arguments={**ACTION.arguments, "file": File(**fields)})  # type: ignore[arg-type]


CHANGES: dict[str, Callable[[], Action]] = {
    "another function": lambda: replace(ACTION, identity=digest_bytes(b"other")),
    "another content": lambda: _with_file(digest=digest_bytes(b"jello")),
    "another file name": lambda: _with_file(name="b.txt"),
    "the executable bit": lambda: _with_file(executable=True),
    "a folder for the file": lambda: replace(
        ACTION, arguments={**ACTION.arguments, "file": Directory(FILE.digest)}
    ),
    "another value": lambda: replace(ACTION, arguments={**ACTION.arguments, "options": {"deep": (1, "y")}}),
    "a number of another kind": lambda: replace(
        ACTION, arguments={**ACTION.arguments, "options": {"deep": (1.0, "x")}}
    ),
    "another parameter": lambda: replace(
        ACTION, arguments={"other": FILE, "options": ACTION.arguments["options"]}
    ),
    "data that looks like a file": lambda: replace(
        ACTION,
        arguments={**ACTION.arguments, "file": {"$file": FILE.digest}},
    ),
    "another type of result": lambda: replace(ACTION, returns=Returns(parse_type("Json"))),
    "network": lambda: replace(ACTION, network=Network.HOST),
    "a host": lambda: replace(ACTION, network=Network.PROXY, hosts=("a.org",)),
    "no environment": lambda: replace(ACTION, prepared=()),
    "another environment": lambda: replace(
        ACTION,
        prepared=(Prepared("/env", replace(ENVIRONMENT, arguments={"requirements": "six==1.17\n"})),),
    ),
    "an image": lambda: replace(ACTION, image=IMAGE),
    "another place for the environment": lambda: replace(ACTION, prepared=(Prepared("/other", ENVIRONMENT),)),
}


@pytest.mark.parametrize("change", list(CHANGES))
def test_the_key_changes_with(change: str) -> None:
    assert action_key(CHANGES[change](), PLATFORM) != KEY


def test_the_key_changes_with_the_hosts() -> None:
    one = replace(ACTION, network=Network.PROXY, hosts=("a.org",))
    keys = [action_key(replace(one, hosts=hosts), PLATFORM) for hosts in (("a.org",), ("b.org",))]
    assert keys[0] != keys[1]


def test_hosts_and_the_network_belong_together() -> None:
    with pytest.raises(ValueError, match="hosts belong to the network proxy"):
        replace(ACTION, hosts=("a.org",))
    with pytest.raises(ValueError, match="hosts belong to the network proxy"):
        replace(ACTION, network=Network.PROXY)


def test_the_key_changes_with_the_platform() -> None:
    assert action_key(ACTION, ELSEWHERE) != KEY


def test_an_environment_has_another_key_on_another_platform_too() -> None:
    there = key_parts(ACTION, ELSEWHERE)["environment"]
    assert there != key_parts(ACTION, PLATFORM)["environment"]


def test_in_an_image_the_key_is_the_same_on_another_machine() -> None:
    inside = replace(ACTION, image=IMAGE, prepared=(Prepared("/env", replace(ENVIRONMENT, image=IMAGE)),))
    assert action_key(inside, ELSEWHERE) == action_key(inside, PLATFORM)


def test_the_key_changes_with_the_content_of_the_image_and_not_with_where_it_comes_from() -> None:
    images: list[Image] = [
        IMAGE,
        replace(IMAGE, repository="mirror.example/debian"),
        replace(IMAGE, digest="sha256:" + "2" * 64),
        ArchivedImage(FILE),
        ArchivedImage(replace(FILE, name="renamed.tar")),
    ]
    keys = [action_key(replace(ACTION, image=image), PLATFORM) for image in images]
    assert keys[0] == keys[1]
    assert keys[3] == keys[4]
    assert len(set(keys)) == 3


SAME: dict[str, Callable[[], Action]] = {
    "the label": lambda: replace(ACTION, label="another"),
    "the caller's settings": lambda: replace(ACTION, ambient=Ambient({"UV_INDEX": "x"}, {"/x": "/y"})),
    "the environment's own settings": lambda: replace(
        ACTION, prepared=(Prepared("/env", replace(ENVIRONMENT, ambient=Ambient({"UV_INDEX": "x"}))),)
    ),
    "the environment's label": lambda: replace(
        ACTION, prepared=(Prepared("/env", replace(ENVIRONMENT, label="x")),)
    ),
    "limits": lambda: replace(ACTION, limits=Limits(seconds=1.0)),
    "how long a result is kept": lambda: replace(ACTION, cache=CachePolicy.TTL, ttl=3.0),
    "the order of the arguments": lambda: replace(
        ACTION, arguments=dict(reversed(list(ACTION.arguments.items())))
    ),
}


@pytest.mark.parametrize("change", list(SAME))
def test_the_key_does_not_change_with(change: str) -> None:
    assert action_key(SAME[change](), PLATFORM) == KEY


@sampled
@given(values, values)
def test_different_arguments_have_different_keys(first: Value, second: Value) -> None:
    keys = [action_key(replace(ACTION, arguments={"x": value}), PLATFORM) for value in (first, second)]
    assert (keys[0] == keys[1]) is (repr(first) == repr(second) or _encoded(first) == _encoded(second))


def _encoded(value: Value) -> object:
    """Records without the order of their fields; numbers with their kind."""
    if isinstance(value, dict):
        return {name: _encoded(item) for name, item in value.items()}
    if isinstance(value, tuple):
        return [_encoded(item) for item in value]
    return repr(value)


def test_the_key_is_the_same_in_every_process() -> None:
    code = f"""
from tests.engine.actions.test_key import ACTION, PLATFORM, action_key
assert action_key(ACTION, PLATFORM) == {KEY!r}, action_key(ACTION, PLATFORM)
"""
    path = [entry for entry in sys.path if entry]
    for seed in ("1", "2"):
        environment = {"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(path)}
        subprocess.run([sys.executable, "-c", code], check=True, env=environment)


def test_a_digest_is_blake3_in_hexadecimal() -> None:
    assert digest_bytes(b"") == Digest("af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262")
    assert digest_json({"b": 1, "a": "é"}) == digest_bytes(b'{"a":"\\u00e9","b":1}')


def test_the_callers_settings_are_never_shown() -> None:
    ambient = Ambient({"UV_INDEX": "https://user:hunter2@host"}, {"/x": "/home/me"}, frozenset({"hunter2"}))
    assert repr(ambient) == "Ambient()"
    assert "hunter2" not in repr(replace(ACTION, ambient=ambient))
