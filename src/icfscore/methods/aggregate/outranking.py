"""Outranking: communities compared in pairs, with preferences that may grow with the gap."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from icfscore.methods.aggregate.pairs import scored_communities, sum_preferences
from icfscore.methods.aggregate.present import value_by_child
from icfscore.methods.context import ChildName, Floats, Note, Siblings, label_of
from icfscore.sentences import say

Preference = Literal["usual", "u_shape", "v_shape", "level", "linear", "gaussian"]
Threshold = float | Mapping[ChildName, float] | None

# Which thresholds each of the six functions reads.
NEEDS: Mapping[str, tuple[str, ...]] = {
    "usual": (),
    "u_shape": ("indifference",),
    "v_shape": ("preference_threshold",),
    "level": ("indifference", "preference_threshold"),
    "linear": ("indifference", "preference_threshold"),
    "gaussian": ("sigma",),
}


@dataclass(frozen=True, slots=True)
class PrometheeII:
    """Score the net flow: how far a community is preferred to the others less they to it.

    y_a = 1 / (n - 1) sum_b (pi_ab - pi_ba),  pi_ab = sum_j w_j P(x_aj - x_bj)

    P grows from 0 (no gap, or one in the other's favour) to 1. For a gap d > 0, with indifference
    q, preference threshold p and sigma s:

    - `usual`: 1 for d > 0
    - `u_shape`: 1 for d > q
    - `v_shape`: d / p, at most 1
    - `level`: 0.5 for d > q, 1 for d > p
    - `linear`: (d - q) / (p - q) between q and p, 1 beyond
    - `gaussian`: 1 - exp(-d^2 / (2 s^2))

    Parameters
    ----------
    preference
        P, the same for all children.
    indifference, preference_threshold, sigma
        In units of the children's scores: one number for all, or a mapping by child.

    Edge behaviour
    --------------
    Children that either of the two lacks are left out and the weights rescaled over the others;
    without a child in common neither is preferred. n counts the communities with a score. A
    constant column prefers nobody; ties stay ties; negative values need no care; one community
    alone gets 0; no child present gives no score. `linear` with q = p is `u_shape`.

    Raises
    ------
    ValueError
        For a threshold that the function needs and lacks, that is negative or not finite, a sigma
        or (for `v_shape`) a preference threshold of 0, or an indifference above the preference
        threshold.
    MethodError
        For a mapping that lacks a child or names a stranger.

    References
    ----------
    Brans and Vincke (1985), A preference ranking organisation method (the six functions).
    https://doi.org/10.1287/mnsc.31.6.647
    Brans, Vincke and Mareschal (1986), How to select and how to rank projects: the PROMETHEE
    method. https://doi.org/10.1016/0377-2217(86)90044-5

    Examples
    --------
    >>> x = np.array([[4.0, 3.0, 2.0], [3.0, 2.0, 4.0], [5.0, 1.0, 3.0]])
    >>> PrometheeII()(x, np.array([0.5, 0.3, 0.2]), Siblings.of(3)).round(9)
    array([ 0.1, -0.3,  0.2])
    """

    preference: Preference = "usual"
    indifference: Threshold = None
    preference_threshold: Threshold = None
    sigma: Threshold = None
    kind: Literal["promethee_ii"] = "promethee_ii"

    def __post_init__(self) -> None:
        """Check that the function has its thresholds and that they are sound."""
        if self.preference not in NEEDS:
            raise ValueError(
                say(
                    "preference must be one of {listed}, got {preference!r}",
                    listed=", ".join(NEEDS),
                    preference=self.preference,
                )
            )
        for name in NEEDS[self.preference]:
            given = getattr(self, name)
            if given is None:
                raise ValueError(
                    say(
                        "preference {preference} needs {name}",
                        preference=self.preference,
                        name=name,
                    )
                )
            above_zero = name == "sigma" or self.preference == "v_shape"
            for child, value in _pairs(given):
                if not (np.isfinite(value) and value >= 0 and (value > 0 or not above_zero)):
                    label = label_of(name, child)
                    raise ValueError(
                        say(
                            "{name} must be above 0 and finite, got {value:g}",
                            name=label,
                            value=value,
                        )
                        if above_zero
                        else say(
                            "{name} must be 0 or more and finite, got {value:g}",
                            name=label,
                            value=value,
                        )
                    )
        if len(NEEDS[self.preference]) > 1:
            self._check_order()

    def _check_order(self) -> None:
        """Check q <= p wherever both are known for the same child."""
        q, p = dict(_pairs(self.indifference)), dict(_pairs(self.preference_threshold))
        for child in sorted(q.keys() | p.keys()):
            low, high = q.get(child, q.get("")), p.get(child, p.get(""))
            if low is not None and high is not None and low > high:
                raise ValueError(
                    say(
                        "{name} ({low:g}) must not be above preference_threshold ({high:g})",
                        name=label_of("indifference", child),
                        low=low,
                        high=high,
                    )
                )

    def __call__(self, x: Floats, w: Floats, siblings: Siblings) -> Floats:
        """Aggregate x (…, n, c) by w (…, c): (…, n)."""
        thresholds = {
            name: value_by_child(getattr(self, name), name, siblings)
            for name in NEEDS[self.preference]
        }

        def prefer(gap: Floats, j: int) -> Floats:
            at = {name: float(by_child[j]) for name, by_child in thresholds.items()}
            return np.copysign(_degree(self.preference, np.abs(gap), at), gap)

        scored = scored_communities(x, w)
        others = np.maximum(scored.sum(axis=-1, keepdims=True) - 1, 1)
        return np.where(scored, sum_preferences(x, w, prefer) / others, np.nan)

    def notes(self, x: Floats, w: Floats, siblings: Siblings) -> tuple[Note, ...]:
        """Warn of thresholds that the preference function does not read."""
        del x, w, siblings
        return tuple(
            Note(
                say(
                    "preference {preference} does not use {name}",
                    preference=self.preference,
                    name=name,
                )
            )
            for name in ("indifference", "preference_threshold", "sigma")
            if getattr(self, name) is not None and name not in NEEDS[self.preference]
        )


def _pairs(given: Threshold) -> list[tuple[str, float]]:
    """List a threshold as (child, value), or ("", value) where it holds for all."""
    if given is None:
        return []
    if isinstance(given, Mapping):
        return [(child, float(value)) for child, value in given.items()]
    return [("", float(given))]


def _degree(preference: Preference, d: Floats, at: Mapping[str, float]) -> Floats:
    """Grade gaps d >= 0 between 0 and 1 by one of the six functions."""
    q, p = at.get("indifference", 0.0), at.get("preference_threshold", 0.0)
    if preference in ("usual", "u_shape"):
        return np.asarray(d > q, dtype=np.float64)
    if preference == "level":
        return np.where(d > p, 1.0, np.where(d > q, 0.5, 0.0))
    with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
        # Huge gaps are clear preferences; q = p leaves nothing between indifference and preference.
        if preference == "gaussian":
            return np.asarray(-np.expm1(-((d / at["sigma"]) ** 2) / 2))
        return np.where(d > p, 1.0, np.where(d > q, (d - q) / (p - q), 0.0))
