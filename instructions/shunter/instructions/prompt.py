"""Prompts: template files with strict variables."""

from __future__ import annotations

from importlib.resources import files
from string import Template


class PromptError(ValueError):
    """A prompt and the variables given to it don't agree, or there is no such prompt."""


def prompt(name: str, /, **variables: str) -> str:
    """The prompt `prompts/NAME.md`, filled in; a variable too few or too many raises PromptError.

    What is filled in is never read as a template itself.
    """
    template = Template(prompt_source(name))
    if not template.is_valid():
        raise PromptError(f"the prompt {name} has a `$` that names no variable (write `$$`)")
    wanted, given = set(template.get_identifiers()), set(variables)
    if wanted != given:
        lacking, unknown = sorted(wanted - given), sorted(given - wanted)
        raise PromptError(
            f"the prompt {name}: lacking {lacking or 'nothing'}, unknown {unknown or 'nothing'}"
        )
    return template.substitute(variables)


def prompt_source(name: str) -> str:
    """The prompt as it was written; raises PromptError."""
    place = files("shunter.instructions") / "prompts" / f"{name}.md"
    if not name.isidentifier() or not place.is_file():
        raise PromptError(f"there is no prompt {name!r}")
    return place.read_text("utf-8")
