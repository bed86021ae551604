"""`shunter bind`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from shunter.cli.exits import EXIT_HELP, Exit
from shunter.cli.extract import add_extract_options, chosen_functions, give
from shunter.cli.options import Parser, open_workspace
from shunter.engine.errors import UsageError

if TYPE_CHECKING:
    from shunter.tools.catalogue import Catalogue


def _parser() -> Parser:
    parser = Parser(
        "bind",
        "Write typed Python functions that call functions of other modules, for your own functions to use\n"
        "while they run. The modules have to be named in `uses` of your module.toml.\n\n" + EXIT_HELP,
        example="shunter bind text speech -o modules/notes/functions.py",
    )
    add_extract_options(parser, default="what the module in the current folder uses")
    return parser


def execute(words: Sequence[str]) -> Exit:
    """Write bindings."""
    from shunter.tools.specs.python_bindings import python_bindings

    options = _parser().parse_intermixed_args(words)
    names = options.names or _used_here()
    if not options.names:
        options.modules = [*options.modules, Path("..")]  # what a module uses mostly lies beside it
    with open_workspace(options) as workspace:
        catalogue = workspace.catalogue
        functions = list(chosen_functions(catalogue, names))
        text = python_bindings(functions, _versions(catalogue, [each.name for each in functions]))
    return give(text, options.output)


def _used_here() -> Sequence[str]:
    """What the module in the current folder uses."""
    from shunter.tools.modules.manifest import FILE_NAME, read_manifest

    here = Path.cwd()
    if not (here / FILE_NAME).is_file():
        raise UsageError(
            "bind: no module is named, and the current folder isn't one",
            hint="name the modules, as in `shunter bind text speech`",
        )
    uses = read_manifest(here).module.uses
    if not uses:
        raise UsageError(f"bind: {here / FILE_NAME} uses no module", hint='write `uses = ["text"]` into it')
    return uses


def _versions(catalogue: Catalogue, functions: Sequence[str]) -> dict[str, str]:
    modules = dict.fromkeys(name.partition(".")[0] for name in functions)
    return {name: catalogue.module(name).manifest.module.version for name in modules}
