"""Sobol' indices: how much of an output's variance each group of inputs accounts for.

The first-order index of a group is the share of the variance that goes away on average when the
group is known; its total index is the share that remains when everything else is known. Their
difference is what the group does together with others.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from icfscore.errors import MethodError
from icfscore.methods.context import Bools, Floats
from icfscore.sentences import say

ROUNDING = 1e-12  # outputs that spread less than this, relative to their size, do not vary
CELLS_AT_ONCE = 2**19  # counts of a block of resamples: 4 MB, about a core's cache


@dataclass(frozen=True, slots=True, eq=False)
class SobolIndices:
    """Indices of g groups of inputs.

    Attributes
    ----------
    first_order, total
        (g,) shares of the variance; NaN, with a reason, where there is no variance to share.
        Estimates are not clipped: sampling error may carry them below 0 or above 1.
    first_order_interval, total_interval
        (g, 2) lower and upper end; of no width where the indices are exact.
    exact
        True where every combination of the inputs was run.
    reason
        Why indices are missing; empty where they are not.
    """

    first_order: Floats
    total: Floats
    first_order_interval: Floats
    total_interval: Floats
    exact: bool
    reason: str = ""


def estimate_indices(
    f_a: Floats,
    f_b: Floats,
    f_ab: Floats,
    generator: np.random.Generator,
    *,
    resamples: int = 1000,
    level: float = 0.95,
) -> SobolIndices:
    """Estimate first-order and total indices from the outputs of a Saltelli design.

    S_i = 1/N sum f_B (f_AB,i - f_A) / V, Saltelli et al. (2010), table 2 (b);
    ST_i = 1/(2N) sum (f_A - f_AB,i)^2 / V, Jansen (1999), there table 2 (f).

    V is the population variance of the 2N outputs f_A and f_B together, the two samples that are
    independent of each other. Outputs are centred first: that changes no expectation, and rids the
    first-order estimator of the noise that a mean far from 0 would add.

    Intervals are percentiles of bootstrap resamples of the N rows, each row kept whole. Of a
    quasi-random design they are wider than the error really is.

    Parameters
    ----------
    f_a, f_b
        (N,) outputs at the rows of the two independent samples A and B.
    f_ab
        (g, N) outputs at the rows of A with the inputs of one group taken from B.
    generator
        What the resamples are drawn from.
    resamples
        Number of resamples, at least 1.
    level
        Share of the resamples that the intervals hold, between 0 and 1.

    Edge behaviour
    --------------
    Outputs that do not vary (beyond rounding, 1e-12 of their size) have no indices: NaN, with the
    reason. A group without influence has exactly 0 for both. Resamples without variance are left
    out of the intervals; where none has any, the intervals are NaN, with the reason. Outputs of any
    size, 1e300 or 1e-300, give the same indices.

    Raises
    ------
    ValueError
        Where shapes do not match or a parameter is out of range.
    MethodError
        Where an output is not finite.

    References
    ----------
    Saltelli et al. (2010), Variance based sensitivity analysis of model output, table 2.
    https://doi.org/10.1016/j.cpc.2009.09.018
    Jansen (1999), Analysis of variance designs for model output.
    https://doi.org/10.1016/S0010-4655(98)00154-4
    Archer, Saltelli and Sobol' (1997), Sensitivity measures, ANOVA-like techniques and the use of
    bootstrap. https://doi.org/10.1080/00949659708811825

    Examples
    --------
    >>> draw = np.random.default_rng(2019)
    >>> a, b = draw.random((2, 3, 4096))
    >>> model = lambda x: 2 * x[0] + x[1]  # shares of variance: 0.8, 0.2, 0
    >>> swapped = [np.where(np.arange(3)[:, None] == group, b, a) for group in range(3)]
    >>> found = estimate_indices(model(a), model(b), np.array(list(map(model, swapped))), draw)
    >>> found.first_order.round(1), found.total.round(1)
    (array([0.8, 0.2, 0. ]), array([0.8, 0.2, 0. ]))
    """
    if f_a.ndim != 1 or f_b.shape != f_a.shape or f_ab.shape != (len(f_ab), *f_a.shape):
        shapes = f"{f_a.shape}, {f_b.shape} and {f_ab.shape}"
        raise ValueError(f"f_a, f_b and f_ab must be (N,), (N,) and (g, N), got {shapes}")
    if resamples < 1:
        raise ValueError(f"resamples must be at least 1, got {resamples}")
    if not 0 < level < 1:
        raise ValueError(f"level must lie between 0 and 1, got {level}")
    scaled = _standardise(np.vstack([f_a, f_b, f_ab]), n_varying=2)
    if scaled is None:
        return _undefined(len(f_ab), exact=False)
    a, b, difference = scaled[0], scaled[1], scaled[2:] - scaled[0]
    # Every statistic is a mean over rows of one of these columns, in any resample too.
    columns = np.vstack([b * difference, difference, difference**2, a + b, a**2 + b**2]).T
    indices, _ = _indices(columns.mean(axis=0)[None])
    drawn, varies = _indices(_resample_means(columns, generator, resamples))
    reason = ""
    if varies.any():
        tails = [(1 - level) / 2, (1 + level) / 2]
        ends = np.quantile(drawn[varies], tails, axis=0)
    else:
        reason = say("no resample varies: draw more")
        ends = np.full((2, *indices.shape[1:]), np.nan)
    first, total = indices[0]
    return SobolIndices(first, total, ends[:, 0].T, ends[:, 1].T, exact=False, reason=reason)


def _indices(means: Floats) -> tuple[Floats, Bools]:
    """Turn the columns' means (r, 3g + 2) into indices (r, 2, g), and say where V > 0 (r,)."""
    g = means.shape[1] // 3
    product, shift, square = (means[:, part * g : (part + 1) * g] for part in range(3))
    centre = means[:, -2:-1] / 2
    variance = means[:, -1:] / 2 - centre**2
    varies = variance[:, 0] > ROUNDING**2
    with np.errstate(divide="ignore", invalid="ignore"):
        indices = np.stack([product - centre * shift, square / 2], axis=1) / variance[:, None]
    return indices, varies


