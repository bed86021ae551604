"""How much is kept of a run's failures."""

from __future__ import annotations

from tests.engine.run.yard import Yard

from shunter.engine.digest import digest_bytes
from shunter.engine.executors.scripted import Answer, ScriptedCall
from shunter.engine.run.keeping import Keeping
from shunter.engine.run.scheduler import OnFailure
from shunter.engine.store.left import Left
from shunter.engine.values import Directory

PLAN = """
version: 1
steps:
  - {id: bad, call: toy.bad, each: {number: [1, 2, 3, 4, 5, 6, 7]}}
outputs: {end: {from: bad}}
"""


def _left(size: int) -> Left:
    return Left(Directory(digest_bytes(b"folder")), 1, size)


def test_a_few_calls_and_bytes_are_kept_and_then_nothing() -> None:
    keeping = Keeping(calls=2, size=100, one=60)
    assert keeping.most == 60
    assert keeping.keep(_left(60)) is not None
    assert keeping.most == 40
    assert keeping.keep(_left(50)) is None
    assert keeping.keep(_left(40)) is not None
    assert (keeping.most, keeping.keep(_left(0))) == (0, None)


def test_a_step_that_wrote_nothing_takes_no_room() -> None:
    keeping = Keeping(calls=1)
    assert keeping.keep(Left(Directory(digest_bytes(b"folder")), 0, 0)) is None
    assert keeping.keep(_left(1)) is not None


def test_what_failed_calls_left_is_in_their_reports_as_far_as_there_is_room(yard: Yard) -> None:
    def bad(call: ScriptedCall) -> object:
        (call.out / "half").write_text(str(call.action.arguments["number"]))
        return Answer(7)

    yard.function("toy.bad", {"number": "int"}, "str", bad)
    calls = yard.run(PLAN, on_failure=OnFailure.KEEP_GOING, jobs=1).step("bad").calls
    kept = [call.left for call in calls if call.left is not None]
    assert len(kept) == 5
    tree = yard.store.get_tree(kept[0].folder)
    assert [path for path, _ in tree.entries] == ["out", "out/half"]


def test_a_result_of_another_type_is_kept_as_it_was_left(yard: Yard) -> None:
    yard.function("toy.bad", {"number": "int"}, "str", lambda call: 3)
    (call, *_) = yard.run(PLAN, jobs=1).step("bad").calls
    assert call.left is not None
    assert [path for path, _ in yard.store.get_tree(call.left.folder).entries] == ["out", "out/result.json"]


def test_nothing_is_kept_of_what_succeeded(yard: Yard) -> None:
    yard.function("toy.bad", {"number": "int"}, "str", lambda call: "good")
    assert {call.left for call in yard.run(PLAN).step("bad").calls} == {None}
