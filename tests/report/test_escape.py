"""Texts of others in Markdown: whatever they hold, it is shown and never obeyed."""

from __future__ import annotations

import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from icfscore.report.escape import clean, escape, is_web_address, link

HOSTILE = [
    "<script>alert(1)</script>",
    "](javascript:alert(1))",
    "[x](https://evil.example)",
    "![x](https://evil.example/x.png)",
    "a|b||c",
    "`code` ``` ~~~",
    "*b* **b** __b__ ~~s~~ ~s~",
    "# heading",
    "- item",
    "12. item",
    "> quote",
    "---",
    "===",
    "&lt;b&gt; &copy;",
    "<!-- comment -->",
    "<https://evil.example>",
    "https://evil.example www.evil.example someone@evil.example",
    "$x^2$ :smile: {{ 7 * 7 }} {% x %}",
    "one\ntwo\r\n\n| three |\n|--|\u2028four\x0bfive",
    "back\\slash \\[x](y)",
]


def _render(source: str) -> str:
    return str(MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(source))


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_shown_letter_by_letter(text: str) -> None:
    rendered = _render(f"{escape(text)}\n")
    assert html.unescape(rendered).replace("\u2060", "") == f"<p>{clean(text)}</p>\n"


@given(st.text(max_size=60))
def test_any_text_is_shown_letter_by_letter(text: str) -> None:
    shown = html.unescape(_render(f"a {escape(text)} z\n")).replace("\u2060", "")
    assert shown == f"<p>a {clean(text)} z</p>\n"


@pytest.mark.parametrize("text", HOSTILE)
def test_a_cell_stays_one_cell(text: str) -> None:
    table = f"| a | b |\n|--|--|\n| {escape(text)} | z |\n"
    rendered = _render(table)
    assert rendered.count("<tr>") == 2
    assert rendered.count("<td>") == 2
    assert re.findall(r"<(?!/?(?:table|thead|tbody|tr|th|td)\b)[^>]*>", rendered) == []


def test_no_bare_address_is_left_that_github_would_link() -> None:
    spelt = escape("https://x.example WWW.x.example me@x.example")
    assert spelt == r"https\://x.example WWW\.x.example me@" + "\u2060x.example"


def test_long_texts_are_cut() -> None:
    spelt = escape("x" * 10_000, 80)
    assert len(spelt) == 80
    assert spelt.endswith("…")


def test_control_and_direction_characters_go() -> None:
    assert clean("a\x00b\u202ec\u200bd\x1b[31me") == "a bcd [31me"


def test_right_to_left_text_is_isolated() -> None:
    assert clean("שלום") == "\u2068שלום\u2069"


def test_emoji_and_vietnamese_stay() -> None:
    family = "👩\u200d👩\u200d👧 Bình Dương"
    assert escape(family) == family


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "JavaScript://x.example/%0aalert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "//x.example",
        "x.example",
        "https://",
        "http://[::1",
        "",
        f"https://x.example/{'a' * 3000}",
    ],
)
def test_only_web_addresses_become_links(address: str) -> None:
    assert not is_web_address(address)
    assert link("text", address) == "text"


@pytest.mark.parametrize(
    "address",
    [
        "https://x.example/a(b)c",
        "https://x.example/a b|c<d>e\"f'g`h",
        "https://x.example/?a=1&lt;b&c=2",
        "https://x.example/é\nx",
        "https://x.example/>](javascript:alert(1))",
    ],
)
def test_a_web_address_is_one_link_whatever_it_holds(address: str) -> None:
    rendered = _render(f"| {link('text', address)} |\n|--|\n")
    found = re.findall(r'<a href="([^"]*)">text</a>', rendered)
    assert len(found) == 1
    assert found[0].startswith("https://x.example/")
    assert rendered.count("<") == rendered.count(">") == 10
