"""Edges of the weights that make children as influential as they should be."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from icfscore.errors import MethodError
from icfscore.methods.context import Floats, Siblings
from icfscore.methods.weigh import EqualInfluence
from icfscore.methods.weigh.equal_influence import is_weighted_mean
from icfscore.methods.weigh.influence_of_means import balance
from icfscore.methods.weigh.influence_search import Influence, mean_of_present


def geometric(x: Floats, w: Floats) -> Floats:
    return np.asarray(np.exp((np.log(x) * w[..., None, :]).sum(axis=-1)))


def median(x: Floats, w: Floats) -> Floats:
    order = np.argsort(x, axis=-1)
    sorted_w = np.take_along_axis(np.broadcast_to(w[..., None, :], x.shape), order, axis=-1)
    at = (sorted_w.cumsum(axis=-1) >= 0.5 - 1e-12).argmax(axis=-1)
    return np.take_along_axis(np.sort(x, axis=-1), at[..., None], axis=-1)[..., 0]


def best_of(x: Floats, w: Floats) -> Floats:
    return np.asarray(x.max(axis=-1) + 0 * w.sum(axis=-1)[..., None])


def misfit(x: Floats, w: Floats, aggregate: object) -> Floats:
    """Sum the squared differences of the correlations' parts from equal ones, by np.corrcoef."""
    assert callable(aggregate)
    k = x.shape[-1]
    found = []
    for weights in np.atleast_2d(w):
        score = aggregate(x, weights)
        c = np.array([np.corrcoef(column, score)[0, 1] for column in x.T])
        found.append(((c / c.sum() - 1 / k) ** 2).sum() if c.sum() > 0 else np.inf)
    return np.array(found)


def correlated(seed: int, k: int = 4) -> Floats:
    rng = np.random.default_rng(seed)
    return np.exp(
        0.4 * (rng.normal(size=(21, 1)) + rng.normal(size=(21, k)) @ rng.normal(size=(k, k)))
    )


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_weighted_mean_gives_every_child_the_same_correlation(seed: int) -> None:
    rng = np.random.default_rng(seed)
    x = (rng.normal(size=(21, 1)) + 3 * rng.normal(size=(21, 5))) * [1, 10, 1e-3, 1, 5]
    w = EqualInfluence()(x, Siblings.of(5))
    c = [np.corrcoef(column, x @ w)[0, 1] for column in x.T]
    assert c == pytest.approx([c[0]] * 5, abs=1e-9)


@pytest.mark.parametrize("aggregate", [mean_of_present, geometric, median])
@pytest.mark.parametrize("seed", [0, 1])
def test_no_random_weights_do_better(seed: int, aggregate: object) -> None:
    assert callable(aggregate)
    x = correlated(seed)
    w = EqualInfluence()(x, Siblings.of(4, aggregate=aggregate))
    others = np.random.default_rng(99).dirichlet(np.ones(4) / 2, size=1500)
    assert misfit(x, w, aggregate)[0] <= misfit(x, others, aggregate).min() + 1e-9


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_the_search_finds_what_the_exact_solution_says(seed: int) -> None:
    """The same weighted mean, once known to be one, once hidden behind a trace of curvature."""
    x = correlated(seed)
    exact = EqualInfluence()(x, Siblings.of(4))
    hidden = Siblings.of(4, aggregate=lambda x, w: mean_of_present(x, w) * (1 + 1e-8))
    assert not is_weighted_mean(x[None], hidden)[0]
    assert EqualInfluence()(x, hidden) == pytest.approx(exact, abs=1e-6)


def test_a_child_that_leads_anyway_gets_weight_zero_and_a_warning() -> None:
    """By hand: the sum of four uncorrelated columns, three of which are its siblings, correlates
    sqrt 3 / 2 with the score that those three make, they 1 / sqrt 3 each: parts of 3/9 and 2/9. Any
    weight on the sum would lift its part towards 2/5.
    """
    a, b, c = (np.resize([1.0] * m + [-1.0] * m, 8) for m in (1, 2, 4))
    x, siblings = np.stack([a, b, c, a + b + c + a * b], axis=1), Siblings.of(4)
    assert EqualInfluence()(x, siblings) == pytest.approx([1 / 3, 1 / 3, 1 / 3, 0], abs=1e-9)
    (note,) = EqualInfluence().notes(x, siblings)
    assert note.level == "warning"
    assert note.text == (
        "the target cannot be met: residual 0.00926 of the children's parts of the influence from "
        "their target; farthest off is x4 with 0.333 for 0.250"
    )


