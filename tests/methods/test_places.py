"""What is refused or told names the community and the indicator it is about, among draws too."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from icfscore.errors import MethodError
from icfscore.methods.aggregate import (
    BenefitOfTheDoubt,
    Geometric,
    Harmonic,
    MazziottaPareto,
    OrderedWeighted,
    Topsis,
    Vikor,
)
from icfscore.methods.context import Cohort, Floats, Scale, Siblings
from icfscore.methods.impute import CriterionMean, GroupMean
from icfscore.methods.normalise import (
    Borda,
    FractionOfMax,
    MinMax,
    PercentileRank,
    Rank,
    ReferenceCommunity,
    Robust,
    Sum,
    Target,
    Vector,
    ZScore,
)
from icfscore.methods.sobol import enumerate_indices, estimate_indices
from icfscore.methods.treat import Clip, SkewKurtosis, Winsorise
from icfscore.methods.weigh import Critic, Entropy, Merec, PrincipalComponents

NA = np.nan
EVEN, THREE = np.full(3, 1 / 3), Siblings.of(3)
GOOD = np.array([[1.0, 2, 3], [4, 5, 7], [6, 9, 8], [3, 4, 9]])


def with_row(*values: float) -> Floats:
    """Two draws of four communities: the third one's values in the second are these."""
    x = np.stack([GOOD, GOOD])
    x[1, 2] = values
    return x


def with_column(*values: float) -> Floats:
    """Two draws of four communities: the second indicator's values in the second are these."""
    x = np.stack([GOOD, GOOD])
    x[1, :, 1] = values
    return x


SPREAD = np.stack([np.column_stack([np.arange(6.0), np.arange(6.0) ** 2])] * 2)
SPREAD[1, :, 1] = [1, 1, 1, 1, 1, 4]


def scored(method: Any, x: Floats) -> Any:
    return method(x, EVEN, THREE)


def normalised(method: Any, x: Floats) -> Any:
    return method(x, Scale.of(x, row_by_community={"there": 2}))


