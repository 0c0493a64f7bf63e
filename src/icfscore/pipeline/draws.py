"""One block of draws: from random inputs to the scores of every community in each draw.

A block is a pure function of the plan, the seed and its number. Every uncertain input, a *factor*,
has a random stream of its own, so that a sensitivity analysis can renew one and keep the others.
Draws are the axis that runs fastest in memory; methods see it as the leading one.

Decisions. Only scored indicators are drawn. Screening stays as it is. Where an imputation other
than `none` is used, it sees the drawn values; then the hot deck adds the donors' scatter.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from icfscore.domain.tables import Floats, Ints
from icfscore.errors import InputError, MethodError
from icfscore.methods.context import Siblings
from icfscore.methods.perturb.missing import fill_gaps
from icfscore.pipeline.draw_plan import Combination, DrawPlan
from icfscore.pipeline.errors_in_data import draw_errors
from icfscore.pipeline.nodes import NodePlan
from icfscore.pipeline.stages import impute, normalise, transform, transform_and_treat
from icfscore.recipe import Recipe

MatrixOf = Callable[[str], int]


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """A block's outcome.

    Attributes
    ----------
    scores
        (n, B) of the index.
    weights
        By varied node the drawn shares (c, B) of its children.
    """

    scores: Floats
    weights: Mapping[str, Floats]


def stream(seed: int, factor: str, matrix: int, block: int) -> np.random.Generator:
    """Open the random stream of one factor in one block (Salmon et al. 2011, Philox).

    https://doi.org/10.1145/2063384.2063405
    """
    key = np.array([seed, zlib.crc32(factor.encode())], dtype=np.uint64)
    counter = np.array([0, 0, matrix, block], dtype=np.uint64)
    return np.random.Generator(np.random.Philox(key=key, counter=counter))


def draw_block(plan: DrawPlan, block: int, matrix_of: MatrixOf = lambda _: 0) -> Drawn:
    """Draw and score one block.

    Parameters
    ----------
    matrix_of
        Which of the independent samples each factor is taken from.

    Raises
    ------
    InputError
        Where a draw meets values that a method is not defined for.
    """
    normalised, groups, order = draw_normalised(plan, block, matrix_of)
    scores, weights = score_nodes(plan, normalised, groups, order, block, matrix_of)
    return Drawn(scores, weights)


Groups = tuple[tuple[Combination, slice], ...]


def draw_normalised(
    plan: DrawPlan, block: int, matrix_of: MatrixOf = lambda _: 0
) -> tuple[Floats, Groups, Ints | None]:
    """Draw data and methods of a block.

    Returns
    -------
    Normalised values (B, n, k), the combinations of methods with the slice of draws that each
    applies to, and the draws' numbers in that order (None: as they come). Where nothing but weights
    varies, the values are (n, k), the same in every draw.
    """
    groups, order = _group_draws(plan, block, matrix_of)
    if plan.errors is None and not plan.gaps and len(groups) == 1:
        recipe = groups[0][0].recipe
        completed = impute(plan.values, plan.columns, recipe).values
        return _normalise(plan, completed, recipe), groups, None
    if plan.errors is None:
        x = np.broadcast_to(plan.values[..., None], (*plan.values.shape, plan.block)).copy()
    else:
        streams = {
            name: stream(plan.seed, f"data.{name}", matrix_of(f"data.{name}"), block)
            for name in plan.errors.criteria
        }
        x = draw_errors(plan.errors, plan.values, streams, plan.block)
    u = None
    if plan.gaps:
        rng = stream(plan.seed, "missing", matrix_of("missing"), block)
        u = rng.random((len(plan.gaps), plan.block))
    if order is not None:
        x = x[..., order]
        u = None if u is None else u[:, order]
    result = np.empty_like(x)
    for combination, draws in groups:
        part = None if u is None else u[:, draws]
        completed = _complete(plan, x[..., draws], combination.recipe, part)
        normalised = _normalise(plan, completed.transpose(2, 0, 1), combination.recipe)
        if len(groups) == 1:
            return normalised, groups, order
        result[..., draws] = normalised.transpose(1, 2, 0)
    return result.transpose(2, 0, 1), groups, order


def _group_draws(plan: DrawPlan, block: int, matrix_of: MatrixOf) -> tuple[Groups, Ints | None]:
    """Choose the methods of every draw, and put draws with the same ones side by side."""
    if len(plan.combinations) == 1:
        return ((plan.combinations[0], slice(0, plan.block)),), None
    chosen = np.zeros(plan.block, dtype=np.int64)
    for stage, size in plan.sizes.items():
        rng = stream(plan.seed, stage, matrix_of(stage), block)
        chosen = chosen * size + rng.integers(size, size=plan.block)
    order = np.argsort(chosen, kind="stable")
    ends = np.searchsorted(chosen[order], np.arange(len(plan.combinations) + 1))
    groups = tuple(
        (combination, slice(int(start), int(stop)))
        for combination, start, stop in zip(plan.combinations, ends[:-1], ends[1:], strict=True)
        if stop > start
    )
    return groups, order


def _complete(plan: DrawPlan, x: Floats, recipe: Recipe, u: Floats | None) -> Floats:
    """Impute x (n, k, B), then let the hot deck fill or scatter; x may be changed."""
    plain = all(method.kind == "none" for method in recipe.imputation.methods())
    if plain:
        if u is not None:
            fill_gaps(x, plan.gaps, u)
        return x
    completed = impute(x.transpose(2, 0, 1), plan.columns, recipe)
    values = np.array(completed.values.transpose(1, 2, 0), order="C")  # a copy to change
    if u is not None:
        _add_residuals(plan, values, x, u)
    return values


def _add_residuals(plan: DrawPlan, values: Floats, observed: Floats, u: Floats) -> None:
    """Add to imputed values (n, k, B) how far a donor is from the donors' mean."""
    each = np.arange(values.shape[-1])
    for gap, chance in zip(plan.gaps, u, strict=True):
        donors = gap.donors[(chance * gap.donors.size).astype(np.intp)]
        for column in gap.columns:
            given = observed[donors, column, each]
            base = plan.values[gap.donors, column]
            indicator = plan.columns.indicators[column]
            filled = values[gap.row, column]
            if indicator.kind in ("ratio", "count") and (base > 0).all():
                filled *= given / np.exp(np.log(base).mean())
            else:
                filled += given - base.mean()
            low, high = indicator.bounds
            if low is not None or high is not None:
                np.clip(filled, low, high, out=filled)


