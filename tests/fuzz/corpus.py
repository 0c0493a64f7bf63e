"""Valid files to begin with: projects, and every table and workbook that belongs to them."""

from __future__ import annotations

import io
import json
import shutil
from collections.abc import Iterator, Mapping
from contextlib import chdir
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from textwrap import dedent
from typing import Any

from click.testing import CliRunner

from icfscore.cli.main import cli
from tests.conftest import FILES
from tests.fuzz.projects import Made, project

ROOT = Path(__file__).parents[2]
N_RANDOM = 12
_SMALL = Made(communities=["alpha", "beta", "gamma"], nodes=["index", "air", "work"],
              indicators=["dust", "trees", "jobs", "income", "poverty"], scenarios=["one"])  # fmt: skip
_MORE = {
    "icfscore.yaml": """\
        focus: beta
        recipe: {screening: {min_indicator_coverage: 0, min_community_coverage: 0}}
        scenarios: {one: {name: One, weights: {air: 2}, recipe: {aggregation: {kind: geometric}}}}
        uncertainty: {draws: 20, alternatives: {normalisation: [min_max, z_score]}}
        means: {income: income, without: [income]}
        lists: {top7: {complete: [2019]}}
        plan: {costs: {dust: 2}, limits: {jobs: [null, 90]}}
        stages:
          - {id: first, inputs: {index: 1, panel.p: 2}, combine: ranks, passes: 2}
          - {id: last, inputs: {ballots.j: 1}, passes: 1}
        """,
    "panels/p.yaml": """\
        {id: p, name: P, source: census, rubric: [0, 10], raters: {an: An, bo: Bo}, scores:
          {alpha: {work: {an: 6, bo: 9}, air: {an: 1}}, beta: {work: {an: 5, bo: 7}}, gamma: {work: {an: 2, bo: 5}}}}
        """,
    "ballots/j.yaml": """\
        {id: j, name: J, ballots: [{ranking: [alpha, beta, gamma], approves: [alpha], voters: 2},
          {ranking: [gamma, alpha], points: {gamma: 3}}]}
        """,
    "communities/delta.yaml": """\
        {id: delta, name: Delta, source: census, recognitions: [{year: 2019, list: top7, source: census}],
         observations: {dust: [{value: 4, year: 2016}, {value: 5, year: 2018}], jobs: {value: 0.4, unit: dimensionless}}}
        """,
}
_BESIDE = {
    "in/changes.yaml": "{community}: {{{indicator}: 10, {other}: {{value: 3, source: s}}}}\n",
    "in/plan.yaml": "costs: {{{indicator}: 2}}\nlimits: {{{other}: [null, 30]}}\nfixed: [{other}]\n",
    "in/mapping.yaml": "sheet: Sheet1\nheader: 1\ndecimal: '.'\nsource: s\nyear: 2018\n"
    "columns: {{id: id, {indicator}: {{column: {indicator}, unit: percent}}}}\nignore: [name]\n",
}


@dataclass(frozen=True, slots=True)
class Seed:
    """A valid project in the folder `p`, and tables beside it in `in`."""

    name: str
    made: Made


def load(folder: Path) -> list[Seed]:
    """Read what `build` wrote."""
    seeds = []
    for path in sorted(folder.glob("*.json")):
        names = json.loads(path.read_text())
        files = dict(_files(path.with_suffix("")))
        seeds.append(Seed(path.stem, Made(files=files, **names)))
    return seeds


def build(folder: Path) -> None:
    """Write all seeds: each a folder of its files, and its names as JSON."""
    for name, made in _projects():
        write(folder / name, made.files)
        valid = CliRunner().invoke(cli, ["validate", "-q", "-C", str(folder / name / "p")])
        if valid.exit_code:
            shutil.rmtree(folder / name)
            continue
        _add_tables(folder / name, made)
        names = {
            key: getattr(made, key) for key in ("communities", "indicators", "nodes", "scenarios")
        }
        (folder / f"{name}.json").write_text(json.dumps(names))


