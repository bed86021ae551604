"""Functions to be called while another one runs: files 0.1.0, text 0.1.0, report 0.1.0, http 0.1.0.

Made by `shunter bind files text report http`.
Don't edit it: make it again where a signature has changed.
"""

from __future__ import annotations

from dataclasses import dataclass

from shunter.sdk.calls import call as _call

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Annotated, Any, Literal

    from shunter.sdk import Directory, File, Json, Secret


@dataclass(frozen=True)
class TextCountResult:
    """A record of `text.count`."""

    lines: int
    words: int
    characters: int
    bytes: int


@dataclass(frozen=True)
class TextWordFrequenciesResult:
    """A record of `text.word_frequencies`."""

    word: str
    count: int


def _given(**arguments: object) -> dict[str, object]:
    """The arguments that aren't None: the others take their defaults."""
    return {name: value for name, value in arguments.items() if value is not None}


def files_checksum(
    file: File,
    *,
    algorithm: Literal["sha256", "sha512", "sha1", "md5", "blake2b"] = "sha256",
) -> str:
    """Compute the checksum (hash) of a file.

    Args:
        file: The file.
        algorithm: The hash function; take sha256 unless another one is asked for.

    Returns:
        The checksum in hexadecimal digits, as sha256sum prints it.

    Raises:
        CallFailed: It has no result; `kind` says why.
    """
    _answer: str = _call("files.checksum", file=file, algorithm=algorithm)
    return _answer


def files_collect(files: list[File], *, name: str = "files") -> Directory:
    """Put several files together into one new folder.

    Args:
        files: The files; of equal names, the second becomes "name-2.txt", and so on.
        name: The name of the folder.

    Returns:
        The folder.

    Raises:
        CallFailed: It has no result; `kind` says why.
    """
    _answer: Directory = _call("files.collect", files=files, name=name)
    return _answer


def files_find(folder: Directory, *, pattern: str = "**") -> list[File]:
    """Find the files of a folder whose path matches a pattern, in subfolders too.

    Args:
        folder: The folder to look in.
        pattern: A path pattern: * stands for any name, ** for any number of folders, ? for one
            character, [ab] for one of some. "*.txt" finds those in the folder itself, "**/*.txt" at
            any depth.

    Returns:
        The files, sorted by path; an empty list when none matches.

    Raises:
        CallFailed: It has no result; `kind` says why.
    """
    _answer: list[File] = _call("files.find", folder=folder, pattern=pattern)
    return _answer


def files_listing(folder: Directory) -> Annotated[File, "text/csv"]:
    """List everything in a folder (ls, tree): path and size of every file, as a table.

    Args:
        folder: The folder to list.

    Returns:
        A CSV table with the columns path and bytes, sorted by path. Bytes of a name that aren't
            UTF-8 are written as a backslash and their number.

    Raises:
        CallFailed: It has no result; `kind` says why.
    """
    _answer: Annotated[File, "text/csv"] = _call("files.listing", folder=folder)
    return _answer


def files_pick(folder: Directory, *, path: str) -> File:
    """Take one file out of a folder, by its path.

    Args:
        folder: The folder that the file is in.
        path: The file's path in the folder, such as "docs/readme.md".

    Returns:
        The file.

    Raises:
        CallFailed: It has no result; `kind` says why.
    """
    _answer: File = _call("files.pick", folder=folder, path=path)
    return _answer


def files_rename(file: File, *, name: str) -> File:
    """Give a file another name; the content stays the same.

    Args:
        file: The file.
        name: The new name, such as "report.txt"; {stem} and {suffix} stand for the old name's
            parts.

    Returns:
        The file under its new name.

    Raises:
        CallFailed: It has no result; `kind` says why.
    """
    _answer: File = _call("files.rename", file=file, name=name)
    return _answer


def text_concatenate(
    files: list[Annotated[File, "text/*"]],
    *,
    separator: str = "",
    name: str = "all.txt",
) -> Annotated[File, "text/plain"]:
    """Put several text files together into one (cat, join, merge), in the order given.

    Args:
        files: The texts to put together.
        separator: A line to put between two files; none when empty.
        name: The name of the result.

    Returns:
        One text; every file ends with a line feed in it.

    Raises:
        CallFailed: It has no result; `kind` says why.
    """
    _answer: Annotated[File, "text/plain"] = _call(
        "text.concatenate",
        files=files,
        separator=separator,
        name=name,
    )
    return _answer


def text_count(file: Annotated[File, "text/*"]) -> TextCountResult:
    """Count the lines, words, characters and bytes of a text file.

    Args:
        file: The text to measure.

    Returns:
        The four numbers.

    Raises:
        CallFailed: It has no result; `kind` says why.
    """
    _answer: Any = _call("text.count", file=file)
    return TextCountResult(
        lines=_answer["lines"],
        words=_answer["words"],
        characters=_answer["characters"],
        bytes=_answer["bytes"],
    )


