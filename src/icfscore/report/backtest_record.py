"""The ranking against a published list as a record, schema ``icfscore.backtest/1``."""

from __future__ import annotations

from typing import Any

from icfscore.pipeline.backtest import Backtest, NodeTest
from icfscore.pipeline.backtest_weights import FreeWeights, WeightSpace
from icfscore.pipeline.score import Scoring

BACKTEST_SCHEMA = "icfscore.backtest/1"


def backtest_record(scoring: Scoring, found: Backtest) -> dict[str, Any]:
    """Build the record.

    Keys
    ----
    ``list``, ``year``
        Of the list; ``complete``: ``declared`` by the settings, or ``assumed``.
    ``chosen``
        Ids of the ranked communities on it, best first; ``without_rank``: of those without a rank.
    ``n``, ``k``
        Communities ranked, and chosen among them.
    ``precision_at_k``, ``expected_precision``
        Share of the chosen among the first k, a tie at the border counted by parts; by chance k/n.
    ``auc``, ``p_value``, ``exact``
        Area under the ROC curve, equal scores counting half; upper-tailed p-value of the rank sum.
    ``mean_rank``, ``expected_mean_rank``
        Of the chosen, ties sharing the mean of their ranks; by chance (n + 1) / 2.
    ``ranks``
        By chosen community.
    ``by_node``
        By node ``auc``, ``p_value``, ``p_value_corrected`` (Holm, over all nodes but the index;
        null there), ``n``, ``k``, ``exact``; nulls where all or none with a score were chosen.
    ``free_weights``
        One a depth (``criteria``, ``indicators``): ``weights`` of least total ``slack`` (score
        points; null where the index is no sum of scores), ``reversed_pairs`` of ``pairs``,
        ``separable`` (some weights put all chosen strictly on top), ``random_sets``: ``n``,
        ``share_separable``, ``standard_error``; ``filled`` (missing scores that the node above
        stands in for), ``reason`` (why nothing can be told, else null).
    ``weight_space``
        Uniform draws of the criteria's weights: ``draws``, ``share_better`` (their AUC is higher),
        ``standard_error``, ``share_as_good``, ``share_more_precise``, ``median_auc``; null with
        --draws 0.
    ``lists``
        All lists there are: ``list``, ``year``, ``chosen``, ``obstacle`` (why it cannot be tested:
        ``incomplete``, ``nobody`` of it is ranked, ``everybody`` is on it; else null).
    """
    overall = found.overall
    return {
        "schema": BACKTEST_SCHEMA,
        "framework": {"id": scoring.project.tree.id, "version": scoring.project.tree.version},
        "digest": scoring.digest,
        "scenario": scoring.settings.scenario,
        "list": found.list,
        "year": found.year,
        "complete": "declared" if found.declared else "assumed",
        "chosen": list(found.chosen),
        "without_rank": list(found.without_rank),
        "n": overall.n,
        "k": overall.k,
        "precision_at_k": found.precision,
        "expected_precision": overall.k / overall.n,
        "auc": overall.auc,
        "p_value": overall.p_value,
        "exact": overall.exact,
        "mean_rank": found.mean_rank,
        "expected_mean_rank": (overall.n + 1) / 2,
        "ranks": found.ranks,
        "by_node": {test.node: _test(test) for test in found.nodes},
        "free_weights": [_freedom(each) for each in found.freedom],
        "weight_space": None if found.space is None else _space(found.space),
        "lists": [
            {
                "list": each.list,
                "year": each.year,
                "chosen": list(each.chosen),
                "obstacle": each.obstacle or None,
            }
            for each in found.others
        ],
        "seed": scoring.settings.uncertainty.seed,
        "warnings": list(scoring.warnings),
    }


def _test(test: NodeTest) -> dict[str, Any]:
    return {
        "auc": test.auc,
        "p_value": test.p_value,
        "p_value_corrected": test.corrected,
        "n": test.n,
        "k": test.k,
        "exact": test.exact,
    }


def _freedom(each: FreeWeights) -> dict[str, Any]:
    told = not each.reason
    return {
        "depth": each.depth,
        "weights": dict(each.weights),
        "slack": each.slack,
        "reversed_pairs": each.reversed_pairs if told else None,
        "pairs": each.n_pairs if told else None,
        "separable": each.separable if told else None,
        "random_sets": {
            "n": each.n_sets,
            "share_separable": each.share_separable,
            "standard_error": each.error,
        }
        if told
        else None,
        "filled": each.n_filled,
        "reason": each.reason or None,
    }


def _space(space: WeightSpace) -> dict[str, Any]:
    return {
        "draws": space.draws,
        "share_better": space.share_better,
        "standard_error": space.error,
        "share_as_good": space.as_good / space.draws,
        "share_more_precise": space.more_precise / space.draws,
        "median_auc": space.median_auc,
    }
