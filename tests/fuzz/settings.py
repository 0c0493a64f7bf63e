"""icfscore.yaml with any of its sections: methods as the JSON Schema allows them, and judgements."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, Any

from tests.fuzz.values import HOSTILE_TEXTS, allowed, hostile, number, text

if TYPE_CHECKING:
    from tests.fuzz.projects import Made

_STAGES = ("imputation", "outliers", "normalisation", "weighting", "aggregation")


def settings(r: Random, made: Made, stages: list[dict[str, Any]] | None) -> dict[str, Any]:
    """Draw icfscore.yaml: each section present or not."""
    names = made.names
    odd = 0.01 if r.random() < 0.2 else 0.0
    given: dict[str, Any] = {"recipe": _recipe(r, made, odd)}
    for key in ("reference_year", "max_age", "proxies"):
        if r.random() < 0.15:
            given[key] = allowed(r, "settings", key, names=names, odd=odd)
    given["uncertainty"] = uncertainty = {"draws": r.choice([0, 2, 20, 100])}
    for key in ("weights", "data", "missing", "alternatives"):
        if r.random() < 0.25:
            uncertainty[key] = allowed(r, "settings", "uncertainty", key, names=names, odd=odd)
    if stages is not None:
        given["stages"] = stages
    drawn = _sections(r, made)
    given |= {key: value for key, (value, chance) in drawn.items() if r.random() < chance}
    made.scenarios += given.get("scenarios", ())
    if r.random() < 0.05:
        given[r.choice([*given, *HOSTILE_TEXTS])] = hostile(r)
    return given


def _sections(r: Random, made: Made) -> dict[str, tuple[Any, float]]:
    """Draw the sections that are plain, each with the chance that it is there."""
    scenario = {"name": text(r), "weights": {made.nodes[-1]: 2}}
    income = r.choice([*made.indicators, "pop"])
    weighed = made.names["weights"]
    return {
        "focus": (made.communities[0], 0.7),
        "weights": ({r.choice(weighed): r.choice([0.5, 1, 2, 0]) for _ in range(2)}, 0.2),
        "scenarios": (dict.fromkeys(["one", "two"][: r.randint(1, 2)], scenario), 0.3),
        "means": ({"income": income, "without": made.indicators[:1]}, 0.3),
        "lists": ({"top7": {"name": text(r), "complete": [2019]}}, 0.4),
        "plan": ({"costs": {made.indicators[0]: number(r)}, "fixed": made.indicators[-1:]}, 0.2),
    }


def _recipe(r: Random, made: Made, odd: float) -> dict[str, Any]:
    recipe: dict[str, Any] = {}
    for stage in _STAGES:
        if r.random() < 0.25:
            recipe[stage] = allowed(r, "settings", "recipe", stage, names=made.names, odd=odd)
    if r.random() < 0.15:
        node = r.choice([*made.children])
        recipe["weighting"] = {"kind": "given", "at": {node: _judged(r, made, node)}}
    if r.random() < 0.5:
        shares = (r.choice([0, 0, 0.5]), r.choice([0, 0, 0.3]))
        recipe["screening"] = dict(
            zip(("min_indicator_coverage", "min_community_coverage"), shares, strict=True)
        )
    return recipe


def _judged(r: Random, made: Made, node: str) -> dict[str, Any]:
    """Draw judgements of a node's children."""
    children = r.sample(made.children[node], len(made.children[node]))
    kind = r.choice(["analytic_hierarchy", "best_worst", "rank_order", "budget_allocation"])
    if kind == "analytic_hierarchy":
        pairs = [
            [a, b, r.choice([1, 3, 5, 0.2, 9])]
            for n, a in enumerate(children)
            for b in children[n + 1 :]
        ]
        return {"kind": kind, "comparisons": {node: pairs}}
    if kind == "best_worst":
        most = dict(zip(children, [1, *(r.choice([1, 3, 9]) for _ in children[1:])], strict=True))
        least = dict(zip(children, [*(r.choice([1, 3, 9]) for _ in children[1:]), 1], strict=True))
        return {"kind": kind, "best": children[0], "worst": children[-1], "best_to_others": most,
                "others_to_worst": least}  # fmt: skip
    if kind == "rank_order":
        return {
            "kind": kind,
            "order": children,
            "rule": r.choice(["centroid", "sum", "reciprocal"]),
        }
    share = 100 / len(children)
    return {"kind": kind, "experts": {"Ann": dict.fromkeys(children, share)}}
