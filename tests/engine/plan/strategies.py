"""Plans for property tests: of the right form, whatever they mean."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st
from tests.engine.types.strategies import types

from shunter.engine.plan.model import Plan

names = st.from_regex(r"[A-Za-z][A-Za-z0-9_-]{0,6}", fullmatch=True) | st.sampled_from(
    ["yes", "no", "null", "on", "y", "e5", "with", "from", "x" * 64]
)
_ODD = (
    "", "yes", "NULL", "~", "1e5", "-1E+5", "1_0", "0x1f", "010", "12:30", "2024-01-01", "=", "<<", "- a",
    "a: b", "#", "&a", "*a", "!t", "|", ">", "%", "@", "`", "\ufeff", "\x85", "\x7f", "'", '"', "\n",
    "a\n\nb\n", "\\",
)  # fmt: skip
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12) | st.sampled_from(_ODD)
references = st.builds(
    lambda way, kind: {"from": ".".join(way)} | ({"as": str(kind)} if kind is not None else {}),
    st.lists(names, min_size=1, max_size=3),
    st.none() | types,
)
plain = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | texts
expressions: st.SearchStrategy[Any] = st.recursive(
    plain | references | st.builds(lambda data: {"literal": data}, plain | references),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(texts.filter(lambda name: name not in {"from", "literal"}), inner, max_size=3)
    ),
    max_leaves=6,
)
inputs = st.fixed_dictionaries(
    {"type": types.map(str)}, optional={"default": plain | st.lists(plain), "description": texts}
)
steps = st.fixed_dictionaries(
    {"id": names, "call": texts},
    optional={
        "each": st.dictionaries(names, expressions, max_size=2),
        "with": st.dictionaries(names, expressions, max_size=3),
        "description": texts,
        "limits": st.fixed_dictionaries(
            {},
            optional={
                "timeout": st.floats(1e-3, 1e6),
                "memory": st.integers(1, 1 << 40) | st.sampled_from(["2GiB", "300 MB", "1.5KiB"]),
            },
        ),
    },
)
plan_data = st.fixed_dictionaries(
    {"version": st.just(1), "steps": st.lists(steps, max_size=3)},
    optional={
        "goal": texts,
        "inputs": st.dictionaries(names, inputs, max_size=3),
        "outputs": st.dictionaries(names, expressions, max_size=3),
        "modules": st.dictionaries(
            texts, st.fixed_dictionaries({"version": texts, "digest": texts}), max_size=2
        ),
        "requires": st.fixed_dictionaries({}, optional={"hosts": st.lists(texts, max_size=2)}),
    },
)
plans: st.SearchStrategy[Plan] = plan_data.map(Plan.model_validate)
