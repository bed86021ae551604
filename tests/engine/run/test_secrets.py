"""Secrets in a run: read when needed, keyed by value, and nowhere in what comes of it."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from tests.engine.run.yard import Ran, Recorder, Yard

from shunter.engine.actions.model import Action, CachePolicy, SecretFile, Stdout
from shunter.engine.egress.record import Asked, Verdict
from shunter.engine.executors.protocol import Ending, Execution
from shunter.engine.executors.scripted import Answer, ScriptedCall
from shunter.engine.run.events import CallFinished
from shunter.engine.run.journal import event_data
from shunter.engine.run.outcome import Outcome
from shunter.engine.run.perform import Performer
from shunter.engine.run.scheduler import OnFailure, Scheduler
from shunter.engine.secrets.errors import SecretUnreadable
from shunter.engine.secrets.fingerprint import home_key
from shunter.engine.secrets.keyring import Keyring
from shunter.engine.secrets.revealed import NOTHING, Revealed
from shunter.engine.store.tree import Tree
from shunter.engine.types.signature import Signature
from shunter.engine.values import Secret, Value
from shunter.engine.values.source import Scheme

VALUE = "hunter22/secret"
TOKEN = Secret("env:TOKEN")
PLAN = """\
version: 1
inputs: {token: {type: Secret}}
steps:
  - {id: use, call: toy.use, with: {token: {from: token}}}
