"""The user's own package-index settings, as uv understands them.

uv reads its own variables and none of pip's, so what pip is told (variables and `pip.conf`) is
translated. Local folders and certificate files are shown to the build below `/run/index`; local paths
that don't exist are left out, as pip does with a warning.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import unquote, urlsplit

from shunter.engine.actions.model import Ambient

_PASSED_ON = (
    "ALL_PROXY",
    "HTTPS_PROXY",
    "HTTP_PROXY",
    "NO_PROXY",
    "SSL_CERT_DIR",
    "SSL_CERT_FILE",
    "all_proxy",
    "http_proxy",
    "https_proxy",
    "no_proxy",
)
_UV_PASSED_ON = (
    "UV_CONCURRENT_DOWNLOADS",
    "UV_DEFAULT_INDEX",
    "UV_EXTRA_INDEX_URL",
    "UV_FIND_LINKS",
    "UV_HTTP_RETRIES",
    "UV_HTTP_TIMEOUT",
    "UV_INDEX",
    "UV_INDEX_STRATEGY",
    "UV_INDEX_URL",
    "UV_INSECURE_HOST",
    "UV_KEYRING_PROVIDER",
    "UV_NATIVE_TLS",
    "UV_NO_INDEX",
)
_CREDENTIALS = ("USERNAME", "PASSWORD")
_WORD = re.compile(r"[^\s,]+")
_LOGIN = re.compile(r"(?:^|//|[\s,])([^\s,/:@]+)(?::([^\s,/@]*))?@")
_PLACE = "/run/index"


def index_settings(variables: Mapping[str, str] = os.environ, *, etc: Path = Path("/etc")) -> Ambient:
    """Variables, files and what to strike out of the logs, for a build that installs packages.

    `etc` is where the settings for all users of this machine are.
    """
    settings = _from_pip(_pip_settings(variables, etc))
    if variables.get("UV_INDEX_URL"):  # the older name of UV_DEFAULT_INDEX, which would win over it
        settings.pop("UV_DEFAULT_INDEX", None)
    settings.update({name: variables[name] for name in (*_PASSED_ON, *_UV_PASSED_ON) if variables.get(name)})
    settings.update({name: text for name, text in variables.items() if _is_index_credential(name)})
    secrets = frozenset(_secrets(settings))
    files: dict[str, str] = {}
    shown = {name: _WORD.sub(lambda part: _shown(part[0], files), text) for name, text in settings.items()}
    config = _uv_config(variables, etc)
    if config is not None:
        shown["UV_CONFIG_FILE"] = _shown(str(config), files)
    return Ambient(shown, files, secrets)


def _is_index_credential(name: str) -> bool:
    return name.startswith("UV_INDEX_") and name.endswith(_CREDENTIALS)


def _pip_settings(variables: Mapping[str, str], etc: Path) -> dict[str, str]:
    """pip's settings: files from the most general to the most special, then variables."""
    settings: dict[str, str] = {}
    for path in _pip_files(variables, etc):
        settings.update(_read_pip_file(path))
    for name, text in variables.items():
        if name.startswith("PIP_") and text:
            settings[name.removeprefix("PIP_").lower().replace("_", "-")] = text
    certificates = variables.get("REQUESTS_CA_BUNDLE") or variables.get("CURL_CA_BUNDLE")
    return settings if not certificates else {"cert": certificates, **settings}


def _pip_files(variables: Mapping[str, str], etc: Path) -> Iterator[Path]:
    chosen = variables.get("PIP_CONFIG_FILE")
    if chosen == os.devnull:
        return
    home = Path(variables.get("HOME", "/nonexistent"))
    for folder in reversed(variables.get("XDG_CONFIG_DIRS", str(etc / "xdg")).split(":")):
        yield Path(folder) / "pip/pip.conf"
    yield etc / "pip.conf"
    yield home / ".pip/pip.conf"
    yield Path(variables.get("XDG_CONFIG_HOME") or home / ".config") / "pip/pip.conf"
    if chosen:
        yield Path(chosen)


