"""What a function's author needs: mark functions, take artifacts, give artifacts back.

    from typing import Annotated

    from shunter.sdk import File, function

    @function
    def shout(text: Annotated[File, "text/*"]) -> Annotated[File, "text/plain"]:
        \"\"\"The same text in capitals.

        Args:
            text: The text to read.
        \"\"\"
        return File.write_text(text.name, text.read_text().upper())

Everything that a function imports is paid at every start of a step, so this package imports nothing
but `os` until something else is needed.
"""

from shunter.sdk.artifacts import Directory, File, Nameless
from shunter.sdk.declare import function
from shunter.sdk.failure import Failure
from shunter.sdk.json_value import Json
from shunter.sdk.outputs import output
from shunter.sdk.secret import CacheId, Secret

__all__ = ["CacheId", "Directory", "Failure", "File", "Json", "Nameless", "Secret", "function", "output"]
