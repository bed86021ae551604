"""The type `Json`, and JSON text read and written without importing `json`.

`json` pulls in `re`, which takes longer to import than the whole interpreter takes to start. Its C
scanner and encoder do the same work alone.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeAlias

    Json: TypeAlias = "None | bool | int | float | str | list[Json] | dict[str, Json]"
else:
    Json = object


class _Context:
    """What the C scanner reads its settings from."""

    strict = True
    object_hook = None
    object_pairs_hook = None
    parse_float = float
    parse_int = int
    parse_constant = float


def parse(text: str) -> Json:
    """The JSON value that `text` holds; raises ValueError for anything else."""
    try:
        from _json import make_scanner
    except ImportError:
        import json

        return json.loads(text)  # type: ignore[no-any-return]
    try:
        value, _ = make_scanner(_Context())(text, 0)  # type: ignore[arg-type]
    except StopIteration as stop:
        raise ValueError(f"no JSON at character {stop.value}") from None
    return value  # type: ignore[no-any-return]


def dump(value: Json) -> str:
    """`value` as JSON text in ASCII; raises ValueError for a number that isn't finite."""
    try:
        from _json import encode_basestring_ascii, make_encoder
    except ImportError:
        import json

        return json.dumps(value, allow_nan=False)
    encode = make_encoder({}, _refuse, encode_basestring_ascii, None, ": ", ", ", False, False, False)
    return "".join(encode(value, 0))


def _refuse(value: object) -> Json:
    raise TypeError(f"a {type(value).__name__} is no JSON value")
