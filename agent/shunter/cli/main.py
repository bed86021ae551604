"""The `shunter` command: finds the command's file, and turns errors into messages and exit codes."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence
from importlib import import_module

COMMANDS = {
    "run": "run a goal in plain words, a plan, or a GPTScript file",
    "plan": "make a plan for a goal or a GPTScript file, and run nothing",
    "check": "check a plan or a GPTScript file, and start nothing",
    "call": "call one function",
    "export": "give the functions to others: openai, json-schema, gptscript",
    "bind": "write typed functions that call other modules from inside a function",
    "functions": "list the functions, or show one",
    "eval": "run suites of cases; compare results with a baseline",
    "explain": "say which steps of a plan the cache answers, and why not the others",
    "cache": "look after the cache: info, verify, prune",
    "runs": "look at past runs, or go on with one: list, show, logs, resume",
    "debug": "open a shell in the container of a step of a past run",
    "doctor": "what this machine allows, and what is enforced",
}

_SUBCOMMANDS = {"runs": ("list", "show", "logs", "resume"), "cache": ("info", "verify", "prune")}


def process() -> int:
    """What the script `shunter` runs: the command in its arguments, and the end of the process."""
    from shunter.cli.signals import disregard_ignored

    disregard_ignored()
    code = main()
    gc.freeze()  # all of it goes now: to look through it for garbage first would take 30 ms
    return code


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit code."""
    from shunter.cli.streams import open_standard_streams

    words = list(sys.argv[1:] if arguments is None else arguments)
    open_standard_streams()
    own = words[: words.index("--")] if "--" in words else words  # what follows is another program's
    debug = "--debug" in own
    try:
        return _finished([*(word for word in own if word != "--debug"), *words[len(own) :]])
    except BaseException as error:  # noqa: BLE001 - whatever it is, it ends with a message and a code
        if debug:
            from traceback import print_exception

            print_exception(error)
        return _told(error, as_json="--json" in own)


def _finished(words: list[str]) -> int:
    try:
        code = _run(words)
    except SystemExit as ending:  # argparse, after --help
        code = int(ending.code or 0)
    sys.stdout.flush()
    return code


def _told(error: BaseException, *, as_json: bool) -> int:
    """Say what is wrong; the exit code."""
    if isinstance(error, KeyboardInterrupt):
        print("interrupted; what ran was stopped, what is done stays in the cache", file=sys.stderr)
        return 130
    from shunter.cli.exits import exit_of
    from shunter.cli.messages import error_document, show_error
    from shunter.cli.unforeseen import known_error

    known = known_error(error)
    show_error(known)
    if as_json:
        from shunter.cli.document import print_json

        print_json(error_document(known, exit_of(known)))
        sys.stdout.flush()
    return int(exit_of(known))


def _run(words: list[str]) -> int:
    if not words or words[0] in {"-h", "--help", "help"}:
        return _show(_overview(), to_stderr=not words)
    if words[0] in {"-V", "--version"}:
        from importlib.metadata import version

        return _show(f"shunter {version('shunter')}")
    name, rest = words[0], words[1:]
    if name not in COMMANDS:
        return _unknown(name)
    if name not in _SUBCOMMANDS:
        return _execute(name, rest)
    if not rest or rest[0] not in _SUBCOMMANDS[name]:
        known = ", ".join(f"`shunter {name} {sub}`" for sub in _SUBCOMMANDS[name])
        asked = bool(rest) and rest[0] in {"-h", "--help"}
        return _show(f"{COMMANDS[name]}\n\ncommands: {known}; each has --help", to_stderr=not asked)
    return _execute(f"{name}.{rest[0]}", rest[1:])


def _overview() -> str:
    lines = [f"  {name:10} {text}" for name, text in COMMANDS.items()]
    return "\n".join(
        [
            "usage: shunter COMMAND …",
            "",
            "Turns a goal into a typed graph of containerised functions, checked and cached.",
            "",
            "commands:",
            *lines,
            "",
            "examples:",
            '  shunter run "Transcribe the recording and count its words" --input recording=talk.wav',
            "  shunter functions text.head",
            "  shunter call text.head --file notes.txt --lines 3",
            "  shunter run talk.yaml --input recording=talk.wav --output out/",
            "",
            _exit_help(),
            "",
            "Each command has --help. --debug shows where an error came from.",
        ]
    )


def _exit_help() -> str:
    from shunter.cli.exits import EXIT_HELP

    return EXIT_HELP


def _unknown(name: str) -> int:
    from difflib import get_close_matches

    close = get_close_matches(name, COMMANDS, n=1)
    hint = f"did you mean `shunter {close[0]}`?" if close else "`shunter --help` lists the commands"
    return _show(f"shunter: there is no command {name!r}\n  {hint}", to_stderr=True)


def _show(text: str, *, to_stderr: bool = False) -> int:
    """Print `text`; on standard error it is a usage error."""
    print(text, file=sys.stderr if to_stderr else sys.stdout)
    return 2 if to_stderr else 0


def _execute(command: str, words: Sequence[str]) -> int:
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")  # looking for them costs 50 ms, and has none
    gc.set_threshold(100_000)  # what is made while starting is no garbage
    return int(import_module(f"shunter.cli.{command}").execute(words))
