"""The least change of weights, against the linear programme it solves."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import linprog

from icfscore.methods.reversal import least_reversal

LEADS = st.lists(st.integers(-9, 9), min_size=2, max_size=6)


def test_weight_moves_from_the_greatest_lead_to_the_greatest_lag() -> None:
    # Lead 4 · 1/2 + 1 · 1/4 - 2 · 1/4 = 7/4; each unit moved takes 6 of it: 7/24.
    found = least_reversal(np.array([0.5, 0.25, 0.25]), np.array([4.0, 1.0, -2.0]))
    assert found == pytest.approx([0.5 - 7 / 24, 0.25, 0.25 + 7 / 24])


def test_what_one_child_has_not_got_comes_from_the_next() -> None:
    # 0.1 of the first takes 0.1 · 6 of the lead 0.1 · 4 + 0.8 · 3 - 0.1 · 2 = 2.6; the rest, 2.0,
    # takes 0.4 of the second, at 5 a unit.
    found = least_reversal(np.array([0.1, 0.8, 0.1]), np.array([4.0, 3.0, -2.0]))
    assert found == pytest.approx([0, 0.4, 0.6])


@pytest.mark.parametrize("lead", [[1.0, 2.0], [0.0, 2.0]])
def test_who_is_behind_nowhere_stays_ahead(lead: list[float]) -> None:
    assert least_reversal(np.array([0.5, 0.5]), np.array(lead)) is None


@given(LEADS, st.data())
def test_no_smaller_change_brings_them_level(leads: list[int], data: st.DataObject) -> None:
    c = len(leads)
    w = np.array(data.draw(st.lists(st.integers(1, 9), min_size=c, max_size=c)), dtype=float)
    w /= w.sum()
    lead = np.array(leads, dtype=float)
    lead = lead if w @ lead >= 0 else -lead
    found = least_reversal(w, lead)
    if found is None:
        assert lead.min() >= 0
        return
    assert found.sum() == pytest.approx(1)
    assert found.min() >= -1e-12
    assert found @ lead == pytest.approx(0, abs=1e-12)
    # v = w + up - down; minimise sum(up + down).
    solved = linprog(
        np.ones(2 * c),
        A_eq=np.vstack([np.r_[np.ones(c), -np.ones(c)], np.r_[lead, -lead]]),
        b_eq=[0, -(w @ lead)],
        bounds=[(0, 1)] * c + [(0, share) for share in w],
    )
    assert np.abs(found - w).sum() == pytest.approx(solved.fun, abs=1e-9)
