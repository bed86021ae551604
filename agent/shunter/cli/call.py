"""`shunter call`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from shunter.cli.exits import EXIT_HELP, Exit
from shunter.cli.options import (
    Parser,
    add_running_options,
    add_workspace_options,
    open_workspace,
    parameter_flags,
)
from shunter.engine.errors import UsageError

if TYPE_CHECKING:
    from shunter.agent import Run, Workspace
    from shunter.agent.ready import ReadyPlan
    from shunter.engine.types.signature import Signature
    from shunter.engine.values import Value

_PREFIX = "argument:"
_EXAMPLE = "shunter call text.head --file notes.txt --lines 3"


def execute(words: Sequence[str]) -> Exit:
    """Call one function."""
    if not words:
        raise UsageError("call: which function?", hint=f"`shunter functions` lists them; {_EXAMPLE}")
    if words[0] in {"-h", "--help"}:
        _function_parser(None).print_help()
        return Exit.DONE
    name = words[0]
    if name.startswith("-"):
        raise UsageError("call: the function's name comes first", hint=_EXAMPLE)
    modules, home = _early_options(words)
    with open_workspace(argparse.Namespace(modules=modules, home=home)) as early:
        signature = early.catalogue.function(name).signature
    options = _function_parser(signature).parse_args(words[1:])
    with open_workspace(options) as workspace:
        return _call(workspace, name, list(_given(options)), options)


def _call(workspace: Workspace, name: str, given: list[tuple[str, str]], options: argparse.Namespace) -> Exit:
    from shunter.agent.approval import allowed_from_texts
    from shunter.cli.document import print_json, run_document
    from shunter.cli.messages import failure_lines, safe
    from shunter.cli.progress import choose_progress
    from shunter.engine.run.outcome import Status
    from shunter.engine.run.reuse import EVERY_STEP

    if options.fresh and options.offline:
        raise UsageError("--fresh runs the function and --offline runs nothing", hint="give one of the two")
    ready = workspace.call(name)
    inputs = _inputs(workspace, ready, given, options.from_json)
    run = workspace.run(
        ready,
        inputs,
        observer=choose_progress(quiet=options.quiet or not sys.stderr.isatty()),
        allowed=allowed_from_texts(options.allow, everything=options.yes),
        fresh=EVERY_STEP if options.fresh else frozenset(),
    )
    saved = _save(run, options.output)
    if options.json:
        print_json(run_document(run, {} if saved is None else {"result": saved}))
    if run.report.status is not Status.DONE:
        print(safe("\n".join(failure_lines(run.report, run.id))), file=sys.stderr)
        return Exit.FAILED
    if not options.json:
        _show_result(run, saved, handles=options.handles)
    return Exit.DONE


def _inputs(
    workspace: Workspace, ready: ReadyPlan, given: list[tuple[str, str]], source: str | None
) -> Mapping[str, Value]:
    if source is None:
        return workspace.bind(ready, given, flag="--{name}")
    from shunter.engine.types import holds_secret

    secret = {name for name, wanted in ready.checked.inputs.items() if holds_secret(wanted.type)}
    others = [name for name, _ in given if name not in secret]
    if others:
        raise UsageError(f"call: --from-json takes all of the arguments, and --{others[0]} is given too")
    return workspace.inputs_from_json(ready, _read(source), secrets=given)


def _read(source: str) -> str:
    """The JSON text in a file, or on standard input for `-`."""
    try:
        return sys.stdin.read() if source == "-" else Path(source).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not UTF-8 text"
        raise UsageError(f"call: --from-json {source}: can't be read: {reason}") from None


def _save(run: Run, output: Path | None) -> Path | None:
    from shunter.agent.outputs import save_value

    if output is None or "result" not in run.report.outputs:
        return None
    return save_value(output, run.report.outputs["result"], run.store)


def _show_result(run: Run, saved: Path | None, *, handles: bool) -> None:
    """Text goes to standard output as it is, so that it can be piped on; files that aren't text are named."""
    from shunter.cli.messages import safe_name
    from shunter.cli.printing import print_handles, print_value

    if saved is not None:
        print(safe_name(str(saved)))
    elif handles:
        print_handles(run.report.outputs["result"], run.store)
    else:
        print_value(run.report.outputs["result"], run.store)


def _function_parser(signature: Signature | None) -> Parser:
    command, about, example = "call MODULE.FUNCTION", "Call one function, in a container.", _EXAMPLE
    if signature is not None:
        command, about = f"call {signature.name}", signature.doc
        example = signature.example or f"shunter call {signature.name}"
    parser = Parser(command, f"{about}\n\n{EXIT_HELP}", example=example)
    parser.add_argument(
        "--output", "-o", type=Path, metavar="PATH", help="keep the result: a file, or a folder for several"
    )
    parser.add_argument(
        "--from-json", metavar="FILE", help="take the arguments from a JSON object, `-` for standard input"
    )
    parser.add_argument(
        "--handles",
        action="store_true",
        help="print a handle for each file or folder (artifact:…), which call takes",
    )
    parser.add_argument(
        "--fresh", action="store_true", help="run it though the cache has its result, and keep the new one"
    )
    add_running_options(parser)
    add_workspace_options(parser)
    if signature is not None:
        _add_parameters(parser, signature)
    return parser


def _add_parameters(parser: Parser, signature: Signature) -> None:
    from shunter.engine.types import Bool, holds_secret
    from shunter.engine.values.source import EXPECTED

    group = parser.add_argument_group("parameters")
    for parameter in signature.parameters:
        need = "needed" if parameter.required else f"default: {parameter.fallback_text}"
        if holds_secret(parameter.type):
            need += f"; {EXPECTED}, never the value itself"
        group.add_argument(
            *parameter_flags(parser, parameter.name),
            dest=_PREFIX + parameter.name,
            action="append",
            metavar=str(parameter.type).replace("%", "%%"),
            nargs="?" if isinstance(parameter.type, Bool) else None,
            const="true" if isinstance(parameter.type, Bool) else None,
            help=f"{parameter.doc} ({need})".strip().replace("%", "%%"),
        )


def _given(options: argparse.Namespace) -> Iterator[tuple[str, str]]:
    for name, texts in vars(options).items():
        if name.startswith(_PREFIX):
            yield from ((name.removeprefix(_PREFIX), text) for text in texts or ())


def _early_options(words: Sequence[str]) -> tuple[list[Path], Path | None]:
    """Where to look for the function, before its own parameters are known."""
    parser = Parser("call", "", example=_EXAMPLE)
    add_workspace_options(parser)
    known, _ = parser.parse_known_args([word for word in words[1:] if word not in {"-h", "--help"}])
    return known.modules, known.home
