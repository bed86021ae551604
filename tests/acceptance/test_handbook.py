"""The example that calls functions hands them a file, a folder, a list and a secret; under each executor."""

from __future__ import annotations

import base64
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import pytest
from tests.acceptance.wiki import TOKEN, Wiki, wiki
from tests.cli.conftest import COMMAND
from tests.engine.run.yard import Recorder

from shunter.agent import Workspace
from shunter.agent.approval import Allowed
from shunter.agent.executors import ExecutorKind
from shunter.agent.run import Run
from shunter.engine.actions.model import CachePolicy
from shunter.engine.run.events import NestedFinished
from shunter.engine.run.outcome import Outcome, Status
from shunter.engine.values import File, Secret
from shunter.tools.bundled import modules_folder

EXAMPLE = Path(__file__).parents[2] / "docs/examples/handbook"
USED = ("files", "text", "report", "http")
FETCH, TYPESET = "http.fetch", "report.markdown_to_html"
TEXT = ["text.concatenate", "text.count"]


@dataclass
class Shelf:
    """Texts, copies of the modules, and a workspace that knows no other modules; `kind` is its executor."""

    folder: Path
    kind: ExecutorKind
    workspace: Workspace
    wiki: Wiki
    online: str

    def build(self, *, token: str = "token") -> Run:
        """Make the handbook with what is in `folder` now."""
        self.calls = Recorder()
        workspace = self.workspace.using([self.folder / "modules"])
        ready = workspace.call("handbook.build")
        inputs = workspace.inputs(
            ready,
            cover=self.folder / "cover.md",
            chapters=self.folder / "chapters",
            notes=[self.folder / "note.txt"],
            online=[self.online],
            token=Secret(f"file:{self.folder / token}"),
        )
        allowed = Allowed(everything=True)
        return workspace.run(ready, inputs, observer=self.calls, allowed=allowed)

    def ran(self, *, token: str = "token") -> list[str]:
        """What containers ran while it was made, sorted; `build` for the example's own."""
        run = self.build(token=token)
        assert run.report.status is Status.DONE, run.report
        nested = [event for event in self.calls.events if isinstance(event, NestedFinished)]
        executed = [each.call for each in nested if each.report.outcome is Outcome.EXECUTED]
        own = run.report.steps[0].outcome is Outcome.EXECUTED
        return sorted([*executed, *(["build"] if own else [])])

    def change(self, path: str, text: str = "# changed\n") -> None:
        """Add a line to a file below `folder`."""
        with (self.folder / path).open("a", encoding="utf-8") as stream:
            stream.write(text)


@pytest.fixture(scope="module", params=list(ExecutorKind))
def shelf(request: pytest.FixtureRequest) -> Iterator[Shelf]:
    """One for all tests of an executor, as the packages of `report` take a while to install."""
    kind: ExecutorKind = request.param
    if kind is ExecutorKind.DOCKER:
        request.getfixturevalue("docker_daemon")
    folder = Path(tempfile.mkdtemp(prefix="shunter-test-"))
    folder.chmod(0o711)  # root's steps run under another uid
    (folder / "chapters").mkdir()
    shutil.copytree(EXAMPLE, folder / "modules/handbook", ignore=shutil.ignore_patterns("__pycache__"))
    for name in USED:
        shutil.copytree(modules_folder() / name, folder / "modules" / name)
    for name in ("cover.md", "chapters/a.md", "chapters/b.md", "note.txt"):
        (folder / name).write_text(f"{name.partition('.')[0]}\n\n")
    (folder / "token").write_text(TOKEN)
    with wiki() as served, Workspace(home=folder / "home", executor=kind) as workspace:
        yield Shelf(folder, kind, workspace, served, served.url())
    shutil.rmtree(folder)


def test_a_second_call_runs_nothing_and_a_change_runs_what_it_must_and_no_more(shelf: Shelf) -> None:
    shelf.online = shelf.wiki.url("changes")
    shelf.change("chapters/a.md", "This is new.\n")
    assert shelf.ran() == sorted(["build", "files.find", FETCH, TYPESET, *TEXT])
    asked = len(shelf.wiki.asked)
    assert shelf.ran() == []

    shelf.change("modules/text/text.py")
    assert shelf.ran() == ["build", *TEXT]  # what they gave is what it was, and so is the page made of it
    shelf.change("modules/report/report.py")
    assert shelf.ran() == ["build", TYPESET]
    shelf.change("modules/files/files.py")
    assert shelf.ran() == ["build", "files.find"]
    shelf.change("modules/handbook/handbook.py")
    assert shelf.ran() == ["build"]
    shelf.change("note.txt", "one more line\n")
    assert shelf.ran() == sorted(["build", TYPESET, *TEXT])
    assert len(shelf.wiki.asked) == asked

    shelf.change("modules/http/web.py")
    assert shelf.ran() == ["build", FETCH]
    assert len(shelf.wiki.asked) == asked + 1
    assert shelf.ran() == []


