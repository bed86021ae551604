"""`--fresh [STEP]`: steps that run though the cache has their results."""

from __future__ import annotations

import argparse
import os
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from shunter.engine.errors import UsageError

if TYPE_CHECKING:
    from shunter.engine.run.reuse import EveryStep

_EVERY = "*"
_STEP = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def add_fresh_option(parser: argparse.ArgumentParser) -> None:
    """`--fresh`, alone or with a step, any number of times."""
    parser.add_argument(
        "--fresh",
        nargs="?",
        const=_EVERY,
        action="append",
        default=[],
        metavar="STEP",
        help="run this step (or all) though the cache has the result; what follows runs where it differs",
    )


def settle_fresh(words: Sequence[str]) -> list[str]:
    """`words`, in which a `--fresh` before something that is no step's name stands for every step."""
    return [
        f"--fresh={_EVERY}" if word == "--fresh" and not _names_step(following) else word
        for word, following in zip(words, [*words[1:], ""], strict=True)
    ]


def _names_step(word: str) -> bool:
    return _STEP.fullmatch(word) is not None and not os.path.exists(word)


def fresh_steps(options: argparse.Namespace) -> frozenset[str] | EveryStep:
    """The steps to run anyway; raises UsageError where nothing may run at all."""
    from shunter.engine.run.reuse import EVERY_STEP

    if options.fresh and options.offline:
        raise UsageError("--fresh runs steps and --offline runs none", hint="give one of the two")
    return EVERY_STEP if _EVERY in options.fresh else frozenset(options.fresh)
