"""`shunter call`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.cli.conftest import Shunter
from tests.cli.text import steady


def test_text_comes_out_on_standard_output_and_nothing_else_anywhere(shunter: Shunter) -> None:
    ended = shunter("call", "toy.shout", "--text", "hello")
    assert (ended.code, ended.out, ended.err) == (0, "HELLO\n", "")


def test_a_text_file_comes_out_as_it_is(shunter: Shunter, here: Path) -> None:
    (here / "notes.txt").write_text("no line end")
    ended = shunter("call", "toy.upper", "--file", "notes.txt")
    assert (ended.code, ended.raw, ended.err) == (0, b"NO LINE END", "")


def test_bytes_are_named_and_not_printed(shunter: Shunter) -> None:
    ended = shunter("call", "toy.binary")
    assert (ended.code, ended.out, ended.err) == (0, "bytes.bin, 3 bytes\n", "(-o PATH keeps it)\n")


def test_data_comes_out_as_json(shunter: Shunter) -> None:
    ended = shunter("call", "toy.pages", "--texts", "a", "--texts", "b")
    assert ended.code == 0
    pages = json.loads(ended.out)
    assert [(page["title"], page["body"]["file"]) for page in pages] == [("a", "a.md"), ("b", "b.md")]


def test_a_file_is_kept_under_the_name_that_is_asked_for(shunter: Shunter, here: Path) -> None:
    ended = shunter("call", "toy.binary", "-o", "deep/kept.dat")
    assert (ended.code, ended.out, ended.err) == (0, "deep/kept.dat\n", "")
    assert (here / "deep/kept.dat").read_bytes() == b"\x00\x01\xff"


def test_a_file_goes_into_a_folder_that_is_there_under_its_own_name(shunter: Shunter, here: Path) -> None:
    (here / "into").mkdir()
    assert shunter("call", "toy.binary", "-o", "into").out == "into/bytes.bin\n"
    assert (here / "into/bytes.bin").read_bytes() == b"\x00\x01\xff"


def test_a_file_that_was_kept_before_is_replaced(shunter: Shunter, here: Path) -> None:
    (here / "kept.dat").write_text("old")
    assert shunter("call", "toy.binary", "-o", "kept.dat").code == 0
    assert (here / "kept.dat").read_bytes() == b"\x00\x01\xff"


def test_text_and_data_are_kept_too(shunter: Shunter, here: Path) -> None:
    shunter("call", "toy.shout", "--text", "a", "-o", "a.txt")
    shunter("call", "toy.pages", "--texts", "a", "--texts", "b", "-o", "pages")
    assert (here / "a.txt").read_text() == "A\n"
    assert (here / "pages/1/body.md").read_text() == "# b\n"
    assert (here / "pages/1/title.txt").read_text() == "b\n"


def test_a_folder_is_kept_whole(shunter: Shunter, here: Path) -> None:
    assert shunter("call", "toy.folder", "-o", "kept").code == 0
    found = {str(path.relative_to(here / "kept")) for path in (here / "kept").rglob("*")}
    assert found == {"a.txt", "e", "e/b.txt"}


def test_a_folder_of_the_user_is_never_replaced(shunter: Shunter, here: Path) -> None:
    (here / "mine").mkdir()
    (here / "mine" / "thesis.txt").write_text("years of work")
    ended = shunter("call", "toy.folder", "-o", "mine")
    assert ended.code == 5
    assert ended.err == (
        "shunter: mine is there already and isn't empty; nothing was written\n"
        "  name a place that doesn't exist yet\n"
    )
    assert (here / "mine" / "thesis.txt").read_text() == "years of work"


@pytest.mark.parametrize("place", [".", "..", "/"])
def test_a_folder_above_is_never_replaced(shunter: Shunter, here: Path, place: str) -> None:
    (here / "mine.txt").write_text("mine")
    ended = shunter("call", "toy.folder", "-o", place)
    assert (ended.code, ended.err.count("\n")) == (5, 2)
    assert (here / "mine.txt").read_text() == "mine"


def test_a_folder_can_go_into_an_empty_one(shunter: Shunter, here: Path) -> None:
    (here / "empty").mkdir()
    assert shunter("call", "toy.folder", "-o", "empty").code == 0
    assert (here / "empty" / "a.txt").read_text() == "a\n"


def test_options_of_every_type_are_understood(shunter: Shunter, here: Path) -> None:
    (here / "a.txt").write_text("a")
    (here / "b.txt").write_text("b")
    (here / "some").mkdir()
    ended = shunter(
        *("call", "toy.everything", "--text", "some words", "--number", "-4", "--ratio", "2", "--flag"),
        *("--choice", "dark blue", "--with-json", '{"deep": [1]}', "--with-home", "mine", "--max-words", "7"),
        *("--record", '{"name": "x", "size": 2}', "--items", "5", "--items", "6", "--maybe", "so"),
        *("--files", "*.txt", "--folder", "some"),
    )
    assert ended.err == ""
    assert ended.out.split("|") == [
        *("some words", "-4", "2.0", "true", "dark blue", "so", '{"deep": [1]}', "mine", "7"),
        *('{"name": "x", "size": 2}', "i 5 6", "f /in/files/0/a.txt /in/files/1/b.txt", "/in/folder", "\n"),
    ]


def test_what_is_not_given_has_its_default(shunter: Shunter) -> None:
    ended = shunter("call", "toy.everything", "--text", "x")
    assert ended.out.split("|") == [
        *("x", "3", "0.5", "false", "red", "perhaps", "{}", "house", "9", '{"name": "n", "size": 1}'),
        *("i 1 2", "f ", "", "\n"),
    ]


@pytest.mark.parametrize(
    ("written", "flag"),
    [(["--flag", "no"], "false"), (["--flag", "yes"], "true"), (["--flag=false"], "false")],
)
def test_a_flag_can_be_written_out(shunter: Shunter, written: list[str], flag: str) -> None:
    assert shunter("call", "toy.everything", "--text", "x", *written).out.split("|")[3] == flag


def test_a_list_can_be_given_as_json(shunter: Shunter) -> None:
    assert (
        shunter("call", "toy.everything", "--text", "x", "--items", "[7, 8, 9]").out.split("|")[10]
        == "i 7 8 9"
    )


def test_a_value_that_begins_with_a_dash_follows_an_equals_sign(shunter: Shunter) -> None:
    assert shunter("call", "toy.shout", "--text=--help").out == "--HELP\n"


def test_a_value_may_look_like_an_option_of_the_command(shunter: Shunter) -> None:
    assert shunter("call", "toy.shout", "--text=--debug").out == "--DEBUG\n"
    assert shunter("call", "toy.shout", "--text", "--json").code == 2


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ([], "shunter: text is missing: give --text (str)\n"),
        (["--text", "x", "--number", "3.5"], "shunter: number: expected int, got str '3.5'\n"),
        (["--text", "x", "--ratio", "much"], "shunter: ratio: expected float, got str 'much'\n"),
        (["--text", "x", "--flag", "perhaps"], "shunter: flag: expected bool, got str 'perhaps'\n"),
        (
            ["--text", "x", "--choice", "rad"],
            'shunter: choice: expected "red" | "dark blue", got str \'rad\' (one of red)\n',
        ),
        (["--text", "x", "--items", "1", "--items", "b"], "shunter: items: expected int, got str 'b'\n"),
        (["--text", "x", "--text", "y"], "shunter: text: given 2 times; expected one str\n"),
        (["--text", "x", "--files", "no-*.txt"], "shunter: files: no file matches no-*.txt\n"),
        (["--text", "x", "--files", "no.txt"], "shunter: files: there is no file or folder no.txt\n"),
        (
            ["--text", "x", "--folder", "modules/toy/toy.py"],
            "shunter: folder: modules/toy/toy.py is a file; expected a folder (its folder is modules/toy)\n",
        ),
        (
            ["--text", "x", "--files", "modules"],
            "shunter: files: modules is a folder; expected a file (name a file inside it)\n",
        ),
        (
            ["--text", "x", "--record", '{"name": 1, "size": 2}'],
            "shunter: record: .name: expected str, got int 1\n",
        ),
    ],
)
def test_a_value_that_does_not_fit_is_named_with_what_was_expected(
    shunter: Shunter, given: list[str], said: str
) -> None:
    ended = shunter("call", "toy.everything", *given)
    assert (ended.code, ended.out, ended.err) == (2, "", said)


def test_all_values_that_do_not_fit_are_named_at_once(shunter: Shunter) -> None:
    ended = shunter("call", "toy.everything", "--text", "x", "--number", "a", "--ratio", "b")
    assert ended.err == (
        "shunter: number: expected int, got str 'a'\n         ratio: expected float, got str 'b'\n"
    )


def test_json_that_is_none_says_where(shunter: Shunter) -> None:
    ended = shunter("call", "toy.everything", "--text", "x", "--with-json", "{a: 1}")
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith("shunter: json: expected Json as JSON, got str '{a: 1}' (")


def test_an_unknown_function_is_answered_with_close_ones(shunter: Shunter) -> None:
    ended = shunter("call", "toy.shuot", "--text", "x")
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith("shunter: there is no function 'toy.shuot'\n  did you mean toy.shout")


def test_an_unknown_option_is_a_usage_error(shunter: Shunter) -> None:
    ended = shunter("call", "toy.shout", "--text", "x", "--loud")
    assert (ended.code, ended.out) == (2, "")
    assert ended.err == (
        "shunter: call toy.shout: unrecognized arguments: --loud\n"
        "  `shunter call toy.shout --help` shows what it takes\n"
    )


def test_a_failed_call_says_how_and_with_what_last_words(shunter: Shunter) -> None:
    ended = shunter("call", "toy.fail", "--text", "gasp")
    lines = ended.err.splitlines()
    assert (ended.code, ended.out) == (1, "")
    assert lines[0] == "failed: call: toy.fail ended with exit code 3"
    assert lines[1].startswith("  command: /bin/sh -eu -c echo begun;")
    assert lines[2:5] == ["  last lines of stderr:", "    first line", "    [2Jlast gasp"]
    assert lines[5].startswith("  all that it printed: shunter runs logs ")
    assert lines[6].startswith("  look into it: shunter debug ")
    assert len(lines) == 7


@pytest.mark.parametrize(
    ("function", "said"),
    [
        ("toy.nothing", "failed: call: toy.nothing ended without writing /out/report.txt\n"),
        (
            "toy.picture",
            (
                "failed: call: toy.picture returned something else than it declares: "
                "expected File[text/csv], got 'table.csv': its content is image/png\n"
            ),
        ),
    ],
)
def test_an_output_that_is_missing_or_wrong_fails_the_call(
    shunter: Shunter, function: str, said: str
) -> None:
    ended = shunter("call", function, "-o", "kept")
    assert (ended.code, ended.out) == (1, "")
    assert steady(ended.err) == f"{said}  look into it: shunter debug RUN call\n"
    assert not Path("kept").exists()


def test_json_of_a_call_is_one_document(shunter: Shunter) -> None:
    ended = shunter("call", "toy.shout", "--text", "a", "--json", "-o", "a.txt")
    document = json.loads(ended.out)
    assert (ended.code, ended.err) == (0, "")
    assert (document["status"], document["outputs"], document["saved"]) == (
        "done",
        {"result": "A"},
        {"result": "a.txt"},
    )
    assert [(step["call"], step["outcome"]) for step in document["steps"]] == [("toy.shout", "executed")]


def test_json_of_a_failed_call_has_the_failure(shunter: Shunter) -> None:
    ended = shunter("call", "toy.fail", "--json")
    document = json.loads(ended.out)
    assert (ended.code, document["status"], document["outputs"]) == (1, "failed", {})
    (step,) = document["steps"]
    assert (step["outcome"], step["failure"]["kind"], step["failure"]["exit_code"]) == ("failed", "exit", 3)


def test_an_effect_is_refused_until_it_is_allowed(shunter: Shunter) -> None:
    refused = shunter("call", "toy.send", "--text", "hi")
    assert (refused.code, refused.out) == (4, "")
    assert "mail" in refused.err
    assert "--yes" in refused.err
    assert shunter("runs", "list").out.startswith("there are no runs yet")
    allowed = shunter("call", "toy.send", "--text", "hi", "--yes")
    assert (allowed.code, allowed.out) == (0, "hi\n")


def test_a_function_that_wants_the_network_is_refused_until_that_is_allowed(shunter: Shunter) -> None:
    ended = shunter("call", "toy.fetch")
    assert (ended.code, ended.out) == (4, "")
    assert "example.org" in ended.err


def test_a_url_is_refused_until_its_host_is_allowed(shunter: Shunter) -> None:
    refused = shunter("call", "toy.get", "--url", "https://a.org/x")
    assert (refused.code, refused.out) == (4, "")
    assert refused.err == (
        "shunter: the plan may do more than compute: reach a.org. Nothing was started\n"
        "  `--allow host:a.org` allows it, `--yes` allows everything\n"
    )
    allowed = shunter("call", "toy.get", "--url", "https://a.org/x", "--allow", "host:a.org")
    assert (allowed.code, allowed.out) == (0, "https://a.org/x\n")
    assert shunter("call", "toy.get", "--url", "a b", "--yes").code == 2
    assert shunter("call", "toy.get", "--url", "https://a.org/x", "--allow", "host:a b").code == 2


def test_without_a_function_the_help_is_shown(shunter: Shunter) -> None:
    ended = shunter("call")
    assert ended.code == 2
    assert shunter("call", "--text", "x", "toy.shout").err == (
        "shunter: call: the function's name comes first\n  shunter call text.head --file notes.txt --lines 3\n"
    )


def test_a_module_beside_the_usual_places_can_be_named(shunter: Shunter, here: Path, tmp_path: Path) -> None:
    (here / "modules" / "toy").rename(tmp_path / "toy")
    assert shunter("call", "toy.shout", "--text", "x").code == 2
    assert shunter("call", "toy.shout", "--text", "x", "--modules", tmp_path / "toy").out == "X\n"
    assert shunter("call", "toy.shout", "--modules", tmp_path, "--text", "x").out == "X\n"
    missing = shunter("call", "toy.shout", "--text", "x", "--modules", "nowhere")
    assert (missing.code, missing.err) == (2, "shunter: --modules: there is no folder nowhere\n")


def test_a_parameter_called_like_the_step_is_no_problem(shunter: Shunter, here: Path) -> None:
    manifest = here / "modules/toy/module.toml"
    manifest.write_text(
        manifest.read_text()
        .replace('parameters.text = {type = "str", doc', 'parameters.call = {type = "str", doc')
        .replace('stdin = "text"', 'stdin = "call"', 1)
    )
    assert shunter("call", "toy.shout", "--call", "x").out == "X\n"
