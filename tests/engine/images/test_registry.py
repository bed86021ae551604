"""Images from a real registry on this machine."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from tests.engine.images import registry as registries
from tests.engine.images.making import ARCHITECTURE, Made, file, image, layer, manifest, sha256
from tests.serving import serving

from shunter.engine.actions.image import PulledImage
from shunter.engine.errors import ImageUnavailable
from shunter.engine.images.credentials import Login, login_for, read_challenge
from shunter.engine.images.images import ImageRoot, Images
from shunter.engine.images.reference import parse_reference
from shunter.engine.images.registry import Registry
from shunter.engine.images.tags import pulled_image
from shunter.engine.store.local import LocalStore

MADE = image(layer(file("a", "one"), file("b", "two")), layer(file(".wh.b"), file("c", b"3" * (2 << 20))))


def _pull(store: LocalStore, repository: str, digest: str) -> ImageRoot:
    return asyncio.run(Images(store).root(PulledImage(repository, digest)))


def _paths(store: LocalStore, root: ImageRoot) -> list[str]:
    return [path for path, _ in store.get_tree(root.directory).entries]


def test_an_image_is_pulled_by_digest(registry: registries.Registry, store: LocalStore) -> None:
    digest = registry.push("team/tool", MADE)
    assert _paths(store, _pull(store, f"{registry.host}/team/tool", digest)) == ["a", "c"]


def test_of_a_list_the_image_for_this_machine_is_pulled(
    registry: registries.Registry, store: LocalStore
) -> None:
    other = image(layer(file("other", "x")), architecture="mips")
    digest = registry.push_list("list", {"mips": other, ARCHITECTURE: MADE})
    assert _paths(store, _pull(store, f"{registry.host}/list", digest)) == ["a", "c"]


def test_a_list_without_this_machine_says_what_it_has(
    registry: registries.Registry, store: LocalStore
) -> None:
    other = image(layer(file("other", "x")), architecture="mips")
    digest = registry.push_list("foreign", {"mips": other})
    with pytest.raises(ImageUnavailable, match=f"has nothing for linux/{ARCHITECTURE}; it has: linux/mips"):
        _pull(store, f"{registry.host}/foreign", digest)


def test_a_tag_is_resolved_to_the_digest_that_it_has_now(
    registry: registries.Registry, tmp_path: Path
) -> None:
    name = f"{registry.host}/moving:latest"
    first = registry.push("moving", MADE, tag="latest")
    assert pulled_image(name, {}, home=tmp_path) == PulledImage(f"{registry.host}/moving", first)
    second = registry.push("moving", image(layer(file("other", "x"))), tag="latest")
    assert pulled_image(name, {}, home=tmp_path).digest == second
    assert pulled_image(name, {name: first}, home=tmp_path).digest == first


def test_a_registry_that_is_down_is_helped_out_by_what_it_said_last(tmp_path: Path) -> None:
    with registries.running() as own:
        name = f"{own.host}/tool:1"
        digest = own.push("tool", MADE)
        assert pulled_image(name, {}, home=tmp_path, pauses=()).digest == digest
    assert pulled_image(name, {}, home=tmp_path, pauses=()).digest == digest
    with pytest.raises(ImageUnavailable, match="can't be reached") as caught:
        pulled_image(f"{own.host}/other:1", {}, home=tmp_path, pauses=())
    assert caught.value.hint is not None
    assert "docker save" in caught.value.hint


def test_an_image_that_was_pulled_needs_no_registry(store: LocalStore) -> None:
    with registries.running() as own:
        repository = f"{own.host}/tool"
        digest = own.push("tool", MADE)
        first = _pull(store, repository, digest)
    assert _pull(store, repository, digest) == first


def test_what_is_not_there_is_named(registry: registries.Registry, store: LocalStore) -> None:
    with pytest.raises(ImageUnavailable) as caught:
        _pull(store, f"{registry.host}/nothing", "sha256:" + "0" * 64)
    assert caught.value.message == f"{registry.host} has no {registry.host}/nothing@sha256:{'0' * 64}"
    with pytest.raises(ImageUnavailable, match="has no .*/nothing:1"):
        pulled_image(f"{registry.host}/nothing:1", {}, home=store.home)


def test_content_that_the_registry_damaged_is_refused(
    registry: registries.Registry, store: LocalStore
) -> None:
    made = image(layer(file("damaged", "x" * 5000)))
    digest = registry.push("damaged", made)
    _, blobs = manifest(made)
    registry.damage(next(digest for digest in blobs if digest != sha256(made.config)))
    with Registry(registry.host, pauses=()) as opened, store.scratch("test") as folder:
        reference = parse_reference(f"{registry.host}/damaged@{digest}")
        blob = next(each for each in blobs if each != sha256(made.config))
        with pytest.raises(ImageUnavailable, match=f"what {registry.host} sends for {blob} isn't that"):
            opened.download(reference, blob, len(blobs[blob]), folder / "blob", lambda: None)


def test_a_blob_that_is_longer_than_its_manifest_says_is_cut_off(
    registry: registries.Registry, store: LocalStore
) -> None:
    digest = registry.push("long", MADE)
    _, blobs = manifest(MADE)
    blob = max(blobs, key=lambda each: len(blobs[each]))
    with Registry(registry.host, pauses=()) as opened, store.scratch("test") as folder:
        reference = parse_reference(f"{registry.host}/long@{digest}")
        with pytest.raises(ImageUnavailable, match=r"sends more for sha256:.* than the 10 bytes it has"):
            opened.download(reference, blob, 10, folder / "blob", lambda: None)


@pytest.fixture
def guarded(tmp_path: Path) -> Iterator[registries.Registry]:
    """A registry that only lets in who knows the password."""
    bcrypt = pytest.importorskip("crypt", reason="no crypt to hash the password with")
    salted = bcrypt.crypt("secret", "$2b$05$" + "a" * 22)
    if not salted or not salted.startswith("$2"):
        pytest.skip("this system's crypt has no bcrypt, which the registry wants")
    password_file = tmp_path / "passwords"
    password_file.write_text(f"me:{salted.replace('$2b$', '$2y$')}\n")
    with registries.running(password_file=password_file, login=("me", "secret")) as running:
        yield running


def test_a_password_lets_in(
    guarded: registries.Registry, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    digest = guarded.push("private", MADE)
    reference = parse_reference(f"{guarded.host}/private:1")
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path / "nothing"))
    with (
        Registry(guarded.host) as stranger,
        pytest.raises(ImageUnavailable, match="to nobody whom") as caught,
    ):
        stranger.resolve(reference)
    assert caught.value.hint == f"check the name, or `docker login {guarded.host}`"
    with Registry(guarded.host, login=Login("me", "secret")) as known:
        assert known.resolve(reference) == digest
    auth = base64.b64encode(b"me:secret").decode()
    (tmp_path / "config.json").write_text(json.dumps({"auths": {guarded.host: {"auth": auth}}}))
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path))
    with Registry(guarded.host) as configured:
        assert configured.resolve(reference) == digest


class _TokenRegistry(BaseHTTPRequestHandler):
    """Wants a token, and gives one; fails each thing once before, where it is told to."""

    made: Made = MADE
    seen: list[str]
    failures: list[int]
    realm = ""

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_GET(self) -> None:
        self.seen.append(f"{self.path} {self.headers.get('Authorization', '-')}")
        if self.failures:
            self._answer(self.failures.pop(0), b"")
        elif self.path.startswith("/token"):
            self._answer(200, b'{"token": "letmein"}')
        elif self.headers.get("Authorization") != "Bearer letmein":
            realm = self.realm or f"http://{self.headers['Host']}/token"
            self._answer(401, b"", {"WWW-Authenticate": f'Bearer realm="{realm}",service="tests"'})
        else:
            self._answer(200, manifest(self.made)[0])

    def _answer(self, status: int, content: bytes, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Nothing."""


