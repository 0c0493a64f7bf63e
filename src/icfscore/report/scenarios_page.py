"""Scenarios side by side as a page: what each changes, why, and what becomes of the ranks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import groupby

from icfscore.pipeline.scenarios import Comparison, Outcome, ranks_of
from icfscore.pipeline.score import Scoring
from icfscore.recipe import Scenario
from icfscore.report.audit_table import AuditTable, Column
from icfscore.report.language import Language
from icfscore.report.numbers import NOTHING
from icfscore.report.page import Block, Bullets, Heading, Page, Paragraph
from icfscore.report.words import Words


def scenarios_page(
    comparison: Comparison,
    scenarios: Mapping[str, Scenario],
    language: Language,
    escape: Callable[[str, int], str],
) -> Page:
    """Put the page together."""
    words = Words(comparison.base, language, escape)
    _ = words.gettext
    blocks: list[Block] = [
        Paragraph(_about(comparison, words)),
        _summary(comparison, scenarios, words),
        _ranks(comparison, words),
        Heading(_("Why each is run")),
        Bullets(_reasons(comparison, scenarios, words)),
    ]
    found = _losses(comparison, scenarios, words)
    if found:
        blocks += [Heading(_("Who and what is left out")), Bullets(tuple(found))]
    if words.caveats():
        blocks += [Heading(_("To keep in mind")), Bullets(tuple(words.caveats()))]
    blocks.append(Paragraph(words.signature()))
    return Page(_("Scenarios"), tuple(blocks))


def _about(comparison: Comparison, words: Words) -> str:
    _ = words.gettext
    base = comparison.base.settings.scenario
    n = len(comparison.outcomes)
    first = words.ngettext(
        "{n} scenario beside the base, which is {base}.",
        "{n} scenarios beside the base, which is {base}.",
        n,
    ).format(
        n=words.count(n),
        base=_("the scenario {name}").format(name=words.identifier(base))
        if base
        else _("the recipe of icfscore.yaml"),
    )
    return f"{first} {_key(comparison, words)}"


def _key(comparison: Comparison, words: Words) -> str:
    _ = words.gettext
    told = [each for each in comparison.outcomes if each.mean_rank_shift is not None]
    focus = comparison.base.settings.focus
    sentences = []
    if focus is not None:
        ranks = [each.ranks[focus] for each in told if focus in each.ranks]
        own = comparison.base.ranking
        now = own.rank_of(focus) if focus in own.communities else None
        if ranks and now is not None:
            sentences.append(
                _(
                    "{name}, at rank {now} in the base, stands between {best} and {worst} in them,"
                    " and no more than one place from {now} in {near} of {all}; where a scenario"
                    " ranks fewer communities, its ranks count among these only."
                ).format(
                    name=words.community(focus),
                    now=words.count(now),
                    best=words.count(min(ranks)),
                    worst=words.count(max(ranks)),
                    near=words.count(sum(abs(rank - now) <= 1 for rank in ranks)),
                    all=words.count(len(ranks)),
                )
            )
    sentences.append(
        _(
            "Tau: Kendall's tau-b with the base, 1 for the same order, 0 for no relation. Shift:"
            " mean number of places by which a community moves. Both are taken among the"
            " communities that are ranked in both."
        )
    )
    return " ".join(sentences)


def _title(name: str, scenarios: Mapping[str, Scenario], words: Words) -> str:
    return words.text(scenarios[name].name) or words.identifier(name)


def _summary(comparison: Comparison, scenarios: Mapping[str, Scenario], words: Words) -> AuditTable:
    _ = words.gettext
    focus = comparison.base.settings.focus
    rows = []
    for position, each in enumerate(comparison.outcomes, start=1):
        largest = NOTHING
        if each.largest is not None:
            name, change = each.largest
            moved = _("{name}, {n} down") if change > 0 else _("{name}, {n} up")
            largest = moved.format(name=words.community(name), n=words.count(abs(change)))
        n_ranked = NOTHING if each.scoring is None else words.count(len(each.ranks))
        cells = (
            words.count(position),
            _title(each.name, scenarios, words),
            *([words.rank(each.ranks.get(focus))] if focus else []),
            n_ranked,
            words.decimal(each.tau),
            words.decimal(each.mean_rank_shift),
            largest,
        )
        rows.append(cells)
    columns = (
        Column(_("No.")),
        Column(_("Scenario"), right=False),
        *([Column(_("Rank of {name}").format(name=words.community(focus)))] if focus else []),
        Column(_("Of") if focus else _("Ranked")),
        Column(_("Tau")),
        Column(_("Shift")),
        Column(_("Moves most (places)"), right=False, rank=1),
    )
    return AuditTable(_("How far each changes the ranking"), "", columns, tuple(rows))


def _ranks(comparison: Comparison, words: Words) -> AuditTable:
    _ = words.gettext
    base = ranks_of(comparison.base)
    others = [name for name in comparison.base.project.community_by_id if name not in base]
    focus = comparison.base.settings.focus
    rows = tuple(
        (
            "▶" if name == focus else "",
            words.community(name),
            words.rank(base.get(name)),
            *(words.rank(each.ranks.get(name)) for each in comparison.outcomes),
        )
        for name in [*base, *others]
    )
    columns = (
        Column("", right=False),
        Column(_("Community"), right=False),
        Column(_("Base")),
        *(Column(words.count(n + 1), rank=n) for n in range(len(comparison.outcomes))),
    )
    note = _("The columns are the scenarios by number; {nothing}: not ranked.").format(
        nothing=NOTHING
    )
    return AuditTable(_("Ranks"), note, columns, rows)


def _reasons(
    comparison: Comparison, scenarios: Mapping[str, Scenario], words: Words
) -> tuple[str, ...]:
    """Give the reasons, neighbours that share one together."""
    _ = words.gettext
    numbered = enumerate(comparison.outcomes, start=1)
    lines = []
    for reason, group in groupby(numbered, lambda pair: scenarios[pair[1].name].description):
        titles = [
            _("{n}. {title} (--scenario {name})").format(
                n=words.count(position),
                title=_title(each.name, scenarios, words),
                name=words.identifier(each.name),
            )
            for position, each in group
        ]
        why = words.text(reason) or _("no reason is given.")
        lines.append(_("{titles}: {reason}").format(titles="; ".join(titles), reason=why))
    return tuple(lines)


def _losses(comparison: Comparison, scenarios: Mapping[str, Scenario], words: Words) -> list[str]:
    """Say what a scenario leaves out that the base does not."""
    _ = words.gettext
    return [
        _("{title}: {loss}").format(title=_title(each.name, scenarios, words), loss=loss)
        for each in comparison.outcomes
        for loss in _losses_of(each, comparison.base, words)
    ]


def _losses_of(each: Outcome, base: Scoring, words: Words) -> list[str]:
    _ = words.gettext
    if each.scoring is None or each.reason:
        return [_("it has no ranking to compare: {reason}").format(reason=words.said(each.reason))]
    screened, lines = each.scoring.screened, []
    gone = {n: why for n, why in screened.excluded.items() if n not in base.screened.excluded}
    if gone:
        found = [
            _("{name} ({why})").format(name=words.community(name), why=words.said(why))
            for name, why in gone.items()
        ]
        lines.append(
            _("not ranked, for want of values: {found}.").format(found=words.listed(found))
        )
    few = len(set(screened.left_out) - set(base.screened.left_out))
    if few:
        lines.append(
            _("rests on {kept} indicators; {n} more than in the base have too few values.").format(
                kept=words.count(int(screened.scored.sum())), n=words.count(few)
            )
        )
    before, after = _indicators_below(base), _indicators_below(each.scoring)
    empty = [node for node, columns in before.items() if not after.get(node) and columns]
    single = [
        _("{node} ({indicator})").format(node=words.node(node), indicator=words.node(names[0]))
        for node, names in after.items()
        if len(names) == 1 and len(before.get(node, ())) > 1
    ]
    if empty:
        names = words.listed([words.node(node) for node in empty])
        lines.append(_("nothing is left of {names}.").format(names=names))
    if single:
        lines.append(_("rests on a single indicator: {names}.").format(names=words.listed(single)))
    return lines


def _indicators_below(scoring: Scoring) -> dict[str, list[str]]:
    """List the scored indicators below each child of the root that has children itself."""
    indicators = scoring.screened.observed.indicators
    return {
        node.id: [indicators[column] for column in scoring.columns_below(node.id)]
        for node in scoring.project.tree.root.criteria
    }
