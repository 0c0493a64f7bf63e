"""Weights chosen by each community for itself, held in check by all others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import prod
from typing import Literal

import numpy as np

from icfscore.errors import MethodError
from icfscore.methods.aggregate.present import (
    first_place,
    ignored_weights,
    value_by_child,
    weigh_present,
)
from icfscore.methods.aggregate.simplex import maximise
from icfscore.methods.context import Bools, ChildName, Floats, Note, Siblings, label_of
from icfscore.sentences import say

Bound = float | Mapping[ChildName, float] | None
BLOCK = 2**17  # numbers in the tableaux solved at once
ROUNDING = 1e-9  # a score this near to 1 is 1; shares may miss their sum of 1 by as much


@dataclass(frozen=True, slots=True)
class BenefitOfTheDoubt:
    """Score each community by the weights that favour it most, under which nobody exceeds 1.

    y_i = max_w sum_j w_j x_ij  subject to  sum_j w_j x_kj <= 1 for every community k, w >= 0,
    lower <= w_j x_ij / sum_j w_j x_ij <= upper for every child j of i

    A linear programme for every community (and draw): data envelopment analysis with one input
    that is 1 for all. All programmes are pivoted together; an answer counts only if its dual
    confirms it to 1e-9, any other is left to HiGHS.

    Parameters
    ----------
    lower, upper
        Bounds in 0..1 on each child's share of the community's score: one number for all children
        or a mapping by child, those not named having none; by default none.

    Edge behaviour
    --------------
    Does not depend on units: columns may be multiplied by any positive number. A missing child
    has weight 0, in the community's own score and in what it holds against the others; bounds
    apply to the children present. A community that is best in a child scores 1 if there are no
    bounds; scores within 1e-9 of 1 are 1, so that the best tie. A constant column of a positive
    value lets everyone score 1 if there are no bounds. A row of zeros scores 0; a column of zeros
    helps nobody; one community alone scores 1. The weights of the children only say who takes part
    (those above 0): a warning says so where they differ. No child present gives no score.

    Raises
    ------
    ValueError
        For bounds outside 0..1, or a lower above its upper one.
    MethodError
        For a negative value; for bounds that no weights meet: a `lower` above 0 for a child that
        is 0, `lower` that add up to more than 1 or `upper` that add up to less over the children
        that are present and above 0; for a mapping that lacks a child or names a stranger.

    References
    ----------
    Melyn and Moesen (1991), Towards a synthetic indicator of macroeconomic performance.
    Cherchye, Moesen, Rogge and Van Puyenbroeck (2007), An introduction to 'benefit of the doubt'
    composite indicators (bounds as "pie shares"). https://doi.org/10.1007/s11205-006-9029-7

    Examples
    --------
    >>> x = np.array([[1.0, 5.0], [2.0, 7.0], [4.0, 3.0], [5.0, 5.0], [6.0, 2.0]])
    >>> BenefitOfTheDoubt()(x, np.ones(2), Siblings.of(2)).round(3)
    array([0.714, 1.   , 0.75 , 1.   , 1.   ])
    """

    lower: Bound = None
    upper: Bound = None
    kind: Literal["benefit_of_the_doubt"] = "benefit_of_the_doubt"

    def __post_init__(self) -> None:
        """Check the bounds."""
        lower, upper = _by_name(self.lower), _by_name(self.upper)
        for name, bounds in (("lower", lower), ("upper", upper)):
            for child, value in bounds.items():
                if not 0 <= value <= 1:
                    raise ValueError(
                        say(
                            "{name} must lie in 0..1, got {value:g}",
                            name=label_of(name, child),
                            value=value,
                        )
                    )
        for child in sorted(lower.keys() | upper.keys()):
            low, high = lower.get(child, lower.get("")), upper.get(child, upper.get(""))
            if low is not None and high is not None and low > high:
                raise ValueError(
                    say(
                        "{name} ({low:g}) must not be above upper ({high:g})",
                        name=label_of("lower", child),
                        low=low,
                        high=high,
                    )
                )

    def __call__(self, x: Floats, w: Floats, siblings: Siblings) -> Floats:
        """Aggregate x (…, n, c), the children with w (…, c) above 0 taking part: (…, n)."""
        present = weigh_present(x, w) > 0
        values = np.where(present, x, 0.0)
        _require_no_negative(values)
        lower = value_by_child(0.0 if self.lower is None else self.lower, "lower", siblings, 0.0)
        upper = value_by_child(1.0 if self.upper is None else self.upper, "upper", siblings, 1.0)
        best = values.max(axis=-2, keepdims=True)
        values = values / np.where(best > 0, best, 1.0)
        if not self._free:
            _require_feasible(values, present, lower, upper)
        n, c = values.shape[-2:]
        flat = values.reshape(prod(values.shape[:-2]), n, c)
        scores = np.where(flat.max(axis=-1) == 1, 1.0, 0.0)
        to_solve = (flat > 0).any(axis=-1) & ((scores < 1) | (not self._free))
        draws, rows = np.nonzero(to_solve)
        step = max(16, BLOCK // ((n + 2 * c) * c))
        for start in range(0, draws.size, step):
            d, i = draws[start : start + step], rows[start : start + step]
            own, bounds = flat[d, i], None if self._free else (lower, upper)
            scores[d, i] = maximise(*_programmes(own, flat[d], bounds))
        scores = np.where(scores > 1 - ROUNDING, 1.0, scores).reshape(present.shape[:-1])
        return np.where(present.any(axis=-1), scores, np.nan)

    @property
    def _free(self) -> bool:
        """Tell whether shares are unbounded."""
        return self.lower is None and self.upper is None

    def notes(self, x: Floats, w: Floats, siblings: Siblings) -> tuple[Note, ...]:
        """Warn of ignored weights, and tell how many communities share the highest score."""
        scores = self(x, w, siblings)
        text = say(
            "{best} of {present} communities reach the score 1",
            best=(scores == 1).sum(),
            present=(~np.isnan(scores)).sum(),
        )
        return (*ignored_weights(self.kind, w), Note(text, level="info"))


def _by_name(bound: Bound) -> dict[str, float]:
    """Map each child, or "" for all, to the bound."""
    if isinstance(bound, Mapping):
        return {child: float(value) for child, value in bound.items()}
    return {} if bound is None else {"": float(bound)}


def _require_no_negative(values: Floats) -> None:
    """Refuse negative values (…, n, c)."""
    if (values < 0).any():
        place = first_place(values < 0)
        raise MethodError(
            say(
                "benefit_of_the_doubt needs values of 0 or more, found {values:g}",
                values=values[place],
            ),
            remedy=say("normalise to a range from 0, such as min_max with low: 0, high: 100"),
            row=place[-2],
            column=place[-1],
        )


def _require_feasible(values: Floats, present: Bools, lower: Floats, upper: Floats) -> None:
    """Refuse bounds that no shares of a community's children can meet.

    Any shares within the bounds will do, as all weights may be made as small as the others need.
    """
    forced = present & (values == 0) & (lower > 0)
    if forced.any():
        place = first_place(forced)
        raise MethodError(
            say(
                "a child that is 0 cannot have the {lower:g} of the score that lower asks of it",
                lower=lower[place[-1]],
            ),
            remedy=say(
                "lower the bound, or normalise to a range above 0, such as min_max with low: 1"
            ),
            row=place[-2],
            column=place[-1],
        )
    helpful = values > 0
    for name, total in (
        ("lower", (helpful * lower).sum(axis=-1)),
        ("upper", (helpful * upper).sum(axis=-1)),
    ):
        excess = (total - 1) if name == "lower" else (1 - total)
        infeasible = helpful.any(axis=-1) & (excess > ROUNDING)
        if infeasible.any():
            place = first_place(infeasible)
            raise MethodError(
                say(
                    "the lower bounds of the children present and above 0 add up to more than 1 "
                    "({total:g})",
                    total=total[place],
                )
                if name == "lower"
                else say(
                    "the upper bounds of the children present and above 0 add up to less than 1 "
                    "({total:g})",
                    total=total[place],
                ),
                remedy=say("lower them, or impute what is missing")
                if name == "lower"
                else say("raise them, or impute what is missing"),
                row=place[-1],
            )


def _programmes(
    own: Floats, everyone: Floats, bounds: tuple[Floats, Floats] | None
) -> tuple[Floats, Floats, Floats]:
    """State the programmes in contributions v_j = w_j x_ij: gain (p, c), a (p, m, c), b (p, m).

    Rows are scaled so that their largest coefficient is 1.

    Parameters
    ----------
    own, everyone
        The values (p, c) of the communities to score and (p, n, c) of all.
    bounds
        lower and upper (c,), if any.
    """
    helpful = own > 0
    with np.errstate(over="ignore"):
        ratio = everyone / np.where(helpful, own, 1.0)[:, None, :]
    ratio = np.where(helpful[:, None, :], np.minimum(ratio, 1e300), 0.0)
    largest = ratio.max(axis=-1)
    largest = np.where(largest > 0, largest, 1.0)
    gain, a, b = helpful.astype(np.float64), ratio / largest[..., None], 1 / largest
    if bounds is None:
        return gain, a, b
    lower, upper = bounds
    both = (helpful[:, :, None] & helpful[:, None, :]).astype(np.float64)
    at_least = (lower[:, None] - np.eye(lower.size)) * both  # lower sum(v) - v_j <= 0
    at_most = (np.eye(upper.size) - upper[:, None]) * both
    a = np.concatenate([a, at_least, at_most], axis=-2)
    return gain, a, np.concatenate([b, np.zeros((len(own), 2 * lower.size))], axis=-1)
