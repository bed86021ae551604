"""`make soak`: kills, crowds and damage without end, on the real command; exit code 1 where anything is amiss.

SEED=… repeats what another one did, as far as the machine lets it.
"""

from __future__ import annotations

import argparse
import random
import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.soak.crowd import Crowd
from tests.soak.damage import DAMAGES
from tests.soak.disks import Disks
from tests.soak.faults import Faults
from tests.soak.kills import Kills
from tests.soak.tally import Tally

from shunter.engine.store.removal import remove_folder

_ROUNDS_OF_A_HOME = 25
"""Rounds after which a home is given up: all of its content is read again in each."""


def main() -> int:
    """Do all of it; the exit code."""
    parser = argparse.ArgumentParser(prog="make soak", description=__doc__)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1_000_000))
    parser.add_argument("--kills", type=int, default=200, metavar="N", help="kills (default: 200)")
    parser.add_argument("--crowds", type=int, default=40, metavar="N", help="rounds of 4 processes at once")
    parser.add_argument("--rounds", type=int, default=4, metavar="N", help="how often each fault is tried")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))  # so that nothing is left
    tally, chance = Tally(), random.Random(options.seed)
    tally.say(f"SEED={options.seed}")
    _kills(tally, chance, options)
    _crowds(tally, chance, options)
    _faults(tally, chance, options)
    _disks(tally, chance, options)
    tally.say(f"SEED={options.seed}: {tally.summary()}, in {tally.seconds():.0f} s")
    return 1 if tally.violations else 0


def _kills(tally: Tally, chance: random.Random, options: argparse.Namespace) -> None:
    for first in range(0, options.kills, _ROUNDS_OF_A_HOME):
        with _place() as place:
            kills = Kills(place / "here", place / "home", tally, chance)
            for number in range(first, min(first + _ROUNDS_OF_A_HOME, options.kills)):
                kills.round(f"kill {options.seed}.{number}")
                tally.show("kills")


def _crowds(tally: Tally, chance: random.Random, options: argparse.Namespace) -> None:
    with _place() as place:
        crowd = Crowd(place / "here", place / "home", tally, chance)
        for number in range(options.crowds):
            crowd.round(f"crowd {options.seed}.{number}")
            tally.show("crowds")


def _faults(tally: Tally, chance: random.Random, options: argparse.Namespace) -> None:
    for number in range(options.rounds):
        with _place() as place:
            faults = Faults(place / "here", place / "home", tally, chance)
            task = faults.prepare(f"faults {options.seed}.{number}")
            for damage in chance.sample(DAMAGES, len(DAMAGES)):
                faults.damaged(task, damage)
                tally.show("faults")


def _disks(tally: Tally, chance: random.Random, options: argparse.Namespace) -> None:
    for number in range(options.rounds):
        with _place() as place:
            disks = Disks(place, tally, chance)
            for tried in (disks.full, disks.limited, disks.read_only, disks.of_another_format):
                tried(f"disks {options.seed}.{number}")
                tally.show("disks")


@contextmanager
def _place() -> Iterator[Path]:
    """A folder that every user may pass through: root's steps run under a uid of their own."""
    place = Path(tempfile.mkdtemp(prefix="shunter-soak-"))
    place.chmod(0o711)
    try:
        yield place
    finally:
        remove_folder(place)


if __name__ == "__main__":
    sys.exit(main())
