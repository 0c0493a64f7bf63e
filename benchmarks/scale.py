"""What many communities and many workers cost: measured here, and predicted for a cluster.

python benchmarks/scale.py project FOLDER [COMMUNITIES] [INDICATORS]
python benchmarks/scale.py kernel | engines | memory | tasks
python benchmarks/scale.py predict FILE [COMMUNITIES] [INDICATORS] [DRAWS]

`project` writes a project of made-up numbers to run commands on. `kernel`, `engines`, `memory` and
`tasks` measure, and append what they find to the file named in SCALE_FILE (scale.jsonl); `predict`
fits the model of docs/explanation/scale.md to such a file and prints its tables. Every case runs in
a process of its own. CPU seconds, of all processes together, tell a busy machine from a slow
program.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from math import ceil, log2
from pathlib import Path
from typing import Any

import numpy as np

from icfscore.domain.communities import Entity, Observation
from icfscore.domain.criteria import CriteriaTree, Criterion, Indicator
from icfscore.domain.project import Project
from icfscore.pipeline.draw_plan import DrawPlan, plan_draws
from icfscore.pipeline.footprint import footprint
from icfscore.pipeline.score import Scoring, score
from icfscore.pipeline.uncertainty import draw_ranks
from icfscore.recipe import Settings

SEED = 2019
MISSING = 0.05
CRITERIA = 10
FILE = Path(os.environ.get("SCALE_FILE", "scale.jsonl"))
Row = dict[str, Any]

KERNEL = (  # communities, indicators, draws
    *((2_500, k, 160) for k in (10, 40, 100)),
    (5_000, 40, 96),
    *((10_000, k, 64) for k in (10, 40, 100)),
    (20_000, 20, 48),
)
ENGINES = ((2_500, 20, 24_000), (10_000, 100, 2_000))
MEMORY = ((10_000, 100), (11_000, 100), (50_000, 20))
USUAL = (10_000, 100, 100_000)
WORKERS = (1, 2, 10, 100, 1000)


# What is drawn.


def numbers(n: int, k: int) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Make up numbers, random but the same every time: ratios and shares in turns, with gaps."""
    rng = np.random.default_rng(SEED)
    z = rng.normal(size=(n, k))
    is_share = np.arange(k) % 2 == 1
    x = np.where(is_share, 100 / (1 + np.exp(-z)), np.exp(z))
    x[rng.random((n, k)) < MISSING] = np.nan
    return x, is_share


def criteria(k: int) -> dict[str, list[int]]:
    """Divide indicators among criteria."""
    return {
        f"criterion_{number}": found.tolist()
        for number, found in enumerate(np.array_split(np.arange(k), min(CRITERIA, k)))
    }


def write_project(folder: Path, n: int, k: int) -> None:
    """Write a project whose communities stand in one table."""
    x, is_share = numbers(n, k)
    (folder / "criteria").mkdir(parents=True)
    (folder / "communities").mkdir()
    names = ", ".join(criteria(k))
    (folder / "criteria/framework.yaml").write_text(
        f"id: made_up\nname: Made-up numbers\nversion: '1'\ncriteria: [{names}]\n"
    )
    for name, columns in criteria(k).items():
        entries = "".join(
            f"  - {{id: x{c}, name: X{c}, unit: {'percent' if is_share[c] else 'USD'}, "
            f"direction: higher, kind: {'share' if is_share[c] else 'ratio'}}}\n"
            for c in columns
        )
        (folder / f"criteria/{name}.yaml").write_text(
            f"id: {name}\nname: {name}\nindicators:\n{entries}"
        )
    (folder / "communities/sources.yaml").write_text("random: {title: Made-up random numbers}\n")
    (folder / "icfscore.yaml").write_text("{}\n")
    lines = ["id,name,source,year," + ",".join(f"x{c}" for c in range(k))]
    for row, values in enumerate(x.tolist()):
        cells = ("" if value != value else repr(value) for value in values)
        lines.append(f"c{row},Made up {row},random,2024," + ",".join(cells))
    (folder / "communities/all.csv").write_text("\n".join(lines) + "\n")


def made_up(n: int, k: int, n_draws: int) -> Scoring:
    """Score the same numbers without files; all that can vary by default does."""
    x, is_share = numbers(n, k)
    indicators = [
        Indicator(
            id=f"x{c}",
            name=f"X{c}",
            unit="percent" if share else "USD",
            direction="higher",
            kind="share" if share else "ratio",
        )
        for c, share in enumerate(is_share.tolist())
    ]
    nodes = tuple(
        Criterion(id=name, name=name, indicators=tuple(indicators[c] for c in columns))
        for name, columns in criteria(k).items()
    )
    communities = tuple(
        Entity(
            f"c{row}",
            f"Made up {row}",
            "community",
            observations={
                f"x{c}": (Observation(value, "random", "community"),)
                for c, value in enumerate(values)
                if value == value
            },
        )
        for row, values in enumerate(x.tolist())
    )
    tree = CriteriaTree("made_up", "1", Criterion(id="index", name="Index", criteria=nodes))
    settings = Settings()
    settings = replace(settings, uncertainty=replace(settings.uncertainty, draws=n_draws))
    return score(Project(tree, communities, {}, {}, "sha256:0"), settings)


# Clocks, and cases that run alone.


def cpu() -> float:
    """Tell the CPU seconds of this process and of those it has waited for."""
    return sum(os.times()[:4])


