"""Putting in and removing keep out of each other's way."""

from __future__ import annotations

import threading
from pathlib import Path

from shunter.engine.store.gate import Gate
from shunter.engine.store.home import open_home


def test_several_go_through_at_once(home: Path) -> None:
    gate = Gate(open_home(home))
    with gate.open(), gate.open(), Gate(open_home(home)).open():
        pass
    gate.end()


def _enter(gate: Gate, entered: threading.Event, leave: threading.Event) -> threading.Thread:
    def through() -> None:
        with gate.open():
            entered.set()
            leave.wait(20)

    thread = threading.Thread(target=through)
    thread.start()
    return thread


def test_nobody_goes_through_a_closed_gate(home: Path) -> None:
    opened = open_home(home)
    gates = [Gate(opened), Gate(opened)]
    entered, leave = threading.Event(), threading.Event()
    leave.set()
    with gates[0].closed():
        threads = [_enter(gate, entered, leave) for gate in gates]
        assert not entered.wait(0.1)
    for thread in threads:
        thread.join(20)
    assert entered.is_set()


def test_who_closes_it_waits_for_those_inside(home: Path) -> None:
    opened = open_home(home)
    entered, leave, closed = threading.Event(), threading.Event(), threading.Event()
    inside = _enter(Gate(opened), entered, leave)
    entered.wait(20)

    def close() -> None:
        with Gate(opened).closed():
            closed.set()

    closing = threading.Thread(target=close)
    closing.start()
    assert not closed.wait(0.1)
    leave.set()
    closing.join(20)
    inside.join(20)
    assert closed.is_set()
