"""Rankings of several years as a record, schema ``icfscore.years/1``, and as CSV."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from icfscore.domain.criteria import ROOT
from icfscore.domain.text import text_in
from icfscore.methods.rank import rank_descending
from icfscore.pipeline.years import Step, Years
from icfscore.report.records import csv_text, number

YEARS_SCHEMA = "icfscore.years/1"


def years_record(found: Years, language: str = "en") -> dict[str, Any]:
    """Build the record.

    Keys
    ----
    ``framework``, ``digest`` (of the project's files), ``recipe``, ``scenario``, ``focus``
        As in the record of a ranking; every scale is ``over: pooled``.
    ``years``
        The years asked for.
    ``trend``
        False where no value gives way to a later one: then no difference between the years is a
        development.
    ``evidence``
        One a year: ``values``, ``of_year`` (measured in it), ``undated``, and against the year
        before ``repeated`` (the same observation), ``newer``, ``denominator`` (the same over
        another denominator), ``holder`` (of another entity), ``appeared``, ``gone``.
    ``communities``
        By the last year's rank: ``id``, ``name``, ``years`` (``year``, ``score``, ``rank``,
        ``nodes``: score and rank by node and indicator id) and ``changes``.
    ``changes``
        From each year to the next, last from the first to the last: ``from``, ``to``, ``score``,
        ``rank`` (below 0: risen; among those with a score in both years), ``own`` and ``others``:
        what its own score and what the others' did of it. They sum to ``rank``.
    ``left_out``, ``excluded``
        Indicators and communities that screening leaves out of every year.
    ``notes``
        ``weights``: they follow the data and change with the years; ``relative``: scores are
        standings among the others; ``imputed``: missing values were filled from the others.
    """
    tree, settings = found.project.tree, found.settings
    return {
        "schema": YEARS_SCHEMA,
        "framework": {"id": tree.id, "version": tree.version},
        "digest": found.project.digest,
        "recipe": settings.recipe.describe(),
        "scenario": settings.scenario,
        "focus": settings.focus,
        "years": list(found.years),
        "trend": found.has_history,
        "evidence": [asdict(each) for each in found.evidence],
        "communities": [_community(found, row, language) for row in found.order()],
        "left_out": [{"id": name, "share": share} for name, share in found.left_out.items()],
        "excluded": [{"id": name, "reason": why} for name, why in found.excluded.items()],
        "notes": list(found.notes),
    }


def _community(found: Years, row: int, language: str) -> dict[str, Any]:
    name = found.communities[row]
    ranks = {
        node: [rank_descending(year) for year in scores] for node, scores in found.nodes.items()
    }
    return {
        "id": name,
        "name": text_in(found.project.community_by_id[name].name, language),
        "years": [
            {
                "year": year,
                "score": number(found.scores[place, row]),
                "rank": int(found.ranks[place, row]) or None,
                "nodes": {
                    node: {
                        "score": number(scores[place, row]),
                        "rank": int(ranks[node][place][row]) or None,
                    }
                    for node, scores in found.nodes.items()
                },
            }
            for place, year in enumerate(found.years)
        ],
        "changes": [_change(step, row) for step in found.steps],
    }


def _change(step: Step, row: int) -> dict[str, Any]:
    return {
        "from": step.first,
        "to": step.last,
        "score": number(step.score[row]),
        "rank": number(step.rank[row]),
        "own": number(step.own[row]),
        "others": number(step.others[row]),
    }


def years_csv(found: Years, language: str = "en") -> str:
    """Spell scores and ranks as CSV: one line a community and year."""
    nodes = [node.id for node in found.project.tree.nodes if node.id in found.nodes]
    below = [node for node in nodes if node != ROOT]
    header = ["id", "name", "year", "rank", "score", *below]

    def rows() -> Iterable[list[Any]]:
        for row in found.order():
            name = found.communities[row]
            title = text_in(found.project.community_by_id[name].name, language)
            for place, year in enumerate(found.years):
                yield [
                    name,
                    title,
                    year,
                    int(found.ranks[place, row]) or None,
                    number(found.scores[place, row]),
                    *(number(found.nodes[node][place, row]) for node in below),
                ]

    return csv_text(header, rows())