def _normalise(plan: DrawPlan, x: Floats, recipe: Recipe) -> Floats:
    if all(method.kind == "none" for method in recipe.outliers.methods()):
        treated = transform(x, plan.columns) if plan.columns.logged.any() else x
    else:
        treated = transform_and_treat(x, plan.columns, recipe).values
    return normalise(treated, plan.columns, recipe, plan.pooled)


def score_nodes(
    plan: DrawPlan,
    normalised: Floats,
    groups: Groups,
    order: Ints | None,
    block: int,
    matrix_of: MatrixOf = lambda _: 0,
    fixed: Mapping[str, Floats] | None = None,
) -> tuple[Floats, dict[str, Floats]]:
    """Weigh and aggregate up the tree.

    Parameters
    ----------
    fixed
        Shares (c,) by node that are used instead of drawn ones.

    Returns
    -------
    Scores (n, B) of the root, and the drawn shares (c, B) by varied node, draws as they come.
    """
    names = groups[0][0].tree.indicators
    columns = {name: normalised[..., position] for position, name in enumerate(names)}
    position_of = {name: position for position, name in enumerate(names)}
    drawn: dict[str, Floats] = {}
    scores = normalised[..., 0]
    for number, step in enumerate(groups[0][0].tree.nodes):
        x = _side_by_side(step.siblings.names, columns, normalised, position_of)
        steps = tuple((combination.tree.nodes[number], draws) for combination, draws in groups)
        if fixed is not None and step.node in fixed:
            w = fixed[step.node]
        else:
            w = _centre(steps, x, plan)
            if step.node in plan.varied:
                name = f"weights.{step.node}"
                rng = stream(plan.seed, name, matrix_of(name), block)
                w = _draw_weights(plan, rng, w, step.siblings, order)
                drawn[step.node] = w.T if order is None else _in_order(w.T, order)
        scores = _aggregate(steps, x, w, plan)
        columns[step.node] = scores
    if scores.ndim == 1:
        scores = np.broadcast_to(scores, (plan.block, scores.size))
    return (scores.T if order is None else _in_order(scores.T, order)), drawn


