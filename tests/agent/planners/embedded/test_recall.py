"""What is asked for in words that no function has for itself."""

from __future__ import annotations

import pytest
from tests.agent.planners.embedded.asking import Given, arguments, calls


@pytest.mark.parametrize(
    ("goal", "given", "column"),
    [
        ("show each order with the name of its customer next to it; customer_id is in both files", {"orders": "csv", "customers": "csv"}, "customer_id"),
        ("The two tables have sku in common. I want one table with the columns of both.", {"stock": "csv", "prices": "csv"}, "sku"),
        ("trips with the vehicle info attached to each, vehicle_id links the two", {"trips": "csv", "vehicles": "csv"}, "vehicle_id"),
        ("complete the members with their departments, both lists contain dept_id", {"members": "csv", "departments": "csv"}, "dept_id"),
        ("put the prices beside each product, matched up via sku", {"products": "csv", "prices": "csv"}, "sku"),
    ],
)  # fmt: skip
def test_what_two_tables_share_puts_them_together(goal: str, given: Given, column: str) -> None:
    assert calls(goal, **given) == ["table.join"]
    assert arguments(goal, **given)["on"] == column


@pytest.mark.parametrize(
    ("goal", "given", "expected"),
    [
        ("our webhook https://hooks.example.com/x should get to know how many lines the log has", {"log": "txt"}, "text.count"),
        ("https://hooks.example.com/sums is waiting for the sha256 of the installer", {"installer": "file"}, "files.checksum"),
        ("the checksum of release.zip has to arrive at https://hooks.example.com/release", {"release": "zip"}, "files.checksum"),
        ("let https://hooks.example.com/ops know which columns the table has", {"table": "csv"}, "table.describe"),
        ("Count the words of the essay. The numbers go to https://api.example.com/words.", {"essay": "txt"}, "text.count"),
    ],
)  # fmt: skip
def test_an_address_that_gets_something_is_sent_to(goal: str, given: Given, expected: str) -> None:
    assert calls(goal, **given) == [expected, "http.post_json"]


def test_an_address_that_something_is_got_from_is_not_sent_to() -> None:
    assert calls("download https://example.org/hooks/hooks.csv") == ["http.fetch"]
    assert calls("get the JSON from https://example.org/hooks") == ["http.get_json"]


