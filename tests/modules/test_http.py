"""http: pages and data come from the hosts of their URLs, and from no others."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from uuid import uuid4

import pytest
from tests.serving import serving

from shunter.agent import Workspace
from shunter.agent.approval import Allowed
from shunter.engine.actions.failure import FailureKind
from shunter.engine.run.outcome import CallReport, Outcome
from shunter.engine.values import File, Secret, Value

Answer = tuple[int, dict[str, str], bytes]
JSON = {"Content-Type": "application/json; charset=utf-8"}


@dataclass
class Site:
    """A web server of this machine: what it answers by path, and what it was asked."""

    port: int
    pages: dict[str, Answer] = field(default_factory=dict)
    asked: list[tuple[str, str, bytes]] = field(default_factory=list)
    tokens: list[str | None] = field(default_factory=list)
    once: str = field(default_factory=lambda: uuid4().hex[:8])
    """Tells its addresses from those of another test that had the same port: answers are cached."""

    def url(self, path: str, *, name: str = "localhost") -> str:
        once = "" if path == "/" else f"/{self.once}"
        return f"http://{name}:{self.port}{once}{path}"


@pytest.fixture
def site() -> Iterator[Site]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            size = int(self.headers.get("Content-Length", 0))
            path = self.path.removeprefix(f"/{made.once}")
            made.asked.append((self.command, path, self.rfile.read(size)))
            made.tokens.append(self.headers.get("Authorization"))
            status, headers, body = made.pages.get(
                path, (404, {"Content-Type": "text/plain"}, b"no such page")
            )
            self.send_response(status)
            for name, value in {"Content-Length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def do_POST(self) -> None:
            self.do_GET()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
            pass

    with serving(Handler) as port:
        made = Site(port)
        yield made


@dataclass
class Web:
    """Calls functions, everything allowed."""

    workspace: Workspace
    folder: Path

    def report(self, function: str, /, **arguments: Value) -> CallReport:
        ready = self.workspace.call(function)
        inputs = {name: given.default for name, given in ready.checked.inputs.items() if not given.required}
        run = self.workspace.run(ready, {**inputs, **arguments}, allowed=Allowed(everything=True))
        return run.report.steps[0].calls[0]

    def file(self, **arguments: Value) -> tuple[str, bytes]:
        value = self.report("http.fetch", **arguments).value
        assert isinstance(value, File)
        with self.workspace.store.open(value) as stream:
            return value.name, stream.read()

    def refusal(self, function: str, /, **arguments: Value) -> str:
        failure = self.report(function, **arguments).failure
        assert failure is not None
        return f"{failure.kind.value}: {failure.stderr}"


@pytest.fixture
def web(workspace: Workspace, tmp_path: Path) -> Web:
    return Web(workspace, tmp_path)


def test_a_file_is_downloaded_under_its_name(web: Web, site: Site) -> None:
    site.pages["/data/people.csv?x=1"] = (200, {"Content-Type": "text/csv"}, b"name\nAda\n")
    assert web.file(url=site.url("/data/people.csv?x=1#top")) == ("people.csv", b"name\nAda\n")
    assert site.asked == [("GET", "/data/people.csv?x=1", b"")]


@pytest.mark.parametrize(
    ("path", "media", "name"),
    [
        ("/", "text/html; charset=utf-8", "index.html"),
        ("/about", "text/html", "about.html"),
        ("/page.php", "text/html", "page.php.html"),
        ("/a/v1.2", "application/json", "v1.2.json"),
        ("/talk.MP3", "application/octet-stream", "talk.MP3"),
        ("/script.py", "text/plain", "script.py"),
        ("/notes", "text/plain", "notes.txt"),
        ("/b%C3%BCcher%2F..%00.txt", "text/plain", "bücher_.._.txt"),
        ("/thing", "", "thing"),
    ],
)
def test_a_download_is_called_after_its_url_and_what_it_is(
    web: Web, site: Site, path: str, media: str, name: str
) -> None:
    site.pages[path] = (200, {"Content-Type": media} if media else {}, b"x")
    assert web.file(url=site.url(path))[0] == name


def test_a_url_may_be_written_as_people_write_it(web: Web, site: Site) -> None:
    site.pages["/%C3%BCber%20uns"] = (200, {}, b"x")
    assert web.file(url=site.url("/über%20uns"))[1] == b"x"


def test_a_redirect_on_the_same_host_is_followed(web: Web, site: Site) -> None:
    site.pages["/old"] = (302, {"Location": "/new.txt"}, b"")
    site.pages["/new.txt"] = (200, {"Content-Type": "text/plain"}, b"new")
    assert web.file(url=site.url("/old")) == ("new.txt", b"new")


def test_a_redirect_to_another_host_is_refused_unless_it_is_named(web: Web, site: Site) -> None:
    site.pages["/old"] = (302, {"Location": site.url("/new", name="cdn.localhost")}, b"")
    site.pages["/new"] = (200, {}, b"new")
    other = f"cdn.localhost:{site.port}"
    report = web.report("http.fetch", url=site.url("/old"))
    assert report.failure is not None
    assert report.failure.kind is FailureKind.REFUSED_HOST
    assert report.failure.message == (
        f"http.fetch asked for {other} (it isn't declared); it may reach localhost:{site.port} and nothing else"
    )
    assert report.failure.stderr == (
        f"{site.url('/old')} redirects to {site.url('/new', name='cdn.localhost')}; this step may not reach {other}. "
        "Where that is right, name the host in `redirects`"
    )
    assert [path for _, path, _ in site.asked] == ["/old"]
    assert web.file(url=site.url("/old"), redirects=(other,)) == ("new", b"new")


@pytest.mark.parametrize(
    ("status", "headers", "body", "said"),
    [
        (404, {"Content-Type": "text/plain"}, b"no such page", "404 Not Found: no such page"),
        (503, {"Content-Type": "text/html"}, b"<html>", "503 Service Unavailable"),
        (403, {"Content-Type": "text/plain"}, b"", "403 Forbidden"),
    ],
)
def test_a_bad_answer_is_told(
    web: Web, site: Site, status: int, headers: dict[str, str], body: bytes, said: str
) -> None:
    site.pages["/x"] = (status, headers, body)
    assert web.refusal("http.fetch", url=site.url("/x")) == f"exit: {site.url('/x')} answered {said}"


def test_an_answer_that_breaks_off_is_no_file(web: Web, site: Site) -> None:
    site.pages["/x"] = (200, {"Content-Length": "10"}, b"short")
    assert web.refusal("http.fetch", url=site.url("/x")).startswith(
        f"exit: {site.url('/x')} broke off after "
    )


def test_a_file_may_not_be_larger_than_is_said(web: Web, site: Site) -> None:
    site.pages["/x"] = (200, {}, b"12345")
    assert web.file(url=site.url("/x"), max_bytes=5)[1] == b"12345"
    assert web.refusal("http.fetch", url=site.url("/x"), max_bytes=4) == (
        f"exit: {site.url('/x')} is 5 bytes long; at most 4 are taken"
    )


def test_a_host_that_is_not_there_is_a_kind_of_its_own(web: Web) -> None:
    assert web.refusal("http.fetch", url="http://localhost:1/x") == (
        "unreachable: http://localhost:1/x can't be reached: localhost:1 can't be reached: Connection refused"
    )
    assert web.refusal("http.fetch", url="https://localhost:1/x") == (
        "unreachable: https://localhost:1/x can't be reached: Tunnel connection failed: "
        "502 localhost:1 can't be reached: Connection refused"
    )


def test_json_is_got_as_data(web: Web, site: Site) -> None:
    site.pages["/x"] = (200, JSON, b'{"a": [1, "\\u00fc"]}')
    assert web.report("http.get_json", url=site.url("/x")).value == {"a": (1, "ü")}


@pytest.mark.parametrize("body", [b"<html>", b"", b"NaN", b"\xff", b"[" * 100_000])
def test_what_is_no_json_is_refused(web: Web, site: Site, body: bytes) -> None:
    site.pages["/x"] = (200, JSON, body)
    assert f"{site.url('/x')} didn't answer with JSON" in web.refusal("http.get_json", url=site.url("/x"))


@pytest.mark.parametrize(
    ("body", "value"), [(b'{"id": 7}', {"id": 7}), (b"", None), (b"thanks", "thanks"), (b"3", 3)]
)
def test_json_is_posted_and_the_answer_given(web: Web, site: Site, body: bytes, value: Value) -> None:
    site.pages["/hook"] = (201, JSON, body)
    assert web.report("http.post_json", url=site.url("/hook"), data={"é": (1, None)}).value == value
    ((method, path, sent),) = site.asked
    assert (method, path, json.loads(sent)) == ("POST", "/hook", {"é": [1, None]})


def test_what_was_got_is_kept_for_a_while_and_a_post_never(web: Web, site: Site) -> None:
    site.pages["/x"] = (200, JSON, b"1")
    outcomes = [web.report("http.get_json", url=site.url("/x")).outcome for _ in range(2)]
    posted = [web.report("http.post_json", url=site.url("/x"), data=1).outcome for _ in range(2)]
    assert outcomes == [Outcome.EXECUTED, Outcome.CACHED]
    assert posted == [Outcome.EXECUTED, Outcome.EXECUTED]
    assert len(site.asked) == 3


def test_the_functions_say_what_they_do_to_the_world(workspace: Workspace) -> None:
    post, get = (workspace.catalogue.function(f"http.{name}") for name in ("post_json", "get_json"))
    assert (post.signature.effects, post.cache.value) == (("http.post",), "never")
    assert (get.signature.effects, get.cache.value, get.ttl) == ((), "ttl", 3600.0)


def test_a_call_that_is_not_a_url_is_refused(web: Web) -> None:
    assert web.refusal("http.fetch", url="localhost") == (
        "exit: localhost is no URL that can be reached; expected one such as https://example.org/page"
    )


@pytest.fixture
def token(tmp_path: Path) -> Secret:
    (tmp_path / "token").write_text("t0ken-of-a-test\n")
    return Secret(f"file:{tmp_path / 'token'}")


def test_a_token_is_sent_to_the_host_of_the_url(web: Web, site: Site, token: Secret) -> None:
    site.pages["/mine"] = (200, {"Content-Type": "text/plain"}, b"mine")
    site.pages["/hook"] = (200, JSON, b"{}")
    assert web.file(url=site.url("/mine"), token=token) == ("mine.txt", b"mine")
    assert web.report("http.get_json", url=site.url("/hook"), token=token).value == {}
    assert web.report("http.post_json", url=site.url("/hook"), data=1, token=token).value == {}
    assert site.tokens == ["Bearer t0ken-of-a-test"] * 3


def test_a_token_follows_a_redirect_on_its_host_and_to_no_other(web: Web, site: Site, token: Secret) -> None:
    site.pages["/old"] = (302, {"Location": "/new"}, b"")
    site.pages["/away"] = (302, {"Location": f"http://127.0.0.1:{site.port}/new"}, b"")
    site.pages["/new"] = (200, {"Content-Type": "text/plain"}, b"new")
    web.file(url=site.url("/old"), token=token)
    assert site.tokens == ["Bearer t0ken-of-a-test"] * 2
    web.file(url=site.url("/away"), token=token, redirects=(f"127.0.0.1:{site.port}",))
    assert site.tokens[2:] == ["Bearer t0ken-of-a-test", None]


def test_a_token_is_not_sent_where_others_can_read_it(web: Web, token: Secret) -> None:
    assert web.refusal("http.fetch", url="http://example.org/x", token=token) == (
        "exit: the token isn't sent to example.org over http, where others can read it; use https"
    )


def test_a_token_of_several_lines_is_no_header(web: Web, site: Site, tmp_path: Path) -> None:
    (tmp_path / "lines").write_text("several\r\nX-Other: lines\n")
    said = web.refusal("http.fetch", url=site.url("/x"), token=Secret(f"file:{tmp_path / 'lines'}"))
    assert said.startswith("exit: the token has characters that no header can have")
    assert site.asked == []


def test_what_a_server_repeats_of_a_token_is_struck_out(web: Web, site: Site, token: Secret) -> None:
    site.pages["/x"] = (403, {"Content-Type": "text/plain"}, b"no access with t0ken-of-a-test")
    assert web.refusal("http.fetch", url=site.url("/x"), token=token).endswith("no access with [secret]")


def test_a_page_that_holds_the_token_is_not_kept(web: Web, site: Site, token: Secret) -> None:
    site.pages["/x"] = (200, {"Content-Type": "text/plain"}, b"your token: t0ken-of-a-test")
    assert web.refusal("http.fetch", url=site.url("/x"), token=token) == "leak: "
