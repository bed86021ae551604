"""The user's package-index settings, as uv understands them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from shunter.engine.actions.model import Ambient
from shunter.tools.index_settings import index_settings


def _settings(home: Path, config: str = "", **variables: str) -> Ambient:
    """With pip's configuration in `home`, and nothing of this machine's."""
    file = home / ".config" / "pip" / "pip.conf"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(config)
    return index_settings({"HOME": str(home), **variables}, etc=home / "etc")


def _translated(home: Path, config: str = "", **variables: str) -> Mapping[str, str]:
    return _settings(home, config, **variables).variables


@pytest.mark.parametrize(
    ("config", "variables"),
    [
        ("[global]\nindex-url = https://a.org/simple\n", {"UV_DEFAULT_INDEX": "https://a.org/simple"}),
        ("[install]\nindex_url = https://a.org/simple\n", {"UV_DEFAULT_INDEX": "https://a.org/simple"}),
        (
            "[global]\nextra-index-url =\n    https://a.org/simple\n    https://b.org/simple\n",
            {
                "UV_INDEX": "https://a.org/simple https://b.org/simple",
                "UV_INDEX_STRATEGY": "unsafe-best-match",
            },
        ),
        ("[global]\ntrusted-host = a.org\n  b.org:81\n", {"UV_INSECURE_HOST": "a.org b.org:81"}),
        ("[global]\nno-index = true\n", {"UV_NO_INDEX": "1"}),
        ("[global]\nno-index = false\n", {}),
        (
            "[global]\nproxy = http://p:3128\n",
            {"HTTP_PROXY": "http://p:3128", "HTTPS_PROXY": "http://p:3128"},
        ),
        ("[freeze]\nindex-url = https://a.org\n", {}),
        ("not a configuration", {}),
        ("[global\nindex-url", {}),
    ],
)
def test_what_pip_is_told_uv_is_told(tmp_path: Path, config: str, variables: dict[str, str]) -> None:
    assert _translated(tmp_path, config) == variables


@pytest.mark.parametrize(
    ("given", "variables"),
    [
        ({"PIP_INDEX_URL": "https://a.org"}, {"UV_DEFAULT_INDEX": "https://a.org"}),
        (
            {"PIP_EXTRA_INDEX_URL": "https://a.org https://b.org"},
            {"UV_INDEX": "https://a.org https://b.org", "UV_INDEX_STRATEGY": "unsafe-best-match"},
        ),
        ({"PIP_NO_INDEX": "1"}, {"UV_NO_INDEX": "1"}),
        ({"PIP_INDEX_URL": ""}, {}),
        ({"HTTPS_PROXY": "http://p", "no_proxy": "a.org"}, {"HTTPS_PROXY": "http://p", "no_proxy": "a.org"}),
        (
            {"PIP_INDEX_URL": "https://a.org", "UV_DEFAULT_INDEX": "https://b.org"},
            {"UV_DEFAULT_INDEX": "https://b.org"},
        ),
        (
            {"PIP_INDEX_URL": "https://a.org", "UV_INDEX_URL": "https://b.org"},
            {"UV_INDEX_URL": "https://b.org"},
        ),
        ({"UV_INDEX_CORP_PASSWORD": "hunter2"}, {"UV_INDEX_CORP_PASSWORD": "hunter2"}),
        ({"UV_CACHE_DIR": "/cache", "LD_PRELOAD": "x", "PYTHONPATH": "/y", "OPENAI_API_KEY": "z"}, {}),
    ],
)
def test_variables_come_last_and_only_those_for_an_index(
    tmp_path: Path, given: dict[str, str], variables: dict[str, str]
) -> None:
    assert _translated(tmp_path, **given) == variables


def test_variables_win_over_the_file(tmp_path: Path) -> None:
    config = "[global]\nindex-url = https://file.org\ntrusted-host = file.org\n"
    assert _translated(tmp_path, config, PIP_INDEX_URL="https://variable.org") == {
        "UV_DEFAULT_INDEX": "https://variable.org",
        "UV_INSECURE_HOST": "file.org",
    }


def test_a_file_of_ones_own_wins_over_the_others_and_can_be_none(tmp_path: Path) -> None:
    config = "[global]\nindex-url = https://user.org\n"
    chosen = tmp_path / "chosen.conf"
    chosen.write_text("[global]\nindex-url = https://chosen.org\n")
    assert _settings(tmp_path, config, PIP_CONFIG_FILE=str(chosen)).variables["UV_DEFAULT_INDEX"] == (
        "https://chosen.org"
    )
    assert "UV_DEFAULT_INDEX" not in _settings(tmp_path, config, PIP_CONFIG_FILE="/dev/null").variables


def test_the_users_own_file_wins_over_that_of_the_machine(tmp_path: Path) -> None:
    (tmp_path / "etc" / "xdg" / "pip").mkdir(parents=True)
    (tmp_path / "etc" / "xdg" / "pip" / "pip.conf").write_text("[global]\nindex-url = https://xdg.org\n")
    assert _translated(tmp_path)["UV_DEFAULT_INDEX"] == "https://xdg.org"
    (tmp_path / "etc" / "pip.conf").write_text("[global]\nindex-url = https://etc.org\n")
    assert _translated(tmp_path)["UV_DEFAULT_INDEX"] == "https://etc.org"
    (tmp_path / ".pip").mkdir()
    (tmp_path / ".pip" / "pip.conf").write_text("[global]\nindex-url = https://old.org\n")
    assert _translated(tmp_path)["UV_DEFAULT_INDEX"] == "https://old.org"
    config = "[global]\nindex-url = https://new.org\n"
    assert _translated(tmp_path, config)["UV_DEFAULT_INDEX"] == "https://new.org"


def test_local_folders_are_shown_to_the_build(tmp_path: Path) -> None:
    wheels, odd = tmp_path / "wheels", tmp_path / "my wheels"
    wheels.mkdir()
    odd.mkdir()
    given = _settings(
        tmp_path,
        PIP_FIND_LINKS=f"{wheels} https://a.org/wheels",
        PIP_EXTRA_INDEX_URL=f"{odd.as_uri()}",
    )
    assert given.variables["UV_FIND_LINKS"] == "/run/index/1,https://a.org/wheels"
    assert given.variables["UV_INDEX"] == "file:///run/index/0"
    assert given.files == {"/run/index/0": str(odd), "/run/index/1": str(wheels)}


def test_a_local_index_is_shown_with_the_files_beside_it(tmp_path: Path) -> None:
    (tmp_path / "index" / "simple").mkdir(parents=True)
    given = _settings(tmp_path, UV_INDEX=f"corp={(tmp_path / 'index' / 'simple').as_uri()}")
    assert given.variables["UV_INDEX"] == "corp=file:///run/index/0/simple"
    assert given.files == {"/run/index/0": str(tmp_path / "index")}


def test_a_path_is_meant_from_where_one_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "wheels").mkdir()
    (tmp_path / "ca.pem").write_text("x")
    monkeypatch.chdir(tmp_path)
    given = _settings(tmp_path, PIP_FIND_LINKS="wheels", PIP_CERT="./ca.pem")
    assert sorted(given.files.values()) == [str(tmp_path / "ca.pem"), str(tmp_path / "wheels")]


def test_local_paths_that_are_not_there_are_left_out(tmp_path: Path) -> None:
    given = _translated(
        tmp_path,
        PIP_FIND_LINKS=f"{tmp_path}/nowhere file://{tmp_path}/nor-here",
        PIP_EXTRA_INDEX_URL=f"file://{tmp_path}/nor-there",
    )
    assert given == {}


@pytest.mark.parametrize("name", ["PIP_CERT", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE"])
def test_certificates_are_shown_to_the_build(tmp_path: Path, name: str) -> None:
    bundle = tmp_path / "ca.pem"
    bundle.write_text("x")
    given = _settings(tmp_path, **{name: str(bundle)})
    assert given.variables["SSL_CERT_FILE"] == "/run/index/0"
    assert given.files == {"/run/index/0": str(bundle)}


def test_uvs_own_configuration_is_shown_to_the_build(tmp_path: Path) -> None:
    file = tmp_path / ".config" / "uv" / "uv.toml"
    file.parent.mkdir(parents=True)
    file.write_text("")
    given = _settings(tmp_path)
    assert given.files[given.variables["UV_CONFIG_FILE"]] == str(file)


@pytest.mark.parametrize(
    ("variables", "secrets"),
    [
        ({"PIP_INDEX_URL": "https://me:hunter2@a.org/simple"}, {"hunter2"}),
        ({"PIP_INDEX_URL": "https://me:p%40ss@a.org/simple"}, {"p%40ss", "p@ss"}),
        ({"PIP_INDEX_URL": "https://token@a.org/simple"}, {"token"}),
        ({"PIP_EXTRA_INDEX_URL": "https://a.org https://x:one@b.org https://y:two@c.org"}, {"one", "two"}),
        ({"UV_INDEX": "corp=https://me:hunter2@a.org/simple"}, {"hunter2"}),
        ({"UV_FIND_LINKS": "https://x:one@b.org,https://y:two@c.org"}, {"one", "two"}),
        ({"PIP_PROXY": "me:hunter2@proxy:3128"}, {"hunter2"}),
        ({"UV_INDEX_CORP_USERNAME": "me", "UV_INDEX_CORP_PASSWORD": "hunter2"}, {"me", "hunter2"}),
        ({"PIP_INDEX_URL": "https://a.org/simple", "NO_PROXY": "[::1],a.org"}, set()),
        ({"PIP_EXTRA_INDEX_URL": "http://[bad"}, set()),
    ],
)
def test_secrets_are_known_and_never_shown(
    tmp_path: Path, variables: dict[str, str], secrets: set[str]
) -> None:
    given = _settings(tmp_path, **variables)
    assert given.secrets == secrets
    assert repr(given) == "Ambient()"
