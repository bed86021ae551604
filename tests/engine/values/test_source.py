"""Where secrets are kept, as people write it."""

from __future__ import annotations

import pytest

from shunter.engine.values import Secret, decode, encode, secrets
from shunter.engine.values.source import Scheme, is_source, parse_source, place_of, scheme_of, shown


@pytest.mark.parametrize(
    ("text", "scheme", "place"),
    [
        ("env:TOKEN_2", Scheme.ENV, "TOKEN_2"),
        ("file:~/keys/a b", Scheme.FILE, "~/keys/a b"),
        ("cmd:pass show a:b | head -1", Scheme.CMD, "pass show a:b | head -1"),
    ],
)
def test_a_source_names_a_place(text: str, scheme: Scheme, place: str) -> None:
    secret = parse_source(text)
    assert (scheme_of(secret), place_of(secret), secret.source) == (scheme, place, text)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("hunter22", "text of 8 characters that names no source"),
        ("https://hunter22", "text of 16 characters that names no source"),
        ("ENV:hunter22", "text of 12 characters that names no source"),
        ("env:", "env: without a place, or with one that can't be read"),
        ("cmd:  ", "cmd: without a place, or with one that can't be read"),
        ("cmd:hunter22\nls", "cmd: without a place, or with one that can't be read"),
        ("file:" + "x" * 5000, "file: without a place, or with one that can't be read"),
        ("env:hunter-22", "env: with something that can't be a variable's name"),
    ],
)
def test_what_is_no_source_is_not_repeated(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message[:10]) as caught:
        parse_source(text)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("env:TOKEN", True),
        ("cmd:pass show x", True),
        ("file:token.txt", True),
        ("file:///tmp/x", False),
        ("cmd: a word for command", False),
        ("env: production", False),
        ("env:two-words", False),
        ("https://example.org", False),
    ],
)
def test_words_are_told_from_sources(text: str, is_one: bool) -> None:
    assert is_source(text) is is_one


def test_of_a_command_the_first_word_is_shown() -> None:
    assert shown(Secret("cmd:echo hunter22")) == "cmd:echo …"
    assert shown(Secret("cmd:get-token")) == "cmd:get-token"
    assert shown(Secret("file:a b")) == "file:a b"


def test_a_secret_is_written_by_its_source_and_no_data_passes_for_one() -> None:
    secret = Secret("env:TOKEN")
    assert encode(secret) == {"$secret": "env:TOKEN"}
    assert decode(encode(secret)) == secret
    assert encode({"$secret": "env:TOKEN"}) == {"$map": {"$secret": "env:TOKEN"}}
    assert list(secrets({"a": (secret, "x"), "b": secret})) == [secret, secret]
