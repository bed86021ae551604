"""report: pages that are whole, can be read by everyone, and do no harm."""

from __future__ import annotations

from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import pytest
from tests.modules.conftest import Call, CallFailed

Write = Callable[[str, str], Path]

REPOSITORY = Path(__file__).parents[2]
VOID = {"meta", "br", "hr", "img"}

pytestmark = pytest.mark.timeout(600)  # whichever comes first installs the packages


class Page(HTMLParser):
    """A page as a browser sees it: tags that are open, elements with attributes, text by element."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: dict[str, list[str]] = {}
        self._open: list[str] = []
        self.feed(path.read_text())
        self.close()
        assert self._open == [], "each tag is closed"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self.texts.setdefault(tag, []).append("")
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag, "tags are closed in order"

    def handle_data(self, data: str) -> None:
        for tag in set(self._open):
            self.texts[tag][-1] += data

    def attributes(self, tag: str, name: str) -> list[str | None]:
        return [given[name] for found, given in self.elements if found == tag and name in given]

    def text(self, tag: str) -> list[str]:
        return [text.strip() for text in self.texts.get(tag, [])]


@pytest.fixture
def page(call: Call, write: Write) -> Callable[..., Page]:
    """The page of a Markdown text."""

    def _page(text: str, **arguments: object) -> Page:
        return Page(call("report.markdown_to_html", document=write("notes.md", text), **arguments))

    return _page


def test_a_real_document_becomes_one_whole_page(call: Call) -> None:
    path = call("report.markdown_to_html", document=REPOSITORY / "README.md")
    page = Page(path)
    assert (path.name, page.text("title"), page.text("h1")) == ("README.html", ["shunter"], ["shunter"])
    assert path.read_text().startswith('<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n')
    assert {"table", "pre", "code", "ul", "strong", "style", "main"} <= page.texts.keys()
    assert not {"script", "link", "img", "iframe", "object"} & page.texts.keys(), "nothing is fetched"
    assert set(page.attributes("th", "scope")) == {"col"}
    assert page.attributes("meta", "content")[0].startswith("default-src 'none';")  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("text", "title", "found", "main_heading"),
    [
        ("# The *first* `one` ![x](y.png)\n\n# Two", None, "The first one x", ["The first one x", "Two"]),
        ("intro\n\n## Only a part", None, "Only a part", []),
        ("no heading", None, "notes", ["notes"]),
        ("", None, "notes", ["notes"]),
        ("#\n\ntext", None, "notes", [""]),
        ("# Own", "Given & <b>", "Given & <b>", ["Own"]),
        ("## Part", "Given & <b>", "Given & <b>", ["Given & <b>"]),
    ],
)
def test_the_title_is_given_or_the_first_heading_or_the_name(
    page: Callable[..., Page], text: str, title: str | None, found: str, main_heading: list[str]
) -> None:
    seen = page(text, title=title)
    assert (seen.text("title"), seen.text("h1")) == ([found], main_heading)


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "a <img src=x onerror=alert(1)> b",
        "<div onclick='x()'>\n\n<style>body{}</style>\n\n</main></div>",
        "# <script>alert(1)</script>",
        "| <script> |\n| --- |\n| <iframe src=x> |",
        "```html\n<script>alert(1)</script>\n```",
        '``` "><script>alert(1)</script>\nx\n```',
        "    <script>",
        '[a](https://x.org "\\"><script>")',
        '![\\"><script>](data:image/png;base64,AAAA "\\"><script>")',
        "&lt;script&gt; &#60;script&#62;",
    ],
)
def test_html_in_a_document_is_shown_and_not_passed_on(page: Callable[..., Page], text: str) -> None:
    seen = page(text)
    assert not {"script", "iframe"} & seen.texts.keys()
    assert len(seen.text("style")) == 1
    assert [name for _, given in seen.elements for name in given if name.startswith("on")] == []


@pytest.mark.parametrize(
    "text",
    [
        "[a](javascript:alert(1))",
        "[a](JaVaScRiPt:alert(1))",
        "[a](java&#115;cript:alert(1))",
        "[a](  javascript:alert(1))",
        "[a]( <\x01javascript:alert(1)>)",
        "[a](vbscript:x)",
        "[a](data:text/html,<script>alert(1)</script>)",
        "[a]\n\n[a]: javascript:alert(1)",
        "<javascript:alert(1)>",
        "![a](javascript:alert(1))",
        "![a](data:text/html,x)",
    ],
)
def test_a_link_that_would_run_a_script_loses_its_target(page: Callable[..., Page], text: str) -> None:
    targets = page(text)
    found = [*targets.attributes("a", "href"), *targets.attributes("img", "src")]
    assert [target for target in found if target and "script" in target and not target.startswith("%")] == []
    assert [target for target in found if target and target.startswith("data:")] == []


def test_the_text_of_a_dropped_link_stays(page: Callable[..., Page]) -> None:
    seen = page("see [this page](javascript:alert(1)) and [that](https://example.org/?a=1&b=2)")
    assert seen.text("a") == ["this page", "that"]
    assert seen.attributes("a", "href") == ["https://example.org/?a=1&b=2"]


def test_a_picture_from_elsewhere_is_a_link_and_an_own_one_a_picture(page: Callable[..., Page]) -> None:
    dot = "data:image/gif;base64,R0lGODlhAQABAAAAACw="
    seen = page(f"![Far](https://x.org/a.png) [![Badge](b.svg)](https://x.org/c) ![A *dot*]({dot})")
    assert seen.attributes("a", "href") == ["https://x.org/a.png", "https://x.org/c"]
    assert seen.text("a") == ["Far", "Badge"]
    assert (seen.attributes("img", "src"), seen.attributes("img", "alt")) == ([dot], ["A dot"])


def test_a_text_keeps_its_lines_and_indents(call: Call, write: Write) -> None:
    text = write("notes.txt", "\ufeffFirst\r\n  second <b>\r\n\r\n \n\nThird & last\n")
    path = call("report.text_to_html", text=text)
    page = Page(path)
    assert (path.name, page.text("title"), page.text("h1")) == ("notes.html", ["notes"], ["notes"])
    assert page.text("p") == ["First\n  second <b>", "Third & last"]
    given = Page(call("report.text_to_html", text=text, title="My </title> notes"))
    assert given.text("title") == given.text("h1") == ["My </title> notes"]


def test_an_empty_text_is_a_page_that_says_so(call: Call, write: Write) -> None:
    assert Page(call("report.text_to_html", text=write("a.txt", " \n"))).text("p") == ["The text is empty."]


@pytest.fixture
def sales(write: Write) -> Path:
    return write(
        "sales.csv",
        'name;amount;share;note\nAda;"1,200";12 %;"two\nlines"\nB & <i>;-3.5;7 %;a|b *c* d_e\nCy\n',
    )


def test_a_table_is_shown_with_its_numbers_to_the_right(call: Call, sales: Path) -> None:
    path = call("report.table_to_html", table=sales, title="Sales of 'May'")
    page = Page(path)
    assert (path.name, page.text("title"), page.text("h1")) == (
        "sales.html",
        ["Sales of 'May'"],
        ["Sales of 'May'"],
    )
    assert page.text("th") == ["name", "amount", "share", "note"]
    assert page.text("td")[:8] == [
        "Ada",
        "1,200",
        "12 %",
        "two\nlines",
        "B & <i>",
        "-3.5",
        "7 %",
        "a|b *c* d_e",
    ]
    assert page.text("td")[8:] == ["Cy", "", "", ""]
    assert (page.attributes("th", "class"), page.attributes("th", "scope")) == (["number"] * 2, ["col"] * 4)
    assert (page.text("caption"), page.attributes("div", "aria-label")) == (["3 rows"], ["Sales of 'May'"])


def test_a_table_becomes_markdown_that_shows_its_values(call: Call, sales: Path) -> None:
    found = call("report.table_to_markdown", table=sales)
    assert found.name == "sales.md"
    assert found.read_text() == (
        "| name | amount | share | note |\n"
        "| --- | ---: | ---: | --- |\n"
        "| Ada | 1,200 | 12 % | two lines |\n"
        "| B & \\<i> | -3.5 | 7 % | a\\|b \\*c\\* d_e |\n"
        "| Cy |  |  |  |\n"
    )
    page = Page(call("report.markdown_to_html", document=found))
    assert page.text("td")[4:8] == ["B & <i>", "-3.5", "7 %", "a|b *c* d_e"]


@pytest.mark.parametrize(
    "value",
    ["`x`", "a\\", "\\|", "[a](b)", "![a](b)", "<b>", "__a__", "_a_", "~~a~~", "&amp;", "**", "\\*", "#"],
)
def test_a_value_comes_through_markdown_as_it_is(call: Call, write: Write, value: str) -> None:
    found = call("report.table_to_markdown", table=write("a.csv", f"name,{value}\nx,{value}\n"))
    page = Page(call("report.markdown_to_html", document=found))
    assert (page.text("th"), page.text("td")) == (["name", value], ["x", value])


def test_a_table_without_rows_is_a_table(call: Call, write: Write) -> None:
    table = write("a.csv", "x,y\n")
    assert call("report.table_to_markdown", table=table).read_text() == "| x | y |\n| --- | --- |\n"
    assert Page(call("report.table_to_html", table=table)).text("caption") == ["0 rows"]


@pytest.mark.parametrize("function", ["report.table_to_html", "report.table_to_markdown"])
@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is empty; expected a first row"),
        ("a,b\n1,2,3\n", ", line 2 has 3 values; expected 2"),
        ('a,b\n"x\n', ", line 2 isn't CSV"),
    ],
)
def test_what_is_no_table_is_refused(
    call: Call, write: Write, function: str, text: str, message: str
) -> None:
    with pytest.raises(CallFailed, match=rf"\Abroken\.csv ?{message}.*\Z"):
        call(function, table=write("broken.csv", text))


@pytest.mark.parametrize(
    ("function", "parameter", "name"),
    [
        ("report.markdown_to_html", "document", "a.md"),
        ("report.text_to_html", "text", "a.txt"),
        ("report.table_to_html", "table", "a.csv"),
        ("report.table_to_markdown", "table", "a.csv"),
    ],
)
def test_what_is_not_utf8_is_refused_in_a_sentence(
    call: Call, tmp_path: Path, function: str, parameter: str, name: str
) -> None:
    path = tmp_path / name
    path.write_bytes("name\nJosé\n".encode("latin-1"))
    with pytest.raises(CallFailed, match=rf"\A{name} is not text in UTF-8: byte 0xe9 at position 8\Z"):
        call(function, **{parameter: path})


def test_the_same_document_gives_the_same_page(call: Call, call_again: Call) -> None:
    document = REPOSITORY / "docs/writing-functions.md"
    first = call("report.markdown_to_html", document=document)
    assert call_again("report.markdown_to_html", document=document).read_bytes() == first.read_bytes()
