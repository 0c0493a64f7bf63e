"""Draws a second of the Monte Carlo kernel beside plain NumPy; what it costs, and where it goes.

python benchmarks/uncertainty.py [PART]

PART is one letter: a and b speeds, c the cost of many communities, d indices and extreme ranks,
e fractions of the time, f what numba would gain; all of them by default. Times are medians of runs
that take turns, so that a busy moment of the machine hits all alike. CPU seconds, of all processes
together, tell a busy machine from a slow program.
"""

from __future__ import annotations

import importlib.util
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from made_up_data import communities_of

from icfscore.domain.criteria import CriteriaTree, Criterion, Indicator
from icfscore.domain.project import Project
from icfscore.files.overrides import settle
from icfscore.files.project_folder import read_project
from icfscore.methods import ranked
from icfscore.methods.aggregate import Arithmetic, Geometric
from icfscore.methods.normalise import MinMax, PercentileRank, ZScore
from icfscore.methods.perturb import ExactData, FixedMissing, UniformWeights, random_bits, weights
from icfscore.methods.sobol import estimate_indices
from icfscore.pipeline import drawn_errors, draws, uncertainty
from icfscore.pipeline.extreme_ranks import find_extreme_ranks
from icfscore.pipeline.score import Scoring, score
from icfscore.pipeline.sensitivity import find_drivers
from icfscore.pipeline.uncertainty import draw_ranks
from icfscore.pipeline.workers import n_cores
from icfscore.recipe import Settings, Staged, Uncertainty

Values = np.ndarray[Any, np.dtype[np.float64]]
ROOT = Path(__file__).parents[1]
SEED = 2019
ROUNDS = 3


# What is drawn. Made-up values, lognormal, stand in for many communities; the rest is built in.


def made_up(n: int, k: int, missing: float = 0.0) -> Project:
    """Put made-up values into a project of one level."""
    rng = np.random.default_rng(SEED)
    x = np.exp(rng.normal(size=(n, k)))
    x[rng.random((n, k)) < missing] = np.nan
    names = [f"x{column}" for column in range(k)]
    indicators = tuple(
        Indicator(id=name, name=name, unit="m", direction="higher", kind="ratio") for name in names
    )
    tree = CriteriaTree("t", "1", Criterion(id="index", name="I", indicators=indicators))
    return Project(tree, communities_of(x), {}, {}, "sha256:0")


def weights_only(n_draws: int) -> Scoring:
    varied = Uncertainty(
        draws=n_draws, weights=UniformWeights(), data=ExactData(), missing=FixedMissing()
    )
    return score(made_up(21, 40), Settings(uncertainty=varied))


def built_in(n_draws: int, *, methods: bool) -> Scoring:
    """Vary the built-in project's weights, data and gaps, with or without its methods."""
    read = read_project(ROOT)
    settings = settle(read, draws=n_draws)
    scales = (MinMax(1, 100), ZScore(100, 10), PercentileRank(1, 100))
    alternatives: dict[str, tuple[Staged[Any], ...]] = {
        "normalisation": tuple(Staged(scale) for scale in scales),
        "aggregation": (Staged(Arithmetic()), Staged(Geometric())),
    }
    if methods:
        varied = replace(settings.uncertainty, alternatives=alternatives)
        settings = replace(settings, uncertainty=varied)
    return score(read.project, settings)


def plain_numpy(scoring: Scoring, n_draws: int, block: int = 4096) -> Values:
    """Find the rank acceptability as one would by hand, in float64."""
    rng = np.random.default_rng(SEED)
    x = scoring.normalised
    n, k = x.shape
    counts = np.zeros((n, n), dtype=np.int64)
    for start in range(0, n_draws, block):
        w = rng.standard_exponential((min(block, n_draws - start), k))
        w /= w.sum(axis=1, keepdims=True)
        order = np.argsort(-(w @ x.T), axis=1)
        counts += np.bincount((order * n + np.arange(n)).ravel(), minlength=n * n).reshape(n, n)
    return counts / n_draws


# Clocks.


def seconds(call: Callable[[], object]) -> tuple[float, float]:
    """Time a call: seconds, and CPU seconds of all processes together."""
    cpu, start = sum(os.times()[:4]), time.perf_counter()
    call()
    return time.perf_counter() - start, sum(os.times()[:4]) - cpu


