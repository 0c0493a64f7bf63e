"""One report as an article of the page: headings that can be linked to, tables, figures."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from markupsafe import Markup

from icfscore.report.marked import (
    chart_named,
    is_outside,
    naming_column,
    picture_of,
    plain,
    read_markdown,
    report_named,
    spell_html,
    table_at,
    title_of,
)

if TYPE_CHECKING:
    from markdown_it.token import Token

_SLUG_LENGTH = 60
_NO_LETTERS = re.compile(r"[\W_]+")
_BIG_TABLE = 10  # columns from which small letters are needed on paper

Figure = Callable[[str, str], str]
"""Makes the HTML of a chart, by its kind, with the words beside it."""


@dataclass(frozen=True, slots=True)
class Article:
    """A report in HTML.

    Attributes
    ----------
    identifier
        Of the element; those of its headings begin with it.
    outline
        Identifier and text of its headings of the second level.
    """

    identifier: str
    title: str
    outline: tuple[tuple[str, str], ...]
    body: Markup


def make_article(
    identifier: str,
    markdown: str,
    articles: Collection[str],
    figure: Figure,
    table_words: Callable[[str], str],
    names: Mapping[str, str],
) -> Article:
    """Make an article of a report.

    Parameters
    ----------
    articles
        Identifiers that links may lead to.
    table_words
        Names a table by the heading it stands under.
    names
        What a row may be called that leads to an article, and the article's identifier.
    """
    tokens = read_markdown(markdown)
    outline = _name_headings(tokens, identifier)
    for token in tokens:
        if token.children:
            token.children = _mend_links(token.children, articles)
    tokens = _tables(tokens, table_words, names)
    for token in tokens:  # HTML needs no end of a cell or row, and there are many
        token.hidden = token.hidden or token.type in ("th_close", "td_close", "tr_close")
    body = spell_html(_figures(tokens, figure))
    return Article(identifier, title_of(tokens), outline, Markup(body))  # noqa: S704 - escaped by the renderer


def _name_headings(tokens: Sequence[Token], identifier: str) -> tuple[tuple[str, str], ...]:
    """Give every heading an identifier of its own; the first keeps that of the article's title."""
    taken: set[str] = set()
    outline = []
    for at, token in enumerate(tokens):
        if token.type != "heading_open":
            continue
        text = plain(tokens[at + 1])
        slug = _NO_LETTERS.sub("-", text.lower())[:_SLUG_LENGTH].strip("-") or "section"
        name, number = slug, 1
        while name in taken:
            number += 1
            name = f"{slug}-{number}"
        taken.add(name)
        token.attrs["id"] = f"{identifier}--{name}"
        if token.tag == "h1":
            token.attrs["tabindex"] = "-1"
        elif token.tag == "h2":
            outline.append((f"{identifier}--{name}", text))
    return tuple(outline)


def _mend_links(children: Sequence[Token], articles: Collection[str]) -> list[Token]:
    """Turn links to reports into links within the page; drop those that lead nowhere."""
    kept: list[Token] = []
    dropped: list[bool] = []
    for token in children:
        if token.type == "link_open":
            attributes = _link_attributes(str(token.attrs.get("href", "")), articles)
            token.attrs = dict(attributes)
            dropped.append(not attributes)
        if token.type in ("link_open", "link_close") and dropped[-1]:
            if token.type == "link_close":
                dropped.pop()
            continue
        if token.type == "link_close":
            dropped.pop()
        kept.append(token)
    return kept


def _link_attributes(address: str, articles: Collection[str]) -> dict[str, str]:
    if is_outside(address):
        return {"href": address, "rel": "noreferrer"}
    report = report_named(address)
    return {"href": f"#{report}"} if report in articles else {}


def _tables(
    tokens: Sequence[Token], table_words: Callable[[str], str], names: Mapping[str, str]
) -> list[Token]:
    """Name the cells that head rows and columns, and let wide tables scroll by themselves."""
    done: list[Token] = []
    heading, end = "", -1
    for at, token in enumerate(tokens):
        if token.type == "heading_open":
            heading = plain(tokens[at + 1])
        if token.type == "table_open":
            rows, right, end = table_at(tokens, at)
            _head(tokens, rows, right, names)
            size = " wide" if len(right) >= _BIG_TABLE else ""
            label = escape(table_words(heading))
            opened = f'<div class="table{size}" role="group" tabindex="0" aria-label="{label}">'
            done.append(_raw(opened))
        done.append(token)
        if at == end:
            done.append(_raw("</div>\n"))
    return done


def _head(
    tokens: Sequence[Token],
    rows: Sequence[Sequence[int]],
    right: Sequence[bool],
    names: Mapping[str, str],
) -> None:
    for number, row in enumerate(rows):
        for column, at in enumerate(row):
            opened, inline, closed = tokens[at : at + 3]
            text = plain(inline)
            opened.attrs = {"class": "n"} if right[column] else {}
            if number == 0:
                opened.tag = closed.tag = "th" if text else "td"
            elif column == naming_column(right) and text:
                opened.tag = closed.tag = "th"
                _link_to(inline, names.get(text))
            if opened.tag == "th":
                opened.attrs["scope"] = "row" if number else "col"


def _link_to(inline: Token, article: str | None) -> None:
    """Let a row's name lead to an article."""
    from markdown_it.token import Token

    if article is not None and inline.children:
        opened = Token("link_open", "a", 1, attrs={"href": f"#{article}"})
        inline.children = [opened, *inline.children, Token("link_close", "a", -1)]


def _figures(tokens: Sequence[Token], figure: Figure) -> list[Token]:
    """Put the charts where their pictures stand; other pictures are their words."""
    done = list(tokens)
    for at, token in enumerate(tokens):
        picture = picture_of(token) if token.type == "inline" else None
        if picture is not None and tokens[at - 1].type == "paragraph_open":
            address, words = picture
            kind = chart_named(address)
            drawn = figure(kind, words) if kind else f"<p>{escape(words)}</p>\n"
            done[at - 1 : at + 2] = [_raw(""), _raw(drawn), _raw("")]
        elif token.children:
            token.children = [_as_text(child) for child in token.children]
    return done


def _as_text(child: Token) -> Token:
    from markdown_it.token import Token

    return Token("text", "", 0, content=plain(child)) if child.type == "image" else child


def _raw(content: str) -> Token:
    from markdown_it.token import Token

    return Token("html_block", "", 0, content=content)
