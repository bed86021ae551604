"""`shunter check`."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from shunter.cli.exits import EXIT_HELP, Exit
from shunter.cli.goal_options import names_script, parse_words
from shunter.cli.options import Parser, add_workspace_options, open_workspace
from shunter.engine.errors import UsageError


def _parser() -> Parser:
    parser = Parser(
        "check",
        "Check a plan or a GPTScript file and report every problem at once. Nothing is started.\n\n"
        + EXIT_HELP,
        example="shunter check talk.yaml",
    )
    parser.add_argument("plan", nargs="?", type=Path, metavar="PLAN|FILE.gpt", help="its file")
    parser.add_argument("--schema", action="store_true", help="print the JSON schema of plans instead")
    parser.add_argument(
        "--json", action="store_true", help="print one JSON document and nothing else on stdout"
    )
    add_workspace_options(parser)
    return parser


def execute(words: Sequence[str]) -> Exit:
    """Check a plan or a script."""
    if names_script(words):
        return _check_script(words)
    options = parse_words(_parser(), words, "plan")
    from shunter.agent.capabilities import capability_sentence
    from shunter.cli.document import print_json
    from shunter.cli.messages import safe
    from shunter.cli.summary import show_plan
    from shunter.engine.plan.model import Requires

    if options.schema:
        from shunter.engine.plan.model import plan_schema

        print_json(plan_schema())
        return Exit.DONE
    if options.plan is None:
        raise UsageError("check: which plan?", hint="`shunter check PLAN`")
    with open_workspace(options) as workspace:
        ready = workspace.load(options.plan)
        if options.json:
            requires = ready.requires.model_dump(mode="json")
            print_json({"status": "ok", "notices": list(ready.notices), "requires": requires})
        else:
            show_plan(ready, sys.stdout)
            if ready.requires != Requires():
                print(safe(f"  it may {capability_sentence(ready.requires)}"))
            print("no problems")
    return Exit.DONE


def _check_script(words: Sequence[str]) -> Exit:
    from shunter.cli.document import print_json
    from shunter.cli.script_options import script_command
    from shunter.cli.summary import show_program

    with script_command(_parser, words) as command:
        program = command.script.program
        if command.options.json:
            print_json({"status": "ok", "allowed": sorted(program.allowed), "notices": list(program.notes)})
        else:
            show_program(program, sys.stdout)
            print("no problems")
    return Exit.DONE
