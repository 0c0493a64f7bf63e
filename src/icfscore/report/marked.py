"""The Markdown of reports read back: what other formats are made from, so that all say the same.

HTML in Markdown is text here, and addresses other than those of the web or of a report beside it
lead nowhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

_NO_LINK = "@\u2060"  # `escape` keeps GitHub from making a link of an e-mail address
_REPORT = re.compile(r"(?P<stem>[^/:?#]+?)(?:\.(?P<language>[a-z]{2,3}))?\.md")
_CHART = re.compile(r"charts/(?P<kind>\w+)(?:\.[a-z]{2,3})?\.svg")


@cache
def _reader() -> MarkdownIt:
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark", {"html": False}).enable("table")


def read_markdown(text: str) -> list[Token]:
    """Read a report into markdown-it's tokens."""
    return _reader().parse(text.replace(_NO_LINK, "@"))


def spell_html(tokens: Sequence[Token]) -> str:
    """Write tokens as HTML; `html_block` goes in as it is."""
    reader = _reader()
    return str(reader.renderer.render(tokens, reader.options, {}))


def report_named(address: str) -> str | None:
    """Tell which report a link leads to, without its language; None where to none.

    Examples
    --------
    >>> report_named("profile-here.vi.md"), report_named("https://example.org/x.md")
    ('profile-here', None)
    """
    found = _REPORT.fullmatch(address)
    return found["stem"] if found else None


def is_outside(address: str) -> bool:
    """Tell whether an address leads to the web."""
    return address.lower().startswith(("http://", "https://"))


def chart_named(address: str) -> str | None:
    """Tell which chart a picture is; None where none of ours."""
    found = _CHART.fullmatch(address)
    return found["kind"] if found else None


def picture_of(inline: Token) -> tuple[str, str] | None:
    """Give address and words of the picture that a paragraph consists of, if it does."""
    children = inline.children or []
    if len(children) != 1 or children[0].type != "image":
        return None
    return str(children[0].attrs.get("src", "")), plain(children[0])


def plain(inline: Token) -> str:
    """Give the letters of a line without any mark."""
    return "".join(_letters(child) for child in inline.children or [])


def _letters(child: Token) -> str:
    if child.type in ("softbreak", "hardbreak"):
        return " "
    if child.type == "image":
        return plain(child)
    return child.content if child.type in ("text", "code_inline") else ""


def title_of(tokens: Sequence[Token]) -> str:
    """Give the first heading's text."""
    for at, token in enumerate(tokens):
        if token.type == "heading_open":
            return plain(tokens[at + 1])
    return ""


def table_at(tokens: Sequence[Token], start: int) -> tuple[list[list[int]], list[bool], int]:
    """Find a table's cells.

    Parameters
    ----------
    start
        Place of its `table_open`.

    Returns
    -------
    Rows of the places of the cells' opening tokens, the header first; by column whether it is
    aligned to the right; and the place of its `table_close`.
    """
    rows: list[list[int]] = []
    for at in _until(tokens, start, "table_close"):
        if tokens[at].type == "tr_open":
            rows.append([])
        elif tokens[at].type in ("th_open", "td_open"):
            rows[-1].append(at)
    right = [tokens[at].attrs.get("style") == "text-align:right" for at in rows[0]]
    end = next(at for at in range(start, len(tokens)) if tokens[at].type == "table_close")
    return rows, right, end


def _until(tokens: Sequence[Token], start: int, end: str) -> Iterator[int]:
    for at in range(start, len(tokens)):
        if tokens[at].type == end:
            return
        yield at


def naming_column(right: Sequence[bool]) -> int:
    """Choose the column whose cells name the rows: the first that is no number."""
    return right.index(False) if False in right else 0