def _handler(**settings: object) -> type[_TokenRegistry]:
    return type("Handler", (_TokenRegistry,), {"seen": [], "failures": [], **settings})


def test_an_anonymous_token_is_asked_for_once_and_used() -> None:
    handler = _handler()
    with serving(handler) as port, Registry(f"127.0.0.1:{port}") as opened:
        reference = parse_reference(f"127.0.0.1:{port}/team/tool:1")
        digest = opened.resolve(reference)
        opened.manifest(reference, digest)
    assert digest == sha256(manifest(MADE)[0])
    asked = [line.split()[0] for line in handler.seen]
    assert asked[:2] == [
        "/v2/team/tool/manifests/1",
        "/token?scope=repository%3Ateam%2Ftool%3Apull&service=tests",
    ]
    assert sum(line.startswith("/token") for line in asked) == 1
    assert "/token" in handler.seen[1]
    assert handler.seen[1].endswith(" -")


@pytest.mark.parametrize(
    "realm", ["http://auth.example/token", "file:///etc/passwd", "nonsense", "http://10.0.0.1/"]
)
def test_no_token_is_asked_for_without_https(realm: str) -> None:
    with (
        serving(_handler(realm=realm)) as port,
        Registry(f"127.0.0.1:{port}", login=Login("a", "b")) as opened,
    ):
        with pytest.raises(ImageUnavailable, match="to nobody whom it doesn't know"):
            opened.resolve(parse_reference(f"127.0.0.1:{port}/tool:1"))