def test_the_page_has_what_only_the_token_shows(shelf: Shelf) -> None:
    made = shelf.build().report.outputs["result"]
    assert isinstance(made, Mapping)
    page = made["page"]
    assert isinstance(page, File)
    with shelf.workspace.store.open(page) as stream:
        content = stream.read().decode()
    for text in ("cover", "chapters/a", "chapters/b", "note", shelf.wiki.page.strip()):
        assert text in content


def test_the_result_is_kept_no_longer_than_what_was_fetched_for_it(shelf: Shelf) -> None:
    (call,) = shelf.build().report.steps[0].calls
    assert call.bound.policy is CachePolicy.TTL
    assert call.bound.until is not None
    assert 0 < call.bound.until - time.time() <= 3600


def test_another_token_is_another_call_and_a_wrong_one_a_failure(shelf: Shelf) -> None:
    shelf.ran()
    shelf.wiki.tokens.append("a token made later")
    (shelf.folder / "rotated").write_text("a token made later")
    assert shelf.ran(token="rotated") == ["build", FETCH]
    (shelf.folder / "wrong").write_text("not-the-token")
    failed = shelf.build(token="wrong").report
    assert failed.status is Status.FAILED
    failure = failed.steps[0].failures[0].failure
    assert failure is not None
    assert "401" in failure.stderr
    assert "not-the-token" not in str(failed)


def test_what_only_calls_may_reach_is_asked_for_with_the_function(shelf: Shelf) -> None:
    workspace = shelf.workspace.using([shelf.folder / "modules"])
    ready = workspace.call("handbook.build")
    assert [*ready.requires.hosts, *ready.requires.secrets] == ["*", "handbook.build=*"]
    wanted = ready.wanted({"online": (shelf.online,), "token": Secret("env:WIKI_TOKEN")})
    assert wanted.hosts == (shelf.wiki.host,)
    assert wanted.secrets == ("handbook.build=env:WIKI_TOKEN",)


def _forms(value: str) -> Iterator[bytes]:
    data = value.encode()
    yield from (data, quote(value, safe="").encode(), data.hex().encode(), data.swapcase())
    for before in range(3):
        yield base64.b64encode(bytes(before) + data)[4 : (before + len(data)) * 8 // 6]


FORMS = list(_forms(TOKEN))


STEP = b"/sdk/shunter/sdk/__main__.py"
"""On the command line of each Python step."""


def _seen_of_processes() -> set[bytes]:
    """Which forms of the token, and STEP, are in a command line or an environment on this machine."""
    found = set()
    for place in Path("/proc").glob("[0-9]*"):
        for name in ("cmdline", "environ"):
            try:
                text = (place / name).read_bytes()
            except OSError:
                continue
            found |= {form for form in (*FORMS, STEP) if form in text}
    return found


def _watched(words: Sequence[object], shelf: Shelf) -> tuple[bytes, set[bytes]]:
    """All that a command prints, and what processes have shown meanwhile."""
    environment = {**os.environ, "SHUNTER_HOME": str(shelf.folder / "home")}
    command = [*COMMAND, *map(str, words)]
    seen = set()
    with subprocess.Popen(
        command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as process:
        deadline = time.monotonic() + 100
        while process.poll() is None:
            assert time.monotonic() < deadline
            seen |= _seen_of_processes()
        assert process.stdout is not None
        printed = process.stdout.read()
    assert process.returncode == 0, printed
    return printed, seen


def test_the_token_is_in_no_file_no_trace_and_no_process(shelf: Shelf) -> None:
    folder = shelf.folder
    (folder / "seen.txt").write_text("seen\n")
    words: list[object] = ["call", "handbook.build", "--modules", EXAMPLE, "--executor", shelf.kind.value]
    words += [
        "--cover",
        folder / "cover.md",
        "--chapters",
        folder / "chapters",
        "--notes",
        folder / "seen.txt",
    ]
    words += ["--online", shelf.online, "--token", f"file:{folder / 'token'}", "--fresh"]
    words += ["--allow", f"host:{shelf.wiki.host}", "--allow", f"secret:file:{folder / 'token'}"]
    asked = len(shelf.wiki.asked)
    printed, seen = _watched([*words, "--json"], shelf)
    assert len(shelf.wiki.asked) == asked + 1
    assert seen == {STEP}
    assert not any(form in printed for form in FORMS)
    files = [path for path in (folder / "home").rglob("*") if path.is_file() and not path.is_symlink()]
    assert any(path.name == "events.jsonl" for path in files)
    leaks = [path for path in files if any(form in path.read_bytes() for form in FORMS)]
    assert leaks == []
