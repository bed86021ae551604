"""Signatures as people see them."""

from __future__ import annotations

from shunter.engine.types import Int, Optional, Str, parse_type
from shunter.engine.types.signature import Parameter, Signature


def test_a_signature_prints_as_it_would_be_written() -> None:
    signature = Signature(
        "rag.answer",
        (
            Parameter("documents", parse_type("list[File[text/*]]")),
            Parameter("language", parse_type('"en" | "de"'), "en"),
            Parameter("fields", parse_type("list[str]"), ("a", "é")),
            Parameter("limit", Optional(Int())),
        ),
        parse_type("{text: str}"),
        doc="Answer a question.\n\nFrom documents.",
    )
    assert str(signature) == (
        'rag.answer(documents: list[File[text/*]], language: "en" | "de" = "en", '
        'fields: list[str] = ["a", "é"], limit: int | None) -> {text: str}'
    )
    assert signature.summary == "Answer a question."


def test_a_parameter_is_required_without_a_default_unless_it_may_be_null() -> None:
    assert Parameter("a", Str()).required
    assert not Parameter("a", Str(), "x").required
    assert not Parameter("a", Optional(Str())).required


def test_what_is_not_given_falls_back_to_the_default_or_null() -> None:
    assert Parameter("a", Str(), "x").fallback == "x"
    assert Parameter("a", Optional(Str())).fallback is None


def test_a_parameter_is_found_by_its_name() -> None:
    signature = Signature("m.f", (Parameter("a", Str()),), Str())
    assert signature.parameter("a") == Parameter("a", Str())
    assert signature.parameter("b") is None
