"""Values for property tests: data with awkward keys and texts, and artifacts."""

from __future__ import annotations

from collections.abc import Mapping

from hypothesis import strategies as st

from shunter.engine.digest import Digest
from shunter.engine.values import Directory, File, Value

surrogates = st.sampled_from(["\udc80", "a\udcffb", "\ud800"])
texts = st.text(max_size=6) | surrogates
keys = texts | st.sampled_from(["$file", "$directory", "$map", "$", "from", "literal", "as"])
digests = st.sampled_from([Digest("0" * 64), Digest("f" * 64)])
files = st.builds(
    File,
    texts.filter(bool),
    digests,
    st.integers(min_value=0, max_value=1 << 60),
    executable=st.booleans(),
)
directories = st.builds(Directory, digests)
plain = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | texts


def _inside(inner: st.SearchStrategy[Value]) -> st.SearchStrategy[Value]:
    lists: st.SearchStrategy[Value] = st.lists(inner, max_size=3).map(tuple)
    records: st.SearchStrategy[Mapping[str, Value]] = st.dictionaries(keys, inner, max_size=3)
    return lists | records


data: st.SearchStrategy[Value] = st.recursive(plain, _inside, max_leaves=8)
"""JSON data."""

values: st.SearchStrategy[Value] = st.recursive(plain | files | directories, _inside, max_leaves=8)
"""Any value."""
