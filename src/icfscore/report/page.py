"""A page of headings, paragraphs, lists and tables: for the terminal, and as Markdown.

What is said is put together once, in the words of one language and escaped for one format; how it
is laid out stands here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from icfscore.report.audit_table import AuditTable, Column
from icfscore.report.terminal import make_console, printed

if TYPE_CHECKING:
    from rich.console import Console

READABLE = 120
_NAME_WIDTHS = (60, 44, 32, 24, 16)


@dataclass(frozen=True, slots=True)
class Heading:
    """The title of what follows."""

    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Sentences."""

    text: str


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list, a line an entry."""

    entries: tuple[str, ...]


Block = Heading | Paragraph | Bullets | AuditTable


@dataclass(frozen=True, slots=True)
class Page:
    """A title and what stands below it."""

    title: str
    blocks: tuple[Block, ...]


def page_terminal(page: Page, *, piped: bool | None = None, width: int | None = None) -> str:
    """Lay a page out for the terminal that is there, or for a given width."""
    from rich.text import Text

    console = make_console(piped=piped, width=width)
    console.print(Text(page.title, style="bold"))
    print_blocks(console, page.blocks)
    return printed(console)


def page_markdown(page: Page) -> str:
    """Write a page of Markdown; the text ends with a single newline."""
    lines = [f"# {page.title}", "", *blocks_markdown(page.blocks)]
    return "\n".join(line.rstrip() for line in lines).rstrip("\n") + "\n"


def print_blocks(console: Console, blocks: tuple[Block, ...]) -> None:
    """Print blocks, an empty line after each but headings."""
    from rich.text import Text

    room = min(console.width, READABLE)
    for block in blocks:
        if isinstance(block, AuditTable):
            print_table(console, block)
        elif isinstance(block, Heading):
            console.print(Text(block.text, style="bold"))
        elif isinstance(block, Paragraph):
            console.print(Text(block.text), width=room)
            console.print()
        else:
            for entry in block.entries:
                console.print(Text(f"– {entry}"), width=room)
            console.print()


def blocks_markdown(blocks: tuple[Block, ...], depth: int = 2) -> Iterator[str]:
    """Write blocks as lines of Markdown, headings of some depth."""
    for block in blocks:
        if isinstance(block, AuditTable):
            yield from markdown_lines(block, depth)
        elif isinstance(block, Heading):
            yield f"{'#' * depth} {block.text}"
        elif isinstance(block, Paragraph):
            yield block.text
        else:
            yield from (f"- {entry}" for entry in block.entries)
        yield ""


def print_table(console: Console, table: AuditTable) -> None:
    """Print a table, as many of its columns as there is room for."""
    from rich.text import Text

    if table.title:
        console.print(Text(table.title, style="bold"))
    if table.note:
        console.print(Text(table.note, style="dim"), width=min(console.width, READABLE))
    shown, widths = _fitting(table, min(console.width, 160))
    for line, cells in enumerate([tuple(c.header for c in table.columns), *table.rows]):
        if line and line - 1 in table.breaks and line > 1:
            console.print()
        parts = [
            _pad(cells[position], widths[position], right=table.columns[position].right)
            for position in shown
        ]
        console.print(Text("  ".join(parts).rstrip(), style="" if line else "underline dim"))
    for note in table.footnotes:
        console.print(Text(f"– {note}", style="dim"), width=min(console.width, READABLE))
    hidden = [c.header for p, c in enumerate(table.columns) if p not in shown and c.header]
    if hidden:
        console.print(Text(f"… {', '.join(hidden)}", style="dim"))
    console.print()


def _fitting(table: AuditTable, room: int) -> tuple[list[int], dict[int, int]]:
    """Choose the columns that fit, names shortened before columns go."""
    from rich.cells import cell_len

    wide = {
        position: max(cell_len(cells[position]) for cells in (_headers(table), *table.rows))
        for position in range(len(table.columns))
    }
    ranks = sorted({column.rank for column in table.columns}, reverse=True)
    for least in (*ranks, 0):
        shown = [p for p, column in enumerate(table.columns) if column.rank <= least]
        for most in _NAME_WIDTHS:
            widths = {p: wide[p] if table.columns[p].right else min(wide[p], most) for p in shown}
            if sum(widths.values()) + 2 * (len(shown) - 1) <= room and (
                most >= _NAME_WIDTHS[3] or least == 0
            ):
                return shown, widths
    return shown, widths


def _headers(table: AuditTable) -> tuple[str, ...]:
    return tuple(column.header for column in table.columns)


def _pad(text: str, width: int, *, right: bool) -> str:
    from rich.cells import cell_len, set_cell_size

    if cell_len(text) > width:
        text = set_cell_size(text, width - 1).rstrip() + "…"
    space = " " * (width - cell_len(text))
    return space + text if right else text + space


def markdown_lines(table: AuditTable, depth: int = 2) -> Iterator[str]:
    """Write a table as lines of Markdown, its title a heading of some depth."""

    def row(cells: tuple[str, ...]) -> str:
        return f"| {' | '.join(cell or ' ' for cell in cells)} |"

    def rule(column: Column) -> str:
        return "---:" if column.right else ":---"

    if table.title:
        yield f"{'#' * depth} {table.title}"
        yield ""
    if table.note:
        yield table.note
        yield ""
    yield row(_headers(table))
    yield f"|{'|'.join(rule(column) for column in table.columns)}|"
    for cells in table.rows:
        yield row(tuple(cell.replace("*", r"\*") if cell == "*" else cell for cell in cells))
    if table.footnotes:
        yield ""
        yield from (f"- {note}" for note in table.footnotes)
