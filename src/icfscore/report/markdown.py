"""Reports in Markdown, as GitHub shows it.

Layout and sentences stand in the templates; what is said is computed in `content`. The same inputs
give the same bytes: no dates, no paths, no order but that of the framework and of the ranking.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from icfscore import __version__
from icfscore.pipeline.rank_draws import RankDraws
from icfscore.pipeline.score import Scoring
from icfscore.report.content import TOP, report_content
from icfscore.report.content_comparison import compare
from icfscore.report.content_field import ranked, ranking_rows, scored_children
from icfscore.report.content_uncertainty import uncertainty_of
from icfscore.report.escape import escape, is_web_address, link
from icfscore.report.language import Language, find_language
from icfscore.report.numbers import Numbers, decimals_of
from icfscore.report.wording import Wording
from icfscore.sentences import ENGLISH


def ranking_markdown(
    scoring: Scoring, language: str = ENGLISH, draws: RankDraws | None = None
) -> str:
    """Write the table of the ranking alone, with intervals and tiers where draws were made."""
    writer = Writer(scoring, find_language(language))
    table = {
        "rows": ranking_rows(scoring),
        "criteria": scored_children(scoring),
        "uncertainty": uncertainty_of(scoring, draws, TOP),
    }
    return writer.write("table.md.j2", table)


def report_files(
    scoring: Scoring, language: str = ENGLISH, draws: RankDraws | None = None
) -> dict[str, str]:
    """Write the ranking report and, with a focus, its comparison with every peer.

    All files tell the uncertainty by the same draws. Without draws the report says how to ask for
    them, unless the settings want none.

    Returns
    -------
    Content by file name.
    """
    writer = Writer(scoring, find_language(language))
    report = report_content(scoring, draws=draws)
    files = {_file_name("ranking", language): writer.write("ranking.md.j2", {"report": report})}
    if report.focus is None:
        return files
    focus = report.focus.community
    for peer in ranked(scoring):
        if peer != focus:
            comparison = {"comparison": compare(scoring, focus, peer, TOP, draws)}
            name = comparison_file(focus, peer, language)
            files[name] = writer.write("comparison.md.j2", comparison)
    return files


def comparison_file(focus: str, peer: str, language: str = ENGLISH) -> str:
    """Name the file that compares two communities."""
    return _file_name(f"{focus}-vs-{peer}".replace("_", "-"), language)


def _file_name(stem: str, language: str) -> str:
    return f"{stem}.md" if language == ENGLISH else f"{stem}.{language}.md"


class Writer:
    """Renders the templates for one scoring in one language."""

    def __init__(self, scoring: Scoring, language: Language) -> None:
        self._scoring = scoring
        scores = np.concatenate([scoring.normalised.ravel(), scoring.scores.values.ravel()])
        self.numbers = Numbers(language.locale, decimals_of(scores.tolist()))
        self._environment = _environment(language)
        self._environment.filters.update(Wording(scoring, language, self.numbers, escape).filters())
        self._environment.filters.update(
            strong=_strong, code=_code, as_proxy=_as_proxy, linked=link, linked_file=_linked_file
        )
        self._environment.tests["web_address"] = is_web_address
        self._language = language

    def write(self, template: str, content: Mapping[str, Any]) -> str:
        """Render one template; the text ends with a single newline."""
        scoring = self._scoring
        found: Template = self._environment.get_template(template)
        rendered = found.render(
            scoring=scoring,
            tree=scoring.project.tree,
            settings=scoring.settings,
            communities=scoring.project.community_by_id,
            indicators={each.id: each for each in scoring.project.tree.indicators},
            version=__version__,
            comparison_file=lambda focus, peer: comparison_file(focus, peer, self._language.code),
            ranking_file=_file_name("ranking", self._language.code),
            **content,
        )
        return _tidy(rendered)


def _environment(language: Language) -> Environment:
    environment = Environment(
        loader=PackageLoader("icfscore.report", "templates"),
        extensions=["jinja2.ext.i18n", "jinja2.ext.do"],
        autoescape=False,  # noqa: S701 - Markdown has its own `escape`
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,  # of included templates
    )
    environment.policies["ext.i18n.trimmed"] = True
    install: Callable[..., None] = environment.install_gettext_translations  # type: ignore[attr-defined]
    install(language.catalogue, newstyle=True)
    return environment


def _strong(text: str) -> str:
    return f"**{text}**"


def _code(text: str) -> str:
    return f"`{text}`"


def _linked_file(text: str, name: str) -> str:
    return f"[{text}]({name})"


def _as_proxy(text: str) -> str:
    return rf"\~{text}"


def _tidy(text: str) -> str:
    """Leave one empty line at most, no blanks at line ends, and one newline at the end."""
    lines: list[str] = []
    for line in (raw.rstrip() for raw in text.split("\n")):
        if line or (lines and lines[-1]):
            lines.append(line)
    return "\n".join(lines).strip("\n") + "\n"
