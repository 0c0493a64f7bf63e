"""Writes a project of made-up numbers of any size, to run commands of a cluster on.

python benchmarks/scale.py project FOLDER [COMMUNITIES] [INDICATORS]
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

SEED = 2019
MISSING = 0.05
CRITERIA = 10


def write_project(folder: Path, n: int, k: int) -> None:
    """Write made-up numbers, random but the same every time: ratios and shares in turns."""
    rng = np.random.default_rng(SEED)
    z = rng.normal(size=(n, k))
    is_share = np.arange(k) % 2 == 1
    x = np.where(is_share, 100 / (1 + np.exp(-z)), np.exp(z))
    missing = rng.random((n, k)) < MISSING
    (folder / "criteria").mkdir(parents=True)
    (folder / "communities").mkdir()
    own = [range(k)[start :: min(CRITERIA, k)] for start in range(min(CRITERIA, k))]
    names = [f"criterion_{number}" for number in range(len(own))]
    (folder / "criteria/framework.yaml").write_text(
        f"id: made_up\nname: Made-up numbers\nversion: '1'\ncriteria: [{', '.join(names)}]\n"
    )
    for name, columns in zip(names, own, strict=True):
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
    for row in range(n):
        cells = ["" if gone else repr(v) for v, gone in zip(x[row].tolist(), missing[row], strict=True)]
        lines.append(f"c{row},Made up {row},random,2024," + ",".join(cells))
    (folder / "communities/all.csv").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    write_project(Path(sys.argv[2]), *(int(number) for number in sys.argv[3:5]))
