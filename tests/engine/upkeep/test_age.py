"""Ages as people write and read them."""

from __future__ import annotations

import pytest

from shunter.engine.upkeep.age import age_text, parse_age


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("90s", 90), ("90m", 5400), (" 12 h ", 43200), ("7d", 604800), ("2w", 1209600), ("1.5h", 5400)],
)
def test_an_age_is_read(text: str, seconds: float) -> None:
    assert parse_age(text) == seconds


@pytest.mark.parametrize("text", ["", "7", "d", "-7d", "7 days", "1e3d", "infd", "7D"])
def test_what_is_no_age_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not an age"):
        parse_age(text)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (-3, "a second"),
        (2, "2 seconds"),
        (61, "61 seconds"),
        (60, "1 minute"),
        (5400, "90 minutes"),
        (3600, "1 hour"),
        (90000, "25 hours"),
        (3 * 86400, "3 days"),
        (21 * 86400, "3 weeks"),
    ],
)
def test_an_age_is_said_in_the_unit_that_fits(seconds: float, text: str) -> None:
    assert age_text(seconds) == text
