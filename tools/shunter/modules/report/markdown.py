"""Markdown read by markdown-it, and written as HTML that can do no harm."""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from .page import escaped

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.renderer import RendererHTML
    from markdown_it.token import Token
    from markdown_it.utils import OptionsDict


class Document:
    """A document's body as HTML, and its headings."""

    def __init__(self, text: str) -> None:
        parser = _parser()
        state: MutableMapping[str, object] = {}
        tokens = parser.parse(text, state)
        headings = list(_headings(tokens))
        self.has_main_heading = any(tag == "h1" for tag, _ in headings)
        self.first_heading = next((heading for _, heading in headings if heading), "")
        for token in tokens:
            if token.type == "th_open":
                token.attrSet("scope", "col")
        self.body: str = parser.renderer.render(tokens, parser.options, state)


def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt

    parser = MarkdownIt("js-default")  # tables, and HTML as text
    normalise, is_harmless = parser.normalizeLink, parser.validateLink

    def target(url: str) -> str:
        """The address, or nothing where it would run a script: its text stays, and leads nowhere."""
        address = normalise(url)
        return address if is_harmless(address) else ""

    parser.normalizeLink = target  # type: ignore[method-assign]
    parser.add_render_rule("link_open", _link)
    parser.add_render_rule("image", _image)
    parser.add_render_rule("fence", _fence)
    parser.add_render_rule("code_block", _code_block)
    parser.add_render_rule("table_open", _table)
    parser.add_render_rule("table_close", _table_end)
    return parser


def _headings(tokens: Sequence[Token]) -> Iterator[tuple[str, str]]:
    for opening, content in pairwise(tokens):
        if opening.type == "heading_open":
            yield opening.tag, _shown(content.children or ()).strip()


def _shown(tokens: Sequence[Token]) -> str:
    """The text that people see of `tokens`, without marks."""
    return "".join(
        _shown(token.children or ())
        if token.type == "image"
        else " "
        if token.type in ("softbreak", "hardbreak")
        else token.content
        for token in tokens
    )


def _link(
    renderer: RendererHTML, tokens: Sequence[Token], place: int, _options: OptionsDict, _state: object
) -> str:
    token = tokens[place]
    return f"<a{renderer.renderAttrs(token)}>" if token.attrGet("href") else "<a>"


def _image(
    renderer: RendererHTML, tokens: Sequence[Token], place: int, _options: OptionsDict, _state: object
) -> str:
    """A picture that is in the document itself; any other would have to be fetched, and is a link."""
    token = tokens[place]
    source = str(token.attrGet("src") or "")
    text = escaped(_shown(token.children or ()))
    if source.lower().startswith("data:"):
        token.attrSet("alt", _shown(token.children or ()))
        return f"<img{renderer.renderAttrs(token)}>"
    if not source or _in_link(tokens[:place]):  # a link can't stand in a link
        return f"<span>{text}</span>"
    return f'<a href="{escaped(source)}">{text or escaped(source)}</a>'


def _in_link(before: Sequence[Token]) -> bool:
    edges = [token.type for token in before if token.type in ("link_open", "link_close")]
    return bool(edges) and edges[-1] == "link_open"


def _fence(
    renderer: RendererHTML, tokens: Sequence[Token], place: int, options: OptionsDict, state: object
) -> str:
    return _reachable(renderer.fence(tokens, place, options, state))  # type: ignore[arg-type]


def _code_block(
    renderer: RendererHTML, tokens: Sequence[Token], place: int, options: OptionsDict, state: object
) -> str:
    return _reachable(renderer.code_block(tokens, place, options, state))  # type: ignore[arg-type]


def _reachable(code: str) -> str:
    """Without a mouse, what is wider than the page is scrolled by keys, once it has the focus."""
    return code.replace("<pre>", '<pre tabindex="0">', 1)


def _table(*_: object) -> str:
    return '<div class="table" role="group" aria-label="Table" tabindex="0">\n<table>\n'


def _table_end(*_: object) -> str:
    return "</table>\n</div>\n"
