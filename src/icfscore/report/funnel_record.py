"""An award's funnel as a record, schema ``icfscore.funnel/1``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from icfscore.domain.funnel import Ballots
from icfscore.domain.text import text_in
from icfscore.methods.ballots import count_ballots
from icfscore.pipeline.funnel import Funnel, StageOutcome
from icfscore.pipeline.score import Scoring

FUNNEL_SCHEMA = "icfscore.funnel/1"


def funnel_record(
    scoring: Scoring, funnel: Funnel, ballots: Mapping[str, Ballots], language: str = "en"
) -> dict[str, Any]:
    """Build the record.

    Keys
    ----
    ``stages``
        In order: ``id``, ``name``, ``combine``, ``inputs`` (weights), ``passes``, ``margin`` (total
        of the last who passes less that of the next; null where all pass or it has none), ``tied``,
        ``communities`` best first: ``id``, ``total``, ``values`` by input, ``passed``.
    ``chances``
        By community, by stage, the share of draws in which it passes; empty without draws.
    ``fixed_panels``
        Panels that no draw varies, since no standard error can be computed or data are taken as
        exact.
    ``lack``
        Of the focus at the first cut it is likely to miss: ``stage``, ``rival`` (the last who
        passes), ``gap``, ``nodes`` (``id``, ``focus``, ``rival``); null where there is none.
    ``ballots``
        By jury the counts by community, and ``condorcet_winner``.
    """
    lack = funnel.lack
    return {
        "schema": FUNNEL_SCHEMA,
        "framework": {"id": scoring.project.tree.id, "version": scoring.project.tree.version},
        "digest": scoring.digest,
        "seed": scoring.settings.uncertainty.seed,
        "draws": funnel.n_draws,
        "focus": scoring.settings.focus,
        "stages": [_stage(outcome, language) for outcome in funnel.outcomes],
        "chances": {
            name: {outcome.stage.id: outcome.probability[name] for outcome in funnel.outcomes}
            for name in (funnel.communities if funnel.n_draws else ())
        },
        "fixed_panels": list(funnel.fixed),
        "lack": lack
        and {
            "stage": funnel.outcomes[lack.stage].stage.id,
            "rival": lack.rival,
            "gap": _rounded(lack.gap),
            "nodes": [
                {"id": node, "focus": _rounded(own), "rival": _rounded(other)}
                for node, own, other in lack.nodes
            ],
        },
        "ballots": {name: _ballots(each) for name, each in ballots.items()},
    }


def _stage(outcome: StageOutcome, language: str) -> dict[str, Any]:
    stage = outcome.stage
    return {
        "id": stage.id,
        "name": text_in(stage.name, language),
        "combine": stage.combine,
        "inputs": {one.key: one.weight for one in stage.inputs},
        "passes": stage.passes,
        "margin": _rounded(outcome.margin),
        "tied": outcome.tied,
        "communities": [
            {
                "id": name,
                "total": _rounded(outcome.totals[name]),
                "values": {key: _rounded(value[name]) for key, value in outcome.values.items()},
                "passed": name in outcome.passed,
            }
            for name in outcome.order
        ],
    }


def _ballots(ballots: Ballots) -> dict[str, Any]:
    count = count_ballots(ballots.places, ballots.voters)
    names = ballots.communities
    approval = None if ballots.approvals is None else ballots.voters @ ballots.approvals
    points = None if ballots.points is None else ballots.voters @ ballots.points
    return {
        "rule": ballots.rule,
        "voters": float(ballots.voters.sum()),
        "condorcet_winner": None if count.winner is None else names[count.winner],
        "counts": {
            name: {
                "plurality": _rounded(float(count.plurality[n])),
                "borda": _rounded(float(count.borda[n])),
                "approval": None if approval is None else _rounded(float(approval[n])),
                "points": None if points is None else _rounded(float(points[n])),
                "copeland": _rounded(float(count.copeland[n])),
            }
            for n, name in enumerate(names)
        },
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 9)
