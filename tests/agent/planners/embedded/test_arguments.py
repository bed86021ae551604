"""What a call is given, in the words that people have for it."""

from __future__ import annotations

import pytest
from tests.agent.planners.embedded.asking import Given, ask, literals, plan_of


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
    (found,) = literals(goal, **given)
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
    (found,) = literals(goal, letters="txt*")
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
    (found,) = literals(goal, shipments="csv")
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
    (found,) = literals(goal, sales="csv")
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
    (found,) = literals(goal, **given)
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
    (found,) = literals(goal, **given)
    assert expected.items() <= found.items()
    assert len(plan_of(ask(goal, **given)).steps) == 1


def test_a_title_ends_where_the_request_goes_on() -> None:
    goal = "page of the costs titled Costs in May, then put it into a folder called costs"
    assert literals(goal, costs="csv")[0] == {"title": "Costs in May"}
    goal = "page of the costs titled Costs and convert the photo to jpeg"
    assert literals(goal, costs="csv", photo="png")[0] == {"title": "Costs"}


@pytest.mark.parametrize(
    ("goal", "vocabulary"),
    [
        ("Transcribe the call; the names Okonkwo and Lindqvist occur in it", "Okonkwo, Lindqvist"),
        ("transcribe the call, vocab: Kubernetes, Grafana, etcd", "Kubernetes, Grafana, etcd"),
        ("Write the call down as text. Mind the spelling of Schrödinger and Ada Byron.", "Schrödinger, Ada Byron"),
        ("A transcript of the call in which Zurich Re is written correctly", "Zurich Re"),
        ('Transcribe the call with "Ostrowski" and "Halloran" spelled right.', "Ostrowski, Halloran"),
        ("transcript of the call (terms: dagger, gptscript)", "dagger, gptscript"),
    ],
)  # fmt: skip
def test_names_to_be_spelled_right(goal: str, vocabulary: str) -> None:
    assert literals(goal, call="mp3") == [{"vocabulary": vocabulary}]


@pytest.mark.parametrize(
    ("goal", "language"),
    [
        ("transcribe the memo (language: sv)", "sv"),
        ("transcribe the memo with language=fr", "fr"),
        ("The memo needs a transcript, its spoken in german so mind that", "de"),
        ("Write the memo down as text. Everybody in it speaks Norwegian.", "no"),
        ("The memo is from our Hungarian supplier. What we want is a transcript.", "hu"),
    ],
)
def test_a_language_said_in_passing(goal: str, language: str) -> None:
    assert literals(goal, memo="mp3") == [{"language": language}]


def test_a_language_to_read_in_is_not_the_one_that_is_heard() -> None:
    found = literals("Transcribe the memo and read it aloud in French", memo="mp3")
    assert [one for one in found if one] == [{"voice": "fr"}]


@pytest.mark.parametrize(
    ("goal", "condition"),
    [
        ("everything in the cache folder that takes more than 10000 bytes", ("greater", "10000")),
        ("files under 100 bytes in the cache", ("less", "100")),
        ("list the files of the cache bigger than 2 MB", ("greater", "2000000")),
        ("the files in the cache that are over 512 kB", ("greater", "512000")),
    ],
)
def test_a_size_in_bytes(goal: str, condition: tuple[str, str]) -> None:
    found = literals(goal, cache="folder")[-1]
    assert found == {"column": "bytes", "operator": condition[0], "value": condition[1]}


@pytest.mark.parametrize(
    ("goal", "expected"),
    [
        (
            "orders where total > 100 order by total desc",
            [
                {"column": "total", "operator": "greater", "value": "100"},
                {"by": ["total"], "descending": True},
            ],
        ),
        (
            "orders where year = 2024 group by shop sum(amount)",
            [
                {"column": "year", "operator": "equals", "value": "2024"},
                {"by": ["shop"], "column": "amount", "total": "sum"},
            ],
        ),
    ],
)
def test_clauses_as_in_sql(goal: str, expected: list[dict[str, object]]) -> None:
    assert literals(goal, orders="csv") == expected


