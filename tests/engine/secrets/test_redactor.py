"""Values are struck out in every form in which programs write them."""

from __future__ import annotations

import base64
import html
import json
import shlex
from collections.abc import Callable
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shunter.engine.secrets.redactor import RedactedStream, Redactor

VALUE = "s3cr3t/V'lue+<09>&ü"
PEM = (
    "-----BEGIN KEY-----\n"
    + "\n".join(f"line{number}" + "AbCd" * 12 for number in range(3))
    + "\n-----END KEY-----\n"
)
ACCOUNT = json.dumps(
    {"type": "account", "key": PEM, "id": "abcdef0123456789" * 2, "mail": "me@example.org"}, indent=1
)


def _wrapped(text: str, width: int) -> str:
    return "\n".join(text[at : at + width] for at in range(0, len(text), width))


FORMS: dict[str, Callable[[str], str]] = {
    "as it is": lambda value: value,
    "in capitals": str.upper,
    "in small letters": str.lower,
    "one character a line": "\n".join,
    "folded": lambda value: _wrapped(value, 5).replace("\n", "\r\n    "),
    "base64": lambda value: base64.b64encode(value.encode()).decode(),
    "base64 after one byte": lambda value: base64.b64encode(b"x" + value.encode() + b"yy").decode(),
    "base64 after two bytes": lambda value: base64.b64encode(b"x:" + value.encode() + b"y").decode(),
    "base64 in lines": lambda value: base64.encodebytes(b"abc" * 17 + value.encode() * 3).decode(),
    "base64 for URLs": lambda value: base64.urlsafe_b64encode(b"?" + value.encode()).decode(),
    "base64 in a URL": lambda value: quote(base64.b64encode(value.encode()).decode(), safe=""),
    "percent": lambda value: quote(value, safe=""),
    "percent, but for slashes": quote,
    "percent in small letters": lambda value: quote(value, safe="").replace("%2F", "%2f").replace("%C3%BC", "%c3%bc").replace("%27", "'").replace("'", "%27").replace("%2B", "%2b").replace("%3C", "%3c").replace("%3E", "%3e"),
    "percent with plus": quote_plus,
    "JSON": json.dumps,
    "JSON with slashes escaped": lambda value: json.dumps(value).replace("/", "\\/"),
    "JSON in UTF-8": lambda value: json.dumps(value, ensure_ascii=False),
    "Python": repr,
    "a shell's": shlex.quote,
    "HTML": html.escape,
    "hexadecimal": lambda value: value.encode().hex(),
    "hexadecimal in groups": lambda value: value.encode().hex(" ", 2).upper(),
    "UTF-16": lambda value: value.encode("utf-16-le").decode("latin-1"),
}  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
def test_a_value_is_struck_out_in_every_form(form: str) -> None:
    value = VALUE.replace("ü", "u") if form in {"UTF-16", "in capitals", "in small letters"} else VALUE
    written = FORMS[form](value)
    struck = Redactor([value]).strike(f"before {written} after\n".encode())
    assert struck.startswith(b"before ")
    assert struck.endswith(b"after\n")
    assert b"[secret]" in struck
    left = struck.replace(b"[secret]", b"").replace(b"before ", b"").replace(b"after\n", b"")
    assert len(left) <= 8 + 68 * (form == "base64 in lines"), (
        left
    )  # digits that it shares with its neighbours
    assert Redactor([value]).holds(written.encode())


@pytest.mark.parametrize("value", [PEM, ACCOUNT])
def test_of_a_value_of_several_parts_each_is_struck_out(value: str) -> None:
    redactor = Redactor([value])
    for line in PEM.splitlines()[1:-1]:
        assert redactor.strike(f"<{line}>".encode()) == b"<[secret]>"
        assert redactor.holds(f"the second line {line}".encode())
    assert redactor.strike(PEM.encode()).count(b"line") == 0


def test_of_json_each_text_is_struck_out_and_what_only_names_it_condemns_nothing() -> None:
    redactor = Redactor([ACCOUNT])
    assert redactor.strike(b"id abcdef0123456789abcdef0123456789, me@example.org") == b"id [secret], [secret]"
    assert redactor.holds(b"id abcdef0123456789abcdef0123456789")
    assert not redactor.holds(b"mail for me@example.org, whose type is account")


def test_of_lines_with_names_each_value_is_struck_out() -> None:
    redactor = Redactor(["USER=somebody\nPASSWORD='correct horse'\n"])
    assert redactor.strike(b"log in as somebody with correct horse") == b"log in as [secret] with [secret]"


def test_a_short_value_condemns_only_where_it_is_plain() -> None:
    redactor = Redactor(["pass"])
    assert redactor.strike(b"p a s s, cGFzcw==") == b"[secret], [secret]w=="
    assert redactor.holds(b"the passage")
    assert not redactor.holds(b"p a s s, cGFzcw==")


def test_values_that_overlap_are_struck_out_as_one() -> None:
    redactor = Redactor(["hunter2", "user:hunter2@host", "aaaa"])
    assert (
        redactor.strike(b"user:hunter2@host hunter2hunter2 aaaaaaa.")
        == b"[secret] [secret][secret] [secret]."
    )


def test_nothing_else_is_changed() -> None:
    data = bytes(range(256)) * 40
    assert Redactor(["hunter2"]).strike(data) == data
    assert Redactor().strike(data) == data
    assert Redactor().strike_text("half \ud800") == "half \ud800"
    assert not Redactor([""])


def test_it_does_not_print_what_it_knows() -> None:
    assert "hunter2" not in repr(Redactor(["hunter2"])) + str(Redactor(["hunter2"]))


@given(
    st.lists(st.sampled_from([b"hunter22", b"hunter", b"22", b"\n", b"aHVudGVyMjI=", b"x" * 3000, b" "]), max_size=12),
    st.lists(st.integers(1, 5000), max_size=12),
)  # fmt: skip
def test_pieces_are_struck_out_as_the_whole_is(parts: list[bytes], cuts: list[int]) -> None:
    data = b"".join(parts)
    redactor = Redactor(["hunter22"])
    stream, out, rest = RedactedStream(redactor), b"", data
    for cut in cuts:
        out += stream.feed(rest[:cut])
        rest = rest[cut:]
    out += stream.feed(rest) + stream.end()
    assert out == redactor.strike(data)
    assert b"hunter22" not in out.translate(None, b" \n")


def test_a_value_that_goes_over_the_end_of_a_piece_is_struck_out_once() -> None:
    redactor = Redactor(["hunter22"])
    stream = RedactedStream(redactor)
    filler = b"." * (2 * redactor.reach)
    out = b"".join(stream.feed(piece) for piece in (filler, b"hun", b"ter", b"22", filler, b"hunter22"))
    assert out + stream.end() == filler + b"[secret]" + filler + b"[secret]"