def _in_order(values: Floats, order: Ints) -> Floats:
    """Bring draws (…, B) back from the order of their methods to their own."""
    restored = np.empty_like(values)
    restored[..., order] = values
    return restored


def _draw_weights(
    plan: DrawPlan,
    rng: np.random.Generator,
    centre: Floats,
    siblings: Siblings,
    order: Ints | None,
) -> Floats:
    """Draw shares (B, c); the same draw gets the same ones whatever its methods are."""
    if order is not None and centre.ndim == 2:
        centre = _in_order(centre.T, order).T
    try:
        w = plan.weights.draw(rng, plan.block, centre, siblings)
    except MethodError as error:
        raise say_of_weights(error, plan, siblings) from None
    return w if order is None else w.T[:, order].T


def say_of_weights(error: MethodError, plan: DrawPlan, siblings: Siblings) -> InputError:
    """Name the node whose weights cannot be drawn."""
    child = "" if error.column is None else f", {siblings.names[error.column]}"
    what = f"uncertainty weights {plan.weights.kind}: {siblings.node}{child}: {error.what}"
    return InputError.of(what, error.remedy)


def _side_by_side(
    names: tuple[str, ...],
    columns: Mapping[str, Floats],
    normalised: Floats,
    position_of: Mapping[str, int],
) -> Floats:
    """Put children's scores next to each other: (…, n, c), without copying where they are."""
    positions = [position_of.get(name, -1) for name in names]
    first = positions[0]
    if first >= 0 and positions == list(range(first, first + len(names))):
        return normalised[..., first : first + len(names)]
    parts = [columns[name] for name in names]
    draws = max((part.shape[0] for part in parts if part.ndim == 2), default=0)
    if not draws:
        return np.stack(parts, axis=-1)
    x = np.empty((parts[0].shape[-1], len(parts), draws))
    for child, part in enumerate(parts):
        x[:, child] = part.T if part.ndim == 2 else part[:, None]
    return x.transpose(2, 0, 1)


def _centre(steps: tuple[tuple[NodePlan, slice], ...], x: Floats, plan: DrawPlan) -> Floats:
    """Weigh the children of a node by the methods of each draw: (c,), or (B, c)."""
    shares = [
        step.weigh(x[draws] if x.ndim == 3 else x, plan.columns.communities)
        for step, draws in steps
    ]
    if len(shares) == 1:
        return shares[0]
    if all(share.ndim == 1 and np.array_equal(share, shares[0]) for share in shares):
        return shares[0]
    w = np.empty((len(steps[0][0].siblings.names), plan.block))
    for share, (_, draws) in zip(shares, steps, strict=True):
        w[:, draws] = share.T if share.ndim == 2 else share[:, None]
    return w.T


def _aggregate(
    steps: tuple[tuple[NodePlan, slice], ...], x: Floats, w: Floats, plan: DrawPlan
) -> Floats:
    """Aggregate x (…, n, c) by the methods of each draw: (n,) or (B, n)."""
    if len(steps) == 1:
        return steps[0][0].aggregate(x, w, plan.columns.communities)
    scores = np.empty((plan.n_communities, plan.block))
    for step, draws in steps:
        part_x = x[draws] if x.ndim == 3 else x
        part_w = w[draws] if w.ndim == 2 else w
        found = step.aggregate(part_x, part_w, plan.columns.communities)
        scores[:, draws] = found.T if found.ndim == 2 else found[:, None]
    return scores.T
