"""Job slots: who gets one, and that none is lost."""

from __future__ import annotations

import asyncio

from shunter.engine.run.slots import Slots, Urgency


def test_whoever_goes_on_comes_before_what_is_waited_for() -> None:
    order: list[str] = []

    async def take(slots: Slots, name: str, urgency: Urgency) -> None:
        await slots.take(urgency)
        order.append(name)

    async def run() -> None:
        slots = Slots(1)
        held = slots.try_take()
        assert held is not None
        assert slots.try_take() is None
        waiting = [
            asyncio.create_task(take(slots, "called", Urgency.IS_WAITED_FOR)),
            asyncio.create_task(take(slots, "parent", Urgency.GOES_ON)),
            asyncio.create_task(take(slots, "called later", Urgency.IS_WAITED_FOR)),
        ]
        await asyncio.sleep(0)
        held.release()
        for _ in waiting:
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            slots.give()
        await asyncio.gather(*waiting)

    asyncio.run(run())
    assert order == ["parent", "called", "called later"]


def test_a_slot_that_nobody_waits_for_is_told_of() -> None:
    told: list[str] = []
    slots = Slots(1, lambda: told.append("free"))
    held = slots.try_take()
    assert held is not None
    held.release()
    held.release()  # once is enough
    assert told == ["free"]
    assert slots.try_take() is not None
    assert slots.try_take() is None


def test_who_gives_up_waiting_takes_no_slot_with_them() -> None:
    async def run() -> None:
        slots = Slots(1)
        held = slots.try_take()
        assert held is not None
        early, late = (asyncio.create_task(slots.take(Urgency.GOES_ON)) for _ in range(2))
        await asyncio.sleep(0)
        early.cancel()
        held.release()  # for `early`, which isn't there any more, or for `late`
        late.cancel()  # which has been given it, and hasn't come to take it
        await asyncio.gather(early, late, return_exceptions=True)
        assert slots.try_take() is not None

    asyncio.run(run())
