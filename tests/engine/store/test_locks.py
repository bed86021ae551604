"""Locks between processes."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from shunter.engine.digest import digest_bytes
from shunter.engine.store.local import LocalStore

KEY, OTHER = digest_bytes(b"key"), digest_bytes(b"other")

HOLDER = """
import asyncio, sys
from pathlib import Path
from shunter.engine.store.local import LocalStore

async def hold():
    async with LocalStore(Path(sys.argv[1])).key_lock(sys.argv[2]):
        print("held", flush=True)
        await asyncio.sleep(60)

asyncio.run(hold())
"""


async def _is_free(store: LocalStore) -> bool:
    try:
        async with asyncio.timeout(0.05), store.key_lock(KEY):
            return True
    except TimeoutError:
        return False


def test_equal_keys_wait_for_each_other_and_others_dont(store: LocalStore) -> None:
    async def work() -> tuple[bool, bool]:
        async with store.key_lock(KEY):
            taken = await _is_free(store)
            async with store.key_lock(OTHER):
                pass
        return taken, await _is_free(store)

    assert asyncio.run(work()) == (False, True)


def test_one_at_a_time_holds_a_key(store: LocalStore, home: Path) -> None:
    inside: list[int] = []
    most: list[int] = []

    async def work(number: int, holder: LocalStore) -> None:
        async with holder.key_lock(KEY):
            inside.append(number)
            most.append(len(inside))
            await asyncio.sleep(0)
            inside.remove(number)

    async def all_of_them(other: LocalStore) -> None:
        await asyncio.gather(*(work(number, (store, other)[number % 2]) for number in range(6)))

    with LocalStore(home) as other:
        asyncio.run(all_of_them(other))
    assert most == [1] * 6


def test_waiting_can_be_cancelled(store: LocalStore) -> None:
    async def work() -> bool:
        async with store.key_lock(KEY):
            waiting = asyncio.create_task(_is_free(store))
            await asyncio.sleep(0)
            waiting.cancel()
            with pytest.raises(asyncio.CancelledError):
                await waiting
        return await _is_free(store)

    assert asyncio.run(work())


def test_a_killed_process_holds_nothing(store: LocalStore, home: Path) -> None:
    paths = [path for path in sys.path if path]
    command = [sys.executable, "-c", f"import sys; sys.path[:] = {paths!r}\n{HOLDER}", str(home), KEY]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        assert not asyncio.run(_is_free(store))
        holder.send_signal(signal.SIGKILL)
        holder.wait()
        assert asyncio.run(_is_free(store))
