"""Secrets in calls of steps: handed on as such, and in no other way."""

from __future__ import annotations

import asyncio
import json
import threading
from dataclasses import dataclass, replace
from typing import Any

import pytest
from tests.engine.run.yard import Ran, Recorder, Yard
from tests.engine.sessions.client import Said, ask

from shunter.engine.actions.model import Action, SecretFile
from shunter.engine.executors.scripted import ScriptedCall
from shunter.engine.run.journal import event_data
from shunter.engine.run.perform import Performer
from shunter.engine.run.scheduler import Scheduler
from shunter.engine.secrets.fingerprint import home_key
from shunter.engine.secrets.keyring import Keyring
from shunter.engine.types.signature import Signature
from shunter.engine.values import Secret
from shunter.engine.values.source import Scheme

VALUE = "hunter22/secret"
PLAN = """\
version: 1
inputs: {token: {type: Secret}}
steps: [{id: top, call: toy.top, with: {token: {from: token}}}]
outputs: {top: {from: top}}
"""


@dataclass
class Vault:
    """Has the secret, and another one that nobody is given."""

    def check(self, place: str) -> None:
        assert place in ("TOKEN", "OTHER")

    def read(self, place: str, stop: threading.Event) -> bytes:
        return {"TOKEN": VALUE, "OTHER": "something else"}[place].encode()


def _run(yard: Yard) -> Ran:
    def lower(signature: Signature, arguments: Any) -> Action:
        files = [SecretFile(name, each) for name, each in arguments.items() if isinstance(each, Secret)]
        return replace(yard.lower(signature, arguments), secrets=tuple(files))

    recorder = Recorder()
    scheduler = Scheduler(
        yard.check(PLAN),
        {"token": Secret("env:TOKEN")},
        performer=Performer(
            yard.store,
            yard.executor,
            recorder,
            secrets=Keyring(lambda: home_key(yard.store.home), {Scheme.ENV: Vault()}),
            lowering=lower,
            pauses=(),
        ),
        store=yard.store,
        lowering=lower,
        observer=recorder,
        jobs=2,
    )
    return Ran(asyncio.run(scheduler.run()), recorder.events)


def _said(yard: Yard, **arguments: object) -> Said:
    said: list[Said] = []

    async def top(step: ScriptedCall) -> object:
        (step.out / "own.txt").write_text(f"the token is {VALUE}\n")
        (step.out / "folder").mkdir()
        (step.out / "folder/own.txt").write_text(f"the token is {VALUE}\n")
        said.append(await ask(step, "toy.use", **arguments))
        (step.out / "own.txt").unlink()
        (step.out / "folder/own.txt").unlink()
        return "done"

    def use(call: ScriptedCall) -> object:
        return len(call.read("/run/secrets/secret")) if "/run/secrets/secret" in call.secrets else 0

    parameters = {
        "secret": "Secret | None",
        "text": "list[str] | None",
        "file": "File | None",
        "folder": "Directory | None",
    }
    yard.function("toy.use", parameters, "int", use)
    yard.function("toy.top", {"token": "Secret"}, "str", top, calls=("toy.use",))
    ran = _run(yard)
    assert VALUE not in json.dumps([event_data(event) for event in ran.events])
    return said[0]


def test_a_secret_that_was_given_is_handed_on(yard: Yard) -> None:
    assert _said(yard, secret={"$secret": "/run/secrets/token"}).answer.value == len(VALUE)


@pytest.mark.parametrize(
    "secret",
    [
        "env:TOKEN",
        "env:OTHER",
        "cmd:cat /etc/shadow",
        {"$secret": "env:OTHER"},
        {"$secret": "/run/secrets/other"},
        {"$secret": "/run/secrets/../secrets/token"},
        {"$file": "/run/secrets/token"},
    ],
)
def test_no_other_secret_can_be_named(yard: Yard, secret: object) -> None:
    error = _said(yard, secret=secret).error
    assert (error.kind, error.message) == (
        "arguments",
        "an argument of toy.use: expected a secret that the step was given, got something else",
    )


@pytest.mark.parametrize(
    ("arguments", "where"),
    [
        ({"text": ["x", f"Bearer {VALUE}"]}, "text of toy.use"),
        ({"file": {"$file": "/work/own.txt"}}, "'/work/own.txt'"),
        ({"folder": {"$directory": "/work/folder"}}, "'/work/folder'"),
    ],
)
def test_a_secret_is_not_handed_on_as_something_else(
    yard: Yard, arguments: dict[str, Any], where: str
) -> None:
    said = _said(yard, **arguments)
    assert (said.status, said.error.kind) == (403, "leak")
    assert said.error.message == f"a secret that the step was given is in {where}"


def test_the_secrets_file_is_no_file_to_hand_on(yard: Yard) -> None:
    assert _said(yard, file={"$file": "/run/secrets/token"}).error.kind == "not-given"