outputs: {use: {from: use}}
"""


@dataclass
class Safe:
    """A yard whose runs read secrets from `values`; `read_of` are those that were read."""

    yard: Yard
    values: dict[str, str] = field(default_factory=lambda: {"TOKEN": VALUE})
    cache_ids: Mapping[str, str] = field(default_factory=dict)
    read_of: list[str] = field(default_factory=list)

    def check(self, place: str) -> None:
        if place not in self.values:
            raise SecretUnreadable(f"there is no {place}")

    def read(self, place: str, stop: threading.Event) -> bytes:
        self.read_of.append(place)
        self.check(place)
        return self.values[place].encode()

    def lower(self, signature: Signature, arguments: Mapping[str, Value]) -> Action:
        files = tuple(
            SecretFile(name, value, self.cache_ids.get(name))
            for name, value in arguments.items()
            if isinstance(value, Secret)
        )
        return replace(self.yard.lower(signature, arguments), secrets=files)

    def run(self, plan: str = PLAN, *, on_failure: OnFailure = OnFailure.STOP, **inputs: Value) -> Ran:
        recorder = Recorder()
        scheduler = self.scheduler(recorder, plan, on_failure=on_failure, **inputs)
        return Ran(asyncio.run(asyncio.wait_for(scheduler.run(), 30)), recorder.events)

    def scheduler(
        self, recorder: Recorder, plan: str = PLAN, *, on_failure: OnFailure = OnFailure.STOP, **inputs: Value
    ) -> Scheduler:
        keyring = Keyring(lambda: home_key(self.yard.store.home), {Scheme.ENV: self})
        return Scheduler(
            self.yard.check(plan),
            {"token": TOKEN, **inputs},
            performer=Performer(self.yard.store, self.yard.executor, recorder, secrets=keyring, pauses=()),
            store=self.yard.store,
            lowering=self.lower,
            observer=recorder,
            jobs=4,
            on_failure=on_failure,
        )


@pytest.fixture
def safe(yard: Yard) -> Safe:
    yard.function(
        "toy.use", {"token": "Secret"}, "str", lambda call: f"{len(call.read('/run/secrets/token'))}"
    )
    return Safe(yard)


def _traces(safe: Safe, ran: Ran) -> str:
    """All that is kept or told of a run."""
    said = [repr(ran.report), *(json.dumps(event_data(event)) for event in ran.events)]
    kept = [path.read_bytes() for path in safe.yard.store.home.rglob("*") if path.is_file()]
    return "\n".join([*said, *(content.decode("latin-1") for content in kept)])


def test_a_step_finds_its_secret_as_a_file(safe: Safe) -> None:
    ran = safe.run()
    assert ran.report.outputs == {"use": str(len(VALUE))}
    assert VALUE not in _traces(safe, ran)


def test_another_value_is_another_call_and_the_same_is_cached(safe: Safe) -> None:
    assert safe.run().outcomes() == {"use": "executed"}
    assert safe.run().outcomes() == {"use": "cached"}
    safe.values = {"OTHER": VALUE}
    assert safe.run(token=Secret("env:OTHER")).outcomes() == {"use": "cached"}  # it is the value that counts
    safe.values = {"TOKEN": "another value"}
    assert safe.run().outcomes() == {"use": "executed"}


def test_with_a_cache_id_a_rotated_secret_runs_nothing_and_is_not_even_read(safe: Safe) -> None:
    safe.cache_ids = {"token": "registry"}
    assert safe.run().outcomes() == {"use": "executed"}
    safe.values = {"TOKEN": "another value"}
    assert safe.run().outcomes() == {"use": "cached"}
    assert safe.read_of == ["TOKEN"]


def test_a_source_is_read_once_in_a_run(safe: Safe) -> None:
    steps = "".join(
        f"  - {{id: s{number}, call: toy.use, with: {{token: {{from: token}}}}}}\n" for number in range(3)
    )
    ran = safe.run(PLAN.replace("outputs:", steps + "outputs:"))
    assert set(ran.outcomes()) == {"use", "s0", "s1", "s2"}
    assert safe.read_of == ["TOKEN"]


def test_a_secret_that_cannot_be_read_fails_its_step_alone(safe: Safe) -> None:
    plan = PLAN.replace("outputs:", "  - {id: other, call: toy.echo, with: {text: x}}\noutputs:")
    safe.values = {}
    ran = safe.run(plan, on_failure=OnFailure.KEEP_GOING)
    assert ran.failure("use") == (
        "secret: toy.use can't be called: the secret env:TOKEN can't be had: there is no TOKEN"
    )
    assert ran.outcomes() == {"use": "failed", "other": "executed"}
    safe.cache_ids = {"token": "registry"}  # then it is the container that needs it, and not the key
    assert safe.run(plan).failure("use").startswith("secret: toy.use can't be called: ")


def test_what_a_step_prints_is_redacted_also_of_what_others_were_given(safe: Safe) -> None:
    def loud(call: ScriptedCall) -> Answer:
        (call.out / "result.json").write_text('{"result": "done"}')
        return Answer(stdout=b"it is " + VALUE.encode(), stderr=VALUE.encode().hex().encode())

    safe.yard.function("toy.loud", {"after": "str"}, "str", loud)
    ran = safe.run(
        PLAN.replace("outputs:", "  - {id: loud, call: toy.loud, with: {after: {from: use}}}\noutputs:")
    )
    call = ran.step("loud").calls[0]
    assert safe.yard.text(call.stdout) == "it is [secret]"
    assert safe.yard.text(call.stderr) == "[secret]"
    assert VALUE not in _traces(safe, ran)


def test_a_failure_says_nothing_of_it(safe: Safe) -> None:
    safe.yard.function(
        "toy.use", {"token": "Secret"}, "str", lambda call: Answer(1, stderr=f"bad token {VALUE}".encode())
    )
    ran = safe.run()
    failure = ran.step("use").failures[0].failure
    assert failure is not None
    assert failure.stderr == "bad token [secret]"
    assert VALUE not in _traces(safe, ran)


@pytest.mark.parametrize("returns", ["str", "{a: list[str]}", "Json", "File", "int"])
def test_a_result_that_holds_it_is_not_kept(safe: Safe, returns: str) -> None:
    def leak(call: ScriptedCall) -> object:
        (call.out / "1").mkdir()
        (call.out / "1" / "file").write_text(f"token={VALUE}")
        data = {"{a: list[str]}": {"a": [VALUE]}, "Json": {VALUE: 1}, "File": {"$file": "/out/1/file"}}
        return data.get(returns, VALUE)

    safe.yard.function("toy.use", {"token": "Secret"}, returns, leak)
    ran = safe.run()
    assert ran.failure("use").startswith("leak: toy.use put a secret into its result: /out/")
    assert VALUE not in _traces(safe, ran)
    assert safe.run().outcomes() == {"use": "failed"}  # nor cached


def test_a_result_that_is_printed_is_looked_through(safe: Safe) -> None:
    safe.yard.function(
        "toy.use", {"token": "Secret"}, "str", lambda call: Answer(stdout=VALUE.encode()), source=Stdout()
    )

    async def execute(
        action: Action, prepared: object, secrets: Revealed = NOTHING, **_: object
    ) -> Execution:
        return Execution(
            Ending.EXITED,
            0,
            Tree(()),
            safe.yard.file(VALUE),
            None,
            0.1,
        )

    safe.yard.executor.execute = execute  # type: ignore[method-assign, assignment] # one that forgets to look
    assert safe.run().failure("use") == "leak: toy.use returned a secret that it was given"


def test_what_a_step_asks_of_the_network_is_redacted(safe: Safe) -> None:
    usual = safe.yard.executor.execute

    async def execute(
        action: Action, prepared: object, secrets: Revealed = NOTHING, **_: object
    ) -> Execution:
        execution = await usual(action, (), secrets)
        asked = Asked("hunter22.secret.example.org", Verdict.REFUSED, f"no {VALUE.upper()} here")
        return replace(execution, asked=(asked,), detail=VALUE)

    safe.yard.executor.execute = execute  # type: ignore[method-assign, assignment]
    asked = safe.run().step("use").calls[0].asked[0]
    assert asked.reason == "no [secret] here"


def test_a_key_that_takes_a_secret_waits_for_the_run_to_read_it(safe: Safe) -> None:
    safe.run()
    scheduler = safe.scheduler(recorder := Recorder())
    assert scheduler.take_cached() is None
    assert not [event for event in recorder.events if isinstance(event, CallFinished)]
    assert asyncio.run(scheduler.run()).steps[0].outcome is Outcome.CACHED


def test_a_performer_without_secrets_gives_none(safe: Safe) -> None:
    scheduler = Scheduler(
        safe.yard.check(PLAN),
        {"token": TOKEN},
        performer=Performer(safe.yard.store, safe.yard.executor, Recorder()),
        store=safe.yard.store,
        lowering=safe.lower,
        observer=Recorder(),
        jobs=1,
    )
    report = asyncio.run(scheduler.run())
    failure = report.steps[0].failures[0].failure
    assert failure is not None
    assert failure.message.endswith("the secret env:TOKEN can't be had: no secrets are given here")


def test_what_acts_on_the_world_gets_its_secret_each_time(safe: Safe) -> None:
    safe.yard.function("toy.use", {"token": "Secret"}, "str", lambda call: "sent", cache=CachePolicy.NEVER)
    assert [safe.run().outcomes()["use"] for _ in range(2)] == ["executed", "executed"]


def test_a_slow_source_holds_up_no_other_step(safe: Safe, tmp_path: Path) -> None:
    """The loop goes on while a source is read: a step that was started before comes to its end."""
    finished = threading.Event()

    async def other(call: ScriptedCall) -> str:
        await asyncio.sleep(0.05)
        finished.set()
        return "done"

    def read(place: str, stop: threading.Event) -> bytes:
        assert finished.wait(10)
        return VALUE.encode()

    safe.yard.function("toy.other", {"text": "str"}, "str", other)
    safe.yard.function("toy.late", {"token": "Secret", "after": "str"}, "str", lambda call: "late")
    safe.read = read  # type: ignore[method-assign]
    ran = safe.run(
        PLAN.replace(
            "  - {id: use, call: toy.use, with: {token: {from: token}}}",
            "  - {id: first, call: toy.echo, with: {text: x}}\n  - {id: other, call: toy.other, with: {text: x}}\n  - {id: use, call: toy.late, with: {token: {from: token}, after: {from: first}}}",
        )
    )
    assert ran.outcomes() == {"first": "executed", "other": "executed", "use": "executed"}
