"""GPTScript's own parser."""

from __future__ import annotations

from typing import Annotated

from shunter.sdk import Failure, File, Json, Nameless, function

PROGRAM = "/env/bin/gptscript"


@function(timeout=60)
def parse(script: Annotated[File, "text/x-gptscript", Nameless]) -> Json:
    """Parse a GPTScript file (.gpt) into its tools, with GPTScript's own parser.

    Nothing of the script is run, and the files that it refers to aren't looked for.

    Args:
        script: The GPTScript file.
    Returns:
        The parser's answer: `nodes`, one for each tool or text of the file, in order.
    Example:
        shunter call gptscript.parse --script talk.gpt
    """
    import json
    import subprocess

    ran = subprocess.run([PROGRAM, "parse", script], capture_output=True, check=False)
    if ran.returncode != 0:
        raise Failure(_reason(ran.stderr.decode("utf-8", "replace")))
    return json.loads(ran.stdout)


def _reason(said: str) -> str:
    """The parser's last line, without the time before it."""
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    last = lines[-1] if lines else "the parser ended without a word"
    words = last.split(" ", 2)
    return words[2] if len(words) == 3 and words[0].count("/") == 2 else last
