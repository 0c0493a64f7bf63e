"""Which errors are one: heirs of an observation, denominators; what proxies add; bounds of draws."""

from __future__ import annotations

from dataclasses import replace
from math import log, sqrt
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.conftest import MakeProject
from tests.pipeline.uncertain_projects import EXACT, drawn_values, observation, scored

from icfscore.domain.tables import Floats
from icfscore.files.overrides import settle
from icfscore.files.project_folder import read_project
from icfscore.methods.perturb import PedigreeData, RelativeData
from icfscore.pipeline.draw_plan import DrawPlan, plan_draws
from icfscore.pipeline.draws import draw_block
from icfscore.pipeline.errors_in_data import ends_of_errors
from icfscore.pipeline.score import score

DRAWS = 20_000
FIVE_ERRORS = 5 / sqrt(DRAWS)  # of a correlation that is 0

FRAMEWORK = """\
    id: heirs
    name: Heirs
    criteria:
      - id: a
        name: A
        indicators:
          - {id: income, name: I, unit: USD, direction: higher, kind: ratio}
          - {id: trees, name: T, unit: institution, direction: higher, kind: count, per: population}
          - {id: online, name: O, unit: percent, direction: higher, kind: share}
      - id: b
        name: B
        indicators:
          - {id: jobs, name: J, unit: institution, direction: higher, kind: count, per: population}
          - {id: trust, name: U, unit: points, direction: higher, kind: index, bounds: [0, 10]}
    context:
      - {id: population, name: P, unit: person}
    """
LAND = """\
    id: AAA
    name: Land
    source: census
    year: 2018
    observations: {income: 1000, online: 50, trust: 5}
    """
OWN = "observations: {trees: 20, population: 1000, jobs: 500"
COMMUNITIES = {
    "alpha": f"{{parent: AAA, {OWN}}}}}",
    "beta": f"{{parent: AAA, {OWN}, online: 99}}}}",
    "gamma": f"{{{OWN}, income: 1000, online: {{value: 70, sd: 2}}, trust: 9.9}}}}",
    "delta": f"{{{OWN}, income: {{value: 1000, interval: [800, 1600]}}, online: 0, trust: 10}}}}",
}


HEIRS: dict[str, str | bytes | None] = {
    "icfscore.yaml": "recipe: {screening: {min_indicator_coverage: 0, min_community_coverage: 0}}\n",
    "criteria/framework.yaml": FRAMEWORK,
    "criteria/air.yaml": None,
    "criteria/work.yaml": None,
    "communities/areas/AAA.yaml": LAND,
} | {
    f"communities/{name}.yaml": f"{{id: {name}, name: {name}, source: census, year: 2018, "
    f"{body[1:]}\n"
    for name, body in COMMUNITIES.items()
}


@pytest.fixture
def heirs(make_project: MakeProject) -> Path:
    return make_project(HEIRS)


def plan_of(folder: Path, **assignments: Any) -> DrawPlan:
    read = read_project(folder)
    options = {f"uncertainty.data.{key}": str(value) for key, value in assignments.items()}
    settings = settle(read, draws=4000, assignments=options)
    return plan_draws(score(read.project, settings))


