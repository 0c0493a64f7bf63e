"""Weights from comparisons with the most and the least important child."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from icfscore.methods.context import ChildName, Floats, Note, Siblings
from icfscore.methods.weigh.judgement import LARGEST, cut_notes, cut_to_scored
from icfscore.sentences import say

THRESHOLD = np.array(
    [
        [0.1667, 0.1667, 0.1667, 0.1667, 0.1667, 0.1667, 0.1667],
        [0.1121, 0.1529, 0.1898, 0.2206, 0.2527, 0.2577, 0.2683],
        [0.1354, 0.1994, 0.2306, 0.2546, 0.2716, 0.2844, 0.2960],
        [0.1330, 0.1990, 0.2643, 0.3044, 0.3144, 0.3221, 0.3262],
        [0.1294, 0.2457, 0.2819, 0.3029, 0.3144, 0.3251, 0.3403],
        [0.1309, 0.2521, 0.2958, 0.3154, 0.3408, 0.3620, 0.3657],
        [0.1359, 0.2681, 0.3062, 0.3337, 0.3517, 0.3620, 0.3662],
    ]
)
"""Liang et al. (2020), table 3: by best-to-worst value 3 to 9 (rows) and 3 to 9 children."""


@dataclass(frozen=True, slots=True)
class BestWorst:
    """Weigh by comparing all children with the best and with the worst one (BWM, linear model).

    minimise xi subject to |w_B - a_Bj w_j| <= xi, |w_j - a_jW w_W| <= xi, sum w = 1, w >= 0
    input-based consistency ratio = max_j |a_Bj a_jW - a_BW| / (a_BW² - a_BW)

    Parameters
    ----------
    best, worst
        Ids of the most and the least important child.
    best_to_others
        By child how many times as important the best is: 1 to 9, the worst included. The best's
        own 1 may be left out.
    others_to_worst
        By child how many times as important it is as the worst: 1 to 9, the best included, with the
        same value as in `best_to_others`. The worst's own 1 may be left out.

    Edge behaviour
    --------------
    Does not look at the data. All children named are weighed, then cut to those that are scored and
    rescaled. Two children are always consistent. A consistency ratio above Liang et al.'s threshold
    is a warning that names the worst comparison; the ratio itself is always told. Outside their
    table the nearest row and column hold; on a scale to 2 or less the threshold is 0.

    Raises
    ------
    ValueError
        If best and worst are the same, a value lies outside 1 to 1e9, the two mappings name
        different children, or differ on best to worst.
    MethodError
        If a child named is not the node's, or a scored child of the node is not compared.

    References
    ----------
    Rezaei (2016), Best-worst multi-criteria decision-making method: some properties and a linear
    model. https://doi.org/10.1016/j.omega.2015.12.001
    Liang, Brunelli and Rezaei (2020), Consistency issues in the best worst method: measurements and
    thresholds, table 3. https://doi.org/10.1016/j.omega.2019.102175

    Examples
    --------
    >>> bwm = BestWorst("x2", "x1", {"x1": 4, "x3": 2}, {"x2": 4, "x3": 2})
    >>> bwm(np.zeros((5, 3)), Siblings.of(3)).round(6)
    array([0.142857, 0.571429, 0.285714])
    """

    best: ChildName
    worst: ChildName
    best_to_others: Mapping[ChildName, float]
    others_to_worst: Mapping[ChildName, float]
    kind: Literal["best_worst"] = "best_worst"

    def __post_init__(self) -> None:
        """Check that the comparisons are complete, in range and agree where they meet."""
        if self.best == self.worst:
            raise ValueError(
                say("best and worst must be two children, both are '{best}'", best=self.best)
            )
        _check_values("best_to_others", self.best_to_others, self.best)
        _check_values("others_to_worst", self.others_to_worst, self.worst)
        over = {self.best, *self.best_to_others}
        under = {self.worst, *self.others_to_worst}
        for name in sorted(over ^ under):
            lacking = "best_to_others" if name in under else "others_to_worst"
            raise ValueError(say("{lacking} must compare '{name}' too", lacking=lacking, name=name))
        down, up = self.best_to_others[self.worst], self.others_to_worst[self.best]
        if abs(down / up - 1) > 1e-9:
            raise ValueError(
                say(
                    "best_to_others says {best} is {down:g} times as important as {worst}, "
                    "others_to_worst says {up:g} times: they must agree",
                    best=self.best,
                    down=down,
                    worst=self.worst,
                    up=up,
                )
            )

    def __call__(self, x: Floats, siblings: Siblings) -> Floats:
        """Weigh c children: shares (c,)."""
        del x
        judged, to_best, to_worst = self._vectors()
        w, _ = linear_weights(to_best, to_worst)
        return cut_to_scored(judged, w, siblings, "best_to_others")

    def notes(self, x: Floats, siblings: Siblings) -> tuple[Note, ...]:
        """Tell the consistency ratio, and the worst comparison where it is too high."""
        del x
        judged, to_best, to_worst = self._vectors()
        ratios = input_consistency(to_best, to_worst)
        ratio, limit = float(ratios.max()), consistency_threshold(to_best[1], len(judged))
        idle = cut_notes(judged, siblings)
        if ratio <= limit + 1e-12:
            text = say(
                "input-based consistency ratio {ratio:.3f}, acceptable up to {limit:.3f}",
                ratio=ratio,
                limit=limit,
            )
            return (Note(text, level="info"), *idle)
        j = int(ratios.argmax())
        text = say(
            "the comparisons are inconsistent: input-based consistency ratio {ratio:.3f}, "
            "above {limit:.3f}; farthest off is {judged}: {best} to it {to_best:g} times it to "
            "{worst} {to_worst:g} should make {product:g}",
            ratio=ratio,
            limit=limit,
            judged=judged[j],
            best=self.best,
            to_best=to_best[j],
            worst=self.worst,
            to_worst=to_worst[j],
            product=to_best[1],
        )
        return (Note(text), *idle)

    def _vectors(self) -> tuple[tuple[str, ...], Floats, Floats]:
        """List the names (k), best first, worst second, with a_Bj (k,) and a_jW (k,)."""
        rest = [name for name in self.best_to_others if name not in (self.best, self.worst)]
        judged = (self.best, self.worst, *rest)
        to_best = [float(self.best_to_others.get(name, 1.0)) for name in judged]
        to_worst = [float(self.others_to_worst.get(name, 1.0)) for name in judged]
        return judged, np.array(to_best), np.array(to_worst)


def _check_values(field: str, values: Mapping[str, float], own: str) -> None:
    for name, value in values.items():
        if not 1 <= value <= LARGEST:
            raise ValueError(
                say(
                    "{field}: '{name}' must be a number from 1 (to 9), found {value:g}",
                    field=field,
                    name=name,
                    value=value,
                )
            )
    if values.get(own, 1) != 1:
        raise ValueError(
            say(
                "{field}: '{own}' compared with itself must be 1, found {values:g}",
                field=field,
                own=own,
                values=values[own],
            )
        )


def linear_weights(to_best: Floats, to_worst: Floats) -> tuple[Floats, float]:
    """Solve Rezaei's linear model for k children, best first, worst second: w (k,) and xi.

    The best-to-worst comparison enters both families of constraints alike, and once here.
    """
    from scipy.optimize import linprog

    k = len(to_best)
    own = np.eye(k)
    deviations = np.vstack(
        [
            own[0] - to_best[1:, None] * own[1:],
            own[2:] - to_worst[2:, None] * own[1],
        ]
    )
    slack = np.full((len(deviations), 1), -1.0)
    bounds = np.vstack([np.hstack([deviations, slack]), np.hstack([-deviations, slack])])
    solution = linprog(
        np.append(np.zeros(k), 1.0),
        A_ub=bounds,
        b_ub=np.zeros(len(bounds)),
        A_eq=np.append(np.ones(k), 0.0)[None, :],
        b_eq=[1.0],
        bounds=(0, None),
        method="highs-ds",
    )
    optimum = np.asarray(solution.x, dtype=np.float64)
    w = np.maximum(optimum[:k], 0.0)
    return w / w.sum(), float(optimum[k])


def input_consistency(to_best: Floats, to_worst: Floats) -> Floats:
    """Compute each child's input-based consistency ratio (k,); best first, worst second."""
    scale = to_best[1]
    if scale == 1:
        return np.where(to_best * to_worst == 1, 0.0, np.inf)
    return np.asarray(np.abs(to_best * to_worst - scale) / (scale * scale - scale))


def consistency_threshold(scale: float, k: int) -> float:
    """Look up the ratio up to which k children on a scale (best to worst) are consistent enough."""
    if scale < 2.5 or k < 3:
        return 0.0
    row, column = min(max(round(scale), 3), 9) - 3, min(k, 9) - 3
    return float(THRESHOLD[row, column])
