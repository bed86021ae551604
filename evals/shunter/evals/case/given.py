"""The inputs of a case: plain data, files and folders beside the suite, or types alone."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

from pydantic import BeforeValidator, model_validator

from shunter.engine.digest import JsonValue
from shunter.engine.plan.model import TypeText
from shunter.engine.store.protocol import ArtifactStore
from shunter.engine.values.conform import conform
from shunter.engine.values.literal import literal_type, literal_value
from shunter.evals.case.strict import Data, Strict
from shunter.instructions.offers import Offer, offers_from_objects

_FORMS = ("file", "files", "folder", "type", "literal")


class Given(Strict):
    """One of: a file, files (their paths, or a pattern), a folder, data, or the type of what isn't there."""

    file: str | None = None
    files: tuple[str, ...] | str | None = None
    folder: str | None = None
    type: TypeText | None = None
    literal: Data | None = None

    @model_validator(mode="after")
    def _is_one(self) -> Given:
        given = [name for name in _FORMS if name == "literal" or getattr(self, name) is not None]
        given = [name for name in given if name in self.model_fields_set]
        if len(given) != 1:
            got = " and ".join(sorted(given)) or "none"
            raise ValueError(f"an input is one of {', '.join(_FORMS)}; got {got}")
        return self

    def object(self, folder: Path) -> object:
        """What a workspace takes for it, paths from `folder` on; raises ValueError where nothing is there.

        None stands for an input of which only the type is given.
        """
        if self.file is not None:
            return _there(folder / self.file, self.file, "file")
        if self.folder is not None:
            return _there(folder / self.folder, self.folder, "folder")
        if isinstance(self.files, str):
            return _matching(folder, self.files)
        if self.files is not None:
            return [_there(folder / text, text, "file") for text in self.files]
        return self.literal

    def offer(self, folder: Path, store: ArtifactStore) -> Offer:
        """Its value and type. Text is text, whatever file may have that name."""
        if "literal" in self.model_fields_set:
            kind = literal_type(self.literal)
            return Offer(kind, conform(literal_value(self.literal), kind))
        return offers_from_objects({"it": self.object(folder)}, store)["it"]


def _wrapped(data: Given | JsonValue) -> Given | JsonValue:
    if isinstance(data, Given) or (isinstance(data, Mapping) and set(data) & set(_FORMS)):
        return data
    return {"literal": data}


GivenInput = Annotated[Given, BeforeValidator(_wrapped)]
"""`{file: PATH}`, `{files: [PATH, …]}`, `{files: PATTERN}`, `{folder: PATH}`, `{type: TYPE}`, or data."""


def _there(path: Path, text: str, kind: str) -> Path:
    if not (path.is_dir() if kind == "folder" else path.is_file()):
        raise ValueError(f"there is no {kind} {text} beside the suite's file")
    return path


def _matching(folder: Path, pattern: str) -> list[Path]:
    try:
        found = sorted(path for path in folder.glob(pattern) if path.is_file())
    except (NotImplementedError, ValueError):
        raise ValueError(f"a pattern is relative to the suite's file, got {pattern}") from None
    if not found:
        raise ValueError(f"no file matches {pattern}")
    return found
