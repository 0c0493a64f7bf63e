"""`icfscore chart`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from icfscore.cli.options import deliver, open_run, options_of, run_options
from icfscore.errors import nearest_name

if TYPE_CHECKING:
    from icfscore.report.charts.picture import Picture
    from icfscore.report.language import Language

FORMATS = ("svg", "png", "html")


@click.command()
@click.argument("kind", required=False)
@run_options
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The file to draw into: .svg, .png or .html. Default: SVG on the terminal.",
)
@click.option(
    "--width",
    type=click.IntRange(200, 10_000),
    default=1200,
    show_default=True,
    metavar="PIXELS",
    help="Width of a PNG.",
)
def command(kind: str | None, output: Path | None, width: int, **given: Any) -> None:
    """Draw one chart, or list the charts there are.

    SVG and PNG need no browser; an HTML page shows the numbers under the pointer and needs no
    network.

    \b
    Examples:
      icfscore chart
      icfscore chart ranking -o ranking.svg
      icfscore chart profile --focus taoyuan --lang vi -o profile.png --width 800
      icfscore chart pairwise --draws 100000 -o pairwise.html
    """
    from icfscore.cli.charting import gather
    from icfscore.report.charts.registry import find_kind
    from icfscore.report.charts.words import Words
    from icfscore.report.language import find_language

    options = options_of(given)
    language = find_language(options.language)
    if kind is None:
        deliver(_listed(language, piped=True if output else None), output)
        return
    form = _format_of(output)
    chosen = find_kind(kind)
    run = open_run(options)
    scoring = run.score()
    picture = chosen.draw(gather(run, scoring, chosen), Words(scoring, language))
    content = _render(picture, form, width)
    if output is None or isinstance(content, str):
        deliver(str(content), output)
        return
    from icfscore.files.write import write_file

    write_file(output, content)


def _format_of(output: Path | None) -> str:
    """Tell the format by the file's name."""
    if output is None or str(output) == "-":
        return "svg"
    found = output.suffix.lower().removeprefix(".")
    if found in FORMATS:
        return found
    named = f"'{output.suffix}' is no format of charts" if found else "the file has no extension"
    near = nearest_name(found, FORMATS)
    hint = f"did you mean '.{near}'?" if near else "one of .svg, .png, .html"
    raise click.UsageError(f"-o {output}: {named}; {hint}")


def _render(picture: Picture, form: str, width: int) -> str | bytes:
    from icfscore.report.charts import render

    if form == "png":
        return render.png_of(picture, width)
    return render.html_of(picture) if form == "html" else render.svg_of(picture)


def _listed(language: Language, *, piped: bool | None) -> str:
    """List the kinds of charts, what they show and what they need."""
    from rich import box
    from rich.table import Table

    from icfscore.report.charts.registry import KINDS, needs_in_words
    from icfscore.report.terminal import make_console, printed

    _ = language.gettext
    console = make_console(piped=piped)
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    table.add_column(_("Chart"), no_wrap=True)
    table.add_column(_("What it shows"))
    table.add_column(_("Needs"))
    for kind in KINDS:
        table.add_row(kind.name, language.said(kind.shows), needs_in_words(kind, language))
    console.print(table)
    console.print(_("'icfscore chart KIND -o FILE.svg' draws one; .png and .html work too."))
    return printed(console)
