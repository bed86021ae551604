"""What commands share that take a GPTScript file: its arguments are options of their own."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence, Set
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from shunter.cli.goal_options import split_inputs
from shunter.cli.options import Parser, open_workspace, parameter_flags
from shunter.engine.errors import UsageError

if TYPE_CHECKING:
    from shunter.agent.scripts import ReadyScript
    from shunter.instructions.gptscript.program import Program

_PREFIX = "argument:"
_HELP = frozenset({"-h", "--help"})


@dataclass(frozen=True)
class ScriptCommand:
    """A script with the options that it was named with; `given` are its arguments as they were written."""

    script: ReadyScript
    options: argparse.Namespace
    given: Sequence[tuple[str, str]]

    def check_given(self) -> None:
        """Raise UsageError for arguments that the script can't be run without; tell of others."""
        missing = self.script.missing(dict(self.given))
        if missing:
            flags = [f"--{name.replace('_', '-')}" for name in missing]
            message = f"{self.script.program.path} needs {', '.join(flags)}"
            raise UsageError(
                message, hint=f"`shunter run {self.script.program.path} --help` says what they are"
            )
        if not (self.options.quiet or self.options.json):
            _tell_absent(self.script.program, {name for name, _ in self.given})


@contextmanager
def script_command(make_parser: Callable[[], Parser], words: Sequence[str]) -> Iterator[ScriptCommand]:
    """The script that `words` name first, read and linked, and the options after it."""
    from shunter.agent.scripts import open_script
    from shunter.cli.progress import PlainProgress

    early, _ = make_parser().parse_known_args([word for word in words if word not in _HELP])
    with open_workspace(early) as workspace:
        quiet = getattr(early, "quiet", False) or early.json
        script = open_script(workspace, words[0], observer=None if quiet else PlainProgress(sys.stderr))
        parser = make_parser()
        _add_arguments(parser, script.program)
        options = parser.parse_args(words)
        if getattr(options, "only", None) is not None:
            raise UsageError(
                "--only isn't for scripts", hint="the first tool's `Tools:` say what may be called"
            )
        given = [*_given(options), *split_inputs(getattr(options, "input", []))]
        if not quiet:
            _tell(script.program)
        yield ScriptCommand(script, options, given)


def _add_arguments(parser: Parser, program: Program) -> None:
    from shunter.instructions.gptscript.arguments import wanted_types

    own = dict(zip(program.arguments, program.entry.arguments, strict=True))
    group = parser.add_argument_group(f"arguments of {program.path.name}")
    for name, kind in wanted_types(program).items():
        written = own.get(name)
        doc = program.arguments.get(name, "the folder that its tools share")
        group.add_argument(
            *parameter_flags(parser, name, *([written] if written is not None else [])),
            dest=_PREFIX + name,
            action="append",
            metavar=str(kind or "TEXT|PATH").replace("%", "%%"),
            help=doc.replace("%", "%%"),
        )


def _given(options: argparse.Namespace) -> Iterator[tuple[str, str]]:
    for name, texts in vars(options).items():
        if name.startswith(_PREFIX):
            yield from ((name.removeprefix(_PREFIX), text) for text in texts or ())


def _tell(program: Program) -> None:
    from shunter.cli.messages import safe

    for note in program.notes:
        print(safe(f"note: {note}"), file=sys.stderr)


def _tell_absent(program: Program, given: Set[str]) -> None:
    """A goal can do without some of its arguments, but a person may have forgotten one."""
    from shunter.cli.messages import safe

    if program.direct is None:
        for name, doc in program.arguments.items():
            if name not in given and name not in program.types:
                print(
                    safe(f"note: --{name.replace('_', '-')} isn't given ({doc or 'text, or a path'})"),
                    file=sys.stderr,
                )
