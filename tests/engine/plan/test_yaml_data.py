"""What YAML texts mean to shunter, and which it refuses."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.engine.types.strategies import sampled

from shunter.engine.errors import PlanSyntaxError
from shunter.engine.plan.yaml_data import read_yaml


def _value(text: str) -> object:
    data, _ = read_yaml(f"key: {text}\n")
    assert isinstance(data, dict)
    return data["key"]


def _refused(text: str) -> str:
    with pytest.raises(PlanSyntaxError) as caught:
        read_yaml(text)
    return f"{caught.value.line or '-'}: {caught.value.message}"


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("true", True),
        ("False", False),
        ("yes", "yes"),
        ("no", "no"),
        ("on", "on"),
        ("Off", "Off"),
        ("'yes'", "yes"),
        ("", None),
        ("~", None),
        ("12", 12),
        ("1_000", 1000),
        ("0x1f", 31),
        ("1.5", 1.5),
        ("1e5", 100000.0),
        ("-2.5E-3", -0.0025),
        ("2024-01-01", "2024-01-01"),
        ("2024-01-01 10:00:00", "2024-01-01 10:00:00"),
        ("12:30", "12:30"),
        ("0o7", "0o7"),
        ("1.2.3", "1.2.3"),
        ("=", "="),
        ("!!str 12", "12"),
        ("!!binary aGk=", "aGk="),
        ("!!python/name:os.system", ""),
        ("!!python/object/apply:os.system [ls]", ["ls"]),
        ("!<tag:example.com,2000:int> 5", "5"),
        ("!!set {a, b}", {"a": None, "b": None}),
        ("{<<: {a: 1}}", {"<<": {"a": 1}}),
        ("{1: a, yes: b, ~: c}", {"1": "a", "yes": "b", "~": "c"}),
        ("[a, [b], {}]", ["a", ["b"], {}]),
        ('"\\u00e9\\t"', "é\t"),
    ],
)
def test_a_word_means(written: str, value: object) -> None:
    assert _value(written) == value
    assert type(_value(written)) is type(value)


def test_a_word_can_be_used_again_by_its_anchor() -> None:
    data, _ = read_yaml("a: &x 1\nb: [*x, *x]\n")
    assert data == {"a": 1, "b": [1, 1]}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "-: the file is empty"),
        ("# nothing\n", "-: the file is empty"),
        ("a: 1\nb: 2\na: 3\n", "3: the key `a` is given twice"),
        ("a: {b: 1, 'b': 2}\n", "1: the key `b` is given twice"),
        ('{"a": 1, "a": 2}', "1: the key `a` is given twice"),
        ("a: &x [1]\nb: *x\n", "2: *x stands for no text or number above"),
        ("a: *x\n", "1: *x stands for no text or number above"),
        ("&x {a: *x}\n", "1: *x stands for no text or number above"),
        ("? [a]\n: 1\n", "1: a key must be plain text"),
        ("a: 1\n---\nb: 2\n", "2: a second document begins here, and a plan is one"),
        ("a: [1\n", "2: not YAML: did not find expected ',' or ']'"),
        ("a:\n\t- b\n", "2: not YAML: found character that cannot start any token"),
        ("a: \0\n", "-: not YAML: unacceptable character #x0000: control characters are not allowed"),
        ("a: !!bool maybe\n", "1: 'maybe' can't be taken as bool"),
        ('a: !!int ""\n', "1: '' can't be taken as int"),
        ('a: !!float "x"\n', "1: 'x' can't be taken as float"),
        ("a: 1" + "0" * 5000, f"1: '1{'0' * 38}…' can't be taken as int"),
        ("a: 0x" + "f" * 5000, f"1: '0x{'f' * 37}…' can't be taken as int"),
        ("[" * 200_000, "1: nested too deeply: a plan has at most 100 levels"),
        ("- " * 200_000, "1: nested too deeply: a plan has at most 100 levels"),
        ('{"a":' * 200_000, "1: nested too deeply: a plan has at most 100 levels"),
    ],
)
def test_a_text_is_refused_with_one_message(text: str, message: str) -> None:
    assert _refused(text) == message


def test_anchors_do_not_multiply() -> None:
    laughs = "a0: &a0 [lol, lol]\n" + "".join(
        f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 30)
    )
    assert _refused(laughs) == "2: *a0 stands for no text or number above"


@sampled
@given(st.text(alphabet="ab:[]{}&*!|>-'\"#\n\t \\%?\ufeff\x7f0", max_size=40))
def test_any_text_is_data_or_one_clear_error(text: str) -> None:
    said = _refused(text) if _is_refused(text) else ""
    assert "\n" not in said


def _is_refused(text: str) -> bool:
    try:
        read_yaml(text)
    except PlanSyntaxError:
        return True
    return False


def test_every_place_has_its_line() -> None:
    _, lines = read_yaml("a: 1\n\nb:\n  - c: 2\n    d:\n      e\n  - - x\n    - y\n")
    assert lines == {
        (): 1,
        ("a",): 1,
        ("b",): 3,
        ("b", 0): 4,
        ("b", 0, "c"): 4,
        ("b", 0, "d"): 5,
        ("b", 1): 7,
        ("b", 1, 0): 7,
        ("b", 1, 1): 8,
    }


def test_json_is_read_as_json_is_written() -> None:
    data, lines = read_yaml('{\n\t"letter": "\\ud83d\\ude00 \\/ \\"",\n\t"number": 1E3, "rubout": "\x7f"\n}')
    assert data == {"letter": '😀 / "', "number": 1000.0, "rubout": "\x7f"}
    assert lines[("number",)] == 3


def test_half_a_letter_is_refused() -> None:
    assert _refused('{"a": "\\ud83d"}') == "1: not YAML: found invalid Unicode character escape code"
