"""Learn the embedded planner's classifier from all goals with known plans but those kept aside.

    make classifier
    python -m tests.agent.goals.learning --folds 10

With folds nothing is written: each tenth of the goals is planned with what was learned from the others.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence

from tests.agent.goals.alignment import samples_of
from tests.agent.goals.asked import planned
from tests.agent.goals.suite import GoalCase, load_cases

from shunter.agent.planners.embedded.classifier.classifier import WEIGHTS
from shunter.agent.planners.embedded.classifier.training import train
from shunter.agent.planners.embedded.planner import EmbeddedPlanner

SETS = ("development", "seen", "training")


def _right_in_folds(cases: Sequence[GoalCase], folds: int) -> Iterator[tuple[int, int]]:
    """How many goals of each fold are right with what the other folds teach, and how many there are."""
    taught = [samples_of(case) for case in cases]
    for fold in range(folds):
        others = [sample for number, told in enumerate(taught) if number % folds != fold for sample in told]
        planner = EmbeddedPlanner(train(others))
        tried = cases[fold::folds]
        plans = [(case, planned(planner, case)) for case in tried]
        yield sum(plan is not None and case.accepts(plan) for case, plan in plans), len(tried)


def main() -> None:
    """As a command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folds", type=int, default=0)
    folds = parser.parse_args().folds
    cases = [case for name in SETS for case in load_cases(name)]
    if folds:
        counts = list(_right_in_folds(cases, folds))
        sys.stdout.write(
            f"{sum(right for right, _ in counts)} of {sum(count for _, count in counts)} right\n"
        )
        return
    samples = [sample for case in cases for sample in samples_of(case)]
    WEIGHTS.write_text(train(samples).text(), encoding="utf-8")
    sys.stdout.write(f"{WEIGHTS.name}: learned from {len(samples)} parts of {len(cases)} goals\n")


if __name__ == "__main__":
    main()
