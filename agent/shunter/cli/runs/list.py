"""`shunter runs list`."""

from __future__ import annotations

import time
from collections.abc import Sequence

from shunter.cli.exits import Exit
from shunter.cli.options import Parser, add_workspace_options, open_workspace, positive


def execute(words: Sequence[str]) -> Exit:
    """List past runs, the latest first."""
    parser = Parser("runs list", "List past runs, the latest first.", example="shunter runs list --last 5")
    parser.add_argument("--last", type=positive, default=20, metavar="N", help="how many (default: 20)")
    parser.add_argument(
        "--json", action="store_true", help="print one JSON document and nothing else on stdout"
    )
    add_workspace_options(parser)
    options = parser.parse_args(words)
    from shunter.cli.document import print_json
    from shunter.cli.messages import in_one_line, safe
    from shunter.engine.run.history import past_runs

    with open_workspace(options) as workspace:
        rows = [
            {"id": run.id, "status": run.status(), "started": about.get("started"), "goal": about.get("goal")}
            for run in past_runs(workspace.runs)[: options.last]
            for about in [run.about()]
        ]
    if options.json:
        print_json({"runs": rows})
        return Exit.DONE
    for row in rows:
        started = row["started"]
        when = (
            time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(started))
            if isinstance(started, int | float)
            else "?"
        )
        goal = in_one_line(str(row["goal"] or ""), most=100)
        print(safe(f"{row['id']}  {when}  {row['status']:9}  {goal}".rstrip()))
    if not rows:
        print("there are no runs yet: `shunter run PLAN` makes one")
    return Exit.DONE
