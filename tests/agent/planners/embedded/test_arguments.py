"""What a call is given, in the words that people have for it."""

from __future__ import annotations

import pytest
from tests.agent.planners.embedded.asking import ask, plan_of

from shunter.engine.plan.expression import write_expression

Given = dict[str, str]


def _literals(goal: str, given: Given) -> list[dict[str, object]]:
    """The literals of each step, as they are written."""
    steps = plan_of(ask(goal, **given)).steps
    written = [{name: write_expression(value) for name, value in step.with_.items()} for step in steps]
    return [{name: value for name, value in one.items() if "from" not in str(value)} for one in written]


@pytest.mark.parametrize(
    ("goal", "given", "title"),
    [
        ("make the incident log a web page and title it Incident 4412", {"incident_log": "txt"}, "Incident 4412"),
        ("html page of the prices, entitled Price list for May", {"prices": "csv"}, "Price list for May"),
        ("turn the notes into a web page whose title is Weekly notes", {"notes": "md"}, "Weekly notes"),
        ("render the readme as a page, under the title Release notes", {"readme": "md"}, "Release notes"),
        ("page out of the notes, title: weekly stock", {"notes": "md"}, "weekly stock"),
        ('a web page of the members, with "Members 2024" as its title', {"members": "csv"}, "Members 2024"),
        ("With Paid orders as the title, make a page of the orders", {"orders": "csv"}, "Paid orders"),
        ("Render the changelog as HTML and give it the heading What's new", {"changelog": "md"}, "What's new"),
        ('an HTML page of the costs headed "Costs by team"', {"costs": "csv"}, "Costs by team"),
        ("Show the inventory on a web page, call the page Stock in March", {"inventory": "csv"}, "Stock in March"),
    ],
)  # fmt: skip
def test_a_title_with_or_without_quotes(goal: str, given: Given, title: str) -> None:
    (found,) = _literals(goal, given)
    assert found == {"title": title}


@pytest.mark.parametrize(
    ("goal", "separator"),
    [
        ("Stitch the letters together with a line of --- between two of them", "---"),
        ("cat the letters together, === in between", "==="),
        ("append the letters and separate them with #####", "#####"),
        ("one text out of the letters, with a line ----- between them", "-----"),
    ],
)
def test_a_line_of_signs_between_texts(goal: str, separator: str) -> None:
    (found,) = _literals(goal, {"letters": "txt*"})
    assert found == {"separator": separator}


@pytest.mark.parametrize(
    ("goal", "column", "operator"),
    [
        ("rows of the shipments with a null delivered_at", "delivered_at", "is_empty"),
        ("shipments, carrier IS NULL", "carrier", "is_empty"),
        ("the shipments where email != null", "email", "is_filled"),
        ("keep only the shipments whose price isn't null", "price", "is_filled"),
    ],
)
def test_null_is_an_empty_value(goal: str, column: str, operator: str) -> None:
    (found,) = _literals(goal, {"shipments": "csv"})
    assert found == {"column": column, "operator": operator}


@pytest.mark.parametrize(
    ("goal", "expected"),
    [
        ("avg(price) by city from the sales", {"by": ["city"], "column": "price", "total": "mean"}),
        ("count(*) per status of the sales", {"by": ["status"], "total": "count"}),
        ("sales: max(amount) for each shop", {"by": ["shop"], "column": "amount", "total": "max"}),
    ],
)
def test_a_total_as_in_sql(goal: str, expected: dict[str, object]) -> None:
    (found,) = _literals(goal, {"sales": "csv"})
    assert found == expected


@pytest.mark.parametrize(
    ("goal", "given", "expected"),
    [
        (
            "Build an image of the site folder on nginx, under /usr/share/nginx/html, with PORT=8080 and MODE=prod",
            {"site": "folder", "nginx": "image"},
            {"path": "/usr/share/nginx/html", "variables": ["PORT=8080", "MODE=prod"]},
        ),
        (
            "container image with the app in /opt/app on top of base and the variable LANG=C.UTF-8",
            {"app": "folder", "base": "image"},
            {"path": "/opt/app", "variables": ["LANG=C.UTF-8"]},
        ),
        (
            "make an image called web.tar from site; environment: TZ=UTC, PORT=80",
            {"site": "folder"},
            {"name": "web.tar", "variables": ["TZ=UTC", "PORT=80"]},
        ),
        ("build an image from the app folder with its files standing at /app", {"app": "folder"}, {"path": "/app"}),
    ],
)  # fmt: skip
def test_places_and_variables_of_an_image(goal: str, given: Given, expected: dict[str, object]) -> None:
    (found,) = _literals(goal, given)
    assert found == expected


@pytest.mark.parametrize(
    ("goal", "given", "expected"),
    [
        ("chunk the docs (max 150 words, overlap 20)", {"docs": "md*"}, {"size": 150, "overlap": 20}),
        ("Cut the manuals into passages of at most 80 words", {"manuals": "txt*"}, {"size": 80}),
        ("passages no longer than 90 words", {"handbook": "txt"}, {"size": 90}),
        (
            'Let phi-4 at https://llm.example.org/v1 complete "Once upon a time", temp 0.9, at most 300 tokens',
            {},
            {"max_tokens": 300, "temperature": 0.9},
        ),
        (
            'ask phi-4 at https://llm.example.org/v1 "What is a monad?", temperature=0.2 and max_tokens=800',
            {},
            {"max_tokens": 800, "temperature": 0.2},
        ),
        (
            "Who may travel? Ask phi-4 at https://llm.example.org/v1 about the policy; it may see no more than 6 passages",
            {"policy": "md"},
            {"passages": 6},
        ),
    ],
)  # fmt: skip
def test_a_number_with_its_unit_is_an_option(goal: str, given: Given, expected: dict[str, object]) -> None:
    (found,) = _literals(goal, given)
    assert expected.items() <= found.items()
    assert len(plan_of(ask(goal, **given)).steps) == 1


def test_a_title_ends_where_the_request_goes_on() -> None:
    goal = "page of the costs titled Costs in May, then put it into a folder called costs"
    assert _literals(goal, {"costs": "csv"})[0] == {"title": "Costs in May"}
    goal = "page of the costs titled Costs and convert the photo to jpeg"
    assert _literals(goal, {"costs": "csv", "photo": "png"})[0] == {"title": "Costs"}
