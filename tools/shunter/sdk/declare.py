"""The decorator that publishes a function."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import ParamSpec, TypeVar, overload

    Parameters = ParamSpec("Parameters")
    Result = TypeVar("Result")

    @overload
    def function(body: Callable[Parameters, Result], /) -> Callable[Parameters, Result]: ...
    @overload
    def function(
        *,
        timeout: float = ...,
        memory: str = ...,
        disk: str = ...,
        cache: str = ...,
        effects: Sequence[str] = ...,
        hosts: Sequence[str] = ...,
        hosts_of_calls: Sequence[str] = ...,
        image: str = ...,
    ) -> Callable[[Callable[Parameters, Result]], Callable[Parameters, Result]]: ...

    def function(body: object = None, /, **_options: object) -> object:
        """Publish the decorated function under its own name.

        The options are written as literals, as they are read from the source and never at run time:
        `timeout` in seconds; `memory` and `disk` such as "2GiB"; `cache`, one of "pure" (the default),
        "never", "pinned" and "ttl:SECONDS"; `effects`, what it does to the outside world; `hosts`, those that
        it may reach, where "{url}" is the host of its argument `url`; `hosts_of_calls`, those that only what
        it calls may reach; `image`, what it runs in, such as "python:3.12-slim". The function itself is left
        as it is, so a test can call it directly.
        """

else:

    def function(body=None, /, **_options):
        """Publish the decorated function."""
        return body if body is not None else lambda body: body
