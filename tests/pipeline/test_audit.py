"""The audit of frameworks small enough to compute by hand, and of those it must survive."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tests.conftest import MakeProject
from threadpoolctl import threadpool_info

from icfscore.files.overrides import settle
from icfscore.files.project_folder import read_project
from icfscore.pipeline.audit import Audit, audit
from icfscore.pipeline.audit_nodes import NodeAudit
from icfscore.pipeline.audit_pairs import find_pairs
from icfscore.pipeline.score import Scoring, score


def scored(folder: Path, **options: object) -> Scoring:
    read = read_project(folder)
    return score(read.project, settle(read, **options))  # type: ignore[arg-type]


def audited(folder: Path, **options: object) -> Audit:
    return audit(scored(folder, **options))


def node_of(told: Audit, name: str) -> NodeAudit:
    return next(node for node in told.all.nodes if node.scope.node == name)


def framework(
    columns: dict[str, list[float | None]], *, flat: bool, extra: str = ""
) -> dict[str, str | None]:
    """Write a framework of plain indicators, all `higher`, with a community a row."""
    lines = [
        f"  - {{id: {name}, name: {name.title()}, unit: points, direction: higher, kind: index{extra}}}"
        for name in columns
    ]
    indicators = "\n".join(["indicators:", *lines])
    files: dict[str, str | None] = {
        "icfscore.yaml": "recipe: {screening: {min_indicator_coverage: 0, min_community_coverage: 0}}\n",
        "criteria/air.yaml": None,
        "criteria/work.yaml": None,
        "communities/areas/AAA.yaml": None,
        "communities/alpha.yaml": None,
        "communities/beta.yaml": None,
        "communities/gamma.yaml": None,
    }
    head = "id: tiny\nname: Tiny\nversion: '1'\n"
    if flat:
        files["criteria/framework.yaml"] = f"{head}{indicators}\n"
    else:
        files["criteria/framework.yaml"] = f"{head}criteria: [only]\n"
        files["criteria/only.yaml"] = f"id: only\nname: Only\n{indicators}\n"
    for row in range(len(next(iter(columns.values())))):
        values = {name: column[row] for name, column in columns.items() if column[row] is not None}
        observations = ", ".join(f"{name}: {value!r}" for name, value in values.items())
        files[f"communities/c{row}.yaml"] = (
            f"id: c{row}\nname: C{row}\nsource: census\nobservations: {{{observations}}}\n"
        )
    return files


def test_coverage_is_counted_by_level(make_project: MakeProject) -> None:
    told = audited(make_project())
    # Dust and trees are everyone's own, jobs are Beta's country's, income Alpha's; weight 0 counts not.
    air, work = (node_of(told, name).coverage for name in ("air", "work"))
    assert (air.own, air.region, air.national, air.missing) == (6, 0, 0, 0)
    assert (work.own, work.region, work.national, work.missing) == (4, 0, 2, 0)
    assert (work.mostly_national, work.mostly_proxies) == (0, 0)
    assert told.all.overall.coverage.total == 12


def test_low_comparability_and_distinct_values_are_counted(make_project: MakeProject) -> None:
    beta = (
        "id: beta\nname: Beta\nparent: AAA\nsource: census\nobservations:\n"
        "  dust: {value: 10, comparability: low}\n  trees: 20\n  population: 2000\n"
    )
    told = audited(make_project({"communities/beta.yaml": beta}))
    dust = next(each for each in told.all.indicators if each.id == "dust")
    assert dust.coverage.low == 1
    assert (dust.distribution.n, dust.distribution.distinct, dust.largest_tie) == (3, 2, 2)


def test_own_values_are_scored_again_without_proxies(make_project: MakeProject) -> None:
    told = audited(make_project())
    assert told.own is not None
    counts = {each.id: each.distribution.n for each in told.own.indicators}
    assert counts == {"dust": 3, "trees": 3, "jobs": 2, "income": 2}
    assert told.own.scoring.ranking.communities == told.all.scoring.ranking.communities
    settings = replace(told.all.scoring.settings, proxies=False)
    again = audit(score(told.all.scoring.project, settings))
    assert (again.own, again.no_own) == (None, "all values are the communities' own already")


def test_what_screening_left_out_stays_out_of_the_second_look(make_project: MakeProject) -> None:
    gamma = "id: gamma\nname: Gamma\nsource: census\nobservations: {dust: 30, jobs: 40}\n"
    settings = "recipe: {screening: {min_indicator_coverage: 0.8, min_community_coverage: 0}}\n"
    told = audited(make_project({"communities/gamma.yaml": gamma, "icfscore.yaml": settings}))
    assert set(told.all.scoring.screened.left_out) == {"trees", "income"}
    assert told.own is not None
    assert [each.id for each in told.own.indicators] == ["dust", "jobs"]


def test_suspicious_pairs_are_named(make_project: MakeProject) -> None:
    up = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]
    columns: dict[str, list[float | None]] = {
        "a": list(up),
        "b": [1.1, 2.0, 3.0, 4.0, 5.0, 6.3],
        "c": [3.0, 1.0, 2.0, 1.0, 2.0, 0.5],
    }
    told = audited(make_project(framework(columns, flat=True)))
    pairs = {(p.first, p.second): p.suspicion for p in told.all.index.pairs.listed}
    assert pairs == {("a", "b"): "same", ("a", "c"): "negative", ("b", "c"): "negative"}


def test_four_communities_make_no_pair_suspicious(make_project: MakeProject) -> None:
    columns: dict[str, list[float | None]] = {"a": [1.0, 2.0, 3.0, 4.0], "b": [4.0, 3.0, 2.0, 1.0]}
    (pair,) = audited(make_project(framework(columns, flat=True))).all.index.pairs.listed
    assert (pair.correlation.value, pair.suspicion) == (-1.0, "")


def test_effective_weights_of_independent_parts(make_project: MakeProject) -> None:
    """Two independent, equally spread indicators, weights 3 and 1: r² = 9/10 and 1/10, over 9
    communities adjusted to 1 - (1/10)·(8/7) = 31/35 and 1 - (9/10)·(8/7) < 0.
    """
    a, b = (grid.ravel().tolist() for grid in np.meshgrid([0.0, 5.0, 10.0], [0.0, 5.0, 10.0]))
    told = audited(
        make_project(framework({"a": a, "b": b}, flat=True)), weights={"a": "3"}, draws=200
    )
    first, second = told.all.index.weights
    assert (first.intended, second.intended) == (0.75, 0.25)
    assert first.ratio.value == pytest.approx(31 / 35, abs=1e-6)
    assert (second.ratio.value, first.effective.value) == (0.0, 1.0)
    assert first.low is not None
    assert 0.5 < first.low <= 1.0


def test_shares_below_criteria_multiply(make_project: MakeProject) -> None:
    overall = audited(make_project(), weights={"air": "3", "dust": "4"}).all.overall
    shares = dict(zip(overall.scope.names, overall.scope.shares.tolist(), strict=True))
    expected = {"dust": 0.6, "trees": 0.15, "jobs": 0.125, "income": 0.125}
    assert shares == pytest.approx(expected)


def test_removals_rank_again(make_project: MakeProject) -> None:
    told = audited(make_project())
    without = {each.name: each for each in told.removals}
    # Air alone: alpha 75, beta 25, gamma 50; work alone: alpha 50, beta 50, gamma 50.
    assert without["air"].agreement.reason == "one of the two does not vary"
    assert without["work"].moved == 0
    assert without["work"].mover is None
    assert without["work"].agreement.value == 1.0


def test_a_part_without_which_there_is_no_index(make_project: MakeProject) -> None:
    columns: dict[str, list[float | None]] = {"a": [1.0, 2.0, 3.0, 4.0, 5.0]}
    told = audited(make_project(framework(columns, flat=False)))
    assert told.removals[0].agreement.reason == "the index has no other part"
    assert told.all.index.consistency.alpha.reason == "one variable only"


def test_denominators_are_those_of_the_same_entity(make_project: MakeProject) -> None:
    told = audited(make_project())
    (trees,) = told.denominators
    assert (trees.indicator, trees.denominator, trees.divided) == ("trees", "population", True)
    # 20, 10 and 30 per thousand in places of 1000, 2000 and 3000.
    assert trees.pearson.value == pytest.approx(0.5)
    assert trees.spearman.value == pytest.approx(0.5)
    assert not trees.strong


def test_counts_that_are_not_divided_are_named(make_project: MakeProject) -> None:
    air = """\
        id: air
        name: Air
        indicators:
          - {id: dust, name: Fine dust, unit: ug/m^3, direction: lower, kind: ratio}
          - {id: trees, name: Trees, unit: institution, direction: higher, kind: count}
        """
    told = audited(make_project({"criteria/air.yaml": air}))
    assert [(each.indicator, each.divided) for each in told.denominators] == [("trees", False)]


def test_linear_algebra_keeps_to_one_thread(
    make_project: MakeProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With two, and the machine busy, OpenBLAS 0.3.23 solves 150 systems a second, not 24,000."""
    seen: list[int] = []

    def look(_: Scoring) -> tuple[()]:
        seen.extend(pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas")
        return ()

    monkeypatch.setattr("icfscore.pipeline.audit.audit_removals", look)
    audited(make_project())
    assert seen
    assert set(seen) == {1}


def test_no_draws_no_intervals(make_project: MakeProject) -> None:
    columns: dict[str, list[float | None]] = {
        "a": [1.0, 2.0, 3.0, 4.0, 6.0],
        "b": [1.0, 3.0, 2.0, 4.0, 5.0],
    }
    told = audited(make_project(framework(columns, flat=True)), draws=0)
    assert told.resamples == 0
    assert {w.no_interval for w in told.all.index.weights} == {"no resamples were asked for"}
    assert not any(weight.telling for weight in told.all.index.weights)


def test_imputed_values_are_not_audited(make_project: MakeProject) -> None:
    columns: dict[str, list[float | None]] = {
        "a": [1.0, 2.0, 3.0, 4.0, 6.0, None],
        "b": [1.0, 3.0, 2.0, 4.0, 5.0, 6.0],
    }
    folder = make_project(framework(columns, flat=True))
    told = audited(folder, assignments={"recipe.imputation.kind": "mean"})
    assert told.all.scoring.completed.imputed.sum() == 1
    assert told.all.indicators[0].distribution.n == 5
    assert told.all.index.pairs.listed[0].correlation.n == 5


def test_the_same_seed_gives_the_same_audit(make_project: MakeProject) -> None:
    rng = np.random.default_rng(4)
    columns: dict[str, list[float | None]] = {n: rng.normal(size=12).tolist() for n in "abc"}
    folder = make_project(framework(columns, flat=True))

    def intervals(seed: int) -> list[tuple[float | None, float | None]]:
        return [(w.low, w.high) for w in audited(folder, seed=seed).all.index.weights]

    assert intervals(1) == intervals(1)
    assert intervals(1) != intervals(2)


BIG, TINY = 1e300, 1e-300
SURVIVED: dict[str, dict[str, list[float | None]]] = {
    "one indicator": {"a": [1.0, 2.0, 3.0, 4.0, 5.0]},
    "two communities": {"a": [1.0, 2.0], "b": [2.0, 1.0]},
    "one community": {"a": [1.0], "b": [2.0]},
    "a constant": {"a": [1.0, 1.0, 1.0, 1.0, 1.0, 1.0], "b": [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]},
    "all constant": {"a": [1.0, 1.0, 1.0, 1.0, 1.0], "b": [2.0, 2.0, 2.0, 2.0, 2.0]},
    "a column all missing": {"a": [None] * 6, "b": [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]},
    "nothing in common": {"a": [1.0, 2.0, 3.0, None, None, None], "b": [None, None, None, 1.0, 2.0, 3.0]},
    "ties everywhere": {"a": [1.0, 1.0, 2.0, 2.0, 1.0, 2.0], "b": [2.0, 2.0, 1.0, 1.0, 1.0, 1.0]},
    "huge": {"a": [BIG, 2 * BIG, 3 * BIG, 9 * BIG, 1.0], "b": [1.0, 2.0, 5.0, 4.0, 3.0]},
    "tiny": {"a": [TINY, 2 * TINY, 3 * TINY, 9 * TINY, 0.0], "b": [1.0, 2.0, 5.0, 4.0, 3.0]},
    "the same twice": {"a": [1.0, 2.0, 4.0, 3.0, 9.0], "b": [1.0, 2.0, 4.0, 3.0, 9.0]},
    "opposites": {"a": [1.0, 2.0, 4.0, 3.0, 9.0, 7.0], "b": [9.0, 8.0, 6.0, 7.0, 1.0, 3.0]},
}  # fmt: skip


@pytest.mark.parametrize("flat", [True, False])
@pytest.mark.parametrize("name", SURVIVED)
def test_nothing_is_undefined_without_a_reason(
    make_project: MakeProject, name: str, *, flat: bool
) -> None:
    told = audited(make_project(framework(SURVIVED[name], flat=flat)), draws=50)
    for node in told.all.nodes:
        for weight in node.weights:
            assert (weight.low is None) == bool(weight.no_interval)
            assert math.isfinite(weight.intended)
        for measure in (node.consistency.alpha, *node.with_score, *node.consistency.with_rest):
            assert (measure.value is None) == bool(measure.reason)
    assert told.own is None


@pytest.mark.parametrize(
    "kind", ["geometric", "median", "topsis", "copeland", "benefit_of_the_doubt"]
)
def test_any_aggregation_is_audited(make_project: MakeProject, kind: str) -> None:
    rng = np.random.default_rng(7)
    columns: dict[str, list[float | None]] = {n: rng.uniform(1, 9, 8).tolist() for n in "abcd"}
    told = audited(
        make_project(framework(columns, flat=False)),
        assignments={"recipe.aggregation.kind": kind, "recipe.normalisation.low": "1"},
        draws=50,
    )
    assert node_of(told, "only").consistency.alpha.value is not None


def test_without_proxies_there_may_be_no_index(make_project: MakeProject) -> None:
    empty = "id: {0}\nname: {0}\nparent: AAA\nsource: census\nobservations: {{}}\n"
    land = "id: AAA\nname: Land\nsource: census\nobservations: {jobs: 50, income: 9, dust: 3}\n"
    told = audited(
        make_project(
            {
                "icfscore.yaml": "{}\n",
                "communities/areas/AAA.yaml": land,
                **{f"communities/{n}.yaml": empty.format(n) for n in ("alpha", "beta", "gamma")},
            }
        ),
        assignments={"recipe.screening.min_indicator_coverage": "0"},
    )
    assert told.own is None
    assert told.no_own.startswith("without proxies there is no index: ")


def test_of_many_pairs_the_strongest_are_listed_and_all_counted() -> None:
    """Two hundred and one parts are one more than is listed in full."""
    values = np.random.default_rng(3).normal(size=(6, 201))
    names = tuple(f"i{number}" for number in range(201))
    pairs = find_pairs(names, values, across=False)
    r = np.corrcoef(values.T)[np.triu_indices(201, 1)]
    assert (pairs.all, pairs.told, pairs.against) == (20_100, 20_100, int((r < 0).sum()))
    assert pairs.mean == pytest.approx(r.mean())
    same = np.abs(r) > 0.92
    assert pairs.suspicious == {"same": int(same.sum()), "negative": int((r < 0)[~same].sum())}
    listed = {kind: [p for p in pairs.listed if p.suspicion == kind] for kind in pairs.suspicious}
    assert {kind: len(found) for kind, found in listed.items()} == {
        "same": min(int(same.sum()), 1000),
        "negative": 1000,
    }
    weakest = max(pair.correlation.value or 0.0 for pair in listed["negative"])
    assert weakest == pytest.approx(np.sort(r[~same])[999])
    assert len(find_pairs(names[:200], values[:, :200], across=False).listed) == 19_900