def peak(who: int = resource.RUSAGE_SELF) -> float:
    """Tell the largest resident size so far, in MB."""
    return resource.getrusage(who).ru_maxrss / 1024


def worker_use() -> tuple[float, float]:
    """Tell CPU seconds and peak MB of the process that this runs in."""
    return sum(os.times()[:2]), peak()


@contextmanager
def workers_of(kind: str, jobs: int) -> Iterator[tuple[Any, Callable[[], tuple[float, float]]]]:
    """Open an engine, with what tells the CPU seconds of all processes and a worker's peak MB."""
    if kind == "local":
        from icfscore.pipeline.engine import LocalEngine

        yield LocalEngine(jobs), lambda: (cpu(), peak(resource.RUSAGE_CHILDREN))
        return
    from icfscore.pipeline.dask_cluster import open_dask

    with open_dask(jobs=jobs) as engine:

        def used() -> tuple[float, float]:
            found = engine.client.run(worker_use).values()
            return cpu() + sum(c for c, _ in found), max(mb for _, mb in found)

        yield engine, used


def scored_and_planned(n: int, k: int, n_draws: int) -> tuple[Scoring, DrawPlan, float]:
    """Score, and lay draws out; with the CPU seconds of the latter."""
    scoring = made_up(n, k, n_draws)
    start = cpu()
    plan = plan_draws(scoring)
    return scoring, plan, cpu() - start


def kernel_case(n: int, k: int, n_draws: int) -> Row:
    """Time a draw on one worker: the lesser of two differences between longer and shorter runs."""
    scoring, plan, planning = scored_and_planned(n, k, n_draws)

    def run(draws: int) -> float:
        uncertainty = replace(scoring.settings.uncertainty, draws=draws)
        longer = replace(scoring, settings=replace(scoring.settings, uncertainty=uncertainty))
        start = cpu()
        draw_ranks(longer, jobs=1, confidence=False, plan=plan)
        return cpu() - start

    run(plan.block)
    each = min((run(3 * n_draws) - run(n_draws)) / (2 * n_draws) for _ in range(2))
    return {"n": n, "k": k, "block": plan.block, "seconds": each, "planning": planning}


def engine_case(kind: str, jobs: int, n: int, k: int, n_draws: int) -> Row:
    """Time a long run."""
    scoring, plan, _ = scored_and_planned(n, k, n_draws)
    with workers_of(kind, jobs) as (engine, used):
        before, start = used()[0], time.perf_counter()
        draw_ranks(scoring, engine=engine, confidence=False, plan=plan)
        wall = time.perf_counter() - start
        after, megabytes = used()
    told = {"kind": kind, "jobs": jobs, "n": n, "k": k, "draws": n_draws}
    return told | {"wall": wall, "cpu": after - before, "peak": megabytes, "own": peak()}


def memory_case(n: int, k: int) -> Row:
    """Find the peak size of Dask workers, confidence factors included, beside the predicted one."""
    scoring, plan, _ = scored_and_planned(n, k, 640)
    predicted = footprint(plan).worker / 2**20
    with workers_of("dask", 2) as (engine, used):
        draw_ranks(scoring, engine=engine, plan=plan)
        megabytes = used()[1]
    return {"n": n, "k": k, "peak": megabytes, "predicted": predicted, "own": peak()}


def tasks_case(n_tasks: int) -> Row:
    """Time what scheduler and client need for a task that does nothing, in CPU seconds."""
    from distributed import wait

    with workers_of("dask", 2) as (engine, _):
        client = engine.client
        found = []
        with client.as_current():
            for _round in range(4):
                start = time.process_time()  # the scheduler is a thread of this process
                wait(client.map(abs, range(n_tasks), pure=False))
                found.append((time.process_time() - start) / n_tasks)
    return {"tasks": n_tasks, "seconds": min(found)}


CASES: dict[str, Callable[..., Row]] = {
    "kernel": kernel_case,
    "engine": engine_case,
    "memory": memory_case,
    "task": tasks_case,
}


def alone(name: str, *arguments: object) -> None:
    """Run a case in a process of its own, and note what it found."""
    command = [sys.executable, __file__, "--case", name, *map(str, arguments)]
    row = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
    row = {"case": name, "when": time.strftime("%F %T"), "load": os.getloadavg()[0]} | row
    with FILE.open("a") as stream:
        stream.write(json.dumps(row) + "\n")
    print(json.dumps(row), flush=True)


# The model.


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


def sizes(given: list[str], wanted: int) -> list[int]:
    """Take communities, indicators and draws as given, or the usual ones."""
    return [int(size) for size in (*given, *USUAL[len(given) :])[:wanted]]


def main() -> None:
    name, *rest = sys.argv[1:] or ["help"]
    if name == "--case":
        case, *arguments = rest
        print(json.dumps(CASES[case](*(int(a) if a.isdigit() else a for a in arguments))))
    elif name == "project":
        write_project(Path(rest[0]), *sizes(rest[1:], 2))
    elif name == "kernel":
        for kernel in KERNEL:
            alone("kernel", *kernel)
    elif name == "engines":
        for size in ENGINES:
            for kind, jobs in (("local", 1), ("local", 2), ("dask", 1), ("dask", 2)):
                alone("engine", kind, jobs, *size)
    elif name == "memory":
        for table in MEMORY:
            alone("memory", *table)
    elif name == "tasks":
        alone("task", 5_000)
    elif name == "predict":
        predict(read(Path(rest[0])), *sizes(rest[1:], 3))
    else:
        print(__doc__)


if __name__ == "__main__":
    main()
