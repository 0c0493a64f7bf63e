"""An award's funnel as a page: who passes each stage, by what margin, with what chance."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from icfscore.domain.funnel import Ballots, StageInput
from icfscore.domain.panels import Panel
from icfscore.domain.tables import Floats
from icfscore.methods.ballots import count_ballots
from icfscore.pipeline.funnel import Funnel, StageOutcome
from icfscore.pipeline.score import Scoring
from icfscore.report.audit_table import AuditTable, Column
from icfscore.report.language import Language
from icfscore.report.numbers import NOTHING
from icfscore.report.page import Block, Bullets, Heading, Page, Paragraph
from icfscore.report.words import Words


def funnel_page(
    scoring: Scoring,
    funnel: Funnel,
    panels: Mapping[str, Panel],
    ballots: Mapping[str, Ballots],
    language: Language,
    escape: Callable[[str, int], str],
) -> Page:
    """Put the page together."""
    words = Words(scoring, language, escape)
    _ = words.gettext
    blocks: list[Block] = []
    summary = _focus(funnel, words)
    if summary:
        blocks.append(Bullets(tuple(summary)))
    for number, outcome in enumerate(funnel.outcomes):
        blocks.append(_stage(outcome, number, panels, ballots, words))
    if funnel.n_draws:
        blocks.append(_chances(funnel, panels, words))
    blocks += [block for each in ballots.values() for block in _jury(each, words)]
    notes = [
        _(
            "The stages are those of icfscore.yaml. No award's own scores or votes are known here"
            " but those that the project's files give."
        ),
        *words.caveats(),
    ]
    blocks += [
        Heading(_("To keep in mind")),
        Bullets(tuple(notes)),
        Paragraph(words.signature()),
    ]
    return Page(_("The way through the stages"), tuple(blocks))


def _focus(funnel: Funnel, words: Words) -> list[str]:
    """Say how far the focus comes, and what it lacks at the first cut it is likely to miss."""
    _, focus = words.gettext, words.scoring.settings.focus
    if focus is None or focus not in funnel.communities:
        return []
    reached = [words.text(o.stage.name) for o in funnel.outcomes if focus in o.passed]
    name = words.community(focus)
    said = (
        _("{name} passes {stages}.").format(name=name, stages=words.listed(reached))
        if reached
        else _("{name} passes no stage.").format(name=name)
    )
    found, lack = [said], funnel.lack
    if lack is None:
        return found
    outcome = funnel.outcomes[lack.stage]
    chance = outcome.probability.get(focus)
    words_of = {
        "stage": words.text(outcome.stage.name),
        "rival": words.community(lack.rival),
        "chance": words.percent(chance),
        "gap": words.decimal(lack.gap),
    }
    if chance is not None:
        found.append(
            _(
                "The first cut it is likely to miss is {stage}: it passes in {chance} of the draws,"
                " under the stated assumptions."
            ).format(**words_of)
        )
    if lack.gap is not None and lack.gap > 0:
        found.append(
            _("On {stage} it is {gap} behind {rival}, the last who passes.").format(**words_of)
        )
    elif lack.gap is not None:
        words_of["gap"] = words.decimal(abs(lack.gap))
        said = _("On {stage} it is only {gap} ahead of {rival}, the first who fails.")
        found.append(said.format(**words_of))
    if lack.nodes:
        listed = [
            _("{node} ({own} against {other})").format(
                node=words.node(node), own=words.score(own), other=words.score(other)
            )
            for node, own, other in lack.nodes
        ]
        found.append(
            _("What it lacks most beside {rival}: {nodes}.").format(
                nodes=words.listed(listed), **words_of
            )
        )
    return found


def _stage(
    outcome: StageOutcome,
    number: int,
    panels: Mapping[str, Panel],
    ballots: Mapping[str, Ballots],
    words: Words,
) -> AuditTable:
    _, stage, focus = words.gettext, outcome.stage, words.scoring.settings.focus
    rows = tuple(
        (
            "▶" if name == focus else "",
            words.count(place),
            words.community(name),
            words.decimal(outcome.totals[name]),
            *(words.decimal(outcome.values[one.key][name]) for one in stage.inputs),
            words.percent(outcome.probability.get(name)) if outcome.probability else NOTHING,
        )
        for place, name in enumerate(outcome.order, start=1)
    )
    columns = (
        Column("", right=False),
        Column(_("Place")),
        Column(_("Community"), right=False),
        Column(_("Total")),
        *(Column(_input_name(one, panels, ballots, words), rank=1) for one in stage.inputs),
        Column(_("Passes in")),
    )
    note = _("{passes} of {entering} pass. {how} {margin}").format(
        passes=words.count(min(stage.passes, len(outcome.order))),
        entering=words.count(len(outcome.order)),
        how=" ".join([_how(outcome, words), *_weights(outcome, columns[4:-1], words)]),
        margin=_margin(outcome, words),
    )
    title = _("{number}. {stage}").format(
        number=words.count(number + 1), stage=words.text(stage.name)
    )
    lacking = [words.community(name) for name, total in outcome.totals.items() if total is None]
    footnotes = (
        (_("Last, for want of a value: {names}.").format(names=words.listed(lacking)),)
        if lacking
        else ()
    )
    return AuditTable(title, note, columns, rows, footnotes, frozenset({stage.passes}))


def _how(outcome: StageOutcome, words: Words) -> str:
    _ = words.gettext
    if outcome.stage.combine == "ranks":
        return _("Total: minus the weighted mean of the places among those who enter.")
    return _(
        "Total: weighted mean of the inputs, each with mean 0 and standard deviation 1 among those"
        " who enter."
    )


def _weights(outcome: StageOutcome, inputs: tuple[Column, ...], words: Words) -> list[str]:
    """Say what each input weighs, where there are several."""
    _, stage = words.gettext, outcome.stage
    if len(stage.inputs) < 2:
        return []
    listed = [
        f"{column.header} {words.numbers.measure(one.weight)}"
        for column, one in zip(inputs, stage.inputs, strict=True)
    ]
    return [_("Weights: {inputs}.").format(inputs=words.listed(listed))]


def _margin(outcome: StageOutcome, words: Words) -> str:
    _ = words.gettext
    if outcome.margin is None:
        return ""
    if outcome.tied:
        return _("The cut goes through a tie: the order of the stage before decides.")
    return _("Margin at the cut: {margin}.").format(margin=words.decimal(outcome.margin))


def _input_name(
    one: StageInput,
    panels: Mapping[str, Panel],
    ballots: Mapping[str, Ballots],
    words: Words,
) -> str:
    if one.source == "node":
        return words.node(one.id)
    return words.text(panels[one.id].name if one.source == "panel" else ballots[one.id].name)


def _chances(funnel: Funnel, panels: Mapping[str, Panel], words: Words) -> AuditTable:
    _, focus = words.gettext, words.scoring.settings.focus
    names = sorted(
        funnel.communities,
        key=lambda name: [-outcome.probability[name] for outcome in reversed(funnel.outcomes)],
    )
    rows = tuple(
        (
            "▶" if name == focus else "",
            words.community(name),
            *(words.percent(outcome.probability[name]) for outcome in funnel.outcomes),
        )
        for name in names
    )
    columns = (
        Column("", right=False),
        Column(_("Community"), right=False),
        *(Column(words.text(outcome.stage.name)) for outcome in funnel.outcomes),
    )
    note = _(
        "Share of {n} draws in which a community passes, under the stated assumptions: weights,"
        " data and methods vary as in the settings, panels by their standard errors, and juries"
        " are drawn anew from their own voters."
    ).format(n=words.count(funnel.n_draws))
    footnotes = [
        _("{panel}: no standard error can be computed, so no draw varies it.").format(
            panel=words.text(panels[name].name)
        )
        for name in funnel.certain
    ]
    if funnel.exact:
        footnotes.append(_("Data are taken as exact, so no draw varies panels."))
    return AuditTable(_("Chances of passing"), note, columns, rows, tuple(footnotes))


def _jury(ballots: Ballots, words: Words) -> list[Block]:
    _ = words.gettext
    count = count_ballots(ballots.places, ballots.voters)
    counts: list[tuple[str, Floats]] = [
        (_("Plurality"), count.plurality),
        (_("Borda"), count.borda),
    ]
    if ballots.approvals is not None:
        counts.append((_("Approval"), ballots.voters @ ballots.approvals))
    if ballots.points is not None:
        counts.append((_("Points"), ballots.voters @ ballots.points))
    counts.append((_("Majorities"), count.copeland))
    order = np.argsort(-count.borda, kind="stable")
    rows = tuple(
        (
            words.community(ballots.communities[n]),
            *(words.numbers.measure(float(values[n])) for _name, values in counts),
        )
        for n in order.tolist()
    )
    columns = (
        Column(_("Community"), right=False),
        *(Column(name) for name, _values in counts),
    )
    note = _(
        "{voters} voters. Plurality: first places. Borda: communities placed below, over all"
        " ballots. Majorities: duels won less duels lost. A stage counts anew, among those who"
        " enter it: whom a ballot does not name shares the last place on it."
    ).format(voters=words.count(int(ballots.voters.sum())))
    table = AuditTable(words.text(ballots.name), note, columns, rows)
    return [table, Bullets(tuple(_winners(ballots, counts[:-1], count.winner, words)))]


def _winners(
    ballots: Ballots, counts: list[tuple[str, Floats]], winner: int | None, words: Words
) -> list[str]:
    """Say who wins by each rule, and whether they agree."""
    _, names, found = words.gettext, ballots.communities, []
    winners = [
        {names[n] for n in np.flatnonzero(np.isclose(values, values.max())).tolist()}
        for _name, values in counts
    ]
    for (rule, _values), best in zip(counts, winners, strict=True):
        found.append(_("{rule}: {names}.").format(rule=rule, names=words.communities(sorted(best))))
    if winner is None:
        found.append(_("No Condorcet winner: nobody wins against each of the others."))
    else:
        found.append(
            _("Condorcet winner, who wins against each of the others: {name}.").format(
                name=words.community(names[winner])
            )
        )
        winners.append({names[winner]})
    if all(best == winners[0] and len(best) == 1 for best in winners):
        found.append(_("The counts agree."))
    else:
        found.append(_("The counts do not agree: the rule decides."))
    return found
