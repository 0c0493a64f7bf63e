"""Imputation by maximum likelihood under a multivariate normal distribution."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from icfscore.methods.context import Cohort, Floats, Note
from icfscore.methods.impute.gaps import Standardised, fill, notes_on_empty, patterns
from icfscore.methods.impute.normal import ITERATIONS, RIDGE_PER_COLUMN, NormalFit, fit_normal
from icfscore.sentences import say


@dataclass(frozen=True, slots=True)
class ExpectationMaximisation:
    """Fill gaps with their conditional means under the multivariate normal fitted to the data.

    Means and covariances (divisor n) of all indicators together are the maximum-likelihood
    estimates from the incomplete data, found by expectation-maximisation: fill each row's gaps with
    their regression on what the row has; re-estimate, adding the variance that filled values lack;
    repeat until the estimates are judged to be within 1e-12 standard deviations (10,000 times at
    the most, else a warning). After every second time the estimates jump ahead, where that brings
    them closer to rest (SQUAREM): the same estimates in a fraction of the time. The values filled
    in are the conditional means at the end. The estimates are those of R's `norm` and `mvnmle`, and
    of Amelia without a prior.

    There is no such maximum where the p indicators that a community has are had together by no more
    than p communities (no more communities than indicators, for one), or where indicators are
    linearly dependent: the covariance matrix becomes singular. A ridge prior is added then, with a
    warning: as if 0.25 communities more had been seen for each of the k indicators, with the
    observed means and variances and without any correlation: S becomes (S + r D) / (1 + r),
    r = 0.25 k / n, D the observed variances. Amelia's `empri` is the same prior.

    Edge behaviour
    --------------
    A constant column tells nothing about others; its own gaps take the constant. Values may leave
    the observed range. With few communities per indicator the estimates follow chance: fewer than
    two for each is a warning. A community without values gets the means, with a warning; an
    all-missing column stays missing, with a warning. Draws with the same gaps are fitted at once.

    References
    ----------
    Dempster, Laird and Rubin (1977), Maximum likelihood from incomplete data via the EM algorithm.
    https://doi.org/10.1111/j.2517-6161.1977.tb01600.x
    Little and Rubin (2002), Statistical Analysis with Missing Data, ch. 11.
    https://doi.org/10.1002/9781119013563
    Varadhan and Roland (2008), Simple and globally convergent methods for accelerating the
    convergence of any EM algorithm. https://doi.org/10.1111/j.1467-9469.2007.00585.x
    Honaker, King and Blackwell (2011), Amelia II: a program for missing data (ridge prior). https://doi.org/10.18637/jss.v045.i07

    Examples
    --------
    >>> x = np.array([[1.0, 2.0], [3.0, 7.0], [4.0, 8.0], [5.0, 9.0], [2.0, np.nan]])
    >>> cohort = Cohort(sign=np.ones(2), node=np.zeros(2, dtype=int))
    >>> ExpectationMaximisation()(x, cohort)[4].round(4)
    array([2.    , 4.2857])
    """

    kind: Literal["em"] = "em"

    def __call__(self, x: Floats, cohort: Cohort) -> Floats:
        """Impute x (…, n, k)."""
        filled, _ = self._fill(x)
        return filled

    def _fill(self, x: Floats) -> tuple[Floats, list[NormalFit]]:
        """Fill x (…, n, k), and hand out the fits that it took."""
        standardised = Standardised.of(x, ddof=0)
        draws = standardised.z.reshape(-1, *x.shape[-2:])
        scores = np.where(np.isnan(draws), 0.0, draws)
        fits = []
        for pattern in patterns(draws):
            cells = np.ix_(pattern.draws, np.arange(x.shape[-2]), pattern.columns)
            fits.append(fit_normal(draws[cells], pattern.missing))
            scores[cells] = fits[-1].filled
        return fill(x, standardised.in_natural_units(scores.reshape(x.shape))), fits

    def notes(self, x: Floats, cohort: Cohort) -> tuple[Note, ...]:
        """Name empty indicators and communities, and what the estimates rest on."""
        filled, fits = self._fill(x)
        notes = list(notes_on_empty(x, filled))
        for fit in fits:
            _, n, q = fit.filled.shape
            if fit.ridged.any():
                text = say(
                    "{n} communities with these gaps do not determine the covariances of {q} "
                    "indicators: a ridge worth {worth:g} uncorrelated communities was added",
                    n=n,
                    q=q,
                    worth=RIDGE_PER_COLUMN * q,
                )
                notes.append(Note(text))
            elif n < 2 * q:
                text = say(
                    "{n} communities are few for a covariance matrix of {q} indicators: "
                    "imputed values follow chance",
                    n=n,
                    q=q,
                )
                notes.append(Note(text))
            if not fit.settled.all():
                text = say(
                    "the estimates have not settled after {sweeps} iterations",
                    sweeps=ITERATIONS,
                )
                notes.append(Note(text))
        return tuple(notes)
