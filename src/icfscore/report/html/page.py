"""The page as one file: every report an article of it, and a policy that lets it load nothing."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from importlib.resources import files
from itertools import repeat
from typing import TYPE_CHECKING

from markupsafe import Markup

from icfscore import __version__
from icfscore.pipeline.focus_draws import FocusDraws, draw_each
from icfscore.pipeline.rank_draws import RankDraws
from icfscore.pipeline.score import Scoring
from icfscore.report.content_field import ranked
from icfscore.report.escape import clean
from icfscore.report.html.article import Article, make_article
from icfscore.report.html.figure import Figures, packed_vega
from icfscore.report.language import Language
from icfscore.report.markdown import (
    comparison_file,
    profile_file,
    profile_markdown,
    report_files,
    snapshot_file,
)
from icfscore.report.marked import report_named
from icfscore.report.numbers import Numbers
from icfscore.report.offline import page_templates, policy, safe_json
from icfscore.report.vega import vega_bundle
from icfscore.report.wording import Wording
from icfscore.sentences import ENGLISH

if TYPE_CHECKING:
    from icfscore.report.charts.picture import Picture

MOST_BYTES = 3_000_000
"""Beyond it the page does without pictures that are drawn already: scripts draw them."""
RANKING = "ranking"
# Runs before the reports are read, of which one is laid out then: half the time to open the page.
_FIRST = 'document.documentElement.classList.add("js");'


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the contents."""

    article: str
    name: str
    rank: str = ""
    focus: bool = False


def page_file(language: str = ENGLISH) -> str:
    """Name the file of the page."""
    return "ranking.html" if language == ENGLISH else f"ranking.{language}.html"


def report_page(
    scoring: Scoring,
    language: Language,
    draws: RankDraws | None,
    sample: FocusDraws | None,
    pictures: Mapping[str, Picture],
    jobs: int | None = None,
) -> str:
    """Write the page.

    Parameters
    ----------
    sample
        What the draws hold of the focus alone; with draws, the others are drawn here.
    jobs
        Number of processes that draw.

    Raises
    ------
    InputError
        Where a draw meets values that a method is not defined for.
    """
    reports = report_files(scoring, language.code, draws, sample, pictures)
    reports |= _profiles(scoring, language.code, draws, jobs, reports)
    named = {report_named(name) or name: text for name, text in reports.items()}
    page = _page(scoring, language, named, Figures(pictures))
    if len(page.encode()) > MOST_BYTES:
        page = _page(scoring, language, named, Figures(pictures, drawn=False))
    return page


def _profiles(
    scoring: Scoring,
    language: str,
    draws: RankDraws | None,
    jobs: int | None,
    written: Collection[str],
) -> dict[str, str]:
    """Write the profiles that are not written yet, as Markdown by file name."""
    missing = [name for name in ranked(scoring) if profile_file(name, language) not in written]
    samples: Iterable[FocusDraws | None] = repeat(None, len(missing))
    if draws is not None:
        samples = draw_each(scoring, missing, draws.n_draws, jobs)
    return {
        profile_file(community, language): profile_markdown(
            scoring, community, language, draws, sample
        )
        for community, sample in zip(missing, samples, strict=True)
    }


def _page(
    scoring: Scoring, language: Language, reports: Mapping[str, str], figures: Figures
) -> str:
    _ = language.gettext
    numbers = Numbers(language.locale)
    wording = Wording(scoring, language, numbers, clean)
    communities = _communities(scoring, wording, numbers)
    by_name = _named_once(communities)
    articles = {
        name: make_article(
            name,
            text,
            reports,
            figures.figure,
            lambda heading: _("Table: {heading}").format(heading=heading),
            by_name if name == RANKING else {},
        )
        for name, text in reports.items()
    }
    snapshot = report_named(snapshot_file(scoring.settings.focus or "")) or ""
    shown = _in_order(articles, (snapshot, RANKING, *(each.article for each in communities)))
    script = files("icfscore.report.html").joinpath("page.js").read_text(encoding="utf-8")
    style = files("icfscore.report.html").joinpath("page.css").read_text(encoding="utf-8")
    record = {
        "charts": {kind: dict(picture.spec) for kind, picture in figures.shown.items()},
        "decimal": language.signs[0],
        "group": language.signs[1],
        "locale": language.locale.replace("_", "-"),
        "sort": _("Sort by {column}"),
    }
    return (
        page_templates(language, "html")
        .get_template("page.html.j2")
        .render(
            language=language.sentences,
            name=wording.node("index"),
            first=shown[0],
            ranking=articles[RANKING],
            snapshot=articles.get(snapshot),
            articles=shown,
            communities=communities,
            comparisons=_comparisons(scoring, language.code, articles),
            caveats=[wording.text(caveat) for caveat in scoring.project.tree.caveats],
            version=__version__,
            digest=scoring.digest,
            style=Markup(style),  # noqa: S704 - our own
            record=Markup(safe_json(record)),  # noqa: S704 - made safe
            vega=Markup(packed_vega() if figures.shown else ""),  # noqa: S704 - letters and digits
            script=Markup(script),  # noqa: S704 - our own
            before=Markup(_FIRST),  # noqa: S704 - our own
            policy=policy(
                [_FIRST, script, *([vega_bundle()] if figures.shown else [])], images=True
            ),
        )
    )


def _communities(scoring: Scoring, wording: Wording, numbers: Numbers) -> list[Entry]:
    return [
        Entry(
            article=report_named(profile_file(community)) or "",
            name=wording.community(community),
            rank=numbers.count(scoring.ranking.rank_of(community) or 0),
            focus=community == scoring.settings.focus,
        )
        for community in ranked(scoring)
    ]


def _named_once(entries: Iterable[Entry]) -> dict[str, str]:
    """Give the articles of names that mean one community only."""
    found: dict[str, list[str]] = {}
    for entry in entries:
        found.setdefault(entry.name, []).append(entry.article)
    return {name: articles[0] for name, articles in found.items() if len(articles) == 1}


def _comparisons(scoring: Scoring, language: str, articles: Mapping[str, Article]) -> list[Entry]:
    focus = scoring.settings.focus
    if focus is None:
        return []
    listed = []
    for peer in ranked(scoring):
        name = report_named(comparison_file(focus, peer, language)) or ""
        if name in articles:
            listed.append(Entry(name, articles[name].title))
    return listed


def _in_order(articles: Mapping[str, Article], order: Iterable[str]) -> list[Article]:
    """Put articles into an order, those that are there, and after them the rest."""
    first = [name for name in order if name in articles]
    return [articles[name] for name in dict.fromkeys((*first, *articles))]