def compare(calls: dict[str, Callable[[], object]]) -> dict[str, tuple[float, float]]:
    """Time calls in turns: median seconds and CPU seconds by name."""
    times: dict[str, list[tuple[float, float]]] = {name: [] for name in calls}
    for _ in range(ROUNDS):
        for name, call in calls.items():
            times[name].append(seconds(call))
    return {
        name: (statistics.median(t for t, _ in found), statistics.median(c for _, c in found))
        for name, found in times.items()
    }


class Clock:
    """Sums up what functions take as they are called, one within another counted once."""

    def __init__(self) -> None:
        self.total, self.running = 0.0, False

    def wrap(self, module: Any, name: str) -> None:
        inner = getattr(module, name)

        def timed(*args: Any, **kwargs: Any) -> Any:
            if self.running:
                return inner(*args, **kwargs)
            start, self.running = time.perf_counter(), True
            try:
                return inner(*args, **kwargs)
            finally:
                self.total, self.running = self.total + time.perf_counter() - start, False

        setattr(module, name, timed)


# Parts.


def speeds() -> None:
    n_flat, n_all = 2_000_000, 200_000
    flat = weights_only(n_flat)
    everything, default = (built_in(n_all, methods=methods) for methods in (True, False))
    ours = draw_ranks(flat, confidence=False).acceptability
    assert np.abs(ours - plain_numpy(flat, n_flat)).max() < 5e-3
    cases = {
        "a weights only, 21 x 40: plain NumPy": (n_flat, lambda: plain_numpy(flat, n_flat)),
        "a weights only, 21 x 40": (n_flat, lambda: draw_ranks(flat, confidence=False)),
        "a ... one worker": (n_flat, lambda: draw_ranks(flat, jobs=1, confidence=False)),
        "b everything at once, built-in": (n_all, lambda: draw_ranks(everything, confidence=False)),
        "b ... one worker": (n_all, lambda: draw_ranks(everything, jobs=1, confidence=False)),
        "b default settings, built-in": (n_all, lambda: draw_ranks(default, confidence=False)),
        "b ... with confidence factors": (n_all, lambda: draw_ranks(default)),
    }
    found = compare({name: call for name, (_, call) in cases.items()})
    print(f"{'':<40}{'draws a second':>16}{'a CPU second':>16}")
    for name, (n_draws, _) in cases.items():
        real, cpu = found[name]
        print(f"{name:<40}{n_draws / real:>16,.0f}{n_draws / cpu:>16,.0f}")
    plain, ours_name, *_ = found
    print(f"a times as fast as plain NumPy: {found[plain][0] / found[ours_name][0]:.1f}\n")


def cost(n: int, k: int, n_draws: int) -> None:
    """Print the cost of n made-up communities; run in a process of its own."""
    scoring = score(made_up(n, k, missing=0.05), Settings())

    def run(draws: int) -> tuple[float, float]:
        settings = replace(
            scoring.settings, uncertainty=replace(scoring.settings.uncertainty, draws=draws)
        )
        return seconds(lambda: draw_ranks(replace(scoring, settings=settings), confidence=False))

    run(16)
    once, twice = run(n_draws), run(2 * n_draws)
    usage = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    own, child = (found.ru_maxrss / 1024 for found in usage)
    each = (twice[1] - once[1]) / n_draws
    print(
        f"c {n:>11,}{k:>11}{n_draws:>10,}{once[0]:>10.2f}{twice[0]:>10.2f}"
        f"{once[1]:>8.2f}{twice[1]:>8.2f}"
        f"{1e9 * each / (n * k):>10.1f}{own:>9,.0f} + {n_cores()} x {child:,.0f}"
    )


def costs() -> None:
    print("c made-up values, 5 % missing; pedigree errors, hot deck, Dirichlet weights; one level")
    print(
        f"c {'communities':>11}{'indicators':>11}{'draws':>10}{'seconds':>10}{'2 x draws':>10}"
        f"{'CPU s':>8}{'2 x':>8}{'CPU ns/v':>10}{'MB (peak)':>16}"
    )
    cases = ((21, 40, 100_000), (200, 40, 10_000), (200, 80, 5_000), (2_000, 40, 2_000))
    for case in (*cases, (10_000, 40, 400)):
        subprocess.run([sys.executable, __file__, "--cost", *map(str, case)], check=True)
    print()


