"""The one error that a function raises on purpose."""


class Failure(Exception):
    """The function can't do what was asked, and the reason is in its input.

    The message is all that the caller sees: name the thing, what was got, and what was expected. Any
    other exception counts as a bug in the function and is shown with its traceback.
    """
