"""Plans from YAML text, with the line of everything, so that each problem can point at its place."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from shunter.engine.errors import InputError, PlanRefused, PlanSyntaxError
from shunter.engine.plan.model import Plan
from shunter.engine.plan.problem import Lines
from shunter.engine.plan.structure import structure_problems
from shunter.engine.plan.yaml_data import read_yaml
from shunter.engine.small_file import read_small_file

MAX_BYTES = 16 << 20


def load_plan(path: Path) -> tuple[Plan, Lines]:
    """The plan in the file at `path`; raises InputError, PlanSyntaxError or PlanRefused."""
    try:
        return read_plan(read_small_file(path, most=MAX_BYTES).decode("utf-8"))
    except IsADirectoryError:
        raise InputError(f"{path} is a folder, not a plan", hint="give the plan's YAML file") from None
    except OSError as error:
        raise InputError(f"can't read the plan {path}: {error.strerror}") from error
    except UnicodeDecodeError:
        raise PlanSyntaxError(f"{path} isn't a plan: it isn't UTF-8 text") from None
    except PlanSyntaxError as error:
        raise PlanSyntaxError(f"{path}: {error.message}", hint=error.hint, line=error.line) from None


def read_plan(text: str) -> tuple[Plan, Lines]:
    """The plan that `text` holds (YAML or JSON); raises PlanSyntaxError or PlanRefused."""
    from pydantic import ValidationError

    data, places = read_yaml(text)
    lines = Lines(places)
    if not isinstance(data, Mapping):
        raise PlanSyntaxError(
            "this isn't a plan: it has no fields", hint="a plan has `version`, `steps` and `outputs`"
        )
    try:
        return Plan.model_validate(data), lines
    except ValidationError as error:
        raise PlanRefused(structure_problems(error, data, lines)) from None
