"""`module.toml`: what a module says of itself, as a strict pydantic model."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any
from typing import Literal as OneOf

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from shunter.engine.plan.model import TypeText
from shunter.engine.small_file import read_small_file
from shunter.tools.errors import ManifestError

FILE_NAME = "module.toml"
MAX_BYTES = 1 << 20

Identifier = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,63}$")]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


class About(_Strict):
    """The module itself.

    `image` is what its functions run in, unless they name their own; `uses` the modules whose functions they
    may call while they run, itself perhaps among them.
    """

    name: Identifier
    version: str
    description: str
    image: str | None = None
    uses: tuple[Identifier, ...] = ()


class PythonPart(_Strict):
    """Functions written in Python, and the packages that they need."""

    file: str
    packages: tuple[str, ...] = ()
    lock: str | None = None


class ParameterEntry(_Strict):
    """One parameter of a command function; without `default` a call must give it.

    `cache_id` stands for a secret in the key, whatever its value is.
    """

    type: TypeText
    default: Any = None
    doc: str = ""
    named: bool = True
    cache_id: str | None = Field(default=None, min_length=1)


class ReturnsEntry(_Strict):
    """What a command function returns: `from` is `stdout` or a path that begins with `out/`."""

    type: TypeText
    source: Annotated[str, Field(alias="from", pattern=r"^(stdout|out/.+)$")] = "stdout"
    name: str | None = None
    doc: str = ""


class LimitsEntry(_Strict):
    """What a call may use; `timeout` in seconds, `memory` and `disk` such as `512MiB`."""

    timeout: float | None = None
    memory: str | None = None
    disk: str | None = None


class CommandFunction(_Strict):
    """A function that is a command: typed parameters into words, the result from stdout or a file.

    `image` is what it runs in: `debian:12`, `NAME@sha256:…`, or `{parameter}` for an archive that is given.
    """

    doc: str
    command: str | tuple[str | tuple[str, ...], ...]
    shell: bool = False
    stdin: str | None = None
    example: str = ""
    parameters: Mapping[Identifier, ParameterEntry] = Field(default_factory=dict)
    returns: ReturnsEntry
    limits: LimitsEntry = LimitsEntry()
    cache: str = "pure"
    effects: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    hosts_of_calls: tuple[str, ...] = ()
    image: str | None = None

    @model_validator(mode="after")
    def _command_fits_shell(self) -> CommandFunction:
        if self.shell is not isinstance(self.command, str):
            raise ValueError("`command` is a list of words, or one text together with `shell = true`")
        return self


class Manifest(_Strict):
    """A whole `module.toml`."""

    module: About
    python: PythonPart | None = None
    functions: Mapping[Identifier, CommandFunction] = Field(default_factory=dict)
    format: OneOf[1] = 1


def read_manifest(folder: Path) -> Manifest:
    """The manifest in `folder`; raises ManifestError, naming the file and every field that is off."""
    import tomllib

    from pydantic import ValidationError

    path = folder / FILE_NAME
    try:
        content = read_small_file(path, most=MAX_BYTES)
        manifest = Manifest.model_validate(tomllib.loads(content.decode("utf-8")))
    except OSError as error:
        raise ManifestError(f"can't read {path}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise ManifestError(f"{path} isn't UTF-8 text") from None
    except tomllib.TOMLDecodeError as error:
        raise ManifestError(f"{path} isn't TOML: {error}") from None
    except ValidationError as error:
        found = "; ".join(_problem(item["loc"], item["msg"]) for item in error.errors(include_url=False))
        raise ManifestError(f"{path}: {found}") from None
    if manifest.module.name != folder.name:
        message = f"{path} calls the module {manifest.module.name!r}, and its folder is {folder.name!r}"
        raise ManifestError(message, hint="give both the same name")
    return manifest


def _problem(location: tuple[str | int, ...], message: str) -> str:
    place = ".".join(str(part) for part in location if part not in {"[key]"})
    sentence = message.removeprefix("Value error, ")
    return f"{place}: {sentence[0].lower()}{sentence[1:]}"