def text_diff(
    before: Annotated[File, "text/*"],
    *,
    after: Annotated[File, "text/*"],
    context: int = 3,
) -> Annotated[File, "text/x-diff"]:
    """Compare two text files and list the differences, as a unified diff.

    Args:
        before: The old text.
        after: The new text.
        context: How many unchanged lines to show around each change.

    Returns:
        The differences, as the program patch reads them; empty when the texts are equal.

    Raises:
        CallFailed: It has no result; `kind` says why.
    """
    _answer: Annotated[File, "text/x-diff"] = _call(
        "text.diff",
        before=before,
        after=after,
        context=context,
    )
    return _answer


def text_from_string(text: str, *, name: str = "text.txt") -> Annotated[File, "text/plain"]:
    """Write a string into a text file: turn text that was given as a value into a file.

    Args:
        text: The content, written as it is.
        name: The name of the file.

    Returns:
        The file.

    Raises:
        CallFailed: It has no result; `kind` says why.
    """
    _answer: Annotated[File, "text/plain"] = _call("text.from_string", text=text, name=name)
    return _answer


def text_grep(
    file: Annotated[File, "text/*"],
    *,
    pattern: str,
    ignore_case: bool = False,
    invert: bool = False,
) -> Annotated[File, "text/plain"]:
    """Search a text file: keep the lines that match a pattern, drop the others.

    Args:
        file: The text to search.
        pattern: A regular expression as Python's re reads it, such as "error|warning".
        ignore_case: Take capital and small letters for the same.
        invert: Keep the lines that don't match instead.

    Returns:
        The lines that were kept, under the same name; empty when there is none.

    Raises:
        CallFailed: It has no result; `kind` says why.
    """
    _answer: Annotated[File, "text/plain"] = _call(
        "text.grep",
        file=file,
        pattern=pattern,
        ignore_case=ignore_case,
        invert=invert,
    )
    return _answer


def text_head(file: Annotated[File, "text/*"], *, lines: int = 10) -> Annotated[File, "text/plain"]:
    """Take the first lines of a text file.

    Use it to shorten a long file or to look at its beginning.

    Args:
        file: The text to shorten.
        lines: How many lines to keep; a negative number leaves out as many at the end.

    Returns:
        The first lines, under the same name.

    Raises:
        CallFailed: It has no result; `kind` says why.
    """
    _answer: Annotated[File, "text/plain"] = _call("text.head", file=file, lines=lines)
    return _answer


def text_replace(
    file: Annotated[File, "text/*"],
    *,
    old: str,
    new: str,
    regex: bool = False,
    ignore_case: bool = False,
) -> Annotated[File, "text/plain"]:
    """Replace every occurrence of some words in a text file by others.

    Args:
        file: The text to change.
        old: What to look for: the words themselves, or a regular expression with regex.
        new: What to put in its place; with regex, \\1 stands for the first group.
        regex: Read old as a regular expression.
        ignore_case: Take capital and small letters for the same.

    Returns:
        The changed text, under the same name.

    Raises:
        CallFailed: It has no result; `kind` says why.
    """
    _answer: Annotated[File, "text/plain"] = _call(
        "text.replace",
        file=file,
        old=old,
        new=new,
        regex=regex,
        ignore_case=ignore_case,
    )
    return _answer


def text_sort_lines(
    file: Annotated[File, "text/*"],
    *,
    numeric: bool = False,
    reverse: bool = False,
    unique: bool = False,
) -> Annotated[File, "text/plain"]:
    """Sort the lines of a text file, in the order of their characters or as numbers.

    With unique, lines that occur several times are kept once.

    Args:
        file: The text whose lines to sort.
        numeric: Compare the numbers that the lines begin with.
        reverse: The greatest first.
        unique: Drop repeated lines.

    Returns:
        The sorted lines, under the same name.

    Raises:
        CallFailed: It has no result; `kind` says why.
    """
    _answer: Annotated[File, "text/plain"] = _call(
        "text.sort_lines",
        file=file,
        numeric=numeric,
        reverse=reverse,
        unique=unique,
    )
    return _answer


def text_tail(file: Annotated[File, "text/*"], *, lines: int = 10) -> Annotated[File, "text/plain"]:
    """Take the last lines of a text file.

    Use it on logs, where the newest lines stand at the end.

    Args:
        file: The text to shorten.
        lines: How many lines to keep.

    Returns:
        The last lines, under the same name.

    Raises:
        CallFailed: It has no result; `kind` says why.
    """
    _answer: Annotated[File, "text/plain"] = _call("text.tail", file=file, lines=lines)
    return _answer


def text_to_string(file: Annotated[File, "text/*"]) -> str:
    """Read a text file into a string: turn a file into text that another function takes as a value.

    Args:
        file: The text file.

    Returns:
        Its content, without line feeds at the end.

    Raises:
        CallFailed: It has no result; `kind` says why.
    """
    _answer: str = _call("text.to_string", file=file)
    return _answer


def text_word_frequencies(
    file: Annotated[File, "text/*"],
    *,
    top: int = 20,
) -> list[TextWordFrequenciesResult]:
    """Find the most frequent words of a text file.

    Args:
        file: The text to look at.
        top: How many words to return at most.

    Returns:
        Words in lower case with their numbers, the most frequent first, equal ones by the alphabet.

    Raises:
        CallFailed: It has no result; `kind` says why.
    """
    _answer: Any = _call("text.word_frequencies", file=file, top=top)
    return [TextWordFrequenciesResult(word=item["word"], count=item["count"]) for item in _answer]


