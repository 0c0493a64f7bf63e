"""The ranking against a published list as a page: the verdict, its numbers, and what they prove."""

from __future__ import annotations

from collections.abc import Callable

from icfscore.domain.criteria import ROOT
from icfscore.methods.backtest import convincing_area
from icfscore.pipeline.backtest import Backtest, NodeTest
from icfscore.pipeline.published_lists import ListOfYear
from icfscore.pipeline.score import Scoring
from icfscore.report.audit_table import AuditTable, Column
from icfscore.report.backtest_page_weights import other_weights, weights_tables
from icfscore.report.language import Language
from icfscore.report.page import Block, Bullets, Heading, Page, Paragraph
from icfscore.report.words import Words

_RARE = 0.05


def backtest_page(
    scoring: Scoring, found: Backtest, language: Language, escape: Callable[[str, int], str]
) -> Page:
    """Put the page together."""
    words = Words(scoring, language, escape)
    _ = words.gettext
    title = _("{list} {year}: would the ranking have found them?").format(
        list=words.list_name(found.list), year=found.year
    )
    blocks: list[Block] = [
        Paragraph(_verdict(words, found)),
        _places(words, found),
        _by_node(words, found),
        Heading(_("Would other weights have found them?")),
        Bullets(tuple(other_weights(words, found))),
        *weights_tables(words, found),
        Heading(_("What this proves, and what it cannot")),
        Bullets(tuple(_limits(words, found))),
        _lists(words, found),
    ]
    if words.caveats():
        blocks += [Heading(_("To keep in mind")), Bullets(tuple(words.caveats()))]
    blocks.append(Paragraph(words.signature()))
    return Page(title, tuple(blocks))


def _verdict(words: Words, found: Backtest) -> str:
    _, overall = words.gettext, found.overall
    hits = found.precision * overall.k
    sentences = [
        words.ngettext(
            "The one chosen stands at rank {mean} of {n}; by chance it would be {expected}.",
            "Of the {k} chosen, {hits} are among the first {k} of {n} in this ranking; a blind"
            " choice would have put {chance} there. Their mean rank is {mean}, by chance it"
            " would be {expected}.",
            overall.k,
        ).format(
            k=words.count(overall.k),
            hits=words.numbers.fixed(hits, 1, least=0),
            n=words.count(overall.n),
            chance=words.decimal(overall.k * overall.k / overall.n, 1),
            mean=words.numbers.fixed(found.mean_rank, 1, least=0),
            expected=words.numbers.fixed((overall.n + 1) / 2, 1, least=0),
        ),
        _(
            "A chosen community stands above one that was not in {auc} of the pairs (50 % by"
            " chance); a blind choice would do as well or better with probability {p}."
        ).format(auc=words.percent(overall.auc), p=words.p_value(overall.p_value)),
        _significance(words, found),
    ]
    return " ".join(sentences)


def _significance(words: Words, found: Backtest) -> str:
    _, p_value = words.gettext, found.overall.p_value
    if p_value is not None and p_value < _RARE:
        return _("The ranking and the choice agree more than chance explains.")
    if p_value is not None and p_value > 1 - _RARE and (found.overall.auc or 0.0) < 1 / 2:
        return _(
            "The chosen stand lower than chance would put them: this ranking and the choice"
            " disagree."
        )
    return _(
        "So the choice is no evidence that the ranking sees what was judged; nor is it evidence"
        " against it, since with so few only a strong agreement would show."
    )


def _places(words: Words, found: Backtest) -> AuditTable:
    _ = words.gettext
    rows = tuple(
        (words.numbers.fixed(found.ranks[name], 1, least=0), words.community(name))
        for name in found.chosen
    )
    sources = words.listed([words.source(key) for key in _sources(words, found)])
    footnotes = [_("Source: {sources}.").format(sources=sources)] if sources else []
    if found.without_rank:
        footnotes.append(
            _("Chosen, but without a rank: {names}.").format(
                names=words.communities(found.without_rank)
            )
        )
    columns = (Column(_("Rank")), Column(_("Chosen"), right=False))
    return AuditTable(_("Where the chosen stand"), "", columns, rows, tuple(footnotes))


def _sources(words: Words, found: Backtest) -> list[str]:
    """List the sources by which the chosen are on the list."""
    given = (
        each.source
        for name in (*found.chosen, *found.without_rank)
        for each in words.scoring.project.community_by_id[name].recognitions
        if (each.list, each.year) == (found.list, found.year) and each.source
    )
    return list(dict.fromkeys(given))


