"""Rankings of several years as a page: whether there is a development at all, then what it is."""

from __future__ import annotations

import math

from icfscore.pipeline.years import Step, Years
from icfscore.pipeline.years_evidence import Evidence
from icfscore.report.audit_table import AuditTable, Column
from icfscore.report.numbers import NOTHING
from icfscore.report.page import Block, Bullets, Heading, Page, Paragraph
from icfscore.report.words import Words
from icfscore.report.years_page_values import values_tables


def years_page(words: Words, found: Years) -> Page:
    """Put the page together.

    Parameters
    ----------
    words
        Of a scoring of the same project.
    """
    _ = words.gettext
    title = _("{first} to {last}, year by year").format(first=found.years[0], last=found.years[-1])
    blocks: list[Block] = [Paragraph(_verdict(words, found)), _evidence(words, found)]
    if found.has_history:
        blocks += [_ranks(words, found), _scores(words, found), *_changes(words, found)]
        blocks += values_tables(words, found)
    blocks += [Heading(_("How it was computed")), Bullets(tuple(_method(words, found)))]
    if words.caveats():
        blocks += [Heading(_("To keep in mind")), Bullets(tuple(words.caveats()))]
    return Page(title, tuple(blocks))


def _verdict(words: Words, found: Years) -> str:
    _ = words.gettext
    later = found.evidence[1:]
    possible = sum(each.values for each in later)
    if not later or not possible:
        return _("There is one year, so nothing to compare.")
    repeated = sum(each.repeated for each in later) / possible
    newer = sum(each.newer for each in later) / possible
    if not found.has_history:
        other = sum(each.holder + each.appeared + each.gone + each.denominator for each in later)
        text = _(
            "There is no development to show: in these years no value gives way to a later one."
            " {repeated} of the values of a year are those of the year before."
        ).format(repeated=words.percent(repeated))
        if other:
            text += " " + words.ngettext(
                "{n} change in all these years comes from a value that became too old"
                " (max_age: {age} years) or from its denominator, and says nothing of the place.",
                "{n} changes in all these years come from values that became too old"
                " (max_age: {age} years) or from their denominators, and say nothing of the"
                " places.",
                other,
            ).format(n=words.count(other), age=words.count(found.settings.max_age))
        return text + " " + _("So no ranks by year are shown; --format json has them.")
    text = _(
        "From one year to the next {newer} of the values are later ones, {repeated} are those of"
        " the year before."
    ).format(newer=words.percent(newer), repeated=words.percent(repeated))
    if repeated > 1 / 2:
        text += " " + _(
            "More is repeated than new: a place that stays may stay because nothing was measured."
        )
    return f"{text} {_focus(words, found)}".rstrip()


def _focus(words: Words, found: Years) -> str:
    _, focus, step = words.gettext, found.settings.focus, found.whole
    if focus not in found.communities or step is None:
        return ""
    row = found.communities.index(focus)
    if math.isnan(step.rank[row]):
        return _("{name} has no score in both {first} and {last}.").format(
            name=words.community(focus), first=step.first, last=step.last
        )
    return _(
        "{name} goes from rank {before} in {first} to rank {after} in {last}: {own} places by its"
        " own score ({score} points), {others} by the others' (below 0: up)."
    ).format(
        name=words.community(focus),
        before=words.rank(int(found.ranks[0, row])),
        after=words.rank(int(found.ranks[-1, row])),
        first=step.first,
        last=step.last,
        own=_places(words, step.own[row]),
        others=_places(words, step.others[row]),
        score=words.signed_score(float(step.score[row])),
    )


def _places(words: Words, places: float) -> str:
    if math.isnan(places):
        return NOTHING
    spelt = words.numbers.fixed(abs(places), 1, least=0)
    return spelt if places == 0 else f"{'−' if places < 0 else '+'}{spelt}"


