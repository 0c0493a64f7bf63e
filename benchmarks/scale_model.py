"""What a run takes by its size and its workers: the model of docs/explanation/scale.md, fitted."""

from __future__ import annotations

import json
from math import ceil, log2
from pathlib import Path
from typing import Any

import numpy as np

Row = dict[str, Any]
WORKERS = (1, 2, 10, 100, 1000)


def read(path: Path) -> dict[str, list[Row]]:
    """Read what was measured, by case."""
    rows: dict[str, list[Row]] = {}
    for line in path.read_text().splitlines():
        row = json.loads(line)
        rows.setdefault(row["case"], []).append(row)
    return rows


def fit(rows: list[Row]) -> tuple[tuple[float, float], float]:
    """Fit seconds of a draw = a n k + b n log2 n by least squares of relative errors.

    Returns
    -------
    a and b in seconds, both at least 0, and the largest relative error.
    """
    from scipy.optimize import nnls

    terms = np.array([[row["n"] * row["k"], row["n"] * log2(row["n"])] for row in rows])
    seconds = np.array([row["seconds"] for row in rows])
    found, _ = nnls(terms / seconds[:, None], np.ones(len(rows)))
    errors = terms @ found / seconds - 1
    return (float(found[0]), float(found[1])), float(np.abs(errors).max())


def predict(rows: dict[str, list[Row]], n: int, k: int, n_draws: int) -> None:
    """Print the fit, and how long a run takes by the number of workers."""
    kernel = {(row["n"], row["k"]): row for row in rows["kernel"]}
    (a, b), worst = fit(list(kernel.values()))
    print(
        f"a draw: {1e9 * a:.1f} ns x n k + {1e9 * b:.1f} ns x n log2 n; off by {worst:.0%} at most"
    )
    print("| communities | indicators | measured ms a draw | fitted |\n|---:|---:|---:|---:|")
    for (size, width), row in sorted(kernel.items()):
        fitted = a * size * width + b * size * log2(size)
        print(f"| {size:,} | {width} | {1e3 * row['seconds']:.2f} | {1e3 * fitted:.2f} |")
    planning = max(row["planning"] / (row["n"] * row["k"]) for row in kernel.values())
    task = min(row["seconds"] for row in rows["task"])
    print(f"planning {1e6 * planning:.1f} us a value; a task {1e3 * task:.2f} ms of the scheduler")
    overhead = engine_overhead(rows.get("engine", []))
    each = a * n * k + b * n * log2(n)
    print(f"\n{n:,} x {k}, {n_draws:,} draws: {n_draws * each / 3600:.2f} CPU hours")
    print(
        "| workers | tasks | drawing | sending | scheduler | all |\n|---:|---:|---:|---:|---:|---:|"
    )
    for workers in WORKERS:
        found = times(n, k, n_draws, workers, (each, planning, task, overhead))
        cells = " | ".join(f"{part:,.0f} s" for part in found[1:])
        print(f"| {workers:,} | {found[0]:,} | {cells} |")


def times(
    n: int, k: int, n_draws: int, workers: int, costs: tuple[float, float, float, float]
) -> tuple[int, float, float, float, float]:
    """Predict tasks, and seconds of drawing, sending, the scheduler's work, and all together."""
    each, planning, task, overhead = costs
    block = 16
    blocks = ceil(n_draws / block)
    per_task = max(1, round(1 / (block * each)))  # a task lasts a second or one block
    tasks = ceil(blocks / per_task)
    drawing = ceil(tasks / workers) * per_task * block * each * (1 + overhead)
    plan_bytes = 90 * n * k  # measured: 40 of errors and values, the rest of who may fill gaps
    sending = plan_bytes * ceil(log2(workers + 1)) / 125e6  # 1 Gbit/s, passed on from each to two
    joined = tasks * 8 / 7
    scheduling = joined * task
    # The scheduler works while workers do: the slower of both counts.
    together = planning * n * k + sending + max(drawing, scheduling) + log2(max(workers, 2))
    return tasks, drawing, sending, scheduling, together


def engine_overhead(rows: list[Row]) -> float:
    """Print engines side by side; what Dask adds to the CPU seconds of the largest run."""
    by = {(row["n"], row["k"], row["draws"], row["kind"], row["jobs"]): row for row in rows}
    print("| communities | indicators | draws | engine | workers | s | CPU s | MB a worker |")
    print("|---:|---:|---:|---|---:|---:|---:|---:|")
    for (n, k, draws, kind, jobs), row in sorted(by.items()):
        figures = f"{row['wall']:.0f} | {row['cpu']:.0f} | {row['peak']:.0f}"
        print(f"| {n:,} | {k} | {draws:,} | {kind} | {jobs} | {figures} |")
    added = [
        row["cpu"] / by[*key[:3], "local", key[4]]["cpu"] - 1
        for key, row in by.items()
        if key[3] == "dask" and (*key[:3], "local", key[4]) in by
    ]
    return max(0.0, added[-1]) if added else 0.0
