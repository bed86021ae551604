"""Functions that call functions, from the command line to the containers: what runs, and what doesn't again."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from tests.cli.conftest import Shunter
from tests.cli.text import steady
from tests.manifests import module_text, shell_function

TOP = '''\
import os, threading
from dataclasses import dataclass
from typing import Annotated, TypedDict

from shunter.sdk import Directory, Failure, File, Json, Secret, function, output
from shunter.sdk.calls import CallFailed, call

Text = Annotated[File, "text/*"]


@dataclass
class Options:
    loud: bool


class Made(TypedDict):
    whole: File
    kept: Directory
    sizes: list[int]


@function
def build(cover: Text, pages: Directory, notes: list[Text]) -> Made:
    """Build.

    Args:
        cover: a file
        pages: a folder
        notes: a list
    """
    own = File.write_text("own.txt", "own\\n")
    whole = call("low.join", files=[cover, *pages.files(), *notes, own])
    again = call("low.join", files=[whole, Directory(pages).file("a.txt")])
    shaped = call("low.shape", record=Options(loud=True))
    folder = Directory.create("site")
    (folder.path / "whole.txt").write_text(again.read_text() + shaped)
    return {"whole": whole, "kept": call("low.keep", folder=folder), "sizes": [call("low.size", file=whole)]}


@function
def threads(words: list[str]) -> list[str]:
    """Call from threads.

    Args:
        words: what to say
    """
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(8) as pool:
        return list(pool.map(lambda word: call("low.say", text=word), words))


@function
def caught() -> Json:
    """Catch a failure."""
    found = []
    for name, arguments in (
        ("low.fail", {}),
        ("low.say", {}),
        ("low.say", {"text": 3}),
        ("lowest.say", {}),
    ):
        try:
            call(name, **arguments)
        except CallFailed as error:
            found.append([error.kind, error.function, error.message, error.exit_code, error.stderr])
    return found


@function
def uncaught() -> str:
    """Let a failure through."""
    return call("low.fail")


@function
def elsewhere() -> list[str]:
    """Hand over files from elsewhere, by links, and from outside of all that is given."""
    os.symlink("/module/top.py", "/work/link.txt")
    with open("/tmp/other.txt", "w") as stream:
        stream.write("tmp")
    paths = ["/module/module.toml", "/work/link.txt", "/tmp/other.txt"]
    return [call("low.named", file=File(path)) for path in paths]


@function
def trusted(token: Secret) -> list[int]:
    """Hand a secret on, and in a way in which it can't be."""
    found = [call("keeper.length", token=token)]
    for arguments in ({"token": "env:OTHER"}, {"token": token.value}):
        try:
            call("keeper.length", **arguments)
        except CallFailed as error:
            found.append(len(error.kind))
    try:
        call("low.say", text=f"the token is {token.value}")
    except CallFailed as error:
        found.append(len(error.kind))
    return found


@function
def deep(number: int) -> Json:
    """Call itself, each time with another number.

    Args:
        number: how often
    """
    try:
        return call("top.deep", number=number - 1) if number else "the end"
    except CallFailed as error:
        return [error.kind, error.message]


@function
def many(count: int) -> Json:
    """Make the same call again and again.

    Args:
        count: how often
    """
    try:
        for _ in range(count):
            call("low.say", text="again")
    except CallFailed as error:
        return [error.kind, error.message]
    return "all of them"


@function
def circle(number: int) -> Json:
    """Call itself with what it was called with.

    Args:
        number: anything
    """
    try:
        return call("top.circle", number=number)
    except CallFailed as error:
        return [error.kind, error.message]


@function
def beyond() -> str:
    """Hand over what can't be."""
    return call("low.say", text=object())
'''

KEEPER = '''\
from shunter.sdk import Secret, function


@function
def length(token: Secret) -> int:
    """Count the characters of a secret."""
    return len(token.value)
