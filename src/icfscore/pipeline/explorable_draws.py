"""Draws of the data that a page can weigh by itself.

Two forms. *Of indicators*: for every indicator where each community stands between the lowest and
the highest value of its draw, from which the scale of any normalisation that the values themselves
span follows; weights, aggregation and normalisation may all change. *Of criteria*: scores of the
root's children, where the others would be too much; then only the root's weights may change.

Decisions. Weights and methods are not drawn: on the page they are what the person chose. Data and
missing values are drawn as the settings say, from the same streams as everywhere else, so that the
first draws of a run without uncertain weights are the very same ones.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from icfscore.domain.criteria import ROOT
from icfscore.domain.tables import Floats
from icfscore.errors import InputError
from icfscore.methods.normalise import MinMax, Normalisation
from icfscore.methods.perturb import FixedWeights
from icfscore.pipeline.draw_plan import plan_draws
from icfscore.pipeline.draws import draw_normalised
from icfscore.pipeline.explorable import Explorable, Scaled
from icfscore.pipeline.nodes import plan_tree, weigh_and_aggregate
from icfscore.pipeline.score import Scoring
from icfscore.recipe import Staged

DRAWS = 500
# Their values follow from a column's positions between its minimum and its maximum.
FROM_POSITIONS = ("min_max", "z_score", "rank", "borda", "percentile_rank")

Form = Literal["positions", "normalised", "criteria"]


@dataclass(frozen=True, slots=True, eq=False)
class DataDraws:
    """Draws of the data.

    Attributes
    ----------
    form
        ``positions``: (m, n, k) in 0..1 by indicator. ``normalised``: (m, n, k), the indicators
        under the normalisation at the start. ``criteria``: (m, n, c), the root's children as they
        are at the start.
    names
        Ids of the columns.
    """

    form: Form
    values: Floats
    names: tuple[str, ...]


def follows_from_positions(choice: Scaled, explorable: Explorable) -> bool:
    """Tell whether a choice of normalisation can be computed from positions alone."""
    tree = explorable.scoring.project.tree
    return all(
        _is_spanned(choice.staged.at_indicator(name, tree)) for name in explorable.indicators
    )


def draw_data(explorable: Explorable, n_draws: int, most_values: int) -> DataDraws | str:
    """Draw the data in the form that can do most within a number of values.

    Returns
    -------
    The draws, or why there are none: ``nothing`` varies, there are ``too_many`` communities, or
    what the engine says where a draw is not defined.
    """
    scoring = explorable.scoring
    n, k = explorable.normalisations[0].table.shape
    start = explorable.scaled(explorable.normalisation)
    if n < 2:
        return "nothing"
    try:
        if n * k * n_draws <= most_values:
            if follows_from_positions(start, explorable):
                values = _draw(scoring, Staged(MinMax(0, 1)), n_draws)
                form: Form = "positions"
            else:
                values, form = _draw(scoring, start.staged, n_draws), "normalised"
            if values is None:
                return "nothing"
            return DataDraws(form, values, explorable.indicators)
        names = explorable.nodes[-1].siblings.names
        if n * len(names) * n_draws > 4 * most_values:
            return "too_many"
        return _draw_criteria(explorable, n_draws, names)
    except InputError as error:
        return str(error)


def _is_spanned(method: Normalisation) -> bool:
    return method.kind in FROM_POSITIONS and getattr(method, "over", "cohort") == "cohort"


def _draw(scoring: Scoring, normalisation: Staged[Normalisation], n_draws: int) -> Floats | None:
    """Draw normalised values (m, n, k); None where nothing varies."""
    drawn = list(_blocks(scoring, normalisation, n_draws))
    return np.concatenate(drawn)[:n_draws] if drawn else None


def _blocks(
    scoring: Scoring, normalisation: Staged[Normalisation], n_draws: int
) -> Iterator[Floats]:
    """Draw normalised values block by block (B, n, k); none where nothing varies."""
    settings = scoring.settings
    fixed = replace(
        settings,
        recipe=settings.recipe.replaced({"normalisation": normalisation}),
        uncertainty=replace(settings.uncertainty, weights=FixedWeights(), alternatives={}),
    )
    plan = plan_draws(replace(scoring, settings=fixed))
    if plan.errors is not None or plan.gaps:
        for block in range(-(-n_draws // plan.block)):
            yield draw_normalised(plan, block)[0]


def _draw_criteria(explorable: Explorable, n_draws: int, names: tuple[str, ...]) -> DataDraws | str:
    """Draw the scores of the root's children (m, n, c)."""
    scoring, settings, indicators = explorable.scoring, explorable.settings, explorable.indicators
    plan = plan_tree(
        scoring.project.tree,
        explorable.weights,
        settings.recipe,
        scoring.screened.observed.communities,
        indicators,
    )
    below = replace(
        plan, nodes=tuple(step for step in plan.nodes if step.counted and step.node != ROOT)
    )
    drawn = []
    for x in _blocks(scoring, settings.recipe.normalisation, n_draws):
        columns = {name: x[..., position] for position, name in enumerate(indicators)}
        columns |= weigh_and_aggregate(x, below)[0]
        drawn.append(np.stack([columns[name] for name in names], axis=-1))
    return DataDraws("criteria", np.concatenate(drawn)[:n_draws], names) if drawn else "nothing"
