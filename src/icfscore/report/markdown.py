"""Reports in Markdown, as GitHub shows it.

Layout and sentences stand in the templates; what is said is computed in `content`. The same inputs
give the same bytes: no dates, no paths, no order but that of the framework and of the ranking.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from jinja2 import BytecodeCache, Environment, PackageLoader, StrictUndefined, Template
from jinja2.bccache import Bucket

from icfscore import __version__
from icfscore.pipeline.focus_draws import FocusDraws
from icfscore.pipeline.means import AgainstMeans
from icfscore.pipeline.rank_draws import RankDraws
from icfscore.pipeline.score import Scoring
from icfscore.pipeline.snapshot import Snapshot
from icfscore.report.content import TOP, report_content
from icfscore.report.content_comparison import compare
from icfscore.report.content_field import ranked, ranking_rows, scored_children
from icfscore.report.content_profile import profile_of
from icfscore.report.content_uncertainty import uncertainty_of
from icfscore.report.escape import clean, escape, is_web_address, link
from icfscore.report.language import Language, find_language
from icfscore.report.means_page import means_blocks
from icfscore.report.numbers import Numbers, decimals_of
from icfscore.report.page import blocks_markdown
from icfscore.report.snapshot_page import snapshot_blocks, snapshot_markdown
from icfscore.report.wording import Wording
from icfscore.report.words import Words
from icfscore.sentences import ENGLISH

if TYPE_CHECKING:
    from icfscore.report.charts.picture import Picture


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
    scoring: Scoring,
    language: str = ENGLISH,
    draws: RankDraws | None = None,
    sample: FocusDraws | None = None,
    pictures: Mapping[str, Picture] | None = None,
) -> dict[str, str]:
    """Write the ranking report and, with a focus, its profile and comparison with every peer.

    All files tell the uncertainty by the same draws, of which `sample` holds what belongs to the
    focus. Without draws the report says how to ask for them, unless the settings want none.
    Pictures stand beside the sentences, which say all without them.

    Returns
    -------
    Content by file name; the pictures' own files are `picture_files`.
    """
    writer = Writer(scoring, find_language(language), pictures)
    report = report_content(scoring, draws=draws)
    files = {_file_name("ranking", language): writer.write("ranking.md.j2", {"report": report})}
    if report.focus is None:
        return files
    focus = report.focus.community
    profile = profile_of(scoring, focus, TOP, draws, sample)
    if profile.snapshot is not None:
        files[snapshot_file(focus, language)] = snapshot_markdown(
            scoring, profile.snapshot, language
        )
    files[profile_file(focus, language)] = writer.write("profile.md.j2", {"profile": profile})
    for peer in ranked(scoring):
        if peer != focus:
            comparison = {"comparison": compare(scoring, focus, peer, TOP, draws)}
            name = comparison_file(focus, peer, language)
            files[name] = writer.write("comparison.md.j2", comparison)
    return files


def picture_files(pictures: Mapping[str, Picture], language: str = ENGLISH) -> dict[str, str]:
    """Draw the pictures that reports show: SVG by file name."""
    from icfscore.report.charts.render import svg_of

    return {chart_file(kind, language): svg_of(picture) for kind, picture in pictures.items()}


def chart_file(kind: str, language: str = ENGLISH) -> str:
    """Name the file of a picture, seen from the reports."""
    return f"charts/{kind}.svg" if language == ENGLISH else f"charts/{kind}.{language}.svg"


def profile_markdown(
    scoring: Scoring,
    community: str,
    language: str = ENGLISH,
    draws: RankDraws | None = None,
    sample: FocusDraws | None = None,
) -> str:
    """Write the profile of a community that has a place.

    `sample` holds the same draws of this community alone.
    """
    writer = Writer(scoring, find_language(language))
    profile = profile_of(scoring, community, TOP, draws, sample)
    return writer.write("profile.md.j2", {"profile": profile})


def profile_file(community: str, language: str = ENGLISH) -> str:
    """Name the file that holds a community's profile."""
    return _file_name(f"profile-{community}", language)


def snapshot_file(community: str, language: str = ENGLISH) -> str:
    """Name the file that holds the snapshot of a community that stands alone."""
    return _file_name(f"snapshot-{community}", language)


def comparison_markdown(
    scoring: Scoring,
    communities: Sequence[str],
    language: str = ENGLISH,
    draws: RankDraws | None = None,
) -> str:
    """Write the first community side by side with one or more others, all of which have a place."""
    writer = Writer(scoring, find_language(language))
    first, *others = communities
    found = [compare(scoring, first, other, TOP, draws) for other in others]
    if len(found) == 1:
        return writer.write("comparison.md.j2", {"comparison": found[0]})
    return writer.write("comparisons.md.j2", {"comparisons": found})


