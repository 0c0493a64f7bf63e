"""Imputation by regressing each indicator on all the others, in turns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from icfscore.methods.context import Bools, Cohort, Floats, Note
from icfscore.methods.impute.gaps import Standardised, fill, notes_on_empty, patterns
from icfscore.sentences import say

SWEEPS = 300
TOLERANCE = 1e-9


def solve_ridge(products: Floats, right: Floats, penalty: float) -> Floats:
    """Solve (products + penalty I) b = right for each draw, (d, p, p) and (d, p)."""
    if penalty == 0:  # least squares of least norm, should products be singular
        return np.asarray((np.linalg.pinv(products, hermitian=True) @ right[..., None])[..., 0])
    eye = np.eye(products.shape[-1])
    return np.asarray(np.linalg.solve(products + penalty * eye, right[..., None])[..., 0])


def predict_column(z: Floats, missing: Bools, j: int, ridge: float) -> Floats:
    """Predict the gaps of column j of filled draws z (d, n, q) from the other columns: (d, gaps).

    The regression is fitted to the rows in which `missing` (n,) is False; the intercept bears no
    penalty.
    """
    predictors = np.delete(z, j, axis=-1)
    seen = predictors[:, ~missing]
    centre = seen.mean(axis=1, keepdims=True)
    seen = seen - centre
    y = z[:, ~missing, j]
    mean = y.mean(axis=1, keepdims=True)
    right = np.einsum("dnp,dn->dp", seen, y - mean)
    products = seen.swapaxes(1, 2) @ seen
    b = solve_ridge(products, right, ridge * predictors.shape[-1])
    return np.asarray(mean + np.einsum("dnp,dp->dn", predictors[:, missing] - centre, b))


def chain(z: Floats, missing: Bools, ridge: float) -> tuple[Floats, Bools]:
    """Fill draws z (d, n, q), gaps at `missing` (n, q), in sweeps; also say which settled (d,)."""
    filled = np.where(missing, 0.0, z)
    gaps = missing.sum(axis=0)
    turns = [j for j in np.argsort(gaps, kind="stable") if gaps[j]]
    moving = np.arange(len(z))
    for _ in range(SWEEPS):
        now = filled[moving]
        for j in turns:
            now[:, missing[:, j], j] = predict_column(now, missing[:, j], j, ridge)
        step = np.abs(now - filled[moving]).max(axis=(1, 2))
        filled[moving] = now
        moving = moving[step > TOLERANCE]
        if not moving.size:
            break
    settled = np.ones(len(z), dtype=bool)
    settled[moving] = False
    return filled, settled


@dataclass(frozen=True, slots=True)
class Regression:
    """Predict each indicator's gaps from all other indicators, in turns until nothing moves.

    Columns are standardised (z-scores of what is observed, divisor n - 1) and gaps start at the
    mean. In each sweep the columns with gaps take turns, those with fewest gaps first (ties in the
    order of indicators): a ridge regression of the column on all others is fitted to the rows in
    which it is observed, and predicts its gaps from the values, filled ones included, of the other
    columns. It minimises sum (z - a - Z b)² + λ sum b², λ = ridge · number of predictors. Sweeps
    end when no value moves by more than 1e-9 standard deviations, or after 300, with a warning.

    These are chained equations without the random draw (mice's norm.predict, scikit-learn's
    IterativeImputer), so that the result is deterministic: best predictions, which are less spread
    than data are.

    Parameters
    ----------
    ridge
        Penalty per predictor: of order (1 - R²) / R² where R² is what the predictors together are
        expected to explain (Hoerl, Kennard and Baldwin 1975). The default, 0.25, expects four
        fifths. 0 is least squares, of least norm where that is not unique.

    Edge behaviour
    --------------
    A constant column predicts nothing; its own gaps take the constant. A single varying column is
    filled with its mean. Predictions may leave the observed range. An all-missing column stays
    missing, with a warning. Draws with the same gaps are filled at once.

    Raises
    ------
    ValueError
        Unless ridge is finite and at least 0.

    References
    ----------
    van Buuren and Groothuis-Oudshoorn (2011), mice: Multivariate imputation by chained equations.
    https://doi.org/10.18637/jss.v045.i03
    Hoerl, Kennard and Baldwin (1975), Ridge regression: some simulations.
    https://doi.org/10.1080/03610927508827232

    Examples
    --------
    >>> x = np.array([[1.0, 2.0], [3.0, 6.0], [4.0, 8.0], [np.nan, 3.0]])
    >>> cohort = Cohort(sign=np.ones(2), node=np.zeros(2, dtype=int))
    >>> Regression(ridge=0)(x, cohort)[3].round(6)
    array([1.5, 3. ])
    """

    ridge: float = 0.25
    kind: Literal["regression"] = "regression"

    def __post_init__(self) -> None:
        """Check the penalty."""
        if not (np.isfinite(self.ridge) and self.ridge >= 0):
            raise ValueError(
                say("ridge must be a finite number >= 0, got {ridge:g}", ridge=self.ridge)
            )

    def __call__(self, x: Floats, cohort: Cohort) -> Floats:
        """Impute x (…, n, k)."""
        filled, _ = self._fill(x)
        return filled

    def _fill(self, x: Floats) -> tuple[Floats, Bools]:
        """Fill x (…, n, k) and say which draws settled (d,)."""
        standardised = Standardised.of(x, ddof=1)
        draws = standardised.z.reshape(-1, *x.shape[-2:])
        scores = np.where(np.isnan(draws), 0.0, draws)
        settled = np.ones(len(draws), dtype=bool)
        for pattern in patterns(draws):
            cells = np.ix_(pattern.draws, np.arange(x.shape[-2]), pattern.columns)
            scores[cells], settled[pattern.draws] = chain(draws[cells], pattern.missing, self.ridge)
        return fill(x, standardised.in_natural_units(scores.reshape(x.shape))), settled

    def notes(self, x: Floats, cohort: Cohort) -> tuple[Note, ...]:
        """Name empty indicators and communities, and say if the sweeps did not settle."""
        filled, settled = self._fill(x)
        notes = list(notes_on_empty(x, filled))
        if not settled.all():
            text = say(
                "the regressions have not settled after {sweeps} sweeps: imputed values depend "
                "on where they stopped; a higher `ridge` helps",
                sweeps=SWEEPS,
            )
            notes.append(Note(text))
        return tuple(notes)
