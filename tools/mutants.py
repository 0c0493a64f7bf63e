"""Change the code at random places, and see whether a test notices.

    python tools/mutants.py --sample 1500 --seed 1 --paths src/icfscore/methods

A sample of mutants, spread over the files by how many each has, is made one by one in a fork of a
process that has collected the tests. There the tests that run the changed lines are run until one
fails: a case of each test function, then further ones, up to `--budget` seconds, fastest first. A
mutant whose tests take several times as long as usual counts as killed, one that survived these
tests as survived, whatever others might say: the share is a lower bound.
"""

from __future__ import annotations

import argparse
import ast
import json
import os
import random
import sys
from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise
from math import sqrt
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

from tools.mutant_trials import Mapping, Mutant, run  # noqa: E402
from tools.mutations import Mutation, mutations  # noqa: E402


def sample(paths: Sequence[str], size: int, seed: int, budget: float, known: Any) -> list[Mutant]:
    """Choose mutants at random, as many of each file as its share of all."""
    found = {str(file.relative_to(ROOT)): _mutations_of(file) for file in _files(paths)}
    total = sum(map(len, found.values()))
    generator = random.Random(seed)  # noqa: S311
    size = min(size, total)
    every = [(path, i) for path, those in found.items() for i in range(len(those))]
    edges = [k * total // size for k in range(size + 1)]  # one of each stretch between them
    chosen = [every[generator.randrange(*ends)] for ends in pairwise(edges)]
    generator.shuffle(chosen)  # what an interrupted run has found is a random sample too
    print(f"{size} of {total} mutants of {len(found)} files, seed {seed}")
    return [_mutant(path, i, found[path][i], budget, known) for path, i in chosen]


def _files(paths: Sequence[str]) -> list[Path]:
    given = [(ROOT / path).resolve() for path in paths]
    return sorted(
        {file for path in given for file in (path.rglob("*.py") if path.is_dir() else [path])}
    )


def _mutations_of(file: Path) -> list[Mutation]:
    return mutations(ast.parse(file.read_text(encoding="utf-8")))


def _mutant(path: str, number: int, of: Mutation, budget: float, known: Any) -> Mutant:
    lines = known["lines"].get(path, {})
    reached = {i for line in range(of.lines[0], of.lines[1] + 1) for i in lines.get(str(line), ())}
    if not of.function:  # the module runs when it is imported: whatever uses it may notice
        reached = {i for tests in lines.values() for i in tests}
    some = _worth_running(reached, budget, known)
    tests, seconds = tuple(known["tests"][i] for i in some), sum(known["seconds"][i] for i in some)
    return Mutant(
        path, number, of.kind, of.what, of.lines, of.function, tests, seconds, len(reached)
    )


def _worth_running(reached: set[int], budget: float, known: Any) -> list[int]:
    """Choose tests for so many seconds: a case of each function before the second of any."""
    cases: dict[str, int] = defaultdict(int)
    turns = []
    for i in sorted(reached, key=lambda i: (known["seconds"][i], i)):
        function = known["tests"][i].split("[")[0]
        turns.append((cases[function], known["seconds"][i], i))
        cases[function] += 1
    some: list[int] = []
    for _, seconds, i in sorted(turns):
        if not some or seconds <= budget:
            some.append(i)
            budget -= seconds
    return sorted(some, key=lambda i: (known["seconds"][i], i))


def wilson(killed: int, total: int) -> tuple[float, float]:
    """Give the ends of Wilson's 95 % interval of a share."""
    z, p = 1.959964, killed / total
    centre, half = p + z * z / (2 * total), z * sqrt(p * (1 - p) / total + (z / total / 2) ** 2)
    return (centre - half) / (1 + z * z / total), (centre + half) / (1 + z * z / total)


def table(results: list[dict[str, Any]]) -> str:
    """Count what was killed, by package."""
    groups: dict[str, list[bool]] = defaultdict(list)
    for each in results:
        dead = each["outcome"] != "survived"
        parts = Path(each["path"]).parts[2:]
        groups["/".join(parts[: max(1, min(2, len(parts) - 1))])].append(dead)
        groups["all"].append(dead)
    lines = ["| Package | Mutants | Killed | Share | 95 % interval |", "|---|---:|---:|---:|---:|"]
    for name in sorted(groups, key=lambda name: (name == "all", name)):
        n, dead = len(groups[name]), sum(groups[name])
        low, high = wilson(dead, n)
        lines.append(f"| {name} | {n} | {dead} | {dead / n:.1%} | {low:.1%} – {high:.1%} |")
    return "\n".join(lines)


def main() -> None:
    """Read the options, run, and print the figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--paths", nargs="+", default=["src/icfscore/methods"])
    parser.add_argument("--sample", type=int, default=1500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--budget", type=float, default=8.0, help="seconds of tests for each")
    parser.add_argument("--map", type=Path, default=Path("mutants-map.json"))
    parser.add_argument("--results", type=Path, default=Path("mutants.jsonl"))
    given = parser.parse_args()
    os.chdir(ROOT)
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    if not given.map.exists():
        mapper = os.fork()
        if not mapper:
            Mapping(given.map).run()
            os._exit(0)
        os.waitpid(mapper, 0)
    known = json.loads(given.map.read_text(encoding="utf-8"))
    mutants = sample(given.paths, given.sample, given.seed, given.budget, known)
    print(table(run(mutants, given.results, given.workers)))


if __name__ == "__main__":
    main()