@pytest.mark.parametrize(
    ("goal", "given", "expected"),
    [
        ("which files in the share are the biggest? a table with the sizes, largest first", {"share": "folder"}, ["files.listing", "table.sort_rows"]),
        ("how large is each file of the folder? list them from big to small", {"folder": "folder"}, ["files.listing", "table.sort_rows"]),
        ("list the files of the dump folder with their sizes, smallest first, in Markdown", {"dump": "folder"}, ["files.listing", "table.sort_rows", "report.table_to_markdown"]),
        ("one bundle.zip with the invoice and the receipt in it", {"invoice": "txt", "receipt": "csv"}, ["files.collect", "archive.zip_folder"]),
        ("a zip holding all the letters", {"letters": "txt*"}, ["files.collect", "archive.zip_folder"]),
        ("one list out of the names from berlin and the names from paris, sorted, no repetition", {"berlin": "txt", "paris": "txt"}, ["text.concatenate", "text.sort_lines"]),
        ("the 20 most frequent words over all chapters as a whole", {"chapters": "txt*"}, ["text.concatenate", "text.word_frequencies"]),
        ("I need to know at which second each sentence of the speech is said", {"speech": "mp3"}, ["speech.segments"]),
        ("Of the whole archive we only care about conf/app.json, nicely indented", {"archive": "zip"}, ["archive.unpack", "files.pick", "json.pretty"]),
        ("run pytest on the repo and show the last 20 lines of the test report", {"repo": "folder"}, ["python.test", "text.tail"]),
        ("compress the folder docs into docs.zip and tell me the sha512 of this zip", {"docs": "folder"}, ["archive.zip_folder", "files.checksum"]),
        ("what fills up the disk? list the files of the share with their sizes, largest on top", {"share": "folder"}, ["files.listing", "table.sort_rows"]),
        ("every file in the project with its size, as a web page", {"project": "folder"}, ["files.listing", "report.table_to_html"]),
        ("show me on a web page what the linter thinks of the service", {"service": "folder"}, ["python.lint", "report.text_to_html"]),
        ("SELECT region, amount FROM sales WHERE amount > 100 ORDER BY amount DESC", {"sales": "csv"}, ["table.where", "table.select", "table.sort_rows"]),
        ("rows where age > 30 order by age", {"people": "csv"}, ["table.where", "table.sort_rows"]),
        ("profile the features and POST the result to https://hooks.example.com/dq", {"features": "csv"}, ["table.describe", "http.post_json"]),
        ("keep only lines with GET in the log", {"log": "txt"}, ["text.grep"]),
        ("turn this API response into a spreadsheet", {"response": "json"}, ["table.from_json"]),
        ("put the keys of the config in alphabetical order", {"config": "json"}, ["json.pretty"]),
        ("fuse the two configs, the second one has the last word", {"base": "json", "override": "json"}, ["json.merge"]),
        ("make the wedding video smaller: as WebM", {"wedding": "mp4"}, ["media.convert_video"]),
        ("remove double entries from the guest list", {"guest_list": "txt"}, ["text.sort_lines"]),
        ("when is what said in the meeting recording?", {"meeting": "mp3"}, ["speech.segments"]),
        ('What has to come out of this is a folder "final" that holds the three reports.', {"reports": "txt*"}, ["files.collect"]),
        ("Our players only know webm; the clip is still an mp4.", {"clip": "mp4"}, ["media.convert_video"]),
        ("For people who can't hear, the training talk needs text on screen.", {"training_talk": "mp3"}, ["speech.subtitles"]),
        ("All errors of the app log, nothing else, go to https://hooks.example.com/errors.", {"app_log": "txt"}, ["text.grep", "text.to_string", "http.post_json"]),
        ("The value under release.version of the manifest is what https://hooks.example.com/version waits for.", {"manifest": "json"}, ["json.get", "http.post_json"]),
        ("bundle the logs into logs.tar.gz and tell https://hooks.example.com/done its sha256", {"logs": "folder"}, ["archive.tar_folder", "files.checksum", "http.post_json"]),
        ("how much text is it? words and lines of the manuscript", {"manuscript": "txt"}, ["text.count"]),
        ("find all lines in the minutes that talk about the budget", {"minutes": "txt"}, ["text.grep"]),
        ("take the rows of jobs whose status is failed and post them to https://hooks.example.org/oncall", {"jobs": "csv"}, ["table.where", "table.to_json", "json.read", "http.post_json"]),
        ("Can it sort the lines of both?", {"first": "txt", "second": "txt"}, ["text.sort_lines", "text.sort_lines"]),
        ("List what's in the checkpoints folder, biggest file first", {"checkpoints": "folder"}, ["files.listing", "table.sort_rows"]),
        ("whats in the tarball? dont unpack it", {"tarball": "zip"}, ["archive.contents"]),
    ],
)  # fmt: skip
def test_outcomes_are_as_good_as_verbs(goal: str, given: Given, expected: list[str]) -> None:
    assert calls(goal, **given) == expected


@pytest.mark.parametrize(
    ("goal", "given"),
    [
        ("Who signed off the budget? It must be said somewhere in the board meeting recording.", {"board_meeting": "mp3"}),
        ("What did we decide about the freeze? Should be somewhere in the retro.", {"retro": "mp3"}),
        ("Why was the extract rejected? The call should tell.", {"call": "mp3"}),
    ],
)  # fmt: skip
def test_where_an_answer_stands_is_only_told(goal: str, given: Given) -> None:
    assert calls(goal, **given) == ["speech.transcribe", "rag.answer"]


@pytest.mark.parametrize(
    "goal",
    [
        "say whether the ticket is a bug, a question or a feature with gpt-4o at https://api.example.com/v1",
        "is the ticket urgent, normal or minor? ask llama3 at http://localhost:8000/v1",
    ],
)
def test_a_choice_between_labels_is_no_question(goal: str) -> None:
    assert calls(goal, ticket="txt") == ["llm.classify"]
