"""The first sheet of a workbook to fill in: what to do, and what counts as each answer."""

from __future__ import annotations

from collections.abc import Iterator

from icfscore.domain.filling import FILLING_SCHEMA
from icfscore.domain.project import Project
from icfscore.domain.questions import answers_of
from icfscore.domain.text import text_in
from icfscore.report.language import Language
from icfscore.report.workbook_book import Row
from icfscore.report.workbook_looks import LABEL, MUTED_HEADING, TEXT, TITLE


def cover_rows(project: Project, title: str, language: Language, *, asked: bool) -> list[Row]:
    """Say how the workbook is filled in and brought back.

    Parameters
    ----------
    asked
        Whether they are answers, which `icfscore assess` reads back.
    """
    lines = _of_answers(language) if asked else _of_values(language)
    rows: list[Row] = [[(FILLING_SCHEMA, MUTED_HEADING)], [(title, TITLE)]]
    rows += [[(line, TEXT)] for line in lines]
    rows += [[(text_in(c, language.code), TEXT)] for c in project.tree.caveats]
    rows += _rubrics(project, language)
    return rows


def _of_values(language: Language) -> list[str]:
    _ = language.gettext
    return [
        _("Fill in the column 'value' of the coloured rows, and correct what is wrong elsewhere."),
        _("Every value needs a source: a key of the sheet 'sources', where new ones can be added."),
        _("A unit may differ from the one that stands there if it measures the same thing."),
        _("Leave empty what is not known: nothing is better than a guess."),
        _("The sheet 'gaps' lists first what would tell most about a community's rank."),
        _("The sheet 'files' holds the project itself; leave it as it is."),
        _("Bring it back with: icfscore import FILE.xlsx --write"),
    ]


def _of_answers(language: Language) -> list[str]:
    _ = language.gettext
    return [
        _("Fill in the column 'value' of the coloured rows, and correct what is wrong elsewhere."),
        _("An answer is a word of the list that its cell offers; below is what counts as each."),
        _("Into the column 'source' goes a link to the evidence, into 'note' what else to say."),
        _("Leave empty what is not known: nothing is better than a guess."),
        _("The sheet 'files' holds the project itself; leave it as it is."),
        _("Bring it back with: icfscore assess DIR --import FILE.xlsx"),
    ]


def _rubrics(project: Project, language: Language) -> Iterator[Row]:
    """Say what is asked and what counts as each answer, where the framework tells."""
    code = language.code
    for indicator in project.tree.indicators:
        if indicator.rubric:
            yield [(f"{indicator.id}: {text_in(indicator.name, code)}", LABEL)]
            if indicator.description:
                yield [(text_in(indicator.description, code), TEXT)]
            for each in answers_of(indicator):
                yield [(f"{each.word} – {text_in(each.text, code)}", TEXT)]
