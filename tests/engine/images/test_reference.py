"""Names of images, as Docker reads them."""

from __future__ import annotations

import pytest

from shunter.engine.images.reference import is_loopback, parse_reference

DIGEST = "sha256:" + "ab" * 32


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("debian", "docker.io/library/debian:latest"),
        ("debian:12", "docker.io/library/debian:12"),
        ("team/tool", "docker.io/team/tool:latest"),
        ("index.docker.io/team/tool", "docker.io/team/tool:latest"),
        ("localhost/tool:1", "localhost/tool:1"),
        ("localhost:5000/a/b/tool:1.2-rc_3", "localhost:5000/a/b/tool:1.2-rc_3"),
        ("Registry.Example/tool", "registry.example/tool:latest"),
        ("debian:12/13", "debian:12/13:latest"),
        ("[::1]:5000/tool", "[::1]:5000/tool:latest"),
        (f"debian@{DIGEST}", f"docker.io/library/debian@{DIGEST}"),
        (f"ghcr.io/a/b:3@{DIGEST}", f"ghcr.io/a/b:3@{DIGEST}"),
    ],
)
def test_a_name_is_read_as_docker_reads_it(text: str, whole: str) -> None:
    assert str(parse_reference(text)) == whole
    assert str(parse_reference(whole)) == whole


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "not the name of an image: ''"),
        ("Debian", "not the name of an image: 'Debian'"),
        ("a//b", "not the name of an image"),
        ("../etc", "not a registry"),
        ("a.b/../../etc", "not the name of an image"),
        ("debian:", "not a tag: ''"),
        ("debian:12 ", "not a tag: '12 '"),
        ("debian@sha256:12", "not a digest: 'sha256:12'"),
        ("debian@md5:12", "not a digest"),
        ("user:pass@host.example/x", "not a digest"),
        ("host.example:99999999/x", "not a registry"),
        ("http://host.example/x", "not a registry: 'http:'"),
    ],
)
def test_what_names_no_image_is_refused(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said.replace(":", r"\:")):
        parse_reference(text)


@pytest.mark.parametrize(
    ("host", "local"),
    [
        ("localhost", True),
        ("localhost:5000", True),
        ("127.0.0.1:5000", True),
        ("127.9.9.9", True),
        ("[::1]:5000", True),
        ("localhost.example", False),
        ("127.0.0.1.example", False),
        ("docker.io", False),
        ("10.0.0.1:5000", False),
    ],
)
def test_only_this_machine_is_spoken_to_without_https(host: str, local: bool) -> None:
    assert is_loopback(host) is local
