"""A what-if for the terminal: what changes, what it does, and both rankings side by side."""

from __future__ import annotations

import numpy as np

from icfscore.domain.text import text_in
from icfscore.pipeline.rank_draws import RankDraws
from icfscore.pipeline.whatif import WhatIf
from icfscore.report.language import find_language
from icfscore.report.numbers import Numbers, decimals_of
from icfscore.report.ranking_table import Column, lay_out
from icfscore.report.terminal import one_line
from icfscore.report.whatif_record import interval_in, listed, rank_in, score_in
from icfscore.report.whatif_words import WhatIfWords
from icfscore.report.wording import Wording


def whatif_table(
    found: WhatIf, code: str = "en", *, piped: bool | None = None, width: int | None = None
) -> str:
    """Lay out, by the place after the changes: ranks, intervals and scores on both sides."""
    language = find_language(code)
    _ = language.gettext
    scores = np.concatenate([found.before.ranking.scores, found.after.ranking.scores])
    numbers = Numbers(language.locale, decimals_of(scores.tolist()))
    wording = Wording(found.before, language, numbers, terminal_escape)
    words = WhatIfWords(found, language, numbers, wording)
    ids = listed(found)
    names = found.before.project.community_by_id
    changed = {each.change.community for each in found.changes}
    focus = found.before.settings.focus
    line = ids.index(focus) if focus in ids else None
    before = [score_in(found.before, name) for name in ids]
    after = [score_in(found.after, name) for name in ids]
    gains = [
        None if old is None or new is None else new - old
        for old, new in zip(before, after, strict=True)
    ]
    columns = [
        Column("", ["▶" if row == line else "" for row in range(len(ids))], right=False),
        Column(_("Before"), _ranks([rank_in(found.before, name) for name in ids])),
        Column(_("After"), _ranks([rank_in(found.after, name) for name in ids])),
        Column("", ["*" if name in changed else "" for name in ids], right=False),
        Column(
            _("Community"),
            [one_line(text_in(names[name].name, code)) for name in ids],
            right=False,
            width=32,
        ),
        Column(_("Score"), [numbers.score(score) for score in before]),
        Column(_("After"), [numbers.score(score) for score in after]),
        Column(_("Change"), [numbers.signed_score(gain) for gain in gains]),
    ]
    if found.draws_before is not None:
        columns.insert(2, Column("90 %", _intervals(found.draws_before, ids)))
        columns.insert(4, Column("90 %", _intervals(found.draws_after, ids)))
    legend = [_("* values of this community change.")]
    legend += words.assumptions()
    if found.draws_before is not None:
        legend.append(
            _("90 %: the rank lies there in 90 % of the draws, under the stated assumptions.")
        )
    tree = found.before.project.tree
    legend += [one_line(text_in(caveat, code)) for caveat in tree.caveats[:1]]
    table = lay_out(columns, line, legend, piped=piped, width=width)
    return "\n".join([*words.changes(), "", *words.results(), "", table])


def terminal_escape(text: str, length: int) -> str:
    """Make a text harmless in a terminal: one line of what prints, no longer than so much."""
    line = one_line(text)
    return line if len(line) <= length else f"{line[: length - 1]}…"


def _ranks(ranks: list[int | None]) -> list[str]:
    return ["–" if rank is None else str(rank) for rank in ranks]


def _intervals(draws: RankDraws | None, ids: list[str]) -> list[str]:
    ends = [interval_in(draws, name) for name in ids]
    return [
        "–" if end is None else f"{end[0]}–{end[1]}" if end[0] < end[1] else str(end[0])
        for end in ends
    ]