def plain_sentences(
    scoring: Scoring, language: str, template: str, content: Mapping[str, Any]
) -> list[str]:
    """Render a template of sentences, one a line, without any markup: for the terminal."""
    writer = Writer(scoring, find_language(language), plain=True)
    return [line for line in writer.write(template, content).splitlines() if line]


def comparison_file(focus: str, peer: str, language: str = ENGLISH) -> str:
    """Name the file that compares two communities."""
    return _file_name(f"{focus}-vs-{peer}".replace("_", "-"), language)


def _file_name(stem: str, language: str) -> str:
    return f"{stem}.md" if language == ENGLISH else f"{stem}.{language}.md"


class Writer:
    """Renders the templates for one scoring in one language."""

    def __init__(
        self,
        scoring: Scoring,
        language: Language,
        pictures: Mapping[str, Picture] | None = None,
        *,
        plain: bool = False,
    ) -> None:
        self._scoring = scoring
        self._pictures = pictures or {}
        scores = np.concatenate([scoring.normalised.ravel(), scoring.scores.values.ravel()])
        self.numbers = Numbers(language.locale, decimals_of(scores.tolist()))
        self._environment = _environment(language)
        wording = Wording(scoring, language, self.numbers, clean if plain else escape)
        self._environment.filters.update(wording.filters())
        self._environment.filters.update(_PLAIN_MARKS if plain else _MARKS)
        self._words = Words(scoring, language)
        self._environment.filters["means_section"] = self._means_section
        self._environment.filters["snapshot_section"] = self._snapshot_section
        self._environment.tests["web_address"] = is_web_address
        self._language = language

    def _means_section(
        self, found: AgainstMeans | None, numbers: Mapping[str, int] | None = None
    ) -> str:
        return "\n".join(blocks_markdown(means_blocks(self._words, found, numbers=numbers)))

    def _snapshot_section(self, found: Snapshot | None) -> str:
        return "\n".join(blocks_markdown(snapshot_blocks(self._words, found), 3))

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
            picture=self._picture,
            pictures=self._pictures,
            comparison_file=lambda focus, peer: comparison_file(focus, peer, self._language.code),
            profile_file=lambda focus: profile_file(focus, self._language.code),
            ranking_file=_file_name("ranking", self._language.code),
            **content,
        )
        return _tidy(rendered)

    def _picture(self, kind: str, *, told: bool = False) -> str:
        """Show a picture, where it was drawn; `told` where its words stand beside it."""
        picture = self._pictures.get(kind)
        if picture is None:
            return ""
        words = escape(picture.title if told else picture.alt)
        shown = f"![{words}]({chart_file(kind, self._language.code)})"
        return f"{escape(picture.alt)}\n\n{shown}" if told else shown


class _Compiled(BytecodeCache):
    """Templates compiled once a process, for all writers."""

    def __init__(self) -> None:
        self._code: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._code:
            bucket.bytecode_from_string(self._code[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._code[bucket.key] = bucket.bytecode_to_string()


_COMPILED = _Compiled()


def _environment(language: Language) -> Environment:
    environment = Environment(
        loader=PackageLoader("icfscore.report", "templates"),
        extensions=["jinja2.ext.i18n", "jinja2.ext.do"],
        autoescape=False,  # noqa: S701 - Markdown has its own `escape`
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,  # of included templates
        bytecode_cache=_COMPILED,
        optimized=False,  # or a writer's filters would be compiled in for all of them
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


_MARKS: Mapping[str, Callable[..., str]] = {
    "strong": _strong,
    "code": _code,
    "as_proxy": _as_proxy,
    "linked": link,
    "linked_file": _linked_file,
}
_PLAIN_MARKS: Mapping[str, Callable[..., str]] = {
    "strong": str,
    "code": lambda text: f"'{text}'",
    "as_proxy": lambda text: f"~{text}",
    "linked": lambda text, _: str(text),
    "linked_file": lambda text, _: str(text),
}


def _tidy(text: str) -> str:
    """Leave one empty line at most, no blanks at line ends, and one newline at the end."""
    lines: list[str] = []
    for line in (raw.rstrip() for raw in text.split("\n")):
        if line or (lines and lines[-1]):
            lines.append(line)
    return "\n".join(lines).strip("\n") + "\n"
