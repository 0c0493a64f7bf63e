"""The first sheet: what the workbook is and is not, how it was computed, what colours mean."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from icfscore import __version__
from icfscore.domain.tables import COMMUNITY, NATIONAL, REGION
from icfscore.domain.text import text_in
from icfscore.pipeline.score import Scoring
from icfscore.report.language import Language
from icfscore.report.workbook_format import GENERAL, Style
from icfscore.report.workbook_marks import (
    BOLD,
    FOCUS,
    HEADING,
    IMPUTED,
    MUTED_HEADING,
    TEXT,
    TITLE,
    TREATED,
    style_of,
)
from icfscore.report.workbook_sheet import Sheet

COVER = "README"
_WIDTHS = (30.0, 110.0)
_POINTS_A_LINE, _MAX_POINTS = 15.0, 409.0
_EXCEPTIONS = {"except": "{stage}, {name}", "at": "{stage} at {name}"}
_EXCEPTIONS["at_depth"] = "{stage} at depth {name}"

Line = tuple[str, Style, str, Style]  # a label and a text, each with its looks


def cover_title(scoring: Scoring, language: Language) -> str:
    """Name the workbook."""
    _ = language.catalogue.gettext
    name = text_in(scoring.project.tree.root.name, language.code)
    return _("%(framework)s: every stage of the scores") % {"framework": name}


def cover_sheet(scoring: Scoring, language: Language, number: Callable[[Style], int]) -> Sheet:
    """Lay out the cover."""
    lines = [
        (cover_title(scoring, language), TITLE, "", TEXT),
        *_caveats(scoring, language),
        *_run(scoring, language),
        *_recipe(scoring, language),
        *_contents(language),
        *_legend(language),
    ]
    rows = [([label, text], [number(left), number(right)]) for label, left, text, right in lines]
    heights = {i: _height(text) for i, (_, _, text, _) in enumerate(lines, start=1)}
    high = {i: height for i, height in heights.items() if height > _POINTS_A_LINE}
    return Sheet(COVER, [], rows, len(rows), list(_WIDTHS), heights=high)


def _caveats(scoring: Scoring, language: Language) -> Iterator[Line]:
    _ = language.catalogue.gettext
    caveats = [text_in(text, language.code) for text in scoring.project.tree.caveats]
    for position, caveat in enumerate(caveats):
        yield _entry("" if position else _("Read first"), caveat)
    yield _entry(
        "" if caveats else _("Read first"),
        _(
            "Cells hold all digits, whatever number of them is shown. An empty cell is a missing"
            " value. A share of the index is the product of the shares on the way down from it: the"
            " weight intended, not the influence an indicator turns out to have."
        ),
    )


def _run(scoring: Scoring, language: Language) -> Iterator[Line]:
    _ = language.catalogue.gettext
    project, settings, screened = scoring.project, scoring.settings, scoring.screened
    focus = project.community_by_id.get(settings.focus or "")
    yield _section(_("What was computed"))
    yield _entry(_("Framework"), f"{project.tree.id} {project.tree.version}")
    yield _entry(_("Reference year"), str(settings.reference_year))
    yield _entry(_("Age of values"), _("at most %(n)d years from it") % {"n": settings.max_age})
    yield _entry(_("Proxies"), _("used") if settings.proxies else _("not used"))
    yield _entry(_("Scenario"), settings.scenario or _("none"))
    yield _entry(_("Focus"), text_in(focus.name, language.code) if focus else _("none"))
    n_ranked, n_excluded = len(scoring.ranking.order), len(screened.excluded)
    counts = {"ranked": n_ranked, "excluded": n_excluded}
    yield _entry(
        _("Communities"), _("%(ranked)d ranked, %(excluded)d excluded by screening") % counts
    )
    counts = {"scored": int(screened.scored.sum()), "left_out": len(screened.left_out)}
    yield _entry(
        _("Indicators"), _("%(scored)d scored, %(left_out)d left out by screening") % counts
    )
    yield _entry(_("Digest of all inputs"), scoring.digest)
    yield _entry(_("Written by"), f"icfscore {__version__}")


def _recipe(scoring: Scoring, language: Language) -> Iterator[Line]:
    yield _section(language.catalogue.gettext("How, stage by stage"))
    for stage, described in scoring.settings.recipe.describe().items():
        plain = {key: value for key, value in described.items() if key not in _EXCEPTIONS}
        yield _entry(stage, spell_method(plain))
        for key, label in _EXCEPTIONS.items():
            for name, method in described.get(key, {}).items():
                yield _entry(label.format(stage=stage, name=name), spell_method(method))


def spell_method(described: Mapping[str, Any]) -> str:
    """Spell a method with its parameters.

    Examples
    --------
    >>> spell_method({"kind": "min_max", "low": 0.0, "high": 100.0, "over": "cohort"})
    'min_max: low=0, high=100, over=cohort'
    """
    parameters = ", ".join(
        f"{name}={_spell(value)}" for name, value in described.items() if name != "kind"
    )
    return ": ".join(filter(None, (str(described.get("kind", "")), parameters)))


def _spell(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, float):
        return f"{value:.12g}"
    return json.dumps(value, ensure_ascii=False, default=str)


def _contents(language: Language) -> Iterator[Line]:
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
    yield _section(_("Sheets"))
    for name, text in sheets.items():
        yield _entry(name, text)


def _legend(language: Language) -> Iterator[Line]:
    _ = language.catalogue.gettext
    meanings = [
        (style_of(COMMUNITY, GENERAL), _("the community's own value")),
        (style_of(REGION, GENERAL), _("proxy: its region's value")),
        (
            style_of(NATIONAL, GENERAL),
            _(
                "proxy: its country's value; of a score or rank: more than half of the values below"
                " it are proxies"
            ),
        ),
        (style_of(IMPUTED, GENERAL), _("imputed: computed from other values")),
        (
            style_of(COMMUNITY + TREATED, GENERAL),
            _("changed by the treatment of outliers: stripes upon the colour of its origin"),
        ),
        (style_of(COMMUNITY + FOCUS, GENERAL), _("the community in focus")),
        (MUTED_HEADING, _("heading of what is not scored, or was left out by screening")),
    ]
    yield _section(_("Colours"))
    for looks, meaning in meanings:
        yield _("example"), replace(looks, align="left"), meaning, TEXT


def _section(title: str) -> Line:
    return title, HEADING, "", HEADING


def _entry(label: str, text: str) -> Line:
    return label, replace(BOLD, align="left", wrapped=True), text, TEXT


def _height(text: str) -> float:
    """Make room for every line of a text in points; spreadsheets do not do so by themselves."""
    lines = sum(max(1, math.ceil(len(line) / _WIDTHS[1])) for line in text.split("\n"))
    return min(lines * _POINTS_A_LINE, _MAX_POINTS)
