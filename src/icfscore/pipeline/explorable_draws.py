"""Draws of the data that a page can weigh by itself.

Two forms. *Of indicators*: for every indicator where each community stands between the lowest and
the highest value of its draw, from which the scale of any normalisation that the values themselves
span follows; weights, aggregation and normalisation may all change. *Of criteria*: scores of the
root's children, where the others would be too much; then only the root's weights may change.

Decisions. Weights and methods are not drawn: on the page they are what the person chose. Data and
missing values are drawn as the settings say, from the same streams as everywhere else, so that a
run of as many draws without uncertain weights has the very same ones.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from icfscore.domain.criteria import ROOT
from icfscore.domain.tables import Floats
from icfscore.errors import InputError
from icfscore.methods.aggregate import Arithmetic
from icfscore.methods.normalise import MinMax, Normalisation
from icfscore.methods.perturb import FixedWeights
from icfscore.methods.weigh import Given
from icfscore.pipeline.draw_plan import plan_draws
from icfscore.pipeline.draw_sample import draw_sample
from icfscore.pipeline.explorable import Explorable, Scaled
from icfscore.pipeline.focus_draws import MOST_CELLS
from icfscore.pipeline.nodes import plan_tree, weigh_and_aggregate
from icfscore.pipeline.rescore import CELLS
from icfscore.pipeline.score import Scoring, columns_of
from icfscore.pipeline.stages import normalise, transform_and_treat
from icfscore.recipe import Recipe, Staged

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


def draw_data(
    explorable: Explorable, n_draws: int, most_values: int
) -> DataDraws | InputError | str:
    """Draw the data in the form that can do most within a number of values.

    Returns
    -------
    The draws, or why there are none: a community is ``alone``, ``nothing`` varies, there are
    ``too_many`` communities, or the error where a draw is not defined.
    """
    n, k = explorable.normalisations[0].table.shape
    start = explorable.scaled(explorable.normalisation)
    names = explorable.nodes[-1].siblings.names
    if n < 2:
        return "alone"
    if not plan_draws(_data_only(explorable.scoring, n_draws)).factors:
        return "nothing"
    try:
        if n * k * n_draws <= most_values:
            if follows_from_positions(start, explorable):
                positions = _draw(explorable, Staged(MinMax(0, 1)), n_draws)
                return DataDraws("positions", positions, explorable.indicators)
            values = _draw(explorable, start.staged, n_draws)
            return DataDraws("normalised", values, explorable.indicators)
        if n * len(names) * n_draws > 4 * most_values:
            return "too_many"
        return _draw_criteria(explorable, n_draws, names)
    except InputError as error:
        return error


def _is_spanned(method: Normalisation) -> bool:
    return method.kind in FROM_POSITIONS and getattr(method, "over", "cohort") == "cohort"


def _draw(explorable: Explorable, normalisation: Staged[Normalisation], n_draws: int) -> Floats:
    """Draw normalised values (m, n, k)."""
    scoring = _data_only(explorable.scoring, n_draws)
    recipe = scoring.settings.recipe.replaced({"normalisation": normalisation})
    return _normalise(scoring, recipe, draw_sample(scoring, n_draws).values)


def _normalise(scoring: Scoring, recipe: Recipe, values: Floats) -> Floats:
    columns = columns_of(scoring.project, scoring.screened).take(scoring.screened.scored)
    treated = transform_and_treat(values, columns, recipe).values
    pooled = scoring.pooled
    if pooled is not None:
        pooled = pooled[:, scoring.screened.scored]
    return normalise(treated, columns, recipe, pooled)


def _data_only(scoring: Scoring, n_draws: int) -> Scoring:
    """Let nothing vary but the data, and score by what is defined for all values."""
    plain = {
        "normalisation": Staged(MinMax()),
        "weighting": Staged(Given()),
        "aggregation": Staged(Arithmetic()),
    }
    settings = scoring.settings
    fixed = replace(
        settings,
        recipe=settings.recipe.replaced(plain),
        uncertainty=replace(
            settings.uncertainty, draws=n_draws, weights=FixedWeights(), alternatives={}
        ),
    )
    return replace(scoring, settings=fixed)


def _draw_criteria(explorable: Explorable, n_draws: int, names: tuple[str, ...]) -> DataDraws:
    """Draw the scores of the root's children (m, n, c), a few draws at a time.

    Fewer are drawn where so many would not fit into memory.
    """
    scoring, recipe = explorable.scoring, explorable.settings.recipe
    plan = plan_tree(
        scoring.project.tree,
        explorable.weights,
        recipe,
        scoring.screened.observed.communities,
        explorable.indicators,
    )
    below = replace(
        plan, nodes=tuple(step for step in plan.nodes if step.counted and step.node != ROOT)
    )
    size = explorable.normalisations[0].table.size
    n_draws = max(1, min(n_draws, MOST_CELLS // size))
    data = _data_only(scoring, n_draws)
    values = draw_sample(data, n_draws).values
    parts = []
    for start in range(0, n_draws, at_once := max(1, CELLS // size)):
        x = _normalise(data, recipe, values[start : start + at_once])
        columns = {name: x[..., position] for position, name in enumerate(explorable.indicators)}
        columns |= weigh_and_aggregate(x, below)[0]
        parts.append(np.stack([columns[name] for name in names], axis=-1))
    return DataDraws("criteria", np.concatenate(parts), names)
