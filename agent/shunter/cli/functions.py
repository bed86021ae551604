"""`shunter functions`."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from textwrap import indent

from shunter.cli.exits import Exit
from shunter.cli.messages import safe
from shunter.cli.options import Parser, add_workspace_options, open_workspace
from shunter.engine.digest import JsonValue
from shunter.engine.types.signature import NoDefault, Parameter, Signature
from shunter.tools.catalogue import Catalogue


def _parser() -> Parser:
    parser = Parser(
        "functions",
        "List the functions that there are, or show one: its signature, what it does, an example.",
        example="shunter functions speech.transcribe",
    )
    parser.add_argument(
        "name", nargs="?", metavar="NAME", help="a function (speech.transcribe) or a module (speech)"
    )
    parser.add_argument(
        "--json", action="store_true", help="print one JSON document and nothing else on stdout"
    )
    add_workspace_options(parser)
    return parser


def execute(words: Sequence[str]) -> Exit:
    """List functions."""
    options = _parser().parse_args(words)
    with open_workspace(options) as workspace:
        signatures = _chosen(workspace.catalogue, options.name)
        broken = workspace.catalogue.broken
    if options.json:
        from shunter.cli.document import print_json

        print_json({"functions": [_document(signature) for signature in signatures]})
    elif options.name and "." in options.name:
        print(safe("\n".join(_description(signatures[0]))))
    else:
        print(safe("\n".join(_listing(signatures))))
    for error in broken.values():
        print(safe(f"left out: {error.message}"), file=sys.stderr)
    return Exit.DONE


def _chosen(catalogue: Catalogue, name: str | None) -> list[Signature]:
    if name is None:
        return [catalogue[function] for function in catalogue]
    if "." in name:
        return [catalogue.function(name).signature]
    own = [catalogue[function] for function in catalogue if function.startswith(name + ".")]
    return own or [catalogue.function(name).signature]


def _listing(signatures: Sequence[Signature]) -> list[str]:
    width = max((len(signature.name) for signature in signatures), default=0)
    return [f"{signature.name:{width}}  {signature.summary}" for signature in signatures] or [
        "there are no functions"
    ]


def _description(signature: Signature) -> list[str]:
    lines = [str(signature), "", indent(signature.doc, "  "), ""]
    lines += [
        f"  {parameter.name}: {parameter.type}{_need(parameter)}{_doc(parameter)}"
        for parameter in signature.parameters
    ]
    lines += [
        f"  returns {signature.returns}" + (f": {signature.returns_doc}" if signature.returns_doc else "")
    ]
    for kind in ("hosts", "secrets", "effects"):
        if getattr(signature, kind):
            lines.append(f"  {kind}: {', '.join(getattr(signature, kind))}")
    if signature.example:
        lines += ["", "  example:", indent(signature.example, "    ")]
    return lines


def _need(parameter: Parameter) -> str:
    return "" if parameter.required else f" = {parameter.fallback_text}"


def _doc(parameter: Parameter) -> str:
    return f": {parameter.doc}" if parameter.doc else ""


def _document(signature: Signature) -> dict[str, JsonValue]:
    from shunter.engine.values import encode

    return {
        "name": signature.name,
        "summary": signature.summary,
        "doc": signature.doc,
        "parameters": [
            {
                "name": parameter.name,
                "type": str(parameter.type),
                "required": parameter.required,
                "default": None if isinstance(parameter.default, NoDefault) else encode(parameter.default),
                "doc": parameter.doc,
            }
            for parameter in signature.parameters
        ],
        "returns": {"type": str(signature.returns), "doc": signature.returns_doc},
        "example": signature.example,
        "hosts": list(signature.hosts),
        "secrets": list(signature.secrets),
        "effects": list(signature.effects),
    }