def test_trouble_that_passes_is_waited_for() -> None:
    handler = _handler(failures=[503, 429, 502])
    with serving(handler) as port, Registry(f"127.0.0.1:{port}", pauses=(0, 0, 0)) as opened:
        assert opened.resolve(parse_reference(f"127.0.0.1:{port}/tool:1")).startswith("sha256:")


def test_trouble_that_stays_is_told() -> None:
    with (
        serving(_handler(failures=[429] * 9)) as port,
        Registry(f"127.0.0.1:{port}", pauses=(0, 0)) as opened,
    ):
        with pytest.raises(ImageUnavailable, match="answers 429") as caught:
            opened.resolve(parse_reference(f"127.0.0.1:{port}/tool:1"))
    assert caught.value.hint == "wait a while: it limits how much is pulled"


def test_a_manifest_that_is_not_its_digest_is_refused(store: LocalStore) -> None:
    with (
        serving(_handler()) as port,
        pytest.raises(ImageUnavailable, match="the manifest of .* isn't what its digest says"),
    ):
        _pull(store, f"127.0.0.1:{port}/tool", "sha256:" + "0" * 64)


def test_a_registry_elsewhere_is_spoken_to_by_https_alone() -> None:
    with Registry("registry.invalid:1", pauses=()) as opened:
        assert (
            opened.url(parse_reference("registry.invalid:1/tool"), "x")
            == "https://registry.invalid:1/v2/tool/x"
        )
    with Registry("docker.io", pauses=()) as official:
        url = official.url(parse_reference("debian"), "manifests/latest")
    assert url == "https://registry-1.docker.io/v2/library/debian/manifests/latest"


@pytest.mark.parametrize(
    "content",
    ["", "[]", '{"auths": 3}', '{"auths": {"a.example": {"auth": "%%"}}}', '{"auths": {"a.example": null}}'],
)
def test_a_docker_configuration_that_says_nothing_is_no_login(tmp_path: Path, content: str) -> None:
    (tmp_path / "config.json").write_text(content)
    assert login_for("a.example", folder=tmp_path) is None


def test_the_official_registry_has_a_name_of_its_own_in_dockers_configuration(tmp_path: Path) -> None:
    auth = base64.b64encode(b"me:pa:ss").decode()
    (tmp_path / "config.json").write_text(
        json.dumps({"auths": {"https://index.docker.io/v1/": {"auth": auth}}})
    )
    found = login_for("docker.io", folder=tmp_path)
    assert found == Login("me", "pa:ss")
    assert "pa:ss" not in repr(found)


def test_a_challenge_is_read() -> None:
    read = read_challenge('Bearer realm="https://a/t",service="s",scope="repository:a/b:pull,push"')
    assert (read.scheme, read.realm) == ("bearer", "https://a/t")
    assert read.parameters == {"service": "s", "scope": "repository:a/b:pull,push"}
