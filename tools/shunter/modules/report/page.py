"""The frame of every page: head, style, heading, body."""

from __future__ import annotations

import os

from shunter.sdk import File

STYLE = os.path.join(os.path.dirname(__file__), "page.css")

# Nothing is fetched and no script runs, whatever the body holds; pictures only from inside the page.
POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"

PAGE = """\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<style>
{style}</style>
</head>
<body>
<main>
{heading}{body}</main>
</body>
</html>
"""

MARKS = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#x27;", "\0": "\ufffd"})


def escaped(text: str) -> str:
    """`text` as HTML that shows it as it is, also inside an attribute."""
    return text.translate(MARKS)


def write_page(source: File, body: str, *, title: str, heading: str) -> File:
    """The page with `body`, which is HTML, named after `source`; `title` and `heading` are text.

    An empty `heading` adds none: the body has its own.
    """
    with open(STYLE, encoding="utf-8") as stream:
        style = stream.read()
    top = f"<h1>{escaped(heading)}</h1>\n" if heading else ""
    html = PAGE.format(policy=POLICY, title=escaped(title), style=style, heading=top, body=body)
    return File.write_text(f"{source.stem}.html", html)
