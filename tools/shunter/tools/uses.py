"""Which modules a module uses, by itself and through others."""

from __future__ import annotations

from collections.abc import Callable, Collection

from shunter.tools.errors import ManifestError
from shunter.tools.modules.manifest import FILE_NAME
from shunter.tools.modules.module import Module


def all_used(module: Module, load: Callable[[str], Module], known: Collection[str]) -> tuple[Module, ...]:
    """The modules that `module` uses, by itself or through others, by name; itself where it names itself.

    `load` reads one of the modules `known`. Raises ManifestError for one that isn't there, and for modules
    that use each other: what the result of one is made of would have no end.
    """
    found: dict[str, Module] = {}
    _follow(module, (module.name,), found, load, known)
    return tuple(found[name] for name in sorted(found))


def _follow(
    module: Module,
    way: tuple[str, ...],
    found: dict[str, Module],
    load: Callable[[str], Module],
    known: Collection[str],
) -> None:
    for name in module.uses:
        if name == module.name:
            found[name] = module
        elif name not in known:
            raise _missing(module, name, known)
        elif name in way:
            circle = " → ".join([*way[way.index(name) :], name])
            raise ManifestError(
                f"{module.folder / FILE_NAME}: modules use each other: {circle}",
                hint="put what they share into a third module, or make one of the two",
            )
        elif name not in found:
            found[name] = load(name)
            _follow(found[name], (*way, name), found, load, known)


def _missing(module: Module, name: str, known: Collection[str]) -> ManifestError:
    from shunter.engine.plan.scope import similar

    close = similar(name, sorted(known))
    hint = f"did you mean {close[0]}?" if close else "`shunter functions` lists the modules that there are"
    return ManifestError(f"{module.folder / FILE_NAME}: uses: there is no module {name!r}", hint=hint)
