"""What an output may not hold, whatever the texts in it: read back by the format's own parser."""

from __future__ import annotations

import csv
import io
import json
import re
import unicodedata
import zipfile
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

from markdown_it import MarkdownIt

# What the payloads of hostile_texts would leave, were they taken for more than text.
_RUN = re.compile(r"hostile\(\)")
_CALCULATED = "7006652"  # 1234 * 5678
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_ISOLATES = "\u2068\u2069"  # around what is written the other way
_JOINERS = "\u200c\u200d\u2060"
_OWN = ("data:image/", "data:,")  # pictures of ours, and an empty icon


def harm_in(path: Path, raw: bytes, plain: set[str] | None = None) -> Iterator[str]:
    """List what an output holds that it should not.

    Parameters
    ----------
    plain
        Of pages and pictures: the elements and attributes that there are with harmless texts.
    """
    kind = path.suffix.lower()
    if kind == ".json":
        json.loads(raw)
    elif kind == ".csv":
        yield from _in_csv(raw.decode())
    elif kind in (".html", ".svg"):
        yield from _in_page(raw.decode(), plain)
    elif kind == ".md":
        yield from _in_markdown(raw.decode())
    elif kind in (".xlsx", ".docx"):
        yield from _in_archive(raw)
    else:
        yield from _in_terminal(raw.decode())


def _in_csv(text: str) -> Iterator[str]:
    rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    if len({len(row) for row in rows}) > 1:
        yield f"rows of {sorted({len(row) for row in rows})} cells"
    for row in rows:
        for cell in row:
            if cell.startswith(_FORMULA) and not _is_number(cell):
                yield f"a cell begins a formula: {cell[:40]!r}"


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.shapes: set[str] = set()
        self.addresses: list[str] = []
        self.running: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = sorted(name for name, _ in attrs)
        self.shapes |= {tag, *(f"{tag} {name}" for name in names)}
        for name, value in attrs:
            if name in ("href", "src", "xlink:href", "action", "formaction", "data"):
                self.addresses.append(value or "")
            if name.startswith("on"):
                self.running.append(value or "")

    handle_startendtag = handle_starttag


def shapes_of(text: str) -> set[str]:
    """List the elements and attributes of a page or picture."""
    page = _Page()
    page.feed(text)
    page.close()
    return page.shapes


def _in_page(text: str, plain: set[str] | None) -> Iterator[str]:
    page = _Page()
    page.feed(text)
    page.close()
    if plain is not None and (more := page.shapes - plain):
        yield f"elements or attributes that harmless texts do not make: {sorted(more)[:9]}"
    for address in page.addresses:
        scheme = urlsplit(address.strip()).scheme.lower() if "[" not in address else "?"
        if scheme not in ("", "http", "https") and not address.startswith(_OWN):
            yield f"an address leads to {address[:60]!r}"
    yield from (f"runs {script[:60]!r}" for script in page.running if _RUN.search(script))
    if _CALCULATED in text:
        yield "a template was filled"


def _in_markdown(text: str) -> Iterator[str]:
    reader = MarkdownIt("commonmark", {"html": True}).enable("table")
    reader.validateLink = lambda _: True  # type: ignore[method-assign] (others may be less careful)
    for token in reader.parse(text):
        if token.type == "html_block":
            yield f"HTML: {token.content[:60]!r}"
        if token.type in ("fence", "code_block") and _is_payload(token.content):
            yield f"code: {token.content[:60]!r}"
        for child in token.children or ():
            if child.type == "html_inline" and not re.fullmatch(
                r"</?(?:br|sub|sup)\s*/?>", child.content
            ):
                yield f"HTML: {child.content[:60]!r}"
            address = str(child.attrs.get("href", child.attrs.get("src", "")))
            if address and (urlsplit(address).scheme or "http") not in ("http", "https"):
                yield f"an address leads to {address[:60]!r}"
            if child.type == "image" and not address.startswith("charts/"):
                yield f"a picture from {address[:60]!r}"
    if _CALCULATED in text:
        yield "a template was filled"
    yield from _in_terminal(text)


def _is_payload(text: str) -> bool:
    return bool(_RUN.search(text))


def _in_archive(raw: bytes) -> Iterator[str]:
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        for name in archive.namelist():
            if ".." in name or name.startswith("/") or "vba" in name.lower():
                yield f"a part called {name}"
            if not name.endswith((".xml", ".rels")):
                continue
            for element in ET.fromstring(archive.read(name)).iter():  # noqa: S314 (ours)
                yield from _in_element(name, element)


def _in_element(name: str, element: Any) -> Iterator[str]:
    tag = element.tag.rpartition("}")[2]
    if tag in ("f", "definedName") and name.startswith("xl/") and _RUN.search(element.text or ""):
        yield f"{name}: a formula {element.text!r}"
    if tag == "f" and name.startswith("xl/worksheets"):
        yield f"{name}: a formula {element.text!r}"
    fields = [value for key, value in element.attrib.items() if key.endswith("}instr")]
    if tag in ("instrText", "altChunk", "object") or (tag == "fldSimple" and fields != ["PAGE"]):
        yield f"{name}: a field {tag}"
    if tag == "Relationship" and element.get("TargetMode") == "External":
        target = element.get("Target", "")
        if urlsplit(target).scheme not in ("http", "https"):
            yield f"{name}: an address leads to {target[:60]!r}"


def _in_terminal(text: str) -> Iterator[str]:
    for letter in sorted(set(text) - {"\n"}):
        category = unicodedata.category(letter)
        if category in ("Cc", "Cf", "Zl", "Zp", "Cs", "Cn") and letter not in _ISOLATES + _JOINERS:
            yield f"the letter U+{ord(letter):04X}"
    # A terminal may break a line within an isolate, which then ends with the line.
    for part in text.split("\n\n"):
        if part.count(_ISOLATES[0]) != part.count(_ISOLATES[1]):
            yield f"an isolate without an end: {part[:60]!r}"
