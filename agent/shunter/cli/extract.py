"""A part of the catalogue that a command gives to others: which functions, and where the text goes."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from shunter.cli.exits import Exit
from shunter.cli.options import Parser, add_workspace_options
from shunter.engine.errors import OutputError, UsageError

if TYPE_CHECKING:
    from shunter.engine.types.signature import Signature
    from shunter.tools.catalogue import Catalogue


def add_extract_options(parser: Parser, *, default: str) -> None:
    """Names of modules or functions, of which `default` says what is taken without; and a file."""
    parser.add_argument(
        "names", nargs="*", metavar="MODULE", help=f"modules or functions (default: {default})"
    )
    parser.add_argument("--output", "-o", type=Path, metavar="FILE", help="write it there")
    add_workspace_options(parser)


def chosen_functions(catalogue: Catalogue, names: Sequence[str]) -> Iterator[Signature]:
    """The functions that `names` stand for, each once: modules, or functions; all, where there are none."""
    seen: set[str] = set()
    for name in names or sorted(catalogue.names):
        for signature in _named(catalogue, name):
            if signature.name not in seen:
                seen.add(signature.name)
                yield signature


def give(text: str, path: Path | None) -> Exit:
    """Print `text`, or write it to `path` and print that; raises OutputError."""
    if path is None:
        sys.stdout.write(text)
        return Exit.DONE
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise OutputError(f"can't write {path}: {error.strerror}") from None
    print(path)
    return Exit.DONE


def _named(catalogue: Catalogue, name: str) -> list[Signature]:
    if "." in name:
        return [catalogue.function(name).signature]
    if name not in catalogue.names:
        from shunter.engine.plan.scope import similar

        close = similar(name, catalogue.names)
        hint = f"did you mean {close[0]}?" if close else f"there are {', '.join(sorted(catalogue.names))}"
        raise UsageError(f"there is no module {name!r}", hint=hint)
    return [function.signature for _, function in sorted(catalogue.module(name).functions.items())]
