"""Projects that the report's tests read from YAML, and how they are scored."""

from __future__ import annotations

from pathlib import Path

from icfscore.files.overrides import settle
from icfscore.files.project_folder import read_project
from icfscore.pipeline.score import Scoring, score

Files = dict[str, str | bytes | None]

# No criteria between the root and its indicators, an ordinal and a boolean one, no area.
FLAT: Files = {
    "icfscore.yaml": "focus: alpha\n",
    "criteria/framework.yaml": """\
        id: flat
        name: Flat framework
        version: "1"
        indicators:
          - {id: share, name: Share, unit: percent, direction: higher, kind: share}
          - {id: cost, name: Cost, unit: USD, direction: lower, kind: ratio}
          - {id: stage, name: Stage, unit: stage, direction: higher, kind: ordinal,
             levels: {none: 0, plan: 1, working: 2}}
          - {id: open, name: Open, unit: dimensionless, direction: higher, kind: boolean}
        """,
    "criteria/air.yaml": None,
    "criteria/work.yaml": None,
    "communities/areas/AAA.yaml": None,
    "communities/alpha.yaml": """\
        {id: alpha, name: Alpha, source: census, observations: {share: 5, cost: 12345678, stage: plan, open: 1}}
        """,
    "communities/beta.yaml": """\
        {id: beta, name: Beta, source: census, observations: {share: 7, cost: 3, stage: none, open: 0}}
        """,
    "communities/gamma.yaml": """\
        {id: gamma, name: Gamma, source: census, observations: {share: 1, cost: 4, stage: working}}
        """,
}

# Two levels of criteria, one of them not scored.
DEEP: Files = {
    "criteria/framework.yaml": """\
        id: deep
        name: Deep framework
        version: "1"
        criteria: [life, shown]
        """,
    "criteria/air.yaml": None,
    "criteria/work.yaml": None,
    "criteria/life.yaml": """\
        id: life
        name: Life
        criteria:
          - id: home
            name: Home
            indicators:
              - {id: rent, name: Rent, unit: USD, direction: lower, kind: ratio}
          - id: health
            name: Health
            weight: 3
            indicators:
              - {id: years, name: Years of life, unit: year, direction: higher, kind: ratio}
        """,
    "criteria/shown.yaml": """\
        id: shown
        name: Shown only
        weight: 0
        indicators:
          - {id: rain, name: Rain, unit: mm, direction: higher, kind: ratio}
        """,
    "communities/areas/AAA.yaml": None,
    "communities/alpha.yaml": """\
        {id: alpha, name: Alpha, source: census, observations: {rent: 100, years: 80, rain: 700}}
        """,
    "communities/beta.yaml": """\
        {id: beta, name: Beta, source: census, observations: {rent: 300, years: 90}}
        """,
    "communities/gamma.yaml": None,
}


def score_folder(folder: Path, **options: object) -> Scoring:
    """Read and score a project folder, with options as the command line has them."""
    read = read_project(folder)
    return score(read.project, settle(read, **options))  # type: ignore[arg-type]
