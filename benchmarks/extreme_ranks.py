"""Times the exact extreme ranks: the built-in project and random fields, best and worst for all.

python benchmarks/extreme_ranks.py
"""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np

from icfscore.files.overrides import settle
from icfscore.files.project_folder import read_project
from icfscore.methods.perturb import BoundedWeights
from icfscore.methods.sensitivity_extremes import extreme_rank
from icfscore.methods.sensitivity_trees import Family, ShareTree
from icfscore.pipeline.extreme_ranks import NODE_LIMIT, find_extreme_ranks
from icfscore.pipeline.score import score


def time_project() -> None:
    """Time the built-in project: criteria, with bounds, all indicators after imputation."""
    folder = read_project(Path(__file__).parents[1])
    plain = score(folder.project, settle(folder))
    filled = score(folder.project, settle(folder, assignments={"recipe.imputation.kind": "median"}))
    bounds = BoundedWeights(lower=0.05, upper=0.3)
    tight = BoundedWeights(lower=0.05, upper=0.4)
    cases = {
        "weights of the index free": lambda: find_extreme_ranks(plain),
        "the same, each 5 % to 30 %": lambda: find_extreme_ranks(plain, bounds=bounds),
        "all weights free, gaps filled": lambda: find_extreme_ranks(filled, nodes=None),
        "the same, each 5 % to 40 %": lambda: find_extreme_ranks(filled, nodes=None, bounds=tight),
    }
    for name, solve in cases.items():
        start = time.perf_counter()
        found = solve()
        seconds = time.perf_counter() - start
        proven = sum(told.exact for told in found)
        print(f"{name:34} {len(found):4} communities  {seconds:6.2f} s  {proven} proven")


def time_random_fields() -> None:
    """Time fields of uniform random scores, any weights; the first twenty of each field."""
    for n, k in ((21, 6), (21, 40), (50, 6), (100, 6), (200, 6)):
        scores = np.random.default_rng(2019).random((n, k))
        tree = ShareTree((Family(k, np.arange(k), np.zeros(k), np.ones(k)),), n_leaves=k)
        start = time.perf_counter()
        proven = 0
        for row in range(min(n, 20)):
            found = [extreme_rank(scores, row, tree, end, NODE_LIMIT) for end in ("best", "worst")]
            proven += all(extreme.proven for extreme in found)
        each = (time.perf_counter() - start) / min(n, 20)
        print(f"random {n:4} x {k:2}: {each * 1000:8.0f} ms each, {proven} of {min(n, 20)} proven")


if __name__ == "__main__":
    time_project()
    time_random_fields()
