"""Types for property tests: any at all, and pairs that are likely to have to do with each other."""

from __future__ import annotations

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from shunter.engine.types import (
    Bool,
    Directory,
    Enum,
    File,
    Float,
    Int,
    Json,
    ListOf,
    Optional,
    Record,
    Secret,
    Str,
    Type,
)

sampled = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""Settings of every property test: a slow machine is no failure."""

media_types = st.sampled_from([None, "text/*", "text/csv", "text/plain", "audio/*", "audio/wav", "image/png"])
field_names = st.sampled_from(["name", "size", "title", "note"])
enums = st.lists(st.text(max_size=4), min_size=1, max_size=4, unique=True).map(
    lambda choices: Enum(tuple(choices))
)
few_enums = st.lists(st.sampled_from("abc"), min_size=1, max_size=3, unique=True).map(
    lambda choices: Enum(tuple(choices))
)
simple = st.sampled_from([Str(), Int(), Float(), Bool(), Json(), Secret(), Directory()])


def _inside(inner: st.SearchStrategy[Type]) -> st.SearchStrategy[Type]:
    fields = st.dictionaries(field_names, inner, max_size=3).map(lambda named: Record(tuple(named.items())))
    optional = inner.map(lambda kind: kind if isinstance(kind, Optional) else Optional(kind))
    return st.one_of(inner.map(ListOf), optional, fields)


types: st.SearchStrategy[Type] = st.recursive(simple | media_types.map(File) | enums, _inside, max_leaves=6)
"""Any type that can be written."""

related: st.SearchStrategy[Type] = st.recursive(
    st.sampled_from([Int(), Float(), Str()]) | media_types.map(File) | few_enums,
    lambda inner: st.one_of(
        inner.map(ListOf),
        st.dictionaries(st.sampled_from(["name", "size"]), inner, max_size=2).map(
            lambda named: Record(tuple(named.items()))
        ),
    ),
    max_leaves=3,
)
"""Few types, many of which fit into each other.

None may be null and none is Json: a record that goes where fewer fields are wanted loses the others, and
what is left may go where the whole record may not.
"""
