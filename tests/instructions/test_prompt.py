"""Prompts are filled in strictly."""

from __future__ import annotations

import pytest

from shunter.instructions.prompt import PromptError, prompt


def test_a_prompt_holds_what_it_is_given() -> None:
    assert "a $problem <x> ${y}" in prompt("problems", problems="a $problem <x> ${y}")


@pytest.mark.parametrize(
    ("variables", "message"),
    [
        ({}, "the prompt problems: lacking ['problems'], unknown nothing"),
        ({"problems": "x", "extra": "y"}, "the prompt problems: lacking nothing, unknown ['extra']"),
    ],
)
def test_variables_too_few_or_too_many_are_errors(variables: dict[str, str], message: str) -> None:
    with pytest.raises(PromptError) as caught:
        prompt("problems", **variables)
    assert str(caught.value) == message


@pytest.mark.parametrize("name", ["nothing", "../goal", "../prompts/problems", ""])
def test_a_prompt_that_is_not_there_is_an_error(name: str) -> None:
    with pytest.raises(PromptError, match="there is no prompt"):
        prompt(name)
