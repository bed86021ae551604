"""What commands have in common on the command line."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Never

from shunter.engine.errors import UsageError

if TYPE_CHECKING:
    from shunter.agent import Workspace


class Parser(argparse.ArgumentParser):
    """A parser whose complaints are usage errors like all others."""

    def __init__(self, command: str, description: str, *, example: str) -> None:
        super().__init__(
            prog=f"shunter {command}",
            description=description,
            epilog=f"example:\n  {example}",
            formatter_class=argparse.RawDescriptionHelpFormatter,
            allow_abbrev=False,
        )
        self._command = command

    def format_help(self) -> str:
        """The help, which may have a stranger's words in it."""
        from shunter.cli.messages import safe

        return safe(super().format_help())

    def error(self, message: str) -> Never:
        """Raise UsageError where argparse would print and exit."""
        raise UsageError(
            f"{self._command}: {message}",
            hint=f"`shunter {self._command} --help` shows what it takes",
        )


def add_workspace_options(parser: argparse.ArgumentParser) -> None:
    """`--home` and `--modules`."""
    parser.add_argument(
        "--home", type=Path, metavar="DIR", help="where the cache and the runs live (or SHUNTER_HOME)"
    )
    parser.add_argument(
        "--modules",
        type=Path,
        action="append",
        default=[],
        metavar="DIR",
        help="a module, a folder of modules, or a GPTScript file, beside the bundled ones and ./modules",
    )


def add_executor_option(parser: argparse.ArgumentParser) -> None:
    """`--executor`."""
    parser.add_argument(
        "--executor",
        choices=("sandbox", "docker"),
        help="what containers are made with (or SHUNTER_EXECUTOR; default: sandbox)",
    )


def add_running_options(parser: argparse.ArgumentParser) -> None:
    """What commands share that run something."""
    parser.add_argument(
        "--jobs", type=positive, metavar="N", help="how many containers at once (default: one a core)"
    )
    add_executor_option(parser)
    parser.add_argument(
        "--offline", action="store_true", help="take everything from the cache: what isn't there is an error"
    )
    parser.add_argument("--yes", action="store_true", help="allow whatever the plan may do beyond computing")
    parser.add_argument(
        "--allow",
        action="append",
        default=[],
        metavar="KIND:NAME",
        help="allow one thing: host:NAME, secret:SOURCE (or FUNCTION=SOURCE), effect:NAME; again for more",
    )
    parser.add_argument(
        "--json", action="store_true", help="print one JSON document and nothing else on stdout"
    )
    parser.add_argument("--quiet", "-q", action="store_true", help="no progress")


def positive(text: str) -> int:
    """A whole number from 1 on."""
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError(f"expected a number from 1 on, got {value}")
    return value


def parameter_flags(parser: argparse.ArgumentParser, *names: str) -> list[str]:
    """`--max_words` and `--max-words` for each name; `--with-NAME` where the command has such flags."""
    taken = parser._option_string_actions
    flags = dict.fromkeys(f"--{text}" for name in names for text in (name, name.replace("_", "-")))
    return [flag for flag in flags if flag not in taken] or [f"--with-{names[0]}"]


def open_workspace(options: argparse.Namespace) -> Workspace:
    """The workspace that the options describe."""
    from shunter.agent import Workspace
    from shunter.agent.executors import ExecutorKind

    scripts = [path for path in options.modules if path.suffix == ".gpt"]
    folders = [path for path in options.modules if path.suffix != ".gpt"]
    for folder in folders:
        if not folder.is_dir():
            raise UsageError(f"--modules: there is no folder {folder}")
    from shunter.engine.run.reuse import Misses

    named = getattr(options, "executor", None)
    workspace = Workspace(
        home=options.home,
        modules=folders,
        executor=None if named is None else ExecutorKind(named),
        jobs=getattr(options, "jobs", None),
        notice=_say,
        misses=Misses.REFUSE if getattr(options, "offline", False) else Misses.RUN,
    )
    for path in scripts:
        from shunter.agent.recorded import Origin
        from shunter.agent.scripts import open_script

        modules = open_script(workspace, path).program.modules({})
        workspace = workspace.including(modules, origin=Origin(path))
    return workspace


def _say(sentence: str) -> None:
    from shunter.cli.messages import safe

    print(safe(f"shunter: {sentence}"), file=sys.stderr)
