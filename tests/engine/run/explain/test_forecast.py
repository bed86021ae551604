"""What a run would do is known before it, with the reasons."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.engine.run.yard import Yard, argument

from shunter.engine.actions.model import Action, CachePolicy, Command, OutPath, Prepared, Returns
from shunter.engine.digest import digest_bytes
from shunter.engine.executors.scripted import Answer, ScriptedCall
from shunter.engine.run.explain.forecast import Expectation, StepForecast
from shunter.engine.run.explain.misses import Miss, MissKind
from shunter.engine.store.tree import FileEntry, tree_of
from shunter.engine.types import Directory as DirectoryType
from shunter.engine.values import Directory

PLAN = """
version: 1
inputs: {words: {type: "list[str]"}}
steps:
  - {id: each, call: toy.echo, each: {text: {from: words}}}
  - {id: joined, call: toy.join, with: {texts: {from: each}}}
  - {id: last, call: toy.final, with: {text: {from: joined}}}
"""
ONE = "{version: 1, steps: [{id: one, call: toy.one, with: WITH}]}"


@pytest.fixture
def yard(open_folder: Path) -> Iterator[Yard]:
    made = Yard(open_folder / "home")
    made.function("toy.echo", {"text": "str"}, "str", argument("text"))
    made.function("toy.final", {"text": "str"}, "str", argument("text"))
    made.function("toy.join", {"texts": "list[str]"}, "str", lambda call: str(call.action.arguments["texts"]))
    yield made
    made.store.close()


def _miss(step: StepForecast, call: int = 0) -> Miss:
    miss = step.calls[call].miss
    assert miss is not None
    return miss


def _texts(miss: Miss) -> list[str]:
    return [item.text for item in miss.differences]


def test_nothing_runs_and_the_first_step_is_said_to(yard: Yard) -> None:
    found = yard.forecast(PLAN, words=("a", "b"))
    assert yard.executed == []
    assert [step.expectation for step in found.values()] == [
        Expectation.RUNS,
        Expectation.UNKNOWN,
        Expectation.UNKNOWN,
    ]
    assert found["last"].waits_for == ("each",)
    assert _miss(found["each"]).kind is MissKind.FIRST


def test_what_was_run_is_foretold_to_the_end(yard: Yard) -> None:
    before = time.time()
    yard.run(PLAN, inputs={"words": ("a", "b")})
    found = yard.forecast(PLAN, words=("b", "a"))
    assert found["each"].expectation is Expectation.CACHED
    assert found["joined"].expectation is Expectation.RUNS
    assert _texts(_miss(found["joined"])) == ['argument texts: [0] "a" → "b" and 1 more of its 2 items']
    found = yard.forecast(PLAN, words=("a", "b"))
    assert {step.expectation for step in found.values()} == {Expectation.CACHED}
    assert before <= (found["last"].calls[0].made or 0.0) <= time.time()


def test_what_is_foretold_is_what_happens(yard: Yard) -> None:
    for words in (("a", "b"), ("a", "c"), ("a",), (), ("c", "a")):
        found = yard.forecast(PLAN, words=words)
        ran = yard.run(PLAN, inputs={"words": words})
        for call, foretold in zip(ran.step("each").calls, found["each"].calls, strict=True):
            assert (call.outcome.value == "cached") is (foretold.expectation is Expectation.CACHED)
        for name, step in found.items():
            if step.expectation is not Expectation.UNKNOWN:
                assert (ran.outcomes()[name] == "cached") is (step.expectation is Expectation.CACHED)


def test_of_an_element_the_nearest_is_the_one_that_is_no_longer_there(yard: Yard) -> None:
    yard.run(PLAN, inputs={"words": ("a", "b", "c")})
    found = yard.forecast(PLAN, words=("a", "x", "c"))["each"]
    assert [call.expectation for call in found.calls] == [
        Expectation.CACHED,
        Expectation.RUNS,
        Expectation.CACHED,
    ]
    assert _texts(_miss(found, 1)) == ['argument text: "b" → "x"']


def test_of_files_the_nearest_has_the_same_name(yard: Yard) -> None:
    yard.function("toy.one", {"file": "File", "number": "int"}, "int", lambda _: 1)
    plan = """
        version: 1
        inputs: {file: {type: File}, number: {type: int}}
        steps: [{id: one, call: toy.one, with: {file: {from: file}, number: {from: number}}}]
        """
    first, second = yard.file("first", "a.txt"), yard.file("second", "b.txt")
    yard.run(plan, inputs={"file": first, "number": 1})
    yard.run(plan, inputs={"file": second, "number": 1})
    changed = yard.file("changed", "a.txt")
    found = yard.forecast(plan, file=changed, number=1)["one"]
    assert _texts(_miss(found)) == [
        f"argument file: a.txt ({first.digest[:8]}…) → a.txt ({changed.digest[:8]}…)"
    ]
    both = yard.forecast(plan, file=changed, number=2)["one"]
    assert _texts(_miss(both))[1] == "argument number: 1 → 2"


def test_a_changed_source_is_said_file_by_file(yard: Yard) -> None:
    def source(**files: str) -> Directory:
        entries = [(name, yard.store.put_bytes(text.encode(), name)) for name, text in files.items()]
        return yard.store.put_tree(tree_of((name, FileEntry(f.digest, f.size)) for name, f in entries))

    yard.sources["toy.echo"] = source(a="1", b="1", c="1")
    yard.run(PLAN, inputs={"words": ("a",)})
    yard.sources["toy.echo"] = source(a="1", b="2", d="1")
    (item,) = _miss(yard.forecast(PLAN, words=("a",))["each"]).differences
    assert item.text == "the source at /module changed"
    assert item.details == ("b changed", "c is gone", "d is new")


def test_a_source_that_is_gone_is_said_without_its_files(yard: Yard) -> None:
    tree = tree_of([("a", FileEntry(yard.file("x").digest, 1))])
    yard.sources["toy.echo"] = yard.store.put_tree(tree)
    yard.run(PLAN, inputs={"words": ("a",)})
    yard.store.parts.trees.discard(yard.sources["toy.echo"].digest)
    yard.sources["toy.echo"] = yard.store.put_tree(tree_of([]))
    (item,) = _miss(yard.forecast(PLAN, words=("a",))["each"]).differences
    assert (item.text, item.details) == ("the source at /module changed", ())


def _environment(packages: str) -> Action:
    return Action(
        label="packages of toy",
        identity=digest_bytes(b"build"),
        arguments={"requirements": packages},
        command=Command(("build",)),
        returns=Returns(DirectoryType(), OutPath("packages")),
    )


def test_changed_packages_are_said_line_by_line(yard: Yard) -> None:
    def build(call: ScriptedCall) -> object:
        (call.out / "packages").mkdir()
        return Answer()

    yard.function("packages of toy", {}, "Directory", build)
    for packages in ("numpy==1\nrich==2\n", "numpy==3\nrich==2\n"):
        prepared = (Prepared("/env", _environment(packages)),)
        yard.function("toy.one", {"text": "str"}, "str", argument("text"), prepared=prepared)
        if "==1" in packages:
            yard.run(ONE.replace("WITH", "{text: a}"))
    (item,) = _miss(yard.forecast(ONE.replace("WITH", "{text: a}"))["one"]).differences
    assert item.text == "the packages at /env changed"
    assert item.details == ("argument requirements: -numpy==1, +numpy==3",)


def test_what_is_never_cached_always_runs(yard: Yard) -> None:
    yard.function("toy.one", {"text": "str"}, "str", argument("text"), cache=CachePolicy.NEVER)
    plan = ONE.replace("WITH", "{text: a}")
    yard.run(plan)
    assert _miss(yard.forecast(plan)["one"]).kind is MissKind.NEVER_CACHED


def test_what_is_too_old_is_said_so(yard: Yard) -> None:
    yard.function("toy.one", {"text": "str"}, "str", argument("text"), cache=CachePolicy.TTL, ttl=0.001)
    plan = ONE.replace("WITH", "{text: a}")
    yard.run(plan)
    time.sleep(0.002)
    assert _miss(yard.forecast(plan)["one"]).kind is MissKind.EXPIRED


def test_what_is_gone_is_said_so(yard: Yard) -> None:
    yard.function(
        "toy.one",
        {"text": "str"},
        "File",
        lambda call: _left(call),
    )
    plan = ONE.replace("WITH", "{text: a}")
    ran = yard.run(plan)
    file = ran.step("one").calls[0].value
    Path(yard.store.blob_path(file)).unlink()  # type: ignore[arg-type]
    assert _miss(yard.forecast(plan)["one"]).kind is MissKind.GONE


def _left(call: ScriptedCall) -> object:
    (call.out / "a.txt").write_text("left")
    return {"$file": "/out/a.txt"}


def test_a_long_argument_is_kept_as_its_digest(yard: Yard) -> None:
    long = {"words": ("x" * 3000, "y" * 3000)}
    plan = PLAN
    yard.run(plan, inputs=long)
    (origin,) = yard.store.parts.index.origins("toy.join", 9)
    assert len(str(origin.parts)) < 2000
    found = yard.forecast(plan, words=("x" * 3000, "y" * 3001))
    assert _texts(_miss(found["each"], 1))[0].startswith('argument text: "yyy')
    yard.run(plan, inputs={"words": ("x" * 3000, "y" * 3001)})
    again = yard.forecast(plan, words=("x" * 3000, "y" * 3000, "y" * 3001))["joined"]
    assert _texts(_miss(again))[0].startswith("argument texts: a value of 60")


def test_arguments_that_do_not_fit_are_said_to_fail(yard: Yard) -> None:
    plan = """
        version: 1
        inputs: {one: {type: "list[str]"}, two: {type: "list[str]"}}
        steps: [{id: zip, call: toy.pair, each: {a: {from: one}, b: {from: two}}}]
        """
    yard.function("toy.pair", {"a": "str", "b": "str"}, "str", argument("a"))
    found = yard.forecast(plan, one=("a",), two=())["zip"]
    assert found.expectation is Expectation.FAILS
    assert "differ in length" in (found.problem or "")
