"""`icfscore methods`."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from icfscore.cli.language import language_option
from icfscore.cli.options import deliver, output_options
from icfscore.sentences import say

if TYPE_CHECKING:
    from icfscore.report.language import Language
    from icfscore.report.method_pages import MethodPage


@click.command()
@click.argument("kind", required=False)
@language_option
@output_options("table", "markdown", "json")
def command(kind: str | None, lang: str, layout: str, output: Path | None) -> None:
    """List the methods of every stage, or explain one.

    KIND is a method's name as YAML has it, or a stage: 'icfscore methods min_max',
    'icfscore methods aggregation'.
    """
    from icfscore.errors import InputError, name_hint
    from icfscore.report.language import find_language
    from icfscore.report.method_pages import method_pages
    from icfscore.report.records import json_text

    pages = list(method_pages())
    chosen = [page for page in pages if kind is None or kind in (page.kind, page.stage)]
    if not chosen:
        names = [name for page in pages for name in (page.stage, page.kind)]
        hint = name_hint(kind or "", dict.fromkeys(names))
        raise InputError.of(say("no method or stage '{kind}'", kind=kind), hint)
    if layout == "json":
        methods = [asdict(page) for page in chosen]
        deliver(json_text({"schema": "icfscore.methods/1", "methods": methods}), output)
    elif layout == "markdown":
        deliver(_markdown(chosen, find_language(lang)), output)
    elif kind in {page.kind for page in pages}:
        language = find_language(lang)
        deliver("\n\n".join(_page(page, language) for page in chosen), output)
    else:
        deliver(_table(chosen, find_language(lang), piped=True if output else None), output)


def _page(page: MethodPage, language: Language) -> str:
    title = f"{page.stage}: {{kind: {page.kind}{', ' + page.signature if page.signature else ''}}}"
    head = f"{title}\n{'=' * len(title)}\n"
    summary, _, details = page.text.partition("\n\n")
    spoken = language.gettext(page.summary)
    if spoken == page.summary:
        return head + page.text
    # What follows is the documentation in the code, formulas and sources: in English.
    note = language.gettext("Formula, edge behaviour and sources, in English:")
    return f"{head}{spoken}\n\n{note}\n\n{details or summary}"


def _headers(language: Language) -> tuple[str, ...]:
    _ = language.gettext
    return _("Stage"), _("Kind"), _("Parameters"), _("What it does"), _("Source")


def _markdown(pages: list[MethodPage], language: Language) -> str:
    rows = [
        (
            page.stage,
            f"`{page.kind}`",
            page.signature,
            language.gettext(page.summary),
            page.source,
        )
        for page in pages
    ]
    lines = [f"| {' | '.join(row)} |" for row in (_headers(language), *rows)]
    lines.insert(1, "|---|---|---|---|---|")
    return "\n".join(lines)


def _table(pages: list[MethodPage], language: Language, *, piped: bool | None) -> str:
    from rich import box
    from rich.table import Table

    from icfscore.report.terminal import make_console, printed

    console = make_console(piped=piped)
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    wide = console.width >= 140
    for name, share in zip(
        _headers(language), (0, 0, 2, 4, 4) if wide else (0, 0, 2, 4), strict=False
    ):
        table.add_column(name, ratio=share or None, no_wrap=not share)
    stage = ""
    for page in pages:
        shown = page.stage if page.stage != stage else ""
        stage = page.stage
        row = [shown, page.kind, page.signature, language.gettext(page.summary)]
        table.add_row(*row, *([page.source] if wide else []), end_section=False)
    console.print(table)
    if not wide:
        _ = language.gettext
        console.print(_("'icfscore methods KIND' gives formula, edge behaviour and source."))
    return printed(console)
