"""`icfscore report`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from icfscore.cli.charting import gather_all
from icfscore.cli.drawing import draw_of
from icfscore.cli.options import open_run, options_of, run_options
from icfscore.sentences import say

if TYPE_CHECKING:
    from icfscore.files.project_folder import Folder
    from icfscore.pipeline.focus_draws import FocusDraws
    from icfscore.pipeline.rank_draws import RankDraws
    from icfscore.pipeline.score import Scoring
    from icfscore.report.charts.picture import Picture
    from icfscore.report.language import Language

FOLDER = "reports"


@click.command()
@run_options
@click.option(
    "--format",
    "layout",
    type=click.Choice(["markdown", "html", "docx"]),
    default="markdown",
    show_default=True,
    help="Form of the reports.",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Folder to write into. Default: the project's reports/; ./reports for the built-in one.",
)
def command(layout: str, output: Path | None, **given: Any) -> None:
    """Write the ranking report, the focus's profile, a comparison with every peer, and charts.

    As 'html' all of it is one page that needs no network, with a profile of every community; as
    'docx' the ranking report is a document to edit (it needs 'pip install "icfscore[docx]"'). They
    say how sure the places are where that takes no time to speak of, or where --draws asks for it.

    \b
    Examples:
      icfscore report
      icfscore report --draws 100000
      icfscore report --format html --lang vi
      icfscore report -C my-project --focus my_town -o out
    """
    from icfscore.files.write import write_files
    from icfscore.report.charts.registry import KINDS, draw_pictures
    from icfscore.report.language import find_language

    if layout == "docx":
        from icfscore.report.word.document import require_docx

        require_docx()  # before anything is computed
    run = open_run(options_of(given)).with_only_community()
    language = find_language(run.options.language)
    scoring = run.score()
    draws, sample = draw_of(run, scoring, run.settings.focus)
    pictures = draw_pictures(gather_all(run, scoring, draws, KINDS), language)
    results = (scoring, language, draws, sample, pictures)
    files: Mapping[str, str | bytes]
    if layout == "html":
        from icfscore.report.html.page import page_file, report_page

        files = {page_file(language.code): report_page(*results, jobs=run.options.jobs)}
    elif layout == "docx":
        from icfscore.report.word.document import document_file, report_document

        files = {document_file(language.code): report_document(*results)}
    else:
        files = _markdown(*results)
    for path in write_files(output or _folder(run.folder), files):
        run.tell(say("wrote {path}", path=path))


def _markdown(
    scoring: Scoring,
    language: Language,
    draws: RankDraws | None,
    sample: FocusDraws | None,
    pictures: Mapping[str, Picture],
) -> dict[str, str]:
    from icfscore.report.markdown import picture_files, report_files

    files = report_files(scoring, language.code, draws, sample, pictures)
    return files | picture_files(pictures, language.code)


def _folder(project: Folder) -> Path:
    """Choose where reports go; the built-in project is not written into."""
    return Path(FOLDER) if project.builtin else project.path / FOLDER
