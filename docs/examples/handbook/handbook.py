"""One page of many texts; the work is done by other modules' functions."""

from typing import Annotated, TypedDict

from shunter.sdk import Directory, Failure, File, Secret, function
from shunter.sdk.calls import CallFailed

from .functions import files_find, http_fetch, report_markdown_to_html, text_concatenate, text_count


class Handbook(TypedDict):
    """The page, and how many words are on it."""

    page: Annotated[File, "text/html"]
    words: int


@function(hosts_of_calls=["{online}"])
def build(
    cover: Annotated[File, "text/markdown"],
    chapters: Directory,
    notes: list[Annotated[File, "text/*"]],
    online: list[str] = [],
    token: Secret | None = None,
) -> Handbook:
    """Put a cover, the chapters of a folder, some notes and some pages of the web together into one page.

    Args:
        cover: What comes first.
        chapters: A folder of Markdown files, taken by their names.
        notes: Texts that come after them.
        online: Addresses of texts that come last, such as those of a wiki.
        token: What their hosts are sent as a bearer token.
    Returns:
        The page, and the number of its words.
    Example:
        shunter call handbook.build --cover README.md --chapters docs/design --notes CHANGELOG.md
    """
    try:
        found = files_find(chapters, pattern="*.md")
    except CallFailed as error:
        raise Failure(f"the chapters can't be read: {error.message}") from None
    fetched = [http_fetch(url, token=token) for url in online]
    text = text_concatenate([cover, *found, *notes, *fetched], name="handbook.md")
    return {"page": report_markdown_to_html(text), "words": text_count(text).words}
