"""What is kept of very many communities, by how much it is off, and what memory it takes."""

from __future__ import annotations

import csv
import io
import json
import tracemalloc
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from click.testing import CliRunner
from tests.conftest import MakeProject
from tests.pipeline.uncertain_projects import EXACT, scored
from tests.report.draws import draws_of

from icfscore.cli.main import cli
from icfscore.domain.tables import Floats, Ints
from icfscore.methods.normalise import MinMax, ZScore
from icfscore.methods.perturb import HotDeck, PedigreeData, UniformWeights
from icfscore.methods.rank_counts import FULL_TABLE, rank_bins
from icfscore.methods.tally import Tally, count_draws
from icfscore.pipeline.draw_plan import plan_draws
from icfscore.pipeline.draws import draw_block
from icfscore.pipeline.footprint import footprint
from icfscore.pipeline.memory import Memory
from icfscore.pipeline.rank_draws import RankDraws
from icfscore.pipeline.score import Scoring
from icfscore.pipeline.uncertainty import draw_ranks
from icfscore.recipe import Staged
from icfscore.report.content_uncertainty import uncertainty_of
from icfscore.report.uncertainty_record import uncertainty_record
from icfscore.report.uncertainty_table import uncertainty_csv, uncertainty_table

N, DRAWS = 80, 300


def draws_with(bins: Ints, seed: int = 0) -> RankDraws:
    """Count random draws of 80 communities that spread over some ten ranks, in given bins."""
    rng = np.random.default_rng(seed)
    scores = np.linspace(4, -4, N)[:, None] + rng.normal(size=(N, DRAWS)) * 0.6
    nominal = np.arange(1, N + 1)
    tally = Tally.start(bins, {})
    tally.add(count_draws(scores, {}, bins, nominal))
    names = tuple(f"c{row}" for row in range(N))
    return RankDraws(names, nominal, tally, bins, {}, 0, {})


def coarse(*tops: int) -> Ints:
    return rank_bins(N, tops, full=20, exact=10, most=20)  # 10 bins of 7 ranks


@pytest.fixture
def both() -> tuple[RankDraws, RankDraws]:
    """Count the same draws rank by rank, and with ranks that share bins."""
    return draws_with(np.arange(N)), draws_with(coarse(33))


def test_quantiles_are_off_by_no_more_than_is_said(both: tuple[RankDraws, RankDraws]) -> None:
    exact, rough = both
    assert (exact.rank_error, rough.rank_error) == (0, 3)
    assert (exact.exact_ranks, rough.exact_ranks) == (N, 10)
    for at, share in enumerate((0.05, 0.5, 0.95)):
        off = np.abs(exact.rank_quantile(share) - rough.rank_quantile(share))
        assert (off <= rough.off_by_bins[:, at]).all()
        assert off.max() > 0  # it is no empty promise
        own = exact.rank_quantile(share) <= 10
        assert own.any()
        assert (off[own] == 0).all()
        assert (rough.off_by_bins[own, at] == 0).all()
    assert (exact.off_by_bins == 0).all()


def test_the_share_in_the_first_k_is_exact_where_a_bin_ends(
    both: tuple[RankDraws, RankDraws],
) -> None:
    exact, rough = both
    for k in (1, 7, 10, 33, N, N + 5):
        assert rough.knows_top(k)
        np.testing.assert_array_equal(exact.probability_top(k), rough.probability_top(k))
    assert not rough.knows_top(34)
    with pytest.raises(ValueError, match="rank 34 shares a bin with the next one"):
        rough.probability_top(34)


def test_means_and_first_ranks_do_not_depend_on_the_bins(
    both: tuple[RankDraws, RankDraws],
) -> None:
    exact, rough = both
    np.testing.assert_array_equal(exact.mean_rank, rough.mean_rank)
    np.testing.assert_array_equal(exact.acceptability[:, :10], rough.acceptability[:, :10])
    assert rough.largest_error <= exact.largest_error