@pytest.mark.parametrize(
    ("goal", "span"),
    [
        ("The first 5 seconds of the talk are noise; remove them.", {"start": 5.0}),
        ("The opening 12 seconds of the talk are silence. Cut them out.", {"start": 12.0}),
        ("In the talk the first 8 seconds should go.", {"start": 8.0}),
        ("keep only the first 15 seconds of the talk", {"end": 15.0}),
    ],
)
def test_the_beginning_is_left_out_or_kept(goal: str, span: dict[str, object]) -> None:
    assert literals(goal, talk="mp3") == [span]


@pytest.mark.parametrize(
    ("goal", "labels"),
    [
        ("Let phi-4 at https://llm.example.org/v1 say whether the mail is kind, rude or neutral", ["kind", "rude", "neutral"]),
        ("classify the mail as spam/ham using phi-4 at https://llm.example.org/v1", ["spam", "ham"]),
        ("Label the mail as friendly, hostile or off-topic; use phi-4 at https://llm.example.org/v1", ["friendly", "hostile", "off-topic"]),
    ],
)  # fmt: skip
def test_labels(goal: str, labels: list[str]) -> None:
    (found,) = literals(goal, mail="txt")
    assert (found["labels"], found["model"]) == (labels, "phi-4")


@pytest.mark.parametrize(
    ("goal", "pattern"),
    [
        ("find *.json recursively in the configs", "**/*.json"),
        ("the *.txt files of the configs, whatever folder they are in", "**/*.txt"),
        ("find every *.md in the configs, no matter how deep", "**/*.md"),
        ("find *.png in the configs (not in its subfolders)", "*.png"),
        ("the *.txt files of the configs", "*.txt"),
    ],
)
def test_a_pattern_at_any_depth(goal: str, pattern: str) -> None:
    assert literals(goal, configs="folder") == [{"pattern": pattern}]


def test_a_command_ends_where_it_is_said_of_what() -> None:
    found = literals("have the tools image run build-all --release on them", tools="image")
    assert found == [{"command": ["build-all", "--release"]}]


@pytest.mark.parametrize(
    ("goal", "pair"),
    [
        ('In the letter it says "colour"; it should say "color".', ("colour", "color")),
        ('Where the letter says "the Client", it must read "the Customer" instead', ("the Client", "the Customer")),
        ('Write "Müller" wherever the letter has "Mueller"', ("Mueller", "Müller")),
        ('the letter: every "teh" should be "the"', ("teh", "the")),
    ],
)  # fmt: skip
def test_what_a_text_ought_to_say(goal: str, pair: tuple[str, str]) -> None:
    assert literals(goal, letter="txt") == [{"old": pair[0], "new": pair[1]}]


@pytest.mark.parametrize(
    ("goal", "given", "expected"),
    [
        ("render the guide to handbook.html", {"guide": "md"}, [{}, {"name": "handbook.html"}]),
        ("convert the photo to cover.webp", {"photo": "png"}, [{"format": "webp"}, {"name": "cover.webp"}]),
        ("transcribe the talk into minutes.txt", {"talk": "mp3"}, [{}, {"name": "minutes.txt"}]),
    ],
)
def test_a_file_that_is_made_gets_its_name(
    goal: str, given: Given, expected: list[dict[str, object]]
) -> None:
    assert literals(goal, **given) == expected


def test_labels_of_several_words() -> None:
    goal = "Label the mail as complaint, job application or order, using phi-4 at https://llm.example.org/v1."
    (found,) = literals(goal, mail="txt")
    assert found["labels"] == ["complaint", "job application", "order"]


@pytest.mark.parametrize(
    ("goal", "given", "expected"),
    [
        ("Leave all lines with DEBUG out of the log", {"log": "txt"}, {"pattern": "DEBUG", "invert": True}),
        ("every .safetensors file in the models", {"models": "folder"}, {"pattern": "**/*.safetensors"}),
        (
            "total cost per team of the bills, most expensive team at the top",
            {"bills": "csv"},
            {"by": ["team"], "column": "cost", "total": "sum"},
        ),
        ("pretty-print the config, its keys in alphabetic order", {"config": "json"}, {"sort_keys": True}),
    ],
)
def test_what_stands_apart_or_says_something_else(
    goal: str, given: Given, expected: dict[str, object]
) -> None:
    assert literals(goal, **given)[0] == expected


def test_what_someone_only_gives_is_no_column() -> None:
    goal = "The shop only gives me products.json, a list of all products. Make a table of those with a price over 100."
    assert all("columns" not in one for one in literals(goal, products="json"))
