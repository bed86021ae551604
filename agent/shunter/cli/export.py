"""`shunter export`."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from shunter.cli.exits import EXIT_HELP, Exit
from shunter.cli.extract import add_extract_options, chosen_functions, give
from shunter.cli.options import Parser, open_workspace

if TYPE_CHECKING:
    import argparse

    from shunter.engine.types.signature import Signature

FORMS = ("openai", "json-schema", "gptscript")


def _parser() -> Parser:
    parser = Parser(
        "export",
        "Give the catalogue to others: as strict tools for OpenAI-compatible endpoints, as a JSON schema,\n"
        "or as tools for GPTScript that call shunter. Files and folders are named by handles (artifact:…),\n"
        "which `shunter call` takes, and gives with --handles.\n\n" + EXIT_HELP,
        example="shunter export gptscript -o tools.gpt text speech",
    )
    parser.add_argument("form", choices=FORMS, metavar="FORM", help=f"one of {', '.join(FORMS)}")
    add_extract_options(parser, default="all that there are")
    return parser


def execute(words: Sequence[str]) -> Exit:
    """Export the catalogue."""
    options = _parser().parse_intermixed_args(words)
    with open_workspace(options) as workspace:
        functions = list(chosen_functions(workspace.catalogue, options.names))
        text = _text(options.form, functions, options)
    return give(text, options.output)


def _text(form: str, functions: Sequence[Signature], options: argparse.Namespace) -> str:
    from shunter.tools.specs.gptscript import gptscript_text
    from shunter.tools.specs.json_schema import json_schema
    from shunter.tools.specs.openai import openai_tools

    if form == "gptscript":
        plain = [signature for signature in functions if not _needs_leave(signature)]
        for signature in functions:
            if signature not in plain:
                print(
                    f"left out: {signature.name} does more than compute, and nobody could allow it",
                    file=sys.stderr,
                )
        return gptscript_text(plain, _shunter(), [*_placed(options)])
    data = openai_tools(functions) if form == "openai" else json_schema(functions)
    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"


def _needs_leave(signature: Signature) -> bool:
    return bool(signature.hosts or signature.secrets or signature.effects)


def _shunter() -> tuple[str, ...]:
    """How this very shunter is started from anywhere."""
    return (sys.executable, "-m", "shunter.cli")


def _placed(options: argparse.Namespace) -> Iterator[str]:
    if options.home is not None:
        yield from ("--home", str(options.home.absolute()))
    for folder in options.modules:
        yield from ("--modules", str(folder.absolute()))
