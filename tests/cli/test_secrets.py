"""Secrets through the command line: nothing of a value is left anywhere."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from tests.cli.conftest import COMMAND, Shunter

MANIFEST = """\
[module]
name = "vault"
version = "0.1.0"
description = "Uses secrets."

[python]
file = "vault.py"

[functions.size]
doc = "Count the bytes of a secret in a file."
command = ["stat", "-L", "-c", "%s", "{token}"]
parameters.token = { type = "Secret" }
returns = { type = "int" }

[functions.fed]
doc = "Count the bytes of a secret that is fed."
command = ["wc", "-c"]
stdin = "token"
parameters.token = { type = "Secret", cache_id = "fed" }
returns = { type = "int" }

[functions.shell]
doc = "Count the bytes of a secret in a shell."
command = 'test -n "$token" && wc -c < "$token"'
shell = true
parameters.token = { type = "Secret | None" }
returns = { type = "int" }
"""

CODE = '''
import base64, html, json, os, sys, time, urllib.parse

from shunter.sdk import Failure, File, Secret, function, output


def _shout(value: str) -> None:
    """Print a value in every form."""
    data = value.encode()
    for stream in (sys.stdout, sys.stderr):
        print(value, value.upper(), *value, sep="\\n", file=stream)
        for before in (b"", b"x", b"xy"):
            print(base64.b64encode(before + data).decode(), file=stream)
            print(base64.encodebytes(before * 60 + data).decode(), file=stream)
            print(base64.urlsafe_b64encode(before + data).decode(), file=stream)
        print(urllib.parse.quote(value, safe=""), data.hex(), data.hex(" "), json.dumps(value), file=stream)
        print({"token": value}, html.escape(value), file=stream)
    sys.stdout.write("." * 65530 + value + "." * 65530)


@function
def use(token: Secret, password: Secret, seconds: float = 0) -> str:
    """Use two secrets, loudly.

    Args:
        token: One.
        password: Another.
    """
    _shout(token.value)
    _shout(password.value)
    print(token, repr(token), f"{token}")
    time.sleep(seconds)
    return f"{len(token.value)} and {len(password.value)}"


@function
def other(text: str) -> list[str]:
    """Look for the secrets of others."""
    return os.listdir("/run/secrets") if os.path.exists("/run/secrets") else []


@function
def fail(token: Secret, how: str) -> File:
    """Fail with a secret in the message, in a name, in a result.

    Args:
        token: A secret.
        how: In which way.
    """
    value = token.value
    match how:
        case "failure":
            raise Failure(f"bad token {value}")
        case "bug":
            raise ValueError(value)
        case "name":
            os.makedirs(f"/out/{value}")
        case "link":
            os.symlink(value, "/out/link")
        case "encoded":
            return File.write_text("x", "data:" + base64.b64encode(b"ab" + value.encode()).decode())
        case "path":
            return File("/run/secrets/token")
        case "itself":
            return token
    return File.write_text("x", value)
'''

PLAN = """\
version: 1
inputs:
  token: {type: Secret, default: "env:VAULT_TOKEN"}
  password: {type: Secret}
  key: {type: Secret}
steps:
  - {id: quiet, call: vault.size, with: {token: {from: key}}}
  - {id: loud, call: vault.use, with: {token: {from: token}, password: {from: password}, seconds: 0.7}}
  - {id: other, call: vault.other, with: {text: {from: loud}}}
outputs:
  loud: {from: loud}
  other: {from: other}
  size: {from: quiet}
"""

TOKEN, PASSWORD, KEY = (
    "tok/en+with=6-marks&more",
    "pa55 phrase \u00fcber alles",
    "-----BEGIN\nfirst-line-0123\nsecond-line-456\n",
)


@pytest.fixture
def vault(here: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with a module that uses secrets and with secrets beside it."""
    folder = here / "modules" / "vault"
    folder.mkdir()
    (folder / "module.toml").write_text(MANIFEST)
    (folder / "vault.py").write_text(CODE)
    kept = here.parent / "kept"
    kept.mkdir()
    (kept / "token").write_text(TOKEN)
    (kept / "password").write_text(PASSWORD + "\n")
    (kept / "key").write_text(KEY)
    (here / "plan.yaml").write_text(PLAN)
    monkeypatch.setenv("VAULT_TOKEN", TOKEN)
    return here