def report_markdown_to_html(
    document: Annotated[File, "text/markdown"],
    *,
    title: str | None = None,
) -> Annotated[File, "text/html"]:
    """Convert a Markdown document to an HTML page (web page, website, render for the browser).

    The page is one file with its style inside, and loads nothing. HTML and scripts in the document are
    shown as text, links that would run a script lose their target, and a picture that isn't part of the
    document becomes a link to it.

    Args:
        document: The Markdown; tables and code blocks are understood.
        title: The title of the page; the first heading, or else the file's name, when not given.

    Returns:
        The page, named after the document: notes.md becomes notes.html.

    Raises:
        CallFailed: It has no result; `kind` says why.
    """
    _answer: Annotated[File, "text/html"] = _call(
        "report.markdown_to_html",
        document=document,
        title=title,
    )
    return _answer


def report_table_to_html(
    table: Annotated[File, "text/csv"],
    *,
    title: str | None = None,
) -> Annotated[File, "text/html"]:
    """Convert a table from CSV to an HTML page that shows it (web page, for the browser).

    The page is one file with its style inside. Columns of numbers stand to the right.

    Args:
        table: The table, whose first row names the columns.
        title: The title and heading of the page; the file's name without extension when not given.

    Returns:
        The page, named after the table: people.csv becomes people.html.

    Raises:
        CallFailed: It has no result; `kind` says why.
    """
    _answer: Annotated[File, "text/html"] = _call("report.table_to_html", table=table, title=title)
    return _answer


def report_table_to_markdown(
    table: Annotated[File, "text/csv"],
) -> Annotated[File, "text/markdown"]:
    """Convert a table from CSV to a Markdown table (md), as GitHub and others show it.

    Columns of numbers are aligned to the right. Marks in a value that Markdown would read are escaped.

    Args:
        table: The table, whose first row names the columns.

    Returns:
        The table in Markdown, named after the file: people.csv becomes people.md.

    Raises:
        CallFailed: It has no result; `kind` says why.
    """
    _answer: Annotated[File, "text/markdown"] = _call("report.table_to_markdown", table=table)
    return _answer


def report_text_to_html(
    text: Annotated[File, "text/plain"],
    *,
    title: str | None = None,
) -> Annotated[File, "text/html"]:
    """Convert a plain text file to an HTML page (web page, for the browser), with its lines kept.

    The page is one file with its style inside. What looks like HTML in the text is shown as text.

    Args:
        text: The text; empty lines separate paragraphs.
        title: The title and heading of the page; the file's name without extension when not given.

    Returns:
        The page, named after the text: notes.txt becomes notes.html.

    Raises:
        CallFailed: It has no result; `kind` says why.
    """
    _answer: Annotated[File, "text/html"] = _call("report.text_to_html", text=text, title=title)
    return _answer


def http_fetch(
    url: str,
    *,
    redirects: list[str] | None = None,
    max_bytes: int = 1000000000,
    token: Secret | None = None,
) -> File:
    """Download a file or a web page from the internet, by its URL.

    What was downloaded is kept for an hour.

    Args:
        url: The address, such as https://example.org/data.csv.
        redirects: Other hosts that the server may send on to, such as cdn.example.org or
            *.example.org. Default: [].
        max_bytes: How large it may be.
        token: What the host of the URL is sent as a bearer token; not those that it sends on to.

    Returns:
        The file, named after the last part of the URL, with the extension of what the server says
            it is.

    Raises:
        CallFailed: It has no result; `kind` says why.
    """
    _answer: File = _call(
        "http.fetch",
        url=url,
        max_bytes=max_bytes,
        token=token,
        **_given(redirects=redirects),
    )
    return _answer


def http_get_json(
    url: str,
    *,
    redirects: list[str] | None = None,
    token: Secret | None = None,
) -> Json:
    """Get JSON data from a web service or API, by its URL.

    What was answered is kept for an hour.

    Args:
        url: The address, such as https://example.org/api/items?page=1.
        redirects: Other hosts that the server may send on to, such as api.example.org. Default: [].
        token: What the host of the URL is sent as a bearer token; not those that it sends on to.

    Returns:
        The data.

    Raises:
        CallFailed: It has no result; `kind` says why.
    """
    _answer: Json = _call("http.get_json", url=url, token=token, **_given(redirects=redirects))
    return _answer


def http_post_json(url: str, *, data: Json, token: Secret | None = None) -> Json:
    """Send (post) JSON data to a web service, such as a webhook or an API.

    It acts on the outside world: it is done each time, never taken from the cache, and never tried twice.

    Args:
        url: The address, such as https://example.org/hooks/build.
        data: What to send.
        token: What the host of the URL is sent as a bearer token.

    Returns:
        What was answered: data where it is JSON, else its text, or null.

    Raises:
        CallFailed: It has no result; `kind` says why.
    """
    _answer: Json = _call("http.post_json", url=url, data=data, token=token)
    return _answer
