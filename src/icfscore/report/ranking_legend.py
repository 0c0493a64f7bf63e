"""What is said below the table of the ranking."""

from __future__ import annotations

from icfscore.domain.text import text_in
from icfscore.pipeline.rank_draws import RankDraws
from icfscore.pipeline.score import Scoring
from icfscore.report.terminal import one_line
from icfscore.sentences import say


def ranking_legend(
    scoring: Scoring,
    language: str,
    hidden: int,
    draws: RankDraws | None,
    *,
    shows_evidence: bool,
) -> list[str]:
    """Say what was ranked, what the columns mean, and what was left out."""
    tree = scoring.project.tree
    about = {
        "n": len(scoring.ranking.order),
        "k": int(scoring.screened.scored.sum()),
        "year": scoring.settings.reference_year,
        "framework": one_line(text_in(tree.root.name, language)),
        "scenario": scoring.settings.scenario,
    }
    lines: list[str] = [
        say(
            "{n} communities, {k} indicators, data about {year}, scenario {scenario}; {framework}.",
            **about,
        )
        if scoring.settings.scenario
        else say("{n} communities, {k} indicators, data about {year}; {framework}.", **about)
    ]
    if shows_evidence:
        lines.append(
            say(
                "Covered: share of the indicators with a value. Proxies: share of these that are a "
                "region's or country's; ~ where they are more than half of a criterion's values."
            )
        )
    if draws is not None:
        lines.append(
            say(
                "90 %: the rank lies there in 90 % of {n_draws:,} draws, under the stated "
                "assumptions; 'icfscore uncertainty' tells more.",
                n_draws=draws.n_draws,
            )
        )
        lines += say_of_bins(draws)
    if hidden:
        lines.append(
            say(
                "Not all criteria fit ({hidden} do not): widen the window, or use --format csv.",
                hidden=hidden,
            )
        )
    lines += [one_line(text_in(caveat, language)) for caveat in tree.caveats[:1]]
    lines += [
        say("Left out: {id} ({reason}).", id=name, reason=why)
        for name, why in scoring.screened.excluded.items()
    ]
    return lines


def say_of_bins(draws: RankDraws) -> list[str]:
    """Say what is not known to the rank where there are very many communities."""
    if not draws.rank_error:
        return []
    return [
        say(
            "Ranks after {exact} are counted some together: 90 % and medians there are exact to "
            "±{error} ranks; shares in the first K are exact.",
            exact=draws.exact_ranks,
            error=draws.rank_error,
        )
    ]