def _resample_means(columns: Floats, generator: np.random.Generator, resamples: int) -> Floats:
    """Average columns (N, m) over resampled rows: (resamples, m).

    A resample is how often each row is drawn; its means are one matrix product for all columns.
    """
    n = len(columns)
    block = max(1, min(resamples, CELLS_AT_ONCE // n))
    means = np.empty((resamples, columns.shape[1]))
    for start in range(0, resamples, block):
        size = min(block, resamples - start)
        drawn = generator.integers(0, n, size=(size, n))
        drawn += np.arange(size)[:, None] * n
        counts = np.bincount(drawn.ravel(), minlength=size * n).reshape(size, n)
        means[start : start + size] = counts.astype(np.float64) @ columns / n
    return means


def enumerate_indices(outputs: Floats) -> SobolIndices:
    """Compute first-order and total indices exactly, every combination of inputs having been run.

    S_i = Var(E(f | x_i)) / V and ST_i = E(Var(f | all but x_i)) / V, all variances those of
    populations: every level of an input is equally likely, and inputs are independent.

    Parameters
    ----------
    outputs
        One axis for each input, its length the number of that input's levels.

    Edge behaviour
    --------------
    Outputs that do not vary have no indices: NaN, with the reason. An input with a single level, or
    without influence, has exactly 0 for both. Intervals have no width.

    Raises
    ------
    ValueError
        Where there is no combination at all.
    MethodError
        Where an output is not finite.

    References
    ----------
    Sobol' (1993), Sensitivity estimates for nonlinear mathematical models; Homma and Saltelli
    (1996), Importance measures in global sensitivity analysis of nonlinear models.
    https://doi.org/10.1016/0951-8320(96)00002-6

    Examples
    --------
    >>> x, y = np.meshgrid([0, 1], [0, 1, 2], indexing="ij")
    >>> found = enumerate_indices(3.0 * x + y)  # variances 9/4 and 2/3
    >>> found.first_order.round(4), found.total.round(4)
    (array([0.7714, 0.2286]), array([0.7714, 0.2286]))
    >>> enumerate_indices(np.array([[1.0, -1.0], [-1.0, 1.0]])).total  # only together
    array([1., 1.])
    """
    if outputs.size == 0:
        raise ValueError(f"outputs must hold at least one combination, got shape {outputs.shape}")
    scaled = _standardise(outputs.reshape(1, -1), n_varying=1)
    if scaled is None:
        return _undefined(outputs.ndim, exact=True)
    f = scaled.reshape(outputs.shape)
    variance = f.var()
    first, total = np.empty(f.ndim), np.empty(f.ndim)
    for axis in range(f.ndim):
        # Relative to the first level an input without influence is 0 to the last digit.
        relative = f - f.take([0], axis=axis)
        others = tuple(other for other in range(f.ndim) if other != axis)
        first[axis] = relative.mean(axis=others).var() / variance
        total[axis] = relative.var(axis=axis).mean() / variance
    no_width = [np.stack([index, index], axis=-1) for index in (first, total)]
    return SobolIndices(first, total, no_width[0], no_width[1], exact=True)


def _standardise(outputs: Floats, n_varying: int) -> Floats | None:
    """Centre and scale outputs (m, N) by what the first rows are; None where those do not vary."""
    if not np.isfinite(outputs).all():
        row, column = (int(i) for i in np.argwhere(~np.isfinite(outputs))[0])
        raise MethodError(
            say("an output is not finite: {value:g}", value=outputs[row, column]), row=column
        )
    outputs = np.asarray(outputs, dtype=np.float64)
    largest = np.abs(outputs).max()
    if largest == 0:
        return None
    scaled = outputs / 2.0 ** np.frexp(largest)[1].clip(-1021, 1023)
    varying = scaled[:n_varying]
    spread = varying.max() - varying.min()
    if spread <= ROUNDING * np.abs(varying).max():
        return None
    return np.asarray((scaled - varying.mean()) / spread)


def _undefined(g: int, *, exact: bool) -> SobolIndices:
    index, interval = np.full(g, np.nan), np.full((g, 2), np.nan)
    reason = say("the output does not vary: there is no variance to share out")
    return SobolIndices(index, index.copy(), interval, interval.copy(), exact, reason)
