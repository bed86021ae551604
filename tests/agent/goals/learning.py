"""Learn the embedded planner's classifier from all goals with known plans but those kept aside.

    make classifier
    python -m tests.agent.goals.learning --folds 10

With folds nothing is written: each tenth of the goals is planned with what was learned from the others.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from functools import cache

from tests.agent.goals.asked import goal_of, planned
from tests.agent.goals.suite import GoalCase, bundled, load_cases

from shunter.agent.planners.embedded.classifier.classifier import WEIGHTS, Classifier
from shunter.agent.planners.embedded.classifier.features import features_of
from shunter.agent.planners.embedded.classifier.training import Sample, train
from shunter.agent.planners.embedded.lexicon import Lexicon, lexicon_of
from shunter.agent.planners.embedded.planner import EmbeddedPlanner
from shunter.agent.planners.embedded.text import take_apart

SETS = ("development", "seen", "training")


def sample_of(case: GoalCase) -> Sample:
    """What is learned from a goal."""
    goal = goal_of(case)
    text = take_apart(goal.text, goal.inputs, _lexicon().choices)
    called = frozenset(step.call for plan in case.plans for step in plan.steps)
    return Sample(features_of(text, goal.inputs), called)


def learn(cases: Sequence[GoalCase]) -> Classifier:
    """What `cases` teach."""
    return train([sample_of(case) for case in cases])


@cache
def _lexicon() -> Lexicon:
    return lexicon_of(bundled())


def _right_in_folds(cases: Sequence[GoalCase], folds: int) -> Iterator[tuple[int, int]]:
    """How many goals of each fold are right with what the other folds teach, and how many there are."""
    for fold in range(folds):
        others = [case for number, case in enumerate(cases) if number % folds != fold]
        planner = EmbeddedPlanner(learn(others))
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
    WEIGHTS.write_text(learn(cases).text(), encoding="utf-8")
    sys.stdout.write(f"{WEIGHTS.name}: learned from {len(cases)} goals\n")


if __name__ == "__main__":
    main()