def _forms(value: str) -> Iterator[bytes]:
    data = value.encode()
    yield from (data, data.hex().encode(), quote(value, safe="").encode(), value.encode("utf-16-le"))
    yield from (line.encode() for line in value.splitlines() if len(line) > 12)
    for before in (0, 1, 2):
        digits = base64.b64encode(bytes(before) + data)[4 : (before + len(data)) * 8 // 6]
        yield from (digits, digits.replace(b"+", b"-").replace(b"/", b"_"))


FORMS = [form for value in (TOKEN, PASSWORD, KEY) for form in _forms(value)]


def _leaks(*folders: Path) -> list[tuple[str, bytes]]:
    """Files that hold a value, or have it in their name, with the form."""
    found = []
    for folder in folders:
        for path in folder.rglob("*"):
            content = path.read_bytes() if path.is_file() and not path.is_symlink() else b""
            found += [(str(path), form) for form in FORMS if form in content or form in os.fsencode(path)]
    return found


def _said(text: bytes) -> list[bytes]:
    return [form for form in FORMS if form in text]


@pytest.fixture(params=["sandbox", "docker"])
def executor(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """The executor that commands use."""
    if request.param == "docker":
        request.getfixturevalue("docker_daemon")
    monkeypatch.setenv("SHUNTER_EXECUTOR", request.param)
    return str(request.param)


def test_nothing_of_a_secret_is_left_anywhere(
    vault: Path, home: Path, executor: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("VAULT_TOKEN")
    sources = {
        "token": "file:../kept/token",
        "password": "file:../kept/password",
        "key": "cmd:cat ../kept/key",
    }
    inputs = [word for name, source in sources.items() for word in ("--input", f"{name}={source}")]
    command = [*COMMAND, "run", "plan.yaml", *inputs, "--yes", "--output", "out"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL
    ) as process:
        seen, shown = set(), []
        deadline = time.monotonic() + 60
        while process.poll() is None and time.monotonic() < deadline:
            for pid in _processes():
                words, environment = _read(pid, "cmdline"), _read(pid, "environ")
                seen.add(words.partition(b"\0")[0].rpartition(b"/")[2])
                shown += [(words, form) for form in FORMS if form in words + environment]
        out, err = process.communicate()
    assert process.returncode == 0, err
    first = {"sandbox": b"bwrap", "docker": b"sh"}[executor]
    assert {first, b"python3"} <= seen  # so that there was something to look at
    assert shown == []
    assert _leaks(home, vault / "out") == []
    assert _said(out + err) == []
    assert (vault / "out/loud.txt").read_text() == f"{len(TOKEN)} and {len(PASSWORD)}\n"
    assert (vault / "out/other.json").read_text() == "[]\n"
    logs = list(home.rglob("logs/loud.*"))
    assert len(logs) == 2
    assert all(log.read_bytes().count(b"[secret]") > 20 for log in logs)
    record = json.loads(next(home.rglob("run.json")).read_text())
    assert "vault.size=cmd:cat …" in record["secrets"]


def _processes() -> list[int]:
    """All of this machine: those of a Docker daemon are nobody's children here."""
    return [int(place.name) for place in Path("/proc").glob("[0-9]*")]


def _read(pid: int, name: str) -> bytes:
    try:
        return Path(f"/proc/{pid}/{name}").read_bytes()
    except OSError:
        return b""


@pytest.mark.parametrize("how", ["failure", "bug", "name", "link", "encoded", "path", "itself", "content"])
def test_a_step_that_fails_or_leaks_leaves_nothing_of_it(
    vault: Path, home: Path, executor: str, shunter: Shunter, how: str
) -> None:
    ended = shunter(
        "call", "vault.fail", "--token", "env:VAULT_TOKEN", "--how", how, "--yes", "--json", "-o", "out"
    )
    assert ended.code == 1
    assert _said(ended.raw + ended.err.encode()) == []
    assert _leaks(home) == []
    assert not (vault / "out").exists()
    leaky = how in {"name", "link", "encoded", "path", "content"}
    assert ('"kind": "leak"' in ended.out) is leaky


def test_who_gets_which_secret_is_asked_before_anything_starts(vault: Path, shunter: Shunter) -> None:
    asked = shunter("call", "vault.size", "--token", "env:VAULT_TOKEN")
    assert (asked.code, asked.err) == (
        4,
        (
            "shunter: the plan may do more than compute: give vault.size the secret env:VAULT_TOKEN. Nothing was started\n"
            "  `--allow secret:vault.size=env:VAULT_TOKEN` allows it, `--yes` allows everything\n"
        ),
    )
    size = f"{len(TOKEN)}\n"
    for allowed in ("secret:vault.size=env:VAULT_TOKEN", "secret:env:VAULT_TOKEN"):
        assert shunter("call", "vault.size", "--token", "env:VAULT_TOKEN", "--allow", allowed).out == size
    for allowed in ("secret:vault.use=env:VAULT_TOKEN", "secret:env:OTHER"):
        assert shunter("call", "vault.size", "--token", "env:VAULT_TOKEN", "--allow", allowed).code == 4


def test_commands_get_a_path_or_are_fed(vault: Path, shunter: Shunter) -> None:
    for function in ("size", "fed", "shell"):
        assert (
            shunter("call", f"vault.{function}", "--token", "env:VAULT_TOKEN", "--yes").out
            == f"{len(TOKEN)}\n"
        )
    assert shunter("call", "vault.shell").code == 1  # none was given, and none is needed to call it


def test_a_secret_that_is_not_there_is_told_before_anything_starts(vault: Path, shunter: Shunter) -> None:
    ended = shunter("call", "vault.size", "--token", "env:NO_SUCH_TOKEN", "--yes")
    assert (ended.code, ended.err) == (
        2,
        (
            "shunter: the secret env:NO_SUCH_TOKEN can't be had: there is no variable NO_SUCH_TOKEN\n"
            "  export NO_SUCH_TOKEN, and run it again\n"
        ),
    )
    ended = shunter("call", "vault.size", "--token", "cmd:exit 3", "--yes")
    assert ended.code == 1
    assert ended.err.startswith(
        "failed: call: vault.size can't be called: the secret cmd:exit … can't be had: "
    )


def test_a_value_is_refused_and_not_repeated(vault: Path, shunter: Shunter) -> None:
    ended = shunter("call", "vault.size", "--token", TOKEN, "--yes")
    assert ended.code == 2
    assert _said(ended.err.encode()) == []
    assert "a secret is given by where it is kept (env:NAME, file:PATH or cmd:COMMAND)" in ended.err
    (vault / "bad.yaml").write_text(PLAN.replace("env:VAULT_TOKEN", TOKEN))
    ended = shunter("check", "bad.yaml")
    assert ended.code == 3
    assert _said(ended.err.encode()) == []
    assert "a plan says where a secret is kept, and never its value" in ended.err


def test_json_names_no_secret_and_an_option_beside_it_does(vault: Path, shunter: Shunter) -> None:
    (vault / "arguments.json").write_text('{"how": "failure"}')
    ended = shunter(
        "call", "vault.fail", "--from-json", "arguments.json", "--token", "env:VAULT_TOKEN", "--yes"
    )
    assert "bad token [secret]" in ended.err
    (vault / "arguments.json").write_text('{"token": "cmd:touch made", "how": "failure"}')
    ended = shunter("call", "vault.fail", "--from-json", "arguments.json", "--yes")
    assert ended.code == 2
    assert "a secret isn't named in JSON, which a model may have written" in ended.err
    assert not (vault / "made").exists()


def test_a_function_shows_how_its_secret_is_given(vault: Path, shunter: Shunter) -> None:
    assert "secrets: token\n  --token env:NAME, file:PATH or cmd:COMMAND; never the value itself\n" in (
        shunter("functions", "vault.size").out
    )


def test_a_goal_wires_a_secret_to_a_secret(vault: Path, shunter: Shunter) -> None:
    goal = "Count the bytes of a secret in a file."
    planned = shunter(
        "plan", goal, "--input", "token=env:VAULT_TOKEN", "--planner", "embedded", "--only", "vault"
    )
    assert planned.code == 0, planned.err
    assert "type: Secret" in planned.out
    assert "token: {from: token}" in planned.out.replace("\n      ", " ")
    ran = shunter(
        "run", goal, "--input", "token=env:VAULT_TOKEN", "--planner", "embedded", "--only", "vault", "--yes"
    )
    assert str(len(TOKEN)) in ran.out