def _evidence(words: Words, found: Years) -> AuditTable:
    _ = words.gettext
    undated = any(each.undated for each in found.evidence)

    def row(each: Evidence, first: bool) -> tuple[str, ...]:
        counts = (
            each.newer,
            each.repeated,
            each.denominator,
            each.holder,
            each.appeared,
            each.gone,
        )
        return (
            str(each.year),
            words.count(each.values),
            words.count(each.of_year),
            *([words.count(each.undated)] if undated else []),
            *(NOTHING if first else words.count(count) for count in counts),
        )

    columns = (
        Column(_("Year"), right=False),
        Column(_("Values")),
        Column(_("Of the year")),
        *([Column(_("Undated"))] if undated else []),
        Column(_("Later ones")),
        Column(_("Repeated")),
        Column(_("Other denominator"), rank=1),
        Column(_("Another's"), rank=1),
        Column(_("New"), rank=1),
        Column(_("Gone"), rank=1),
    )
    note = _(
        "Of the year: measured in it; in other years the nearest value counts. The other columns"
        " compare with the year before: a later value of the same place, the same one again, the"
        " same over another denominator, one of another entity (an own one where a proxy stood, or"
        " the reverse), one where there was none, none where there was one."
    )
    rows = tuple(row(each, place == 0) for place, each in enumerate(found.evidence))
    return AuditTable(_("What the values of each year are"), note, columns, rows)


def _ranks(words: Words, found: Years) -> AuditTable:
    cells = [[words.rank(int(rank) or None) for rank in ranks] for ranks in found.ranks.T]
    return _by_year(words, found, words.gettext("Ranks"), cells)


def _scores(words: Words, found: Years) -> AuditTable:
    cells = [
        [words.score(None if math.isnan(score) else float(score)) for score in scores]
        for scores in found.scores.T
    ]
    return _by_year(words, found, words.gettext("Scores, on one scale"), cells)


def _by_year(words: Words, found: Years, title: str, cells: list[list[str]]) -> AuditTable:
    _ = words.gettext
    rows = tuple((*_who(words, found, row), *cells[row]) for row in found.order())
    columns = (
        Column("", right=False),
        Column(_("Community"), right=False),
        *(Column(str(year), rank=found.years[-1] - year) for year in found.years),
    )
    return AuditTable(title, "", columns, rows)


def _who(words: Words, found: Years, row: int) -> tuple[str, str]:
    name = found.communities[row]
    return ("▶" if name == found.settings.focus else "", words.community(name))


def _changes(words: Words, found: Years) -> list[AuditTable]:
    _, step = words.gettext, found.whole
    if step is None:
        return []
    columns = (
        Column("", right=False),
        Column(_("Community"), right=False),
        Column(_("Score")),
        Column(_("Rank")),
        Column(_("By its own score")),
        Column(_("By the others'")),
    )
    note = _(
        "Places below 0 are upwards. What a community's own score and what the others' scores did"
        " of its change of rank: each the mean of what it does before and after the other (Shapley"
        " value); they sum to the change."
    )
    rows = tuple(_change(words, found, step, row) for row in found.order())
    title = _("What changed from {first} to {last}").format(first=step.first, last=step.last)
    return [AuditTable(title, note, columns, rows)]


def _change(words: Words, found: Years, step: Step, row: int) -> tuple[str, ...]:
    score = float(step.score[row])
    places = (step.rank[row], step.own[row], step.others[row])
    return (
        *_who(words, found, row),
        words.signed_score(None if math.isnan(score) else score),
        *(_places(words, float(change)) for change in places),
    )


def _method(words: Words, found: Years) -> list[str]:
    _ = words.gettext
    lines = [
        _(
            "All years are scored on one scale, taken over all dated values there are (over:"
            " pooled), so that a score does not depend on which other years are asked for. Of"
            " several values the one nearest to the year counts, at most {age} years away."
        ).format(age=words.count(found.settings.max_age)),
        _("Who and what takes part passes the screening in every year."),
    ]
    told = {
        "weights": _("The weights follow the data: part of a change may be theirs."),
        "relative": _(
            "The index is a standing among the others, so that a community's own score moves with"
            " theirs too."
        ),
        "imputed": _("Missing values are filled from the others, year by year."),
    }
    lines += [told[note] for note in found.notes]
    if found.left_out:
        names = words.wording.nodes(found.left_out)
        lines.append(_("Left out for want of values in some year: {names}.").format(names=names))
    if found.excluded:
        excluded = [
            _("{name} ({why})").format(name=words.community(name), why=words.said(why))
            for name, why in found.excluded.items()
        ]
        lines.append(
            _("Not ranked for want of values in some year: {found}.").format(
                found=words.listed(excluded)
            )
        )
    return lines
