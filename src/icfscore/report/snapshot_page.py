"""The snapshot of a community that stands alone: blocks of a page, for reports and the terminal."""

from __future__ import annotations

from typing import Any

from icfscore.domain.criteria import ROOT, Indicator
from icfscore.domain.questions import answers_of
from icfscore.methods.normalise import Goalposts
from icfscore.pipeline.score import Scoring
from icfscore.pipeline.snapshot import Insight, Snapshot, Step
from icfscore.report.audit_table import AuditTable, Column
from icfscore.report.escape import clean
from icfscore.report.language import find_language
from icfscore.report.numbers import NOTHING
from icfscore.report.page import (
    Block,
    Bullets,
    Heading,
    Page,
    Paragraph,
    page_markdown,
    print_blocks,
)
from icfscore.report.terminal import make_console, printed
from icfscore.report.words import Words


def snapshot_markdown(scoring: Scoring, found: Snapshot, language: str = "en") -> str:
    """Write the snapshot as a page of its own, with what every reader must know."""
    words = Words(scoring, find_language(language))
    _ = words.gettext
    title = _("{name}: the snapshot").format(name=words.community(found.community))
    about = _("{framework}; data about {year}.").format(
        framework=words.text(scoring.project.tree.root.name),
        year=scoring.settings.reference_year,
    )
    blocks: tuple[Block, ...] = (Paragraph(about), *snapshot_blocks(words, found))
    if words.caveats():
        blocks += (Heading(_("To keep in mind")), Bullets(tuple(words.caveats())))
    return page_markdown(Page(title, (*blocks, Paragraph(words.signature()))))


def snapshot_terminal(
    scoring: Scoring,
    found: Snapshot | None,
    language: str = "en",
    *,
    piped: bool | None = None,
    width: int | None = None,
) -> str:
    """Lay the snapshot out for the terminal; empty without one."""
    blocks = snapshot_blocks(Words(scoring, find_language(language), clean), found)
    if not blocks:
        return ""
    console = make_console(piped=piped, width=width)
    print_blocks(console, blocks)
    return printed(console)


def snapshot_record(found: Snapshot | None) -> dict[str, Any] | None:
    """Give the snapshot as JSON has it: `overall`, and `insights` by criterion."""
    if found is None:
        return None
    return {
        "draws": found.n_draws,
        "overall": _record(found.overall),
        "insights": [_record(each) for each in found.insights],
    }


def _record(each: Insight) -> dict[str, Any]:
    step = each.step
    return {
        "id": each.node,
        "score": each.score,
        "interval": None if each.interval is None else list(each.interval),
        "answered": each.known,
        "asked": each.asked,
        "open": list(each.open),
        "step": None
        if step is None
        else {
            "indicator": step.indicator,
            "from": step.before,
            "to": step.after,
            "gain": step.gain,
            "gain_overall": step.gain_overall,
            "as_good": each.as_good,
        },
    }


def snapshot_blocks(words: Words, found: Snapshot | None) -> tuple[Block, ...]:
    """Say where a community stands and what would raise each score most; nothing without one."""
    if found is None:
        return ()
    _ = words.gettext
    blocks: list[Block] = [
        Paragraph(_overall(words, found)),
        Heading(
            words.ngettext("{n} insight", "{n} insights", len(found.insights)).format(
                n=words.count(len(found.insights))
            )
        ),
        Bullets(tuple(_insight(words, each) for each in found.insights)),
        _table(words, found),
    ]
    if found.overall.open:
        title = _("Not answered yet: {n} of {all}").format(
            n=words.count(len(found.overall.open)), all=words.count(found.overall.asked)
        )
        listed = tuple(
            _("{node}: {open}").format(
                node=words.node(each.node), open=words.listed(words.node(o) for o in each.open)
            )
            for each in found.insights
            if each.open
        )
        blocks += [Heading(title), Bullets(listed)]
    return (*blocks, Heading(_("How to read it")), Paragraph(_method(words, found)))


def _overall(words: Words, found: Snapshot) -> str:
    _ = words.gettext
    whole = found.overall
    name = words.community(found.community)
    text = _("{name} scores {score} overall.").format(name=name, score=words.score(whole.score))
    rated = sum(each.score is not None for each in found.insights)
    lines = [text, _interval(words, whole)]
    if whole.open:
        lines.append(
            _(
                "It rests on {known} of {asked} answers, and on {rated} of {all} criteria: what is"
                " open may raise or lower it."
            ).format(
                known=words.count(whole.known),
                asked=words.count(whole.asked),
                rated=words.count(rated),
                all=words.count(len(found.insights)),
            )
        )
    if whole.step is not None:
        lines.append(
            _("The step that raises the whole most, by {points} points: {step}.").format(
                points=words.score(whole.step.gain_overall), step=_step(words, whole.step)
            )
        )
        lines.append(_others(words, whole))
    return " ".join(filter(None, lines))