def _projects() -> Iterator[tuple[str, Made]]:
    yield "plain", small({})
    yield "small", small()
    for name, folder in (("builtin", ROOT), ("self", ROOT / "frameworks/icf_self_assessment")):
        files = {}
        for part in ("icfscore.yaml", "criteria", "communities"):
            files |= {f"{part}{rest}": raw for rest, raw in _below(folder / part)}
        communities = [Path(key).stem for key in files if Path(key).parent.name == "communities"]
        made = Made(
            files, communities, nodes=["index", "connect"], indicators=["pm25_ugm3", "gini"]
        )
        if name == "self":
            made.communities, made.indicators = ["town"], ["it_leader", "broadband_reach"]
            made.files["communities/town.yaml"] = (
                b"{id: town, name: Town, source: self_assessment, observations: {broadband_reach: pilot}}"
            )
        yield name, made
    for number in range(N_RANDOM):
        yield f"random{number}", project(Random(number))  # noqa: S311 - no secret


def small(more: Mapping[str, str] = _MORE) -> Made:
    """Give the tests' small project, by default with a panel, ballots, stages and all settings."""
    return replace(
        _SMALL, files={name: dedent(text).encode() for name, text in {**FILES, **more}.items()}
    )


def _below(path: Path) -> Iterator[tuple[str, bytes]]:
    if path.is_file():
        yield "", path.read_bytes()
    for each in sorted(path.rglob("*.yaml")) if path.is_dir() else ():
        yield f"/{each.relative_to(path).as_posix()}", each.read_bytes()


def _files(folder: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            relative = path.relative_to(folder).as_posix()
            yield relative.removeprefix("p/"), path.read_bytes()


def write(folder: Path, files: dict[str, bytes]) -> None:
    """Write an input's files: those of `in/` beside the project, all others into `p`."""
    for name, raw in files.items():
        path = folder / (name if name.startswith("in/") else f"p/{name}")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(raw)


def _add_tables(folder: Path, made: Made) -> None:
    """Export a project as all tables that it can be exported as."""
    (folder / "in").mkdir()
    other = made.indicators[-1]
    for name, pattern in _BESIDE.items():
        spelt = pattern.format(
            community=made.communities[0], indicator=made.indicators[0], other=other
        )
        (folder / name).write_text(spelt)
    lines = [
        *(["export", f"in/{name}", "--layout", layout] for name, layout in (
            ("wide.csv", "wide"), ("long.csv", "long"), ("wide.xlsx", "wide"), ("long.xlsx", "long"),
            ("wide.parquet", "wide"), ("iData.csv", "coinr"), ("coinr.xlsx", "coinr"))),
        ["export", "in/stages.xlsx"],
        ["uncertainty", "--draws", "20", "--seed", "1", "--checkpoint", "in/draws.ckpt"],
        ["export", "in/filling.xlsx", "--for", "filling"],
        ["assess", "--export", "in/assess.xlsx", "--community", made.communities[0]],
    ]  # fmt: skip
    with chdir(folder):
        for line in lines:
            CliRunner().invoke(cli, [*line, "-C", "p", "-q"])
    (folder / "in/tool.xlsx").write_bytes(coin_tool())
    if folder.name == "builtin":  # its workbooks take seconds to change
        for path in (folder / "in").glob("*.xlsx"):
            path.unlink()


def coin_tool() -> bytes:
    """Make a workbook as the COIN Tool's: made-up units and indicators."""
    import openpyxl

    book = openpyxl.Workbook()
    sheet: Any = book.active
    sheet.title = "Database"
    described: dict[int, list[Any]] = {
        7: [1, 3, 1], 8: [1, -1, 1], 9: [0, None, 0], 10: [100, None, 50], 11: ["Index"] * 3,
        12: ["si.01"] * 3, 13: ["p.01", "p.01", "p.02"], 14: ["sp.01"] * 3,
        15: ["Jobs", "Dust", "Trees"], 16: ["Ind.01", "Ind.02", "Ind.03"],
        17: [50, 10, 25], 18: [100, "n/a", 0], 19: [0, 30, 50],
    }  # fmt: skip
    for row, cells in described.items():
        for column, cell in enumerate(cells, start=5):
            sheet.cell(row, column, cell)
    for row, name in enumerate(("Alpha", "Beta", "Gamma"), start=17):
        sheet.cell(row, 2, name)
        sheet.cell(row, 3, name[:3].upper())
    groups = book.create_sheet("Framework")
    for row, cells in enumerate([("Index", 1, "All"), ("p.01", 1, "A"), ("p.02", 2, "B")], start=5):
        for column, cell in zip((3, 5, 8), cells, strict=True):
            groups.cell(row, column, cell)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()