def tell(name: str, found: tuple[float, float]) -> None:
    print(f"d {name:<50}{found[0]:>8.2f} s{found[1]:>8.2f} CPU s")


def indices() -> None:
    for methods in (False, True):
        scoring = built_in(2**14, methods=methods)
        factors = find_drivers(scoring, "focus_rank").factors
        for output in ("focus_rank", "mean_rank_shift"):
            times = [seconds(partial(find_drivers, scoring, output)) for _ in range(3)]
            tell(f"Sobol', {len(factors)} groups x 2^14, {output}", min(times))
    tell("extreme ranks of all 21, exact", seconds(lambda: find_extreme_ranks(scoring)))
    if importlib.util.find_spec("SALib") is None:
        print("d SALib is not installed: no comparison")
        return
    from SALib.analyze import sobol

    rng = np.random.default_rng(SEED)
    a, b = rng.random((2, 12, 2**14))
    mixed = [np.where(np.arange(12)[:, None] == group, b, a) for group in range(12)]
    f = [np.prod(1 + x, axis=0) for x in (a, *mixed, b)]
    problem = {"num_vars": 12, "names": list("abcdefghijkl"), "bounds": [[0, 1]] * 12}
    rows = np.stack(f, axis=1).ravel()
    theirs = seconds(
        lambda: sobol.analyze(problem, rows, calc_second_order=False, num_resamples=1000)
    )
    ours = seconds(lambda: estimate_indices(f[0], f[-1], np.array(f[1:-1]), rng))
    tell("indices of 12 groups, 1000 resamples: SALib", theirs)
    tell("the same: ours", ours)


def fractions() -> None:
    random, ranking = Clock(), Clock()
    for module, names in (
        (drawn_errors, ("fill_normals",)),
        (draws, ("fill_uniforms",)),
        (weights, ("uniform_shares", "dirichlet_shares")),
    ):
        for name in names:
            random.wrap(module, name)
    ranking.wrap(uncertainty, "count_draws")
    print(f"e {'':<28}{'random numbers':>16}{'arithmetic':>12}{'ranking':>10}")
    for name, scoring in (
        ("weights only", weights_only(1_000_000)),
        ("everything at once", built_in(200_000, methods=True)),
    ):
        random.total = ranking.total = 0.0
        total, _ = seconds(lambda run=scoring: draw_ranks(run, jobs=1, confidence=False))
        parts = random.total / total, ranking.total / total
        print(f"e {name:<28}{parts[0]:>16.0%}{1 - sum(parts):>12.0%}{parts[1]:>10.0%}")
    print()


def numba_gain() -> None:
    """Compare the two kernels that a compiler could fuse: normal numbers, and ranks of a table."""
    if importlib.util.find_spec("numba") is None:
        print("f numba is not installed: no comparison")
        return
    start = time.perf_counter()
    from benchmarks_numba import box_muller, count_greater

    rng = np.random.Generator(np.random.Philox(SEED))
    x, out = rng.normal(size=(5, 21, 1400)), np.empty(2 * random_bits.CHUNK)
    calls = {
        "normal numbers, ours": (out.size, lambda: random_bits.fill_normals(rng, out)),
        "normal numbers, numba": (out.size, lambda: box_muller(rng, out)),
        "ranks of columns, ours": (x.size, lambda: ranked.count_above(x)),
        "ranks of columns, numba": (x.size, lambda: count_greater(x)),
    }
    for _, call in calls.values():
        call()
    print(f"f numba: {time.perf_counter() - start:.1f} s to import and compile two kernels")
    for name, (size, call) in calls.items():
        best = min(seconds(call)[0] for _ in range(300))
        print(f"f {name:<28}{1e9 * best / size:>8.1f} ns a number")


def main() -> None:
    if sys.argv[1:2] == ["--cost"]:
        cost(*map(int, sys.argv[2:5]))
        return
    print(f"{n_cores()} cores, load {os.getloadavg()[0]:.1f}, NumPy {np.__version__}\n")
    parts = {"ab": speeds, "c": costs, "d": indices, "e": fractions, "f": numba_gain}
    for letters, part in parts.items():
        if len(sys.argv) < 2 or sys.argv[1] in letters:
            part()


if __name__ == "__main__":
    main()