def _read_pip_file(path: Path) -> dict[str, str]:
    from configparser import Error, RawConfigParser

    parser = RawConfigParser()
    try:
        parser.read(path, encoding="utf-8")
    except (OSError, Error, UnicodeDecodeError):
        return {}
    sections = [section for section in ("global", "install") if parser.has_section(section)]
    return {key.replace("_", "-"): text for section in sections for key, text in parser.items(section)}


def _from_pip(pip: Mapping[str, str]) -> dict[str, str]:
    settings: dict[str, str] = {}
    if pip.get("index-url"):
        settings["UV_DEFAULT_INDEX"] = pip["index-url"]
    extra = [place for place in pip.get("extra-index-url", "").split() if _exists(place)]
    if extra:
        settings["UV_INDEX"] = " ".join(extra)
        settings["UV_INDEX_STRATEGY"] = "unsafe-best-match"  # what pip does with several indexes
    links = [place for place in map(_absolute, pip.get("find-links", "").split()) if _exists(place)]
    if links:
        settings["UV_FIND_LINKS"] = ",".join(links)
    if pip.get("trusted-host"):
        settings["UV_INSECURE_HOST"] = " ".join(pip["trusted-host"].split())
    if pip.get("no-index", "").lower() in {"1", "true", "yes", "on"}:
        settings["UV_NO_INDEX"] = "1"
    if pip.get("cert"):
        settings["SSL_CERT_FILE"] = _absolute(pip["cert"])
    if pip.get("proxy"):
        settings["HTTPS_PROXY"] = settings["HTTP_PROXY"] = pip["proxy"]
    return settings


def _absolute(place: str) -> str:
    """`place` with a path of this machine written in full; what isn't a path stays as it is."""
    return (
        place if "://" in place or place.startswith("file:") else os.path.abspath(os.path.expanduser(place))
    )


def _local_path(place: str) -> str | None:
    """The path on this machine that an index or a folder of wheels stands for; None for a remote one."""
    if place.startswith("file:"):
        return unquote(urlsplit(place).path)
    return place if place.startswith("/") else None


def _exists(place: str) -> bool:
    path = _local_path(place)
    return path is None or os.path.exists(path)


def _shown(place: str, files: dict[str, str]) -> str:
    """`place` as the build sees it: a path of this machine gets one in the container, added to `files`."""
    name, equals, address = place.rpartition("=")  # an index can be named: NAME=ADDRESS
    path = _local_path(address)
    if path is None or not os.path.exists(path):
        return place
    folder, inner = _with_its_files(Path(path))
    inside = next(
        (known for known, source in files.items() if source == str(folder)), f"{_PLACE}/{len(files)}"
    )
    files[inside] = str(folder)
    return name + equals + ("file://" if address.startswith("file:") else "") + inside + inner


def _with_its_files(path: Path) -> tuple[Path, str]:
    """What has to be shown for `path`: a `simple` index links to the files in a folder beside it."""
    return (path.parent, "/simple") if path.name == "simple" and path.is_dir() else (path, "")


def _uv_config(variables: Mapping[str, str], etc: Path) -> Path | None:
    home = Path(variables.get("HOME", "/nonexistent"))
    user = Path(variables.get("XDG_CONFIG_HOME") or home / ".config") / "uv/uv.toml"
    named = variables.get("UV_CONFIG_FILE")
    return next(
        (
            path
            for path in (*([Path(named)] if named else []), user, etc / "uv/uv.toml")
            if os.path.isfile(path)
        ),
        None,
    )


def _secrets(settings: Mapping[str, str]) -> Iterator[str]:
    """Passwords inside addresses and credentials in variables."""
    for name, text in settings.items():
        if _is_index_credential(name):
            yield text
        for user, password in _LOGIN.findall(text):
            yield from {password or user, unquote(password or user)}
