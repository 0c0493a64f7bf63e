"""Made-up numbers of many communities and indicators, as a project's files or scored already."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from icfscore.domain.communities import Entity, Observation
from icfscore.domain.criteria import CriteriaTree, Criterion, Indicator
from icfscore.domain.project import Project
from icfscore.pipeline.score import Scoring, score
from icfscore.recipe import Settings

SEED = 2019
MISSING = 0.05
CRITERIA = 10


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


def communities_of(x: np.ndarray[Any, Any]) -> tuple[Entity, ...]:
    """Make a community of each row of values (n, k), indicators x0, x1 …; NaN is none."""
    return tuple(
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
    tree = CriteriaTree("made_up", "1", Criterion(id="index", name="Index", criteria=nodes))
    settings = Settings()
    settings = replace(settings, uncertainty=replace(settings.uncertainty, draws=n_draws))
    return score(Project(tree, communities_of(x), {}, {}, "sha256:0"), settings)
