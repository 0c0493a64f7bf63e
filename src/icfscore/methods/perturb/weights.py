"""Distributions of weights among siblings.

Every class draws shares for all draws of a block at once. `draw` takes

rng
    The generator of the block, the only source of chance.
size
    Number of draws.
centre
    (c,) or (size, c) the shares among the c children that take part, summing to one; a share of 0,
    as data-driven weights may give, stays 0.
siblings
    The children.

and returns the shares (size, c), >= 0 and summing to one, laid out so that the draws of one child
lie next to each other. `check` raises beforehand the error that drawing would.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

import numpy as np

from icfscore.methods.context import Floats, Ints, Siblings
from icfscore.methods.perturb.weights_bounded import BoundedWeights
from icfscore.methods.perturb.weights_ordinal import OrdinalWeights
from icfscore.methods.perturb.weights_simplex import (
    across_draws,
    among_active,
    dirichlet_shares,
    uniform_shares,
)
from icfscore.sentences import say


class Unconditional:
    """A distribution that fits any siblings."""

    __slots__ = ()

    def check(self, siblings: Siblings, centre: Floats, elsewhere: Collection[str] = ()) -> None:
        """Raise nothing."""
        del siblings, centre, elsewhere


@dataclass(frozen=True, slots=True)
class FixedWeights(Unconditional):
    """Weights stay as they are.

    Edge behaviour
    --------------
    Draws no random numbers. Shares that the data give still vary with the data.

    References
    ----------
    OECD and JRC (2008), Handbook on Constructing Composite Indicators, step 7.
    https://doi.org/10.1787/9789264043466-en

    Examples
    --------
    >>> rng = np.random.Generator(np.random.Philox(2019))
    >>> FixedWeights().draw(rng, 2, np.array([0.25, 0.75]), Siblings.of(2))
    array([[0.25, 0.75],
           [0.25, 0.75]])
    """

    kind: Literal["none"] = "none"

    def draw(
        self, rng: np.random.Generator, size: int, centre: Floats, siblings: Siblings
    ) -> Floats:
        """Repeat the centre: (size, c)."""
        del rng, siblings
        drawn = np.empty((centre.shape[-1], size))
        drawn[:] = across_draws(centre)
        return drawn.T


@dataclass(frozen=True, slots=True)
class UniformWeights(Unconditional):
    """Every set of weights is equally likely: uniform on the simplex.

    w_i = e_i / (e_1 + ... + e_c), e independent standard exponentials. Each share is Beta(1, c - 1)
    distributed; its mean is 1/c. How the exponentials are made was chosen by measurement:
    `weights_simplex` has the figures.

    Edge behaviour
    --------------
    The given weights do not matter, but for those that are 0: they stay 0. A single child has
    share 1.

    References
    ----------
    Lahdelma and Salminen (2001), SMAA-2. https://doi.org/10.1287/opre.49.3.444.11220
    Devroye (1986), Non-Uniform Random Variate Generation, chapter V.
    https://doi.org/10.1007/978-1-4613-8643-8

    Examples
    --------
    >>> rng = np.random.Generator(np.random.Philox(2019))
    >>> w = UniformWeights().draw(rng, 10_000, np.array([0.2, 0.8]), Siblings.of(2))
    >>> [round(float(share), 2) for share in w.mean(axis=0)]
    [0.5, 0.5]
    """

    kind: Literal["uniform_simplex"] = "uniform_simplex"

    def draw(
        self, rng: np.random.Generator, size: int, centre: Floats, siblings: Siblings
    ) -> Floats:
        """Draw shares (size, c) around no centre."""
        del siblings

        def among(columns: Ints, n: int) -> Floats:
            return uniform_shares(rng, len(columns), n)

        return among_active(centre, size, among).T


@dataclass(frozen=True, slots=True)
class DirichletWeights(Unconditional):
    """Weights scatter around their given shares, alpha_i = concentration × share_i.

    w_i = g_i / (g_1 + ... + g_c), g_i independent gammas of shape alpha_i. Each share is
    Beta(alpha_i, concentration - alpha_i) distributed: mean share_i, variance
    share_i (1 - share_i) / (concentration + 1). With the default 60 a share of 1/6 has the standard
    deviation 0.048.

    Parameters
    ----------
    concentration
        Sum of the alphas; the larger, the closer to the given shares. As many as there are equally
        weighted children: uniform on the simplex.

    Edge behaviour
    --------------
    Weights of 0 stay 0. Below a concentration of 1, gammas are drawn by their logarithms, so that
    no draw is 0/0; the smaller it is, the nearer a draw comes to giving all weight to one child.

    Raises
    ------
    ValueError
        For a concentration that is not a positive number.

    References
    ----------
    Aitchison (1986), The Statistical Analysis of Compositional Data.
    https://doi.org/10.1007/978-94-009-4109-0
    Marsaglia and Tsang (2000), A simple method for generating gamma variables.
    https://doi.org/10.1145/358407.358414

    Examples
    --------
    >>> rng = np.random.Generator(np.random.Philox(2019))
    >>> w = DirichletWeights(60).draw(rng, 100_000, np.array([0.2, 0.8]), Siblings.of(2))
    >>> [round(float(share), 3) for share in w.mean(axis=0)]
    [0.2, 0.8]
    """

    concentration: float = 60.0
    kind: Literal["dirichlet"] = "dirichlet"

    def __post_init__(self) -> None:
        """Check the concentration."""
        if not 0 < self.concentration < float("inf"):
            raise ValueError(
                say(
                    "concentration must be a positive number, got {concentration:g}",
                    concentration=self.concentration,
                )
            )

    def draw(
        self, rng: np.random.Generator, size: int, centre: Floats, siblings: Siblings
    ) -> Floats:
        """Draw shares (size, c) around the centre."""
        del siblings
        return dirichlet_shares(rng, across_draws(centre), self.concentration, size).T


@dataclass(frozen=True, slots=True)
class RelativeWeights(Unconditional):
    """Each weight is multiplied by a uniform number from 1 - share to 1 + share, then rescaled.

    w_i = centre_i u_i / sum over siblings of centre_j u_j, u independent uniform.

    Parameters
    ----------
    share
        Largest relative change before rescaling, above 0 and at most 1.

    Edge behaviour
    --------------
    Weights of 0 stay 0. The factor is never exactly 0, even where `share` is 1, so that the sum
    never is. A single child has share 1.

    Raises
    ------
    ValueError
        For a share that is not above 0 and at most 1.

    References
    ----------
    Saisana, Saltelli and Tarantola (2005), Uncertainty and sensitivity analysis techniques as tools
    for the quality assessment of composite indicators.
    https://doi.org/10.1111/j.1467-985X.2005.00350.x

    Examples
    --------
    >>> rng = np.random.Generator(np.random.Philox(2019))
    >>> w = RelativeWeights(0.5).draw(rng, 10_000, np.array([0.25, 0.75]), Siblings.of(2))
    >>> print(f"{w[:, 0].min():.2f} {w[:, 0].max():.2f}")  # 0.5 / (0.5 + 4.5), 1.5 / (1.5 + 1.5)
    0.10 0.50
    """

    share: float = 0.25
    kind: Literal["relative"] = "relative"

    def __post_init__(self) -> None:
        """Check the share."""
        if not 0 < self.share <= 1:
            raise ValueError(
                say("share must be above 0 and at most 1, got {share:g}", share=self.share)
            )

    def draw(
        self, rng: np.random.Generator, size: int, centre: Floats, siblings: Siblings
    ) -> Floats:
        """Draw shares (size, c) around the centre."""
        del siblings
        drawn = rng.random((centre.shape[-1], size))
        drawn *= -2 * self.share
        drawn += 1 + self.share  # above 1 - share, as the uniform numbers are below 1
        drawn *= across_draws(centre)
        drawn /= drawn.sum(axis=0)
        return drawn.T


WeightUncertainty = (
    FixedWeights
    | UniformWeights
    | DirichletWeights
    | RelativeWeights
    | BoundedWeights
    | OrdinalWeights
)
