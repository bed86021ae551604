"""Goals of several sentences: what goes on with what, and what their words refer to."""

from __future__ import annotations

import pytest
from tests.agent.planners.embedded.asking import arguments, calls


def test_a_file_gets_its_name_once() -> None:
    goal = (
        'The street has another name now. In each letter "Mill Lane" has to be replaced by "Mill Road". '
        "Then put the letters one after another into a single text with the name post.txt."
    )
    assert calls(goal, letters="txt*") == ["text.replace", "text.concatenate"]


@pytest.mark.parametrize(
    "goal",
    [
        "List what's in the share, biggest file first",
        "Show me everything in the share, the largest files at the top",
    ],
)
def test_files_are_put_in_order_by_their_size(goal: str) -> None:
    assert arguments(goal, share="folder") == {"by": ["bytes"], "descending": True}


def test_the_dearest_ones_at_the_top_are_an_order() -> None:
    goal = "The total price per shop, most expensive shop at the top. All of it is in bills."
    assert calls(goal, bills="csv") == ["table.group", "table.sort_rows"]


def test_several_things_are_put_together_before_they_are_looked_through() -> None:
    goal = "The ten most frequent words over all the letters taken together"
    assert calls(goal, letters="txt*") == ["text.concatenate", "text.word_frequencies"]
