"""`shunter functions`."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from functools import partial
from textwrap import indent

from shunter.cli.exits import Exit
from shunter.cli.messages import safe
from shunter.cli.options import Parser, add_workspace_options, open_workspace
from shunter.cli.page import filled, page_width, paragraphs
from shunter.engine.digest import JsonValue
from shunter.engine.types.signature import NoDefault, Parameter, Signature
from shunter.tools.catalogue import Catalogue
from shunter.tools.modules.function import Function


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
        functions = _chosen(workspace.catalogue, options.name)
        broken = workspace.catalogue.broken
    if options.json:
        from shunter.cli.document import print_json

        print_json({"functions": [_document(function) for function in functions]})
    elif options.name and "." in options.name:
        print(safe("\n".join(_description(functions[0], page_width()))))
    else:
        print(safe("\n".join(_listing([function.signature for function in functions], page_width()))))
    for error in broken.values():
        print(safe(f"left out: {error.message}"), file=sys.stderr)
    return Exit.DONE


def _chosen(catalogue: Catalogue, name: str | None) -> list[Function]:
    if name is None:
        return [catalogue.function(function) for function in catalogue]
    if "." in name:
        return [catalogue.function(name)]
    own = [catalogue.function(function) for function in catalogue if function.startswith(name + ".")]
    return own or [catalogue.function(name)]


def _listing(signatures: Sequence[Signature], columns: int | None) -> Iterator[str]:
    width = max((len(signature.name) for signature in signatures), default=0)
    for signature in signatures:
        yield filled(signature.summary, columns, first=f"{signature.name:{width}}  ", rest=" " * (width + 2))
    if not signatures:
        yield "there are no functions"


def _description(function: Function, columns: int | None) -> Iterator[str]:
    signature = function.signature
    yield filled(str(signature), columns, rest="    ")
    yield ""
    yield paragraphs(signature.doc, columns, "  ")
    if signature.parameters:
        yield "\nparameters:"
    for parameter in signature.parameters:
        yield filled(_declaration(parameter), columns, first="  ", rest="      ")
        if parameter.doc:
            yield filled(parameter.doc, columns, first="      ", rest="      ")
    yield f"\nreturns:\n  {signature.returns}"
    if signature.returns_doc:
        yield filled(signature.returns_doc, columns, first="      ", rest="      ")
    if signature.hosts:
        yield f"\nhosts: {', '.join(map(partial(_host, signature), signature.hosts))}"
    for kind in ("secrets", "effects"):
        if getattr(signature, kind):
            yield f"\n{kind}: {', '.join(getattr(signature, kind))}"
    for name in signature.secrets:
        yield f"  --{name.replace('_', '-')} env:NAME, file:PATH or cmd:COMMAND; never the value itself"
    if function.image:
        yield f"\nimage: {function.image}"
    if signature.example:
        yield f"\nexample:\n{indent(signature.example, '  ')}"
    yield f"\nas a step of a plan:\n  {_step(signature)}"


def _host(signature: Signature, host: str) -> str:
    return f"{host} (by what it calls)" if host in signature.hosts_of_calls else host


def _declaration(parameter: Parameter) -> str:
    default = "" if parameter.required else f" = {parameter.fallback_text}"
    return f"{parameter.name}: {parameter.type}{default}"


def _step(signature: Signature) -> str:
    """The least that calls the function, with an input or another step for each argument."""
    needed = [parameter.name for parameter in signature.parameters if parameter.required]
    arguments = ", ".join(f"{name}: {{from: {name}}}" for name in needed)
    module, _, name = signature.name.partition(".")
    step = f"{module}-{name}" if name in needed else name  # inputs and steps share one space of names
    return f"- {{id: {step}, call: {signature.name}" + (f", with: {{{arguments}}}}}" if needed else "}")


def _document(function: Function) -> dict[str, JsonValue]:
    from shunter.engine.values import encode

    signature = function.signature
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
        "hosts_of_calls": list(signature.hosts_of_calls),
        "secrets": list(signature.secrets),
        "effects": list(signature.effects),
        "image": function.image,
    }
