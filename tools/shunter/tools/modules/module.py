"""A module: a folder with a manifest and source in any language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from shunter.engine.store.protocol import ArtifactStore
from shunter.engine.store.tree import FileEntry, tree_of
from shunter.engine.types import Optional, Secret, holds_secret
from shunter.engine.types.signature import Signature
from shunter.engine.values import Directory
from shunter.tools.errors import ManifestError, ModuleError
from shunter.tools.images import check_image
from shunter.tools.modules.command_function import command_function
from shunter.tools.modules.function import Function
from shunter.tools.modules.manifest import FILE_NAME, Manifest, read_manifest
from shunter.tools.modules.source import source_artifact


@dataclass(frozen=True)
class Module:
    """A module as it lies in `folder`; `functions` by their short names.

    `texts` are the files of a module that was put together in memory, and `folder` is where they came from.
    """

    folder: Path
    manifest: Manifest
    functions: Mapping[str, Function]
    texts: Mapping[str, bytes] | None = None

    @property
    def name(self) -> str:
        """What functions are called by: the part before the dot."""
        return self.manifest.module.name

    @property
    def uses(self) -> tuple[str, ...]:
        """The modules whose functions its own may call while they run, in order, each once."""
        return tuple(dict.fromkeys(self.manifest.module.uses))

    def source(self, store: ArtifactStore) -> Directory:
        """What its digest is taken of, and what its functions are given."""
        if self.texts is None:
            return source_artifact(self.folder, store)
        files = [(name, store.put_bytes(text, name)) for name, text in sorted(self.texts.items())]
        return store.put_tree(tree_of((name, FileEntry(file.digest, file.size)) for name, file in files))


def load_module(folder: Path) -> Module:
    """The module in `folder`; raises ModuleError where its manifest or code can't be read."""
    manifest = read_manifest(folder)
    functions: dict[str, Function] = {}
    if manifest.python is not None:
        from shunter.tools.modules.python_source import read_python

        for file in (manifest.python.file, manifest.python.lock):
            if file is not None:
                _check_inside(folder, file)
        functions.update(read_python(manifest.module.name, folder, manifest.python.file))
    for name, entry in manifest.functions.items():
        if name in functions:
            raise ManifestError(f"{folder / FILE_NAME}: the Python file has a function {name} too")
        try:
            functions[name] = command_function(manifest.module.name, name, entry)
        except ValueError as error:
            raise ManifestError(f"{folder / FILE_NAME}: functions.{name}: {error}") from None
    if not functions:
        raise ModuleError(
            f"the module {manifest.module.name} in {folder} publishes no function",
            hint="mark Python functions with @function, or declare commands under [functions.NAME]",
        )
    for function in functions.values():
        _check_secrets(folder, function.signature)
        _check_calls(folder, manifest, function.signature)
    return Module(
        folder, manifest, {name: _placed(folder, manifest, each) for name, each in functions.items()}
    )


def _placed(folder: Path, manifest: Manifest, function: Function) -> Function:
    """`function` in its own image, or in the module's."""
    placed = function if function.image is not None else replace(function, image=manifest.module.image)
    try:
        check_image(placed.image, placed.signature)
    except ValueError as error:
        raise ManifestError(f"{folder / FILE_NAME}: {function.signature.name}: {error}") from None
    return placed


def _check_secrets(folder: Path, signature: Signature) -> None:
    """A secret is a whole parameter, has no default but null, and isn't returned."""
    function = f"{signature.name} in {folder}"
    if holds_secret(signature.returns):
        raise ModuleError(
            f"{function} returns a Secret, and a secret doesn't leave its step",
            hint="return what the secret was used for",
        )
    for name in signature.secrets:
        parameter = signature.parameter(name)
        assert parameter is not None
        if parameter.type not in (Secret(), Optional(Secret())):
            raise ModuleError(
                f"{function}: a secret is a parameter of its own, and {name} is {parameter.type}",
                hint="write `Secret` or `Secret | None`; `each` of a plan goes through several",
            )
        if parameter.fallback is not None:
            raise ModuleError(
                f"{function}: the secret {name} has a default; whoever runs it gives the secret",
                hint="leave the default out, or write `Secret | None` and None",
            )


def _check_calls(folder: Path, manifest: Manifest, signature: Signature) -> None:
    if signature.hosts_of_calls and not manifest.module.uses:
        raise ManifestError(
            f"{folder / FILE_NAME}: {signature.name} has hosts_of_calls, and its module calls no other",
            hint="name the modules that it calls in `uses`, or declare `hosts`, which it reaches itself",
        )


def _check_inside(folder: Path, file: str) -> None:
    if not (folder / file).resolve().is_relative_to(folder.resolve()):
        raise ManifestError(f"{folder / FILE_NAME}: {file} is outside the module's folder")
