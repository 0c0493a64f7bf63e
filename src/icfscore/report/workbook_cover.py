"""The first sheet: what the workbook is and is not, how it was computed, what colours mean."""

from __future__ import annotations

from dataclasses import asdict

from icfscore import __version__
from icfscore.domain.tables import COMMUNITY, NATIONAL, REGION
from icfscore.domain.text import text_in
from icfscore.pipeline.score import Scoring
from icfscore.report.content_recipe import steps_of
from icfscore.report.language import Language
from icfscore.report.workbook_book import Book, Row
from icfscore.report.workbook_looks import (
    FOCUS,
    HEADING,
    IMPUTED,
    LABEL,
    MUTED_HEADING,
    TEXT,
    TITLE,
    TREATED,
    look_of,
)

_WIDTHS = (30, 110)
_SCOPES = {
    "all": "{stage}",
    "indicator": "{stage}, {place}",
    "node": "{stage} at {place}",
    "depth": "{stage} at depth {place}",
}

Lines = list[tuple[str, str]]  # labels and texts


def cover_title(scoring: Scoring, language: Language) -> str:
    """Name the workbook."""
    _ = language.catalogue.gettext
    name = text_in(scoring.project.tree.root.name, language.code)
    return _("%(framework)s: every stage of the scores") % {"framework": name}


def add_cover(book: Book, scoring: Scoring, language: Language) -> None:
    """Add the cover."""
    _ = language.catalogue.gettext
    sections = {
        _("Read first"): _caveats(scoring, language),
        _("What was computed"): _run(scoring, language),
        _("How, stage by stage"): _recipe(scoring),
        _("Sheets"): _contents(language),
    }
    rows: list[Row] = [[(cover_title(scoring, language), TITLE)]]
    for heading, lines in sections.items():
        rows.append([(heading, HEADING), ("", HEADING)])
        rows += [[(label, LABEL), (text, TEXT)] for label, text in lines]
    rows.append([(_("Colours"), HEADING), ("", HEADING)])
    rows += _legend(language)
    book.add("README", rows, _WIDTHS)


def _caveats(scoring: Scoring, language: Language) -> Lines:
    _ = language.catalogue.gettext
    digits = _(
        "Cells hold 16 digits, whatever number of them is shown. An empty cell is a missing"
        " value. A share of the index is the product of the shares on the way down from it: the"
        " weight intended, not the influence an indicator turns out to have."
    )
    caveats = [text_in(text, language.code) for text in scoring.project.tree.caveats]
    return [("", text) for text in (*caveats, digits)]


def _run(scoring: Scoring, language: Language) -> Lines:
    _ = language.catalogue.gettext
    project, settings, screened = scoring.project, scoring.settings, scoring.screened
    focus = project.community_by_id.get(settings.focus or "")
    communities = {"ranked": len(scoring.ranking.order), "excluded": len(screened.excluded)}
    indicators = {"scored": int(screened.scored.sum()), "left_out": len(screened.left_out)}
    return [
        (_("Framework"), f"{project.tree.id} {project.tree.version}"),
        (_("Reference year"), str(settings.reference_year)),
        (_("Age of values"), _("at most %(n)d years from it") % {"n": settings.max_age}),
        (_("Proxies"), _("used") if settings.proxies else _("not used")),
        (_("Scenario"), settings.scenario or _("none")),
        (_("Focus"), text_in(focus.name, language.code) if focus else _("none")),
        (
            _("Communities"),
            _("%(ranked)d ranked, %(excluded)d excluded by screening") % communities,
        ),
        (_("Indicators"), _("%(scored)d scored, %(left_out)d left out by screening") % indicators),
        (_("Digest of all inputs"), scoring.digest),
        (_("Written by"), f"icfscore {__version__}"),
    ]


def _recipe(scoring: Scoring) -> Lines:
    screening = asdict(scoring.settings.recipe.screening).items()
    lines = [("screening", ", ".join(f"{name}={value}" for name, value in screening))]
    for step in steps_of(scoring):
        parameters = ", ".join(f"{name}={value}" for name, value in step.parameters)
        label = _SCOPES[step.scope].format(stage=step.stage, place=step.place)
        lines.append((label, ": ".join(filter(None, (step.kind, parameters)))))
    return lines


def _contents(language: Language) -> Lines:
    _ = language.catalogue.gettext
    sheets = {
        "observed": _("The values after units, denominators and screening, in natural orientation"),
        "imputed": _("The same, what was missing filled as the recipe says"),
        "treated": _("The same after the logarithms declared and the treatment of outliers"),
        "normalised": _("On a common scale, oriented: more is always better"),
        "scores": _("Of every node; index is the whole"),
        "ranks": _("Of every node, best first on the index; ties share the best rank"),
        "weights": _("As given, as shares among siblings, and as shares of the index"),
        "evidence": _(
            "What every value rests on; with a denominator, year and source are those of the"
            " numerator; without a year a value counts for the reference year"
        ),
        "sources": _("What is cited, and by how many values"),
        "notes": _("What screening left out, and what the methods said about the data"),
    }
    return list(sheets.items())


def _legend(language: Language) -> list[Row]:
    _ = language.catalogue.gettext
    meanings = {
        look_of(COMMUNITY): _("the community's own value"),
        look_of(REGION): _("proxy: its region's value"),
        look_of(NATIONAL): _(
            "proxy: its country's value; of a score or rank: more than half of the values below"
            " it are proxies"
        ),
        look_of(IMPUTED): _("imputed: computed from other values"),
        look_of(COMMUNITY + TREATED): _(
            "changed by the treatment of outliers: stripes upon the colour of its origin"
        ),
        look_of(COMMUNITY + FOCUS): _("the community in focus"),
        MUTED_HEADING: _("heading of what is not scored, or was left out by screening"),
    }
    return [[(_("example"), look), (text, TEXT)] for look, text in meanings.items()]