def test_the_error_of_a_quantile_is_that_of_repeated_runs() -> None:
    runs = [draws_with(np.arange(N), seed) for seed in range(120)]
    medians = np.array([run.rank_quantile(0.5) for run in runs])
    told = np.mean([run.quantile_error(0.5) for run in runs], axis=0)
    middle = slice(20, 60)  # where ranks are not cut off by the ends
    seen = medians.std(axis=0)[middle].mean()
    assert told[middle].mean() == pytest.approx(seen, rel=0.25)


def test_any_asked_top_is_exact() -> None:
    n = FULL_TABLE + 20
    x = np.random.default_rng(0).normal(size=(n, 3))
    scoring = scored(x, replace(EXACT, weights=UniformWeights(), draws=32))
    k = 1203
    plan = plan_draws(scoring, tops=(k,))
    draws = draw_ranks(scoring, plan=plan, jobs=1, confidence=False)
    scores = draw_block(plan, 0).scores
    ahead = np.argsort(np.argsort(-scores, axis=0), axis=0)
    np.testing.assert_array_equal(draws.probability_top(k), (ahead[:, :32] < k).mean(axis=1))
    assert not draw_ranks(scoring, jobs=1, confidence=False).knows_top(k)


# What the outputs say.

NAMES = "alpha gamma beta"


def shared(scoring: Scoring) -> RankDraws:
    """Let the second and third rank share a bin."""
    found = draws_of(scoring, (3, NAMES), (1, "gamma alpha beta"), bins=np.array([0, 1, 1]))
    assert (found.exact_ranks, found.rank_error) == (1, 1)
    return found


def test_the_record_says_what_is_not_known_to_the_rank(make_scoring: Callable[[], Scoring]) -> None:
    scoring = make_scoring()
    record = uncertainty_record(scoring, shared(scoring), 2)
    assert (record["exact_ranks"], record["rank_error"]) == (1, 1)
    first, *others = sorted(record["communities"], key=lambda row: row["nominal_rank"])
    rows = {row["id"]: row for row in (first, *others)}
    assert rows["alpha"]["rank_error"] == {"median_rank": 0, "rank_interval": [0, 1]}
    assert rows["beta"]["rank_error"] == {"median_rank": 1, "rank_interval": [1, 1]}
    assert all(list(row["probability_top"]) == ["1", "3"] for row in rows.values())
    assert [len(row["acceptability"]) for row in rows.values()] == [1, 1, 1]
    exact = uncertainty_record(scoring, draws_of(scoring, (4, NAMES)))
    assert exact["rank_error"] == 0
    assert exact["communities"][0]["rank_error"] == {"median_rank": 0, "rank_interval": [0, 0]}


def test_the_csv_has_a_column_for_it(make_scoring: Callable[[], Scoring]) -> None:
    scoring = make_scoring()
    text = uncertainty_csv(uncertainty_record(scoring, shared(scoring)))
    rows = {row["id"]: row for row in csv.DictReader(io.StringIO(text))}
    assert {name: row["rank_error"] for name, row in rows.items()} == {
        "alpha": "1",
        "beta": "1",
        "gamma": "1",
    }
    text = uncertainty_csv(uncertainty_record(scoring, draws_of(scoring, (4, NAMES))))
    assert "rank_error" not in text


def test_table_and_report_say_it(make_scoring: Callable[[], Scoring]) -> None:
    scoring = make_scoring()
    said = "Ranks after 1 are counted some together"
    assert said in " ".join(uncertainty_table(scoring, shared(scoring), piped=True).split())
    exact = draws_of(scoring, (4, NAMES))
    assert said not in " ".join(uncertainty_table(scoring, exact, piped=True).split())
    content = uncertainty_of(scoring, shared(scoring), 2)
    assert content is not None
    assert (content.exact_ranks, content.rank_error) == (1, 1)
    assert content.places["alpha"].top is None


@pytest.fixture
def make_scoring(make_project: MakeProject) -> Callable[[], Scoring]:
    from icfscore.files.overrides import settle
    from icfscore.files.project_folder import read_project
    from icfscore.pipeline.score import score

    def make() -> Scoring:
        read = read_project(make_project())
        return score(read.project, settle(read))

    return make


