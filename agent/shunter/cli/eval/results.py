"""The results that a command is about."""

from __future__ import annotations

import argparse
from pathlib import Path

from shunter.cli.options import open_workspace


def add_results_options(parser: argparse.ArgumentParser) -> None:
    """RESULTS, and where `last` is looked for."""
    parser.add_argument(
        "results", metavar="RESULTS", help="a file of results, or `last` for the latest in the home folder"
    )
    parser.add_argument("--home", type=Path, metavar="DIR", help="the home folder (or SHUNTER_HOME)")


def results_path(options: argparse.Namespace) -> Path:
    """The file that is meant; raises ResultsError."""
    from shunter.evals.run.results import latest_results

    if options.results != "last":
        return Path(options.results)
    options.modules = []
    with open_workspace(options) as workspace:
        return latest_results(workspace.store.home / "evals")
