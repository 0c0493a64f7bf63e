"""Values drawn in pieces are those that are drawn as a whole, to the bit."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.pipeline.uncertain_projects import EXACT, scored

from icfscore.domain.tables import Floats
from icfscore.files.overrides import settle
from icfscore.files.project_folder import builtin_project, read_project
from icfscore.methods.perturb import HotDeck, PedigreeData
from icfscore.methods.perturb.missing import Gap, choose_donors, fill_gaps
from icfscore.pipeline.draw_groups import stream
from icfscore.pipeline.draw_plan import DrawPlan, plan_draws
from icfscore.pipeline.drawn_errors import PIECE
from icfscore.pipeline.score import score
from icfscore.pipeline.shared_errors import Entering


def plan_of_many() -> DrawPlan:
    """Lay out draws of so many communities that a column is drawn in several pieces."""
    rng = np.random.default_rng(1)
    x = np.exp(rng.normal(size=(2500, 4)))
    x[rng.random(x.shape) < 0.1] = np.nan
    told = {"x1": {"kind": "index", "bounds": (0, 9)}, "x3": {"kind": "share", "bounds": (0, 90)}}
    uncertainty = replace(EXACT, data=PedigreeData(), missing=HotDeck(), draws=32)
    return plan_draws(scored(x, uncertainty, indicators=told))


def plan_with_heirs() -> DrawPlan:
    """Lay out draws of the built-in project, where observations are shared and denominators are."""
    read = read_project(builtin_project())
    return plan_draws(score(read.project, settle(read)))


@pytest.mark.parametrize(("plan", "n_draws"), [(plan_of_many(), 16), (plan_with_heirs(), 48)])
def test_values_drawn_in_pieces_are_those_drawn_as_a_whole(plan: DrawPlan, n_draws: int) -> None:
    errors = plan.errors
    assert errors is not None
    n = plan.n_communities
    streams = [
        {name: stream(plan.seed, name, 0, 0) for name in errors.by_criterion} for _ in range(2)
    ]
    shared = errors.draw_shared(streams[0], n_draws)
    np.testing.assert_array_equal(shared, errors.draw_shared(streams[1], n_draws))
    for name, cells in errors.by_criterion.items():
        shape = (cells.columns.stop - cells.columns.start, n, n_draws)
        whole, pieces = np.empty(shape), np.empty(shape)
        errors.draw(name, streams[0][name], shared, pieces)
        errors.draw_own(name, streams[1][name], whole)
        flat = whole.reshape(-1, n_draws)
        for run in cells.runs:
            mine = flat[run.cells]
            for entering in run.shared:
                for cell, number, factor in zip(
                    entering.cells, entering.numbers, entering.factors, strict=True
                ):
                    mine[cell] += factor * shared[number]
            run.scatter(mine)
        assert pieces.tobytes() == whole.tobytes()
    if n > 1000:
        assert n * n_draws > 2 * PIECE  # it is about several pieces
    else:
        assert any(run.shared for each in errors.by_criterion.values() for run in each.runs)


@pytest.mark.parametrize("n_draws", [5, 300])
def test_a_cell_may_have_several_shared_errors(n_draws: int) -> None:
    entries = [(2, 0, 1.0), (2, 1, -0.5), (3, 1, 1.0), (6, 0, 2.0)]
    layers = Entering.layers(entries)
    assert [layer.cells.tolist() for layer in layers] == [[2, 3, 6], [2]]
    shared = np.random.default_rng(0).normal(size=(2, n_draws))
    out = np.zeros((3, n_draws))  # cells 2, 3 and 4
    for layer in layers:
        layer.enter(shared, out, 2)
    expected = [shared[0] - 0.5 * shared[1], shared[1], np.zeros(n_draws)]
    np.testing.assert_array_equal(out, expected)
    later = np.zeros((1, n_draws))  # cell 3 alone
    for layer in layers:
        layer.enter(shared, later, 3)
    np.testing.assert_array_equal(later, [shared[1]])


def test_gaps_filled_together_are_those_filled_one_by_one() -> None:
    plan = plan_of_many()
    rng = np.random.default_rng(0)
    x: Floats = rng.normal(size=(4, plan.n_communities, 16))
    u = rng.random((len(plan.gaps), 16))
    one_by_one = x.copy()
    for gap, chance in zip(plan.gaps, u, strict=True):
        for column in gap.columns:
            donors = choose_donors(gap, chance)
            one_by_one[column, gap.row] = x[column, donors, np.arange(16)]
    assert len(plan.gaps) > 500
    fill_gaps(x, plan.gaps, u)
    np.testing.assert_array_equal(x, one_by_one)


def test_without_gaps_nothing_is_filled() -> None:
    x = np.ones((1, 2, 3))
    fill_gaps(x, (), np.empty((0, 3)))
    fill_gaps(x, (Gap(0, np.zeros(0, dtype=np.int64), np.array([1])),), np.zeros((1, 3)))
    assert (x == 1).all()


def test_a_plan_to_send_knows_how_many_gaps_there_are_and_not_who_may_fill_them() -> None:
    plan = plan_of_many()
    alone = plan.alone()
    assert len(alone.gaps) == len(plan.gaps)
    assert sum(gap.donors.size for gap in alone.gaps) == 0
    assert alone.factors == plan.factors