def test_a_large_run_says_before_what_memory_it_takes(
    make_project: MakeProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    arguments = ["uncertainty", "-C", str(make_project()), "--draws", "16", "--format", "json"]
    quiet = CliRunner().invoke(cli, arguments)
    assert "MB of memory" not in quiet.stderr
    monkeypatch.setattr("icfscore.pipeline.footprint.LARGE", 0)
    told = CliRunner().invoke(cli, arguments)
    assert "3 communities x 4 indicators: up to " in told.stderr
    assert json.loads(told.stdout) == json.loads(quiet.stdout)


def test_the_command_counts_any_asked_top(make_project: MakeProject) -> None:
    n = FULL_TABLE + 1
    rows = (f"c{row},C{row},census,2020,{row % 97},{row / 100}\n" for row in range(n))
    folder = make_project(
        {
            **{f"communities/{name}.yaml": None for name in ("alpha", "beta", "gamma")},
            "icfscore.yaml": "uncertainty: {data: none, missing: fixed}\n",
            "communities/all.csv": "id,name,source,year,dust,jobs\n" + "".join(rows),
        }
    )
    arguments = ["-C", str(folder), "--draws", "16", "--top", "700", "--format", "json"]
    result = CliRunner().invoke(cli, ["uncertainty", *arguments])
    assert result.exit_code == 0, result.output
    record = json.loads(result.stdout)
    assert (record["exact_ranks"], record["rank_error"]) == (200, 1)
    tops = [row["probability_top"] for row in record["communities"]]
    assert list(tops[0]) == ["1", "3", "7", "700"]
    assert sum(top["700"] for top in tops) == pytest.approx(700)
    assert len(record["communities"][0]["acceptability"]) == 200


# Memory.

TREE = {"a": ["x1", "x2", "x3"], "b": ["x4"], "c": [f"x{n}" for n in range(5, 13)]}


def many(normalisation: object, *, flat: bool, missing: float = 0.1) -> Scoring:
    rng = np.random.default_rng(3)
    x = np.exp(rng.normal(size=(400, 12)))
    x[rng.random(x.shape) < missing] = np.nan
    uncertainty = replace(
        EXACT, weights=UniformWeights(), data=PedigreeData(), missing=HotDeck(), draws=600
    )
    base = scored(x, uncertainty, tree=None if flat else TREE)
    recipe = replace(base.settings.recipe, normalisation=Staged(normalisation))
    return scored(x, uncertainty, tree=None if flat else TREE, recipe=recipe)


@pytest.mark.parametrize("flat", [False, True])
@pytest.mark.parametrize("normalisation", [MinMax(), ZScore()])
def test_a_block_takes_no_more_memory_than_predicted(normalisation: object, flat: bool) -> None:
    plan = plan_draws(many(normalisation, flat=flat))
    peak = traced(lambda: count_block(plan))
    assert peak <= footprint(plan).block
    assert peak >= footprint(plan).block / 4  # nor is it said to be much more


def count_block(plan: object) -> Floats:
    Memory.of_thread()._kept.clear()  # type: ignore[union-attr]
    drawn = draw_block(plan, 0)  # type: ignore[arg-type]
    counted = count_draws(drawn.scores, drawn.weights, np.arange(400), np.arange(1, 401))
    return counted.double_rank


def traced(work: Callable[[], object]) -> int:
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_counts_do_not_grow_with_the_draws() -> None:
    bins = coarse()

    def count(n_blocks: int) -> None:
        rng = np.random.default_rng(0)
        tally = Tally.start(bins, {})
        for _ in range(n_blocks):
            tally.add(count_draws(rng.normal(size=(N, 32)), {}, bins, np.arange(1, N + 1)))

    count(2)
    assert traced(lambda: count(60)) < 1.3 * traced(lambda: count(6))


def test_memory_grows_in_proportion_to_communities_beyond_the_full_table() -> None:
    def of(n: int) -> int:
        x = np.random.default_rng(0).normal(size=(n, 4))
        return footprint(plan_draws(scored(x, replace(EXACT, weights=UniformWeights())))).counts

    small, large = of(3000), of(6000)
    assert large == pytest.approx(2 * small, rel=0.02)