def test_a_target_that_is_met_is_told_with_its_residual() -> None:
    x = np.array([[1.0, 3.0], [2.0, 1.0], [3.0, 2.0], [4.0, 5.0]])
    (note,) = EqualInfluence().notes(x, Siblings.of(2))
    assert note.level == "info"
    assert note.text.startswith("residual ")
    assert float(note.text.split()[1]) < 1e-20


def test_given_targets_are_shares_of_the_correlations() -> None:
    x = correlated(7, 3)
    given = np.array([3.0, 2.0, 2.5])
    w = EqualInfluence("given")(x, Siblings.of(3, given=given))
    c = np.array([np.corrcoef(column, x @ w)[0, 1] for column in x.T])
    if w.min() > 0:
        assert c / c.sum() == pytest.approx(given / given.sum(), abs=1e-9)


def test_twins_share_their_weight() -> None:
    a, b = np.array([1.0, 4, 2, 3, 7]), np.array([2.0, 1, 5, 3, 4])
    w = EqualInfluence()(np.stack([a, a, b], axis=1), Siblings.of(3))
    assert w[0] == pytest.approx(w[1], abs=1e-5)


def test_an_aggregation_that_ignores_the_weights_gets_the_target() -> None:
    x = correlated(3)
    w = EqualInfluence()(x, Siblings.of(4, aggregate=best_of))
    assert w == pytest.approx([0.25] * 4)


def test_weights_of_gaps_are_found_over_what_is_there() -> None:
    x = correlated(11)
    x[2, 0] = x[5, 3] = x[6] = np.nan
    w = EqualInfluence()(x, Siblings.of(4))
    score = mean_of_present(x, w)
    assert np.isnan(score[6])
    parts = Influence(x[None], np.full((1, 4), 0.25), mean_of_present).parts(w[None, None])[0, 0]
    seen = []
    for column in x.T:
        both = ~np.isnan(column)
        seen.append(np.corrcoef(column[both], score[both])[0, 1])
    assert parts == pytest.approx(np.array(seen) / np.sum(seen))
    others = np.random.default_rng(1).dirichlet(np.ones(4), size=(1, 2000))
    problem = Influence(x[None], np.full((1, 4), 0.25), mean_of_present)
    assert problem.misfit(parts[None, None])[0, 0] <= problem.misfit(problem.parts(others)).min()


def test_draws_are_searched_for_themselves() -> None:
    x = np.stack([correlated(seed) for seed in range(5)])
    siblings = Siblings.of(4, aggregate=geometric)
    together = EqualInfluence()(x, siblings)
    np.testing.assert_array_equal(together, np.stack([EqualInfluence()(d, siblings) for d in x]))


def test_what_the_aggregation_refuses_is_refused() -> None:
    def refuse(x: Floats, w: Floats) -> Floats:
        raise MethodError("no", row=1)

    with pytest.raises(MethodError, match="no"):
        EqualInfluence()(correlated(0), replace(Siblings.of(4), aggregate=refuse))


def test_children_without_a_positive_sum_of_correlations_keep_their_targets() -> None:
    """A score that falls when its children rise."""
    x = correlated(0)
    siblings = Siblings.of(4, aggregate=lambda x, w: -mean_of_present(x, w))
    assert EqualInfluence()(x, siblings) == pytest.approx([0.25] * 4)
    (note,) = EqualInfluence().notes(x, siblings)
    assert note.level == "warning"
    assert "have no positive sum" in note.text


def test_the_exact_solution_is_that_of_all_guesses_of_zeros() -> None:
    """Every set of positive u is tried; the best that meets the constraints is the optimum."""
    rng = np.random.default_rng(8)
    for _ in range(20):
        r = np.corrcoef((rng.normal(size=(9, 4)) @ rng.normal(size=(4, 4))).T)
        u, solved = balance(r[None], np.full((1, 4), 0.25))
        assert solved[0]
        best = np.inf
        for free in (np.array([bit == "1" for bit in f"{i:04b}"]) for i in range(1, 16)):
            system = np.block(
                [[(r @ r)[np.ix_(free, free)], r.sum(0)[free, None]], [r.sum(0)[free], 0]]
            )
            guess = np.zeros(4)
            guess[free] = np.linalg.solve(system, np.append((r.sum(1) / 4)[free], 1))[:-1]
            if (guess > -1e-12).all():
                best = min(best, float(((r @ guess - 0.25) ** 2).sum()))
        assert ((r @ u[0] - 0.25) ** 2).sum() == pytest.approx(best, abs=1e-12)