REFUSED: dict[str, tuple[Callable[[], Any], int | None, int | None]] = {
    "bod negative": (lambda: scored(BenefitOfTheDoubt(), with_row(1, -1, 1)), 2, 1),
    "bod forced": (lambda: scored(BenefitOfTheDoubt(lower=0.1), with_row(1, 0, 1)), 2, 1),
    "bod lower": (
        lambda: scored(BenefitOfTheDoubt(lower=0.3, upper=0.5), with_row(1, NA, NA)),
        2,
        None,
    ),
    "geometric": (lambda: scored(Geometric(), with_row(1, 0, 1)), 2, 1),
    "harmonic": (lambda: scored(Harmonic(), with_row(1, -1, 1)), 2, 1),
    "owa few": (lambda: scored(OrderedWeighted(weights=(1, 1)), with_row(1, 1, 1)), 0, None),
    "owa zeros": (
        lambda: scored(OrderedWeighted(weights=(0, 0, 1)), with_row(1, NA, 1)),
        2,
        None,
    ),
    "pareto zero": (lambda: scored(MazziottaPareto(), with_row(-1, 0, 1)), 2, None),
    "pareto large": (lambda: scored(MazziottaPareto(), with_row(-1e300, 1e300, 1e285)), 2, None),
    "fraction": (lambda: normalised(FractionOfMax(), with_row(1, -1, 1)), 2, 1),
    "fraction of zeros": (lambda: normalised(FractionOfMax(), with_column(0, 0, 0, 0)), None, 1),
    "robust": (lambda: normalised(Robust(), SPREAD), None, 1),
    "reference gap": (lambda: normalised(ReferenceCommunity("there"), with_row(1, NA, 9)), 2, 1),
    "reference lowest": (lambda: normalised(ReferenceCommunity("there"), with_row(9, 1, 9)), 2, 1),
    "target": (lambda: Target()(GOOD, Scale.of(GOOD, target=np.array([9.0, NA, 9]))), None, 1),
    "merec": (lambda: Merec()(with_row(1, 0, 1), THREE), 2, 1),
    "entropy": (lambda: Entropy()(with_row(1, -1, 1), THREE), None, 1),
    "loadings": (
        lambda: PrincipalComponents(rule="loadings")(
            np.array([[1.0, 4, 1], [2, 3, 2], [3, 2, 4], [4, 1, 3]]), THREE
        ),
        None,
        1,
    ),
    "output": (lambda: enumerate_indices(np.array([1.0, 2, np.inf])), 2, None),
    "output drawn": (
        lambda: estimate_indices(
            np.arange(3.0), np.array([1, 2, NA]), np.ones((1, 3)), np.random.default_rng(1)
        ),
        2,
        None,
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_an_error_names_the_cell(name: str) -> None:
    call, row, column = REFUSED[name]
    with pytest.raises(MethodError) as caught:
        call()
    assert (caught.value.row, caught.value.column) == (row, column)


CONSTANT = np.array([[1.0, 5, 3], [4, 5, 7], [6, 5, 8], [3, 5, 9]])
ZEROS = CONSTANT * [1, 0, 1]
SPIKE = np.column_stack([np.arange(20.0), [*range(19), 1e4], np.arange(20.0)])
LONE = np.array([[1.0, 5, 3], [NA, 5, NA], [6, 5, 8], [3, 5, 9]])
UPSIDE = np.array([[1.0, 2, 3], [4, 5, 7], [-6, -5, -8], [3, 4, 9]])


CONSTANTS = (MinMax(), ZScore(), Robust(), Rank(), Borda(), PercentileRank())
OUTLIERS = (Winsorise(), SkewKurtosis(max_points=1), SkewKurtosis(max_points=0))


def seen(x: Floats) -> tuple[Floats, Scale]:
    return x, Scale.of(x)


TOLD: list[tuple[Any, tuple[Any, ...], list[tuple[int | None, int | None]]]] = [
    *((method, seen(CONSTANT), [(None, 1)]) for method in CONSTANTS),
    *((method, seen(ZEROS), [(None, 1)]) for method in (Vector(), Sum())),
    *((method, seen(np.stack([ZEROS, ZEROS])), [(None, 1)]) for method in (Vector(), Sum())),
    *((method, (SPIKE,), [(None, 1)]) for method in OUTLIERS),
    (Clip(0.05, 0.95), (SPIKE,), [(None, 0), (None, 1), (None, 2)]),
    (Topsis(), (LONE, EVEN, THREE), [(None, 1), (1, None)]),
    (Vikor(), (CONSTANT, EVEN, THREE), [(None, 1)]),
    (MazziottaPareto(), (UPSIDE, EVEN, THREE), [(2, None)]),
    (MazziottaPareto(), (-GOOD, EVEN, THREE), [(None, None)]),
    (Critic(), (CONSTANT, THREE), [(None, 1)]),
    (
        GroupMean(by="area"),
        (
            np.array([[NA, 1.0], [NA, 2], [1, NA], [2, 3]]),
            Cohort(sign=np.ones(2), node=np.zeros(2), groups={"area": np.array([0, 0, -1, 1])}),
        ),
        [(None, 0), (2, None)],
    ),
    (
        CriterionMean(),
        (
            np.array([[1.0, 1, NA], [2, 2, NA], [NA, NA, NA]]),
            Cohort(sign=np.ones(3), node=np.array([0, 0, 1])),
        ),
        [(None, 2), (2, 0), (2, 1)],
    ),
]


@pytest.mark.parametrize(("method", "seen", "places"), TOLD, ids=lambda x: getattr(x, "kind", ""))
def test_a_note_names_the_cell(
    method: Any, seen: tuple[Any, ...], places: list[tuple[int | None, int | None]]
) -> None:
    assert [(note.row, note.column) for note in method.notes(*seen)] == places