def _by_node(words: Words, found: Backtest) -> AuditTable:
    _ = words.gettext
    rows = tuple(
        (
            words.node(test.node),
            words.decimal(test.auc),
            words.p_value(test.p_value),
            "" if test.node == ROOT else words.p_value(test.corrected),
            words.count(test.n),
        )
        for test in found.nodes
    )
    columns = (
        Column(_("Score"), right=False),
        Column(_("Area (AUC)")),
        Column(_("p")),
        Column(_("p, corrected")),
        Column(_("Communities")),
    )
    note = _(
        "Area under the ROC curve: the share of pairs of a chosen and another in which the chosen"
        " one has the higher score, equal scores counting half; below 0.5 it is the lower one more"
        " often. p: the probability that a blind choice of as many has a rank sum as high or higher"
        " ({how}). Corrected: by Holm's method, since {m} scores are looked at."
    ).format(
        how=_("exact") if all(test.exact for test in found.nodes) else _("normal approximation"),
        m=words.count(len(found.nodes) - 1),
    )
    return AuditTable(_("Overall and by criterion"), note, columns, rows)


def _limits(words: Words, found: Backtest) -> list[str]:
    _, overall = words.gettext, found.overall
    filled = max((each.n_filled for each in found.freedom), default=0)
    lines = [
        _size(words, overall),
        *_selected_before(words, found),
        _(
            "What the judges saw and no indicator shows, such as narrative answers, visits and"
            " votes, is not in the ranking. That the two differ proves neither wrong."
        ),
        _(
            "Every further score, list or weighting that is tried makes a chance hit likelier: the"
            " overall test counts as it stands, those of the criteria only as corrected."
        ),
    ]
    if filled:
        lines.append(
            _(
                "{n} missing values of indicators are filled with the score of the node above where"
                " their weights are set free."
            ).format(n=words.count(filled))
        )
    if not found.declared:
        lines.append(
            _(
                "That the list is complete for these communities is assumed: say so, or in which"
                " years, under lists: in icfscore.yaml."
            )
        )
    return lines


def _size(words: Words, overall: NodeTest) -> str:
    _ = words.gettext
    needed = convincing_area(overall.n, overall.k, _RARE)
    numbers = {"k": words.count(overall.k), "n": words.count(overall.n)}
    if needed is None:
        return _(
            "It is one choice of {k} out of {n}: even the best possible agreement would not be rare"
            " by chance."
        ).format(**numbers)
    return _(
        "It is one choice of {k} out of {n}. With these numbers the area has to reach {needed}"
        " before a blind choice does as well in fewer than 5 % of the cases."
    ).format(needed=words.decimal(needed), **numbers)


def _selected_before(words: Words, found: Backtest) -> list[str]:
    """Say which other list of the year names them all."""
    _ = words.gettext
    return [
        _(
            "All {n} are on another list of that year, {list}: they had been chosen already. Where"
            " a first selection has left only good ones, little is left to tell them apart."
        ).format(n=words.count(found.n), list=words.list_name(each.list))
        for each in found.others
        if each.obstacle == "everybody" and each.year == found.year and each.list != found.list
    ]


def _lists(words: Words, found: Backtest) -> AuditTable:
    _ = words.gettext
    rows = tuple(
        (
            words.list_name(each.list),
            str(each.year),
            words.count(len(each.chosen)),
            _tested(words, found, each),
        )
        for each in found.others
    )
    columns = (
        Column(_("List"), right=False),
        Column(_("Year")),
        Column(_("Named here")),
        Column(_("Tested"), right=False),
    )
    note = _(
        "A list tells something only where each of these communities was a candidate and whoever"
        " was chosen among them is recorded."
    )
    return AuditTable(_("Lists on record"), note, columns, rows)


def _tested(words: Words, found: Backtest, each: ListOfYear) -> str:
    _ = words.gettext
    if (each.list, each.year) == (found.list, found.year):
        return _("above")
    told = {
        "": _("can be tested: --list {list} --of-year {year}"),
        "incomplete": _("not known to be complete"),
        "nobody": _("names nobody who is ranked"),
        "everybody": _("names all, and so tells none apart"),
    }
    return told[each.obstacle].format(list=words.identifier(each.list), year=each.year)
