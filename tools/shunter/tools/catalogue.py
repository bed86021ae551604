"""The catalogue: the functions that a run may use, loaded when they are asked for."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from shunter.engine.errors import UsageError
from shunter.engine.plan.scope import similar
from shunter.engine.types.signature import Signature
from shunter.tools.bundled import modules_folder
from shunter.tools.errors import ModuleError, UnknownFunction
from shunter.tools.modules.function import Function
from shunter.tools.modules.manifest import FILE_NAME
from shunter.tools.modules.module import Module, load_module
from shunter.tools.uses import all_used

SEARCH_PATH_VARIABLE = "SHUNTER_MODULES"
LOCAL_FOLDER = "modules"

_READING = threading.Lock()
"""Python 3.11's parser fails where two threads use it, and warnings are caught in the whole process."""


def default_search_path() -> list[Path]:
    """Bundled modules, those that SHUNTER_MODULES names, and those in `modules/` of the current folder.

    Raises UsageError where the variable names something that isn't a folder.
    """
    named = [Path(part) for part in os.environ.get(SEARCH_PATH_VARIABLE, "").split(os.pathsep) if part]
    for folder in named:
        if not folder.is_dir():
            raise UsageError(f"{SEARCH_PATH_VARIABLE}: there is no folder {folder}")
    return [modules_folder(), *named, Path(LOCAL_FOLDER)]


class Catalogue(Mapping[str, Signature]):
    """Signatures by function name. A module is read when one of its functions is asked for.

    Iterating reads every module; those that can't be read are left out and kept in `broken`.
    """

    def __init__(self, search_path: Sequence[Path]) -> None:
        self.broken: dict[str, ModuleError] = {}
        self._folders = _module_folders(search_path)
        self._modules: dict[str, Module] = {}
        self._used: dict[str, tuple[Module, ...]] = {}

    def including(self, modules: Iterable[Module]) -> Catalogue:
        """This catalogue with further modules; raises ModuleError where two have the same name."""
        larger = Catalogue([])
        larger._folders, larger._modules = dict(self._folders), dict(self._modules)
        for module in modules:
            if module.name in larger._folders:
                raise _called_alike(module.name, larger._folders[module.name], module.folder)
            larger._folders[module.name], larger._modules[module.name] = module.folder, module
        return larger

    @property
    def names(self) -> frozenset[str]:
        """The modules that there are, readable or not."""
        return frozenset(self._folders)

    def module(self, name: str) -> Module:
        """The module called `name`; raises KeyError without one, ModuleError where it can't be used."""
        module = self._loaded(name)
        if module.uses and name not in self._used:
            self._used[name] = all_used(module, self._loaded, self._folders)
        return module

    def used(self, name: str) -> tuple[Module, ...]:
        """The modules that the module `name` uses, by itself or through others; raises as `module` does."""
        self.module(name)
        return self._used.get(name, ())

    def _loaded(self, name: str) -> Module:
        if name not in self._modules:
            with _READING:
                self._modules[name] = load_module(self._folders[name])
        return self._modules[name]

    def modules(self) -> list[Module]:
        """Every module that can be read, by name."""
        readable = []
        for name in sorted(self._folders):
            try:
                readable.append(self.module(name))
            except ModuleError as error:
                self.broken[name] = error
        return readable

    def function(self, name: str) -> Function:
        """The function called `module.function`; raises UnknownFunction or ModuleError."""
        module, _, short = name.partition(".")
        found = self.module(module).functions.get(short) if module in self._folders else None
        if found is not None:
            return found
        raise UnknownFunction(name, self._close_to(name), module=name if name in self._folders else None)

    def _close_to(self, name: str) -> tuple[str, ...]:
        last = name.rpartition(".")[2]
        same = [known for known in self if known.endswith("." + last)]
        return tuple(dict.fromkeys([*same, *similar(name, self)]))[:4]

    def __getitem__(self, name: str) -> Signature:
        try:
            return self.function(name).signature
        except UnknownFunction:
            raise KeyError(name) from None

    def __iter__(self) -> Iterator[str]:
        for module in self.modules():
            yield from sorted(function.signature.name for function in module.functions.values())

    def __len__(self) -> int:
        return sum(len(module.functions) for module in self.modules())


def _module_folders(search_path: Sequence[Path]) -> dict[str, Path]:
    folders: dict[str, Path] = {}
    for place in search_path:
        candidates = [place] if _is_module(place) else _children(place)
        for folder in candidates:
            other = folders.get(folder.name)
            if other is not None and other.resolve() != folder.resolve():
                raise _called_alike(folder.name, other, folder)
            folders[folder.name] = folder.absolute()
    return folders


def _called_alike(name: str, one: Path, other: Path) -> ModuleError:
    return ModuleError(
        f"two modules are called {name}: {one} and {other}", hint="give one of them another name"
    )


def _is_module(folder: Path) -> bool:
    return os.path.isfile(folder / FILE_NAME)  # a folder that can't be looked into isn't one


def _children(place: Path) -> list[Path]:
    try:
        return sorted(child for child in place.iterdir() if _is_module(child))
    except (FileNotFoundError, NotADirectoryError):
        return []
    except OSError as error:
        raise ModuleError(f"can't look for modules in {place}: {error.strerror}") from None