'''

TEXT = '{type = "str"}'
FAILING = "echo 'no luck' >&2; exit 3"


def _low(failing: str = FAILING) -> tuple[str, ...]:
    return (
        shell_function(
            "join",
            "cat $files",
            '{type = "File[text/plain]", name = "joined.txt"}',
            files="list[File[text/*]]",
        ),
        shell_function("size", "wc -c < $file", '{type = "int"}', file="File"),
        shell_function("named", "basename $file", TEXT, file="File"),
        shell_function(
            "keep",
            "cp -r $folder /out/kept",
            '{type = "Directory", from = "out/kept"}',
            folder="Directory",
        ),
        shell_function("shape", "printf %s $record", TEXT, record="{loud: bool}"),
        shell_function("say", "echo $text", TEXT, text="str"),
        shell_function("fail", failing, TEXT),
    )


def _module(where: Path, name: str, *functions: str, uses: Sequence[str] = ()) -> None:
    (where / name).mkdir(exist_ok=True)
    (where / name / "module.toml").write_text(module_text(name, *functions, uses=uses))


@pytest.fixture(autouse=True, params=["sandbox", "docker"])
def _executor(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "docker":
        request.getfixturevalue("docker_daemon")
    monkeypatch.setenv("SHUNTER_EXECUTOR", request.param)


@pytest.fixture(autouse=True)
def _modules(here: Path) -> None:
    modules = here / "modules"
    _module(modules, "top", '[python]\nfile = "top.py"\n', uses=["low", "keeper", "top"])
    _module(modules, "keeper", '[python]\nfile = "keeper.py"\n')
    (modules / "keeper/keeper.py").write_text(KEEPER)
    (modules / "top/top.py").write_text(TOP)
    _module(modules, "low", *_low(), uses=["lowest"])
    _module(modules, "lowest", *_low())
    (here / "pages").mkdir()
    for name in "ab":
        (here / f"pages/{name}.txt").write_text(f"{name}\n")
    for name in ("cover", "note"):
        (here / f"{name}.txt").write_text(f"{name}\n")


BUILD = ("call", "top.build", "--cover", "cover.txt", "--pages", "pages", "--notes", "note.txt", "-o", "made")
PLAN = "version: 1\nsteps: [{id: t, call: top.threads, with: {words: [a]}}]\noutputs: {t: {from: t}}\n"
CALLS = ["low.join", "low.join", "low.shape", "low.keep", "low.size"]


def _ran(shunter: Shunter) -> list[str]:
    """What the last run's containers ran, `call` for the step itself."""
    told = json.loads(shunter("runs", "show", "last", "--json").out)["events"]
    ended = [event for event in told if event["event"] in {"call-finished", "nested-finished"}]
    return [event.get("call", "call") for event in ended if event["outcome"] == "executed"]


def test_files_folders_and_lists_go_there_and_come_back(shunter: Shunter, here: Path) -> None:
    ended = shunter(*BUILD)
    assert ended.code == 0, ended.err
    whole = "cover\na\nb\nnote\nown\n"
    assert (here / "made/whole.txt").read_text() == whole
    assert (here / "made/kept/whole.txt").read_text() == whole + 'a\n{"loud":true}'
    assert json.loads((here / "made/sizes.json").read_text()) == [len(whole)]
    assert _ran(shunter) == [*CALLS, "call"]


def test_a_second_call_runs_nothing_and_a_change_runs_what_it_must(shunter: Shunter, here: Path) -> None:
    modules = here / "modules"

    def ran() -> list[str]:
        assert shunter(*BUILD[:-2]).code == 0
        return _ran(shunter)

    assert ran() == [*CALLS, "call"]
    assert ran() == []
    _module(modules, "lowest", *_low("exit 4"))
    assert ran() == [*CALLS, "call"]  # its users may have called it, and theirs may have called them
    assert ran() == []
    (modules / "top/top.py").write_text(TOP.replace("own\\n", "mine\\n"))
    assert ran() == ["low.join", "low.join", "low.keep", "low.size", "call"]
    assert ran() == []


def test_threads_call_at_once(shunter: Shunter) -> None:
    words = [word for number in range(12) for word in ("--words", f"w{number}")]
    ended = shunter("call", "top.threads", *words)
    assert json.loads(ended.out) == [f"w{number}" for number in range(12)]


def test_one_job_is_enough_for_calls_within_calls(shunter: Shunter) -> None:
    """Who waits holds no slot: with one, a caller that kept it would wait for ever."""
    assert shunter("call", "top.deep", "--number", "3", "--jobs", "1").out == "the end\n"
    words = [word for number in range(4) for word in ("--words", f"w{number}")]
    assert json.loads(shunter("call", "top.threads", *words, "--jobs", "1").out) == ["w0", "w1", "w2", "w3"]


def test_calls_go_eight_deep_and_no_deeper(shunter: Shunter) -> None:
    chain = " → ".join(["top.deep"] * 9)
    assert json.loads(shunter("call", "top.deep", "--number", "9").out) == [
        "depth",
        f"calls go at most 8 deep, and top.deep would be one more: {chain}",
    ]
    assert shunter("call", "top.deep", "--number", "8").out == "the end\n"  # the refusal wasn't kept


def test_a_thousand_calls_may_be_made_and_no_more(shunter: Shunter) -> None:
    assert json.loads(shunter("call", "top.many", "--count", "1001").out) == [
        "calls",
        "one call of a step may make 1000 others at most, whatever their depth",
    ]
    assert shunter("call", "top.many", "--count", "1000").out == "all of them\n"


def test_a_call_that_equals_its_own_caller_is_refused_and_the_answer_not_kept(shunter: Shunter) -> None:
    refused = [
        "recursion",
        "top.circle would wait for itself, called with equal arguments: top.circle → top.circle",
    ]
    for _ in range(2):
        assert json.loads(shunter("call", "top.circle", "--number", "1").out) == refused
        assert _ran(shunter) == ["call"]


def test_a_failure_can_be_caught_and_says_what_it_is(shunter: Shunter) -> None:
    assert json.loads(shunter("call", "top.caught").out) == [
        ["exit", "low.fail", "low.fail ended with exit code 3", 3, "no luck"],
        ["arguments", "low.say", "low.say needs text: str", None, ""],
        ["arguments", "low.say", "an argument of low.say: text: expected str, got int 3", None, ""],
        [
            "not-declared",
            "lowest.say",
            "top.caught may call functions of keeper, low, top, and not 'lowest.say'",
            None,
            "",
        ],
    ]


def test_a_failure_that_is_not_caught_is_the_callers(shunter: Shunter) -> None:
    ended = shunter("call", "top.uncaught", "--quiet")
    assert ended.code == 1
    assert "low.fail ended with exit code 3\n" in ended.err
    assert "| no luck" in ended.err
    assert "Traceback" not in ended.err


def test_what_is_not_given_is_copied_before_it_is_handed_over(shunter: Shunter) -> None:
    assert json.loads(shunter("call", "top.elsewhere").out) == ["module.toml", "link.txt", "other.txt"]


def test_a_secret_is_handed_on_as_one_and_in_no_other_way(
    shunter: Shunter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TOKEN", "correct-horse-battery")
    monkeypatch.setenv("OTHER", "not-for-you")
    ended = shunter("call", "top.trusted", "--token", "env:TOKEN", "--yes")
    assert ended.code == 0, ended.err
    arguments, leak = len("arguments"), len("leak")
    assert json.loads(ended.out) == [len("correct-horse-battery"), arguments, arguments, leak]
    assert "correct-horse" not in shunter("runs", "show", "last", "--json").out
    again = shunter("call", "top.trusted", "--token", "env:TOKEN", "--yes")
    assert (again.out, _ran(shunter)) == (ended.out, [])


def test_what_cannot_be_handed_over_is_said(shunter: Shunter) -> None:
    ended = shunter("call", "top.beyond", "--quiet")
    assert "the call of low.say.text is a object, which can't be handed on" in ended.err


def test_without_a_session_a_call_says_what_is_missing(shunter: Shunter, here: Path) -> None:
    _module(here / "modules", "top", '[python]\nfile = "top.py"\n')
    ended = shunter("call", "top.uncaught", "--quiet")
    assert (
        "low.fail can't be called: this step has no session. In a run it has one where `uses` of its module.toml "
        "names the modules that it calls; in `shunter debug` it has none"
    ) in ended.err


def test_progress_and_past_runs_show_the_calls_below_their_step(shunter: Shunter, here: Path) -> None:
    (here / "plan.yaml").write_text(PLAN)
    progress = shunter("run", "plan.yaml").err
    assert "  ✓ t → low.say  executed in N s" in steady(progress)
    shown = steady(shunter("runs", "show", "last").out)
    assert "  ✓ t  executed in N s\n    ✓ low.say  executed in N s\n" in shown
    shunter("call", "top.caught")
    assert "== call+1 low.fail stderr (failed)\nno luck\n" in shunter("runs", "logs", "last").out


def test_a_plan_pins_what_its_modules_use(shunter: Shunter, here: Path) -> None:
    (here / "plan.yaml").write_text(PLAN)
    assert shunter("run", "plan.yaml", "-o", "out").code == 0
    assert "lowest:" in (here / "out/plan.yaml").read_text()
    _module(here / "modules", "lowest", *_low("exit 4"))
    assert (
        "the module lowest has changed since this plan was written" in shunter("check", "out/plan.yaml").out
    )


def test_explain_knows_that_what_a_function_uses_has_changed(shunter: Shunter, here: Path) -> None:
    (here / "plan.yaml").write_text(PLAN)
    shunter("run", "plan.yaml")
    assert shunter("explain", "plan.yaml").out.startswith("= t  top.threads  in the cache")
    _module(here / "modules", "lowest", *_low("exit 4"))
    assert "    the module lowest, which it uses, changed\n" in (shunter("explain", "plan.yaml").out)
