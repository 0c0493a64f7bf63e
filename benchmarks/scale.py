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
from pathlib import Path
from typing import Any

from made_up_data import made_up, write_project
from scale_model import Row, predict, read

from icfscore.pipeline.draw_plan import DrawPlan, plan_draws
from icfscore.pipeline.footprint import footprint
from icfscore.pipeline.score import Scoring
from icfscore.pipeline.uncertainty import draw_ranks

FILE = Path(os.environ.get("SCALE_FILE", "scale.jsonl"))

KERNEL = (  # communities, indicators, draws
    *((2_500, k, 160) for k in (10, 40, 100)),
    (5_000, 40, 96),
    *((10_000, k, 64) for k in (10, 40, 100)),
    (20_000, 20, 48),
)
ENGINES = ((2_500, 20, 24_000), (10_000, 100, 2_000))
MEMORY = ((10_000, 100), (11_000, 100), (50_000, 20))
USUAL = (10_000, 100, 100_000)


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
