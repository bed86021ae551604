"""What `shunter --help` costs, against an interpreter that does nothing."""

from __future__ import annotations

from pathlib import Path

from command import PYTHON_ALONE, SHUNTER, in_turn, least, median, run
from rows import Floor, Reach, Row

REACH = Reach(times=5.0)


def rows(folder: Path) -> list[Row]:
    """The whole command, in turn with its floor; `folder` isn't needed."""
    del folder
    floor, shown = in_turn(20, lambda: run(PYTHON_ALONE), lambda: run([SHUNTER, "--help"]))
    least_of_both = f"{least(shown)}, the floor {least(floor)}"
    return [
        Row(
            "`shunter --help`",
            median(shown),
            Floor(median(floor), "python -c pass"),
            REACH,
            note=least_of_both,
        )
    ]
