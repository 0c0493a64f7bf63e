"""Ranks many communities, each in a YAML file of its own: time and memory of the whole process.

python benchmarks/many_communities.py [COMMUNITIES] [INDICATORS]
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path


def write_project(folder: Path, n_communities: int, n_indicators: int) -> None:
    """Write a project of bare-number observations, random but the same every time."""
    draw = random.Random(2019)
    names = [f"indicator_{number}" for number in range(n_indicators)]
    entry = "  - {{id: {0}, name: {0}, unit: percent, direction: higher, kind: share}}\n"
    (folder / "criteria").mkdir(parents=True)
    framework = "id: many\nname: Many\nindicators:\n" + "".join(map(entry.format, names))
    (folder / "criteria/framework.yaml").write_text(framework)
    (folder / "communities").mkdir()
    (folder / "communities/sources.yaml").write_text("survey: {title: Survey}\n")
    (folder / "icfscore.yaml").write_text("{}\n")
    for number in range(n_communities):
        values = "".join(f"  {name}: {draw.random() * 100}\n" for name in names)
        head = f"id: c{number}\nname: Community {number}\nsource: survey\nobservations:\n"
        (folder / f"communities/c{number}.yaml").write_text(head + values)


def main() -> None:
    n_communities = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    n_indicators = int(sys.argv[2]) if len(sys.argv) > 2 else 40
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "project"
        write_project(folder, n_communities, n_indicators)
        command = [sys.executable, "-m", "icfscore", "rank", "-C", str(folder), "--draws", "0"]
        command += ["--format", "csv", "-o", str(Path(scratch) / "ranking.csv")]
        start = time.perf_counter()
        process = subprocess.Popen(command)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
    if status:
        sys.exit("rank failed")
    gigabytes = usage.ru_maxrss / 1024 / 1024
    print(f"{n_communities} communities x {n_indicators}: {seconds:.1f} s, {gigabytes:.2f} GB")


if __name__ == "__main__":
    main()
