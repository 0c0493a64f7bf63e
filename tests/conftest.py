"""A small project that tests write, change and read."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import pytest
from hypothesis import settings

from tests.browser import browser

__all__ = ["browser"]

# The same examples every time, so that a run says something about the change it tests;
# HYPOTHESIS_PROFILE=explore looks further.
settings.register_profile("repeatable", derandomize=True, deadline=None)
settings.register_profile("explore", deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "repeatable"))

FILES = {
    "icfscore.yaml": "focus: alpha\n",
    "criteria/framework.yaml": """\
        id: small
        name: {en: Small framework, vi: Khung nhỏ}
        version: "1"
        criteria: [air, work]
        context:
          - {id: population, name: Population, unit: person, bounds: [1, null]}
        """,
    "criteria/air.yaml": """\
        id: air
        name: {en: Air, vi: Không khí}
        aliases: [Clean air]
        indicators:
          - {id: dust, name: Fine dust, unit: ug/m^3, direction: lower, kind: ratio, bounds: [0, null]}
          - {id: trees, name: Trees, unit: institution, direction: higher, kind: count,
             per: population, per_scale: 1000}
        """,
    "criteria/work.yaml": """\
        id: work
        name: Work
        indicators:
          - {id: jobs, name: Jobs, unit: percent, direction: higher, kind: share, bounds: [0, 100]}
          - {id: income, name: Income, unit: USD, direction: higher, kind: ratio, transform: log}
          - {id: poverty, name: Poverty, unit: percent, direction: lower, kind: share, weight: 0}
        """,
    "communities/sources.yaml": "census: {title: Census, url: 'https://example.org'}\n",
    "communities/areas/AAA.yaml": """\
        id: AAA
        name: Land
        source: census
        observations: {jobs: 50, income: 1000, poverty: 10}
        """,
    "communities/alpha.yaml": """\
        id: alpha
        name: {en: Alpha, vi: An Pha}
        parent: AAA
        source: census
        observations:
          dust: 10
          trees: 20
          population: 1000
          jobs: 60
        """,
    "communities/beta.yaml": """\
        id: beta
        name: Beta
        parent: AAA
        source: census
        observations: {dust: 20, trees: 20, population: 2000, income: 4000}
        """,
    "communities/gamma.yaml": """\
        id: gamma
        name: Gamma
        source: census
        observations: {dust: 30, trees: 90, population: 3000, jobs: 40, income: 16000, poverty: 5}
        """,
}

MakeProject = Callable[..., Path]


@pytest.fixture
def make_project(tmp_path: Path) -> MakeProject:
    """Write the small project, with some of its files replaced; None leaves a file out."""

    def make(replaced: dict[str, str | bytes | None] | None = None) -> Path:
        folder = tmp_path / "project"
        for name, content in {**FILES, **(replaced or {})}.items():
            if content is None:
                continue
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            raw = content if isinstance(content, bytes) else dedent(content).encode()
            path.write_bytes(raw)
        return folder

    return make