def _insight(words: Words, each: Insight) -> str:
    _ = words.gettext
    node = words.node(each.node)
    if each.score is None:
        return _("{node}: nothing is answered yet, so there is no score.").format(node=node)
    lines = [
        _("{node}: {score}, from {known} of {asked} answers.").format(
            node=node,
            score=words.score(each.score),
            known=words.count(each.known),
            asked=words.count(each.asked),
        ),
        _interval(words, each),
    ]
    if each.best and each.node not in each.best:
        lines.append(_("Strongest: {names}.").format(names=_named(words, each.best)))
        lines.append(_("Weakest: {names}.").format(names=_named(words, each.worst)))
    if each.step is None:
        lines.append(
            _("Every answer that was given is at the top.")
            if each.score is not None and not each.worst
            else _("No next step is known.")
        )
    else:
        lines.append(
            _("The next step that moves it most, by {points} points: {step}.").format(
                points=words.score(each.step.gain), step=_step(words, each.step)
            )
        )
        lines.append(_others(words, each))
    return " ".join(filter(None, lines))


def _named(words: Words, names: tuple[str, ...]) -> str:
    return words.listed(words.node(name) for name in names)


def _interval(words: Words, each: Insight) -> str:
    if each.interval is None:
        return ""
    low, high = each.interval
    return words.gettext(
        "In 90 % of the draws, under the stated assumptions, the score lies between {low} and"
        " {high}."
    ).format(low=words.score(low), high=words.score(high))


def _step(words: Words, step: Step) -> str:
    return words.gettext("{indicator}, from “{before}” to “{after}”").format(
        indicator=words.node(step.indicator),
        before=_answer(words, step.indicator, step.before),
        after=_answer(words, step.indicator, step.after),
    )


def _answer(words: Words, name: str, value: float) -> str:
    indicator = words.scoring.project.tree.quantity_by_id[name]
    assert isinstance(indicator, Indicator)  # noqa: S101 - only indicators are asked for
    for answer in answers_of(indicator):
        if answer.value == value:
            return words.text(answer.text).rstrip(".")
    return words.wording.amount(value, indicator)


def _others(words: Words, each: Insight) -> str:
    if not each.as_good:
        return ""
    return words.ngettext(
        "{n} other step would move it as much.",
        "{n} other steps would move it as much.",
        each.as_good,
    ).format(n=words.count(each.as_good))


def _table(words: Words, found: Snapshot) -> AuditTable:
    _ = words.gettext
    columns = (
        Column(_("Criterion"), right=False),
        Column(_("Score")),
        Column(_("90 %"), rank=1),
        Column(_("Answered")),
        Column(_("Next step"), right=False),
        Column(_("Its gain here")),
        Column(_("Its gain overall"), rank=2),
    )
    rows = tuple(_row(words, each) for each in (found.overall, *found.insights))
    return AuditTable("", "", columns, rows)


def _row(words: Words, each: Insight) -> tuple[str, ...]:
    step, interval = each.step, each.interval
    gain = None if step is None else step.gain_overall if each.node == ROOT else step.gain
    low_high = (
        NOTHING
        if interval is None
        else words.gettext("{low} to {high}").format(
            low=words.score(interval[0]), high=words.score(interval[1])
        )
    )
    return (
        words.node(each.node),
        words.score(each.score),
        low_high,
        f"{words.count(each.known)}/{words.count(each.asked)}",
        NOTHING if step is None else words.node(step.indicator),
        words.signed_score(gain),
        words.signed_score(None if step is None else step.gain_overall),
    )


def _method(words: Words, found: Snapshot) -> str:
    _ = words.gettext
    lines = [
        _(
            "No other community moves these scores. A step takes one answer to the next level, all"
            " else staying as it is, and was scored again; what it costs is not considered. Of"
            " steps worth the same the one that starts lowest is named."
        )
    ]
    scale = words.scoring.settings.recipe.normalisation.base
    if isinstance(scale, Goalposts):
        ends = {"low": f"{scale.low:g}", "high": f"{scale.high:g}"}
        ranges = _("Scores go from {low}, the worst answer to every question, to {high}, the best.")
        lines.insert(0, ranges.format(**ends))
    if found.n_draws:
        lines.append(
            _(
                "The intervals hold the scores at 5 % and 95 % of {n} draws of answers and"
                " weights, seed {seed}; an answer at an end of its scale can only err inwards."
            ).format(
                n=words.count(found.n_draws),
                seed=words.scoring.settings.uncertainty.seed,
            )
        )
    return " ".join(lines)
