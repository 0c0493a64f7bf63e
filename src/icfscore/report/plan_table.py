"""A plan for the terminal: what is said of it, and its changes as a table."""

from __future__ import annotations

from icfscore.domain.text import text_in
from icfscore.report.language import find_language
from icfscore.report.numbers import Numbers, decimals_of
from icfscore.report.plan_record import PlanTold
from icfscore.report.plan_words import PlanWords
from icfscore.report.ranking_table import Column, lay_out
from icfscore.report.terminal import one_line
from icfscore.report.whatif_table import terminal_escape
from icfscore.report.wording import Wording


def plan_table(
    told: PlanTold, code: str = "en", *, piped: bool | None = None, width: int | None = None
) -> str:
    """Lay out the changes, those that give most for their effort first."""
    language = find_language(code)
    _ = language.gettext
    plan = told.plan
    numbers = Numbers(language.locale, decimals_of(plan.before.ranking.scores.tolist()))
    wording = Wording(plan.before, language, numbers, terminal_escape)
    words = PlanWords(told, language, numbers, wording)
    caveats = plan.before.project.tree.caveats[:1]
    legend = [*words.method(), *words.fixed(), *(one_line(text_in(c, code)) for c in caveats)]
    head = [*words.summary(), *filter(None, [words.stairs()])]
    if not plan.moves:
        return "\n".join([*head, *legend]) + "\n"
    moves = plan.moves
    columns = [
        Column("", [str(n + 1) for n in range(len(moves))]),
        Column(
            _("Indicator"), [wording.node(move.lever.id) for move in moves], right=False, width=40
        ),
        Column(_("From"), [words.start(move) for move in moves]),
        Column(_("To"), [words.goal(move) for move in moves]),
        Column(_("Percentile"), [words.percentiles(move) for move in moves]),
        Column(_("Effort"), [words.effort(move.effort) for move in moves]),
        Column(_("Gain"), [numbers.signed_score(move.gain) for move in moves]),
        Column(_("Who does it"), [words.model(move) for move in moves], right=False, width=32),
    ]
    if words.timed:
        columns.append(Column(_("Years"), [words.years(move) for move in moves]))
    table = lay_out(columns, None, legend, piped=piped, width=width)
    return "\n".join([*head, "", table])
