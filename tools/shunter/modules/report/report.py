"""Functions that make pages to read: one file of HTML each, or Markdown."""

from __future__ import annotations

from typing import Annotated

from shunter.sdk import File, function

Markdown = Annotated[File, "text/markdown"]
Plain = Annotated[File, "text/plain"]
Csv = Annotated[File, "text/csv"]
Html = Annotated[File, "text/html"]


@function
def markdown_to_html(document: Markdown, title: str | None = None) -> Html:
    """Convert a Markdown document to an HTML page (web page, website, render for the browser).

    The page is one file with its style inside, and loads nothing. HTML and scripts in the document are
    shown as text, links that would run a script lose their target, and a picture that isn't part of the
    document becomes a link to it.

    Args:
        document: The Markdown; tables and code blocks are understood.
        title: The title of the page; the first heading, or else the file's name, when not given.
    Returns:
        The page, named after the document: notes.md becomes notes.html.
    Example:
        shunter call report.markdown_to_html --document notes.md --output notes.html
    """
    from .markdown import Document
    from .page import write_page

    found = Document(document.read_text())
    name = title or (None if found.first_heading else document.stem)
    heading = "" if found.has_main_heading else name or ""
    return write_page(document, found.body, title=name or found.first_heading, heading=heading)


@function
def text_to_html(text: Plain, title: str | None = None) -> Html:
    """Convert a plain text file to an HTML page (web page, for the browser), with its lines kept.

    The page is one file with its style inside. What looks like HTML in the text is shown as text.

    Args:
        text: The text; empty lines separate paragraphs.
        title: The title and heading of the page; the file's name without extension when not given.
    Returns:
        The page, named after the text: notes.txt becomes notes.html.
    Example:
        shunter call report.text_to_html --text notes.txt --title "My notes" --output notes.html
    """
    from .page import write_page
    from .paragraphs import paragraphs

    name = title or text.stem
    return write_page(text, paragraphs(text.read_text()), title=name, heading=name)


@function
def table_to_html(table: Csv, title: str | None = None) -> Html:
    """Convert a table from CSV to an HTML page that shows it (web page, for the browser).

    The page is one file with its style inside. Columns of numbers stand to the right.

    Args:
        table: The table, whose first row names the columns.
        title: The title and heading of the page; the file's name without extension when not given.
    Returns:
        The page, named after the table: people.csv becomes people.html.
    Example:
        shunter call report.table_to_html --table people.csv --title People --output people.html
    """
    from .grid import Grid
    from .page import write_page

    name = title or table.stem
    return write_page(table, Grid.read(table).html(name), title=name, heading=name)


@function
def table_to_markdown(table: Csv) -> Markdown:
    """Convert a table from CSV to a Markdown table (md), as GitHub and others show it.

    Columns of numbers are aligned to the right. Marks in a value that Markdown would read are escaped.

    Args:
        table: The table, whose first row names the columns.
    Returns:
        The table in Markdown, named after the file: people.csv becomes people.md.
    Example:
        shunter call report.table_to_markdown --table people.csv --output people.md
    """
    from .grid import Grid

    return File.write_text(f"{table.stem}.md", Grid.read(table).markdown())