class Table:
    """Drawn values by indicator and community."""

    def __init__(self, plan: DrawPlan) -> None:
        self.plan = plan
        self.drawn = drawn_values(plan, -(-DRAWS // plan.block))

    def __call__(self, indicator: str, community: str) -> Floats:
        column = [i.id for i in self.plan.columns.indicators].index(indicator)
        row = self.plan.columns.communities.index(community)
        return np.asarray(self.drawn[column, row])


def correlation(a: Floats, b: Floats) -> float:
    return float(np.corrcoef(np.log(a), np.log(b))[0, 1])


def test_heirs_without_an_error_of_their_own_move_as_one(heirs: Path) -> None:
    drawn = Table(plan_of(heirs, level="{national: 1}"))
    np.testing.assert_array_equal(drawn("income", "alpha"), drawn("income", "beta"))
    np.testing.assert_array_equal(drawn("trust", "alpha"), drawn("trust", "beta"))
    assert abs(correlation(drawn("income", "alpha"), drawn("income", "gamma"))) < FIVE_ERRORS


def test_a_proxy_adds_an_error_of_its_own(heirs: Path) -> None:
    """Measurement 1.2 is shared, representativeness 1.5 is not: the logarithms correlate by
    ln² 1.2 / (ln² 1.2 + ln² 1.5)."""
    drawn = Table(plan_of(heirs, basic=1.2))
    alpha, beta = drawn("income", "alpha"), drawn("income", "beta")
    shared, own = log(1.2) ** 2, log(1.5) ** 2
    assert np.log(alpha).std() == pytest.approx(sqrt(shared + own), rel=0.03)
    assert correlation(alpha, beta) == pytest.approx(shared / (shared + own), abs=FIVE_ERRORS)
    assert np.log(drawn("income", "gamma")).std() == pytest.approx(sqrt(shared), rel=0.03)
    assert np.median(alpha) == pytest.approx(1000, rel=0.02)


def test_a_denominator_errs_in_all_that_is_divided_by_it(heirs: Path) -> None:
    """Numerators err by 1.1, the population by 1.3 in trees and jobs alike."""
    drawn = Table(plan_of(heirs, basic=1.1))
    numerator, both = log(1.1) ** 2, 2 * log(1.1) ** 2
    trees, jobs = drawn("trees", "alpha"), drawn("jobs", "alpha")
    assert np.log(trees).std() == pytest.approx(sqrt(both), rel=0.03)
    assert correlation(trees, jobs) == pytest.approx(numerator / both, abs=FIVE_ERRORS)
    assert abs(correlation(trees, drawn("jobs", "beta"))) < FIVE_ERRORS


def test_a_denominators_own_uncertainty_counts(heirs: Path) -> None:
    path = heirs / "communities/alpha.yaml"
    text = path.read_text().replace("population: 1000", "population: {value: 1000, sd: 300}")
    path.write_text(text)
    drawn = Table(plan_of(heirs, basic=1))
    y = (1 + sqrt(1 + 4 * 0.3**2)) / 2  # the lognormal with median 1 and sd 0.3
    assert np.log(drawn("trees", "alpha")).std() == pytest.approx(sqrt(log(y)), rel=0.03)
    np.testing.assert_allclose(drawn("trees", "beta"), 0.02)


def test_the_denominators_error_belongs_to_the_first_criterion(heirs: Path) -> None:
    plan = plan_of(heirs, basic=1.1)
    assert plan.errors is not None
    first, second = plan.errors.shared_by["a"], plan.errors.shared_by["b"]
    # alpha, beta, gamma, delta's populations, the land's income, and delta's interval.
    assert (first.stop - first.start, second.stop - second.start) == (6, 1)


def test_draws_keep_within_bounds_and_natural_ranges(heirs: Path) -> None:
    drawn = Table(plan_of(heirs, basic=3))
    for community in COMMUNITIES:
        for indicator, top in (("online", 100), ("trust", 10), ("income", np.inf)):
            values = drawn(indicator, community)
            assert values.min() >= 0
            assert values.max() <= top


def test_a_value_at_a_bound_scatters_inwards_by_the_floor(heirs: Path) -> None:
    online = Table(plan_of(heirs))("online", "delta")
    assert online.min() >= 0
    assert online.mean() == pytest.approx(sqrt(2 / np.pi), rel=0.05)  # 1 % of 100


def test_a_values_own_uncertainty_replaces_the_pedigree(heirs: Path) -> None:
    drawn = Table(plan_of(heirs, basic=2))
    assert drawn("online", "gamma").std() == pytest.approx(2, rel=0.03)
    quantiles = np.quantile(drawn("income", "delta"), [0.05, 0.5, 0.95])
    np.testing.assert_allclose(quantiles, [800, 1000, 1600], rtol=0.02)


def test_age_counts_from_the_reference_year(heirs: Path) -> None:
    read = read_project(heirs)
    settings = settle(read, draws=4000, year=2026, assignments={"uncertainty.data.basic": "1"})
    drawn = Table(plan_draws(score(read.project, settings)))
    assert np.log(drawn("income", "gamma")).std() == pytest.approx(log(1.1), rel=0.03)


def test_relative_errors_are_shared_by_heirs_too(heirs: Path) -> None:
    read = read_project(heirs)
    options = {"uncertainty.data": "{kind: relative, sd: 0.1}"}
    drawn = Table(plan_draws(score(read.project, settle(read, draws=4000, assignments=options))))
    np.testing.assert_array_equal(drawn("income", "alpha"), drawn("income", "beta"))
    assert drawn("income", "alpha").std() == pytest.approx(100, rel=0.03)
    assert drawn("income", "alpha").mean() == pytest.approx(1000, abs=5)
    np.testing.assert_array_equal(np.unique(drawn("online", "delta")), [0.0])


def test_without_proxies_nothing_is_inherited(heirs: Path) -> None:
    read = read_project(heirs)
    options = {"proxies": "false"}
    plan = plan_draws(score(read.project, settle(read, draws=4000, assignments=options)))
    income = [i.id for i in plan.columns.indicators].index("income")
    table = drawn_values(plan)[income]
    assert np.isnan(table[plan.columns.communities.index("alpha")]).all()
    assert not np.isnan(table[plan.columns.communities.index("gamma")]).any()


def test_a_share_above_one_hundred_has_no_natural_range() -> None:
    told = {"x1": {"kind": "share", "unit": "percent"}}
    uncertainty = replace(EXACT, data=PedigreeData(basic=1.5), draws=4000)
    plan = plan_draws(scored([[130.0], [50.0]], uncertainty, indicators=told))
    over, under = drawn_values(plan)[0]
    assert np.median(over) == pytest.approx(130, rel=0.05)
    assert under.max() > 100


def test_missing_values_stay_missing_and_exact_ones_exact() -> None:
    cells = [[1.0, None], [observation(3.0, sd=0.0), 2.0], [5.0, observation(4.0, interval=(4, 4))]]
    uncertainty = replace(EXACT, data=PedigreeData(), draws=100)
    drawn = drawn_values(plan_draws(scored(cells, uncertainty)))
    assert np.isnan(drawn[1, 0]).all()
    np.testing.assert_array_equal(np.unique(drawn[0, 1]), [3.0])
    np.testing.assert_array_equal(np.unique(drawn[1, 2]), [4.0])
    assert drawn[0, 0].std() > 0


def test_ends_of_errors_are_the_draws_quantiles(heirs: Path) -> None:
    plan = plan_of(heirs, basic=1.2)
    drawn = Table(plan)
    for community in COMMUNITIES:
        row = plan.columns.communities.index(community)
        low, high = ends_of_errors(plan.errors, plan.values, row, np.ones(5, dtype=bool))
        for column, indicator in enumerate(plan.columns.indicators):
            found = np.quantile(drawn(indicator.id, community), [0.05, 0.95])
            size = max(float(np.ptp(found)), 1e-9)
            np.testing.assert_allclose([low[column], high[column]], found, atol=0.05 * size)


def test_exact_data_have_no_ends() -> None:
    scoring = scored([[1.0], [2.0]], EXACT)
    plan = plan_draws(scoring)
    low, high = ends_of_errors(plan.errors, plan.values, 0, np.ones(1, dtype=bool))
    assert np.isnan(low).all()
    assert np.isnan(high).all()


def test_relative_errors_of_values_that_stand_alone_are_independent() -> None:
    uncertainty = replace(EXACT, data=RelativeData(0.1), draws=DRAWS)
    drawn = drawn_values(plan_draws(scored([[10.0, 10.0], [10.0, 10.0]], uncertainty)))
    cells = drawn.reshape(4, -1)
    off = np.corrcoef(cells)[~np.eye(4, dtype=bool)]
    assert np.abs(off).max() < 5 / sqrt(cells.shape[1])


@pytest.mark.parametrize("tree", [None, {"a": ["x1"], "b": ["x2"]}])
def test_what_nobody_has_stays_missing(tree: Any) -> None:
    uncertainty = replace(EXACT, data=PedigreeData(), draws=100)
    plan = plan_draws(scored([[1.0, None], [2.0, None]], uncertainty, tree=tree))
    drawn = drawn_values(plan)
    assert np.isnan(drawn[1]).all()
    assert not np.isnan(drawn[0]).any()
    assert plan.factors == ("data.x1",) if tree is None else ("data.a",)
    assert np.isfinite(draw_block(plan, 0).scores).all()
