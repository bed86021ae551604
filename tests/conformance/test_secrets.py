"""Secrets reach a container as files in memory, and leave it in no form."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from typing import Any

import pytest
from tests.conformance.steps import entries, execute, shell, step, text
from tests.engine.images.making import busybox, docker_archive, image

from shunter.engine.actions.image import ArchivedImage
from shunter.engine.actions.model import Action, Limits, Returns, SecretFile, Stdout
from shunter.engine.executors.promises import Promise
from shunter.engine.executors.protocol import Ending, Executor
from shunter.engine.secrets.redactor import Redactor
from shunter.engine.secrets.revealed import Revealed
from shunter.engine.store.local import LocalStore
from shunter.engine.types import Str
from shunter.engine.values import Secret

pytestmark = pytest.mark.promise(Promise.SECRETS)

VALUE = "hunter22/and more"
KEY = "first line of a key\nsecond line of a key\n"
REVEALED = Revealed(
    {"/run/secrets/token": VALUE.encode(), "/run/secrets/key": KEY.encode()}, Redactor([VALUE, KEY])
)

LOOK = """
import errno, json, os, subprocess

def attempt(what):
    try:
        what()
    except OSError as error:
        return errno.errorcode[error.errno]
    return "ok"

folder = "/run/secrets"
path = folder + "/token"
mounts = [line.split() for line in open("/proc/self/mounts")]
status = os.stat(path)
seen = {
    "names": sorted(os.listdir(folder)),
    "sizes": {name: len(open(f"{folder}/{name}", "rb").read()) for name in os.listdir(folder)},
    "mode": oct(status.st_mode & 0o777),
    "own": status.st_uid == os.getuid(),
    "file system": next(mount[2] for mount in mounts if mount[1] == folder),
    "writing": attempt(lambda: open(path, "r+b")),
    "removing": attempt(lambda: os.unlink(path)),
    "making": attempt(lambda: open(folder + "/new", "w")),
    "descriptors": [number for number in os.listdir("/proc/self/fd") if int(number) > 3],
    "environment": sorted(os.environ),
}
print(json.dumps(seen))
"""


def _with_secrets(action: Action) -> Action:
    files = (SecretFile("token", Secret("env:TOKEN")), SecretFile("key", Secret("env:KEY")))
    return replace(action, secrets=files)


@pytest.fixture(scope="module")
def view(executor: Executor, store: LocalStore) -> dict[str, Any]:
    action = _with_secrets(step("/usr/bin/python3", "-c", LOOK))
    execution = execute(executor, action, secrets=REVEALED)
    assert execution.exit_code == 0, text(store, execution.stderr)
    seen: dict[str, Any] = json.loads(text(store, execution.stdout))
    return seen


def test_a_step_reads_its_secrets_and_nobody_changes_them(view: dict[str, Any]) -> None:
    assert view["names"] == ["key", "token"]
    assert view["sizes"] == {"token": len(VALUE), "key": len(KEY)}
    assert (view["mode"], view["own"]) == ("0o400", True)
    refused = {"EROFS", "EACCES", "EPERM"}
    assert {view[name] for name in ("writing", "removing", "making")} <= refused


def test_they_are_in_memory_and_nothing_else_holds_them(view: dict[str, Any]) -> None:
    assert view["file system"] == "tmpfs"
    assert view["descriptors"] == []
    assert not any("token" in name.lower() for name in view["environment"])


def test_a_step_in_an_image_finds_them_too(executor: Executor, store: LocalStore) -> None:
    own = ArchivedImage(store.put_bytes(docker_archive(image(busybox(), env=("PATH=/bin",))), "image.tar"))
    script = (
        "wc -c < /run/secrets/token; grep ' /run/secrets ' /proc/mounts | cut -d ' ' -f 3; : > /run/secrets/x"
    )
    execution = execute(executor, _with_secrets(shell(script, image=own)), secrets=REVEALED)
    assert text(store, execution.stdout).splitlines() == [str(len(VALUE)), "tmpfs"]
    assert execution.exit_code != 0


def test_a_step_without_secrets_has_no_such_folder(executor: Executor, store: LocalStore) -> None:
    action = shell("ls -A /run; test ! -e /run/secrets")
    assert execute(executor, action).exit_code == 0


def test_what_is_printed_is_redacted_before_it_is_kept(executor: Executor, store: LocalStore) -> None:
    script = (
        "cat /run/secrets/token; echo; fold -w 3 /run/secrets/token; echo; base64 /run/secrets/token;"
        " tail -n 1 /run/secrets/key >&2; head -c 70000 /dev/zero | tr '\\0' . ; cat /run/secrets/token; exit 3"
    )
    execution = execute(executor, _with_secrets(shell(script)), secrets=REVEALED)
    assert execution.exit_code == 3
    out = text(store, execution.stdout)
    assert out.startswith("[secret]\n[secret]\n[secret]")
    assert out.endswith("..[secret]")
    assert text(store, execution.stderr) == "[secret]\n"
    _nowhere(store)


@pytest.mark.parametrize(
    ("script", "where"),
    [
        ("cp /run/secrets/token /out/file", "/out/file"),
        ("mkdir -p /out/a/b; base64 /run/secrets/token > /out/a/b/c; chmod 0 /out/a/b/c /out/a/b", "/out/a/b/c"),
        ("ln -s \"$(cat /run/secrets/token)\" /out/link", "/out/link"),
        ("mkdir -p \"/out/$(cat /run/secrets/token)\"", "/out/[secret]"),
        ("tail -n 1 /run/secrets/key > /out/part", None),
    ],
)  # fmt: skip
def test_an_output_that_holds_one_is_not_taken(
    executor: Executor, store: LocalStore, script: str, where: str | None
) -> None:
    execution = execute(executor, _with_secrets(shell(script)), secrets=REVEALED)
    if where is None:  # too little to tell it from other text
        assert (execution.ending, list(entries(execution))) == (Ending.EXITED, ["part"])
        return
    assert (execution.ending, execution.detail) == (Ending.LEAKED, where)
    assert entries(execution) == {}
    _nowhere(store)


def test_a_result_that_is_printed_is_not_kept_where_it_holds_one(
    executor: Executor, store: LocalStore
) -> None:
    printing = replace(_with_secrets(shell("cat /run/secrets/token")), returns=Returns(Str(), Stdout()))
    execution = execute(executor, printing, secrets=REVEALED)
    assert execution.ending is Ending.LEAKED
    assert text(store, execution.stdout) == "[secret]"
    _nowhere(store)
    plain = replace(_with_secrets(shell("echo hunter 22")), returns=Returns(Str(), Stdout()))
    execution = execute(executor, plain, secrets=REVEALED)
    assert (execution.ending, text(store, execution.stdout)) == (Ending.EXITED, "hunter 22\n")


def _nowhere(store: LocalStore) -> None:
    forms = (VALUE.encode(), base64.b64encode(VALUE.encode())[:20])
    for path in store.home.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert not any(form in content for form in forms), path


def test_what_a_failed_step_leaves_is_kept_without_them(executor: Executor, store: LocalStore) -> None:
    script = "cat /run/secrets/token > /work/copy; echo fine > /work/other; exit 3"
    action = _with_secrets(shell(script, limits=Limits(seconds=30, kept=1 << 20)))
    execution = execute(executor, action, secrets=REVEALED)
    assert execution.left is not None
    kept = dict(store.get_tree(execution.left.folder).entries)
    assert "other" in kept
    assert "copy" not in kept
    _nowhere(store)
