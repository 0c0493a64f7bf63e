"""The Human Development Index of 2021 from its four components, by way of a project folder.

Source: UNDP, Human Development Report 2021/22, table 1 and technical note 1 (CC BY 3.0 IGO).
Tolerance: none, the published index has three decimals. Published ranks are ranks of the rounded
index, ties sharing the best.
"""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from icfscore.cli.main import cli

DATA = Path(__file__).parent / "data" / "hdi_2021.csv"
COMPONENTS = (
    "life_expectancy", "expected_years_schooling", "mean_years_schooling", "gni_pc_ppp2017",
)  # fmt: skip
FILES = {
    "icfscore.yaml": """\
reference_year: 2021
recipe:
  normalisation: {kind: goalposts, low: 0, high: 1}
  aggregation: {kind: arithmetic, at: {index: {kind: geometric}}}
""",
    "criteria/framework.yaml": """\
id: hdi
name: Human Development Index
version: 2021/22
criteria:
  - health
  - education
  - id: income
    name: A decent standard of living
    indicators:
      - {id: gni_pc_ppp2017, name: Gross national income per person, unit: PPP $ of 2017,
         direction: higher, kind: ratio, transform: log, goalposts: [100, 75000]}
""",
    "criteria/health.yaml": """\
id: health
name: A long and healthy life
indicators:
  - {id: life_expectancy, name: Life expectancy at birth, unit: year, direction: higher,
     kind: ratio, goalposts: [20, 85]}
""",
    "criteria/education.yaml": """\
id: education
name: Knowledge
indicators:
  - {id: expected_years_schooling, name: Expected years of schooling, unit: year,
     direction: higher, kind: ratio, goalposts: [0, 18]}
  - {id: mean_years_schooling, name: Mean years of schooling, unit: year, direction: higher,
     kind: ratio, goalposts: [0, 15]}
""",
    "communities/sources.yaml": "undp: {title: Human Development Report 2021/22}\n",
}
# As printed in table 1 of the report.
PRINTED_RANKS = {
    "che": 1, "nor": 2, "isl": 3, "hkg": 4, "aus": 5, "dnk": 6, "bel": 13, "nzl": 13, "can": 15,
    "gbr": 18, "usa": 21, "chn": 79, "vnm": 115, "ind": 132, "ken": 152, "ssd": 191,
}  # fmt: skip


def _published() -> list[dict[str, str]]:
    with DATA.open(encoding="utf-8") as lines:
        return list(csv.DictReader(line for line in lines if not line.startswith("#")))


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hdi")
    files = dict(FILES)
    for row in _published():
        community = {
            "id": row["iso3"].lower(), "name": row["country"], "source": "undp", "year": 2021,
            "observations": {name: float(row[name]) for name in COMPONENTS},
        }  # fmt: skip
        files[f"communities/{community['id']}.yaml"] = json.dumps(community)
    for name, text in files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def record(project: Path) -> dict[str, Any]:
    arguments = ["rank", "-C", str(project), "--format", "json"]
    result = CliRunner().invoke(cli, arguments)
    assert result.exit_code == 0, result.output
    assert result.stderr == ""
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def test_every_country_has_its_published_index(record: dict[str, Any]) -> None:
    published = {row["iso3"].lower(): float(row["hdi_published"]) for row in _published()}
    assert len(published) == 191
    assert {row["id"]: float(f"{row['score']:.3f}") for row in record["ranking"]} == published


def test_ranks_of_the_rounded_index_are_as_published(record: dict[str, Any]) -> None:
    rounded = {row["id"]: float(f"{row['score']:.3f}") for row in record["ranking"]}
    ranks = {
        name: 1 + sum(other > score for other in rounded.values())
        for name, score in rounded.items()
    }
    assert {name: ranks[name] for name in PRINTED_RANKS} == PRINTED_RANKS
    published = [float(row["hdi_published"]) for row in _published()]
    assert sorted(ranks.values()) == sorted(1 + sum(b > a for b in published) for a in published)


def test_full_precision_never_contradicts_the_rounded_order(record: dict[str, Any]) -> None:
    published = {row["iso3"].lower(): float(row["hdi_published"]) for row in _published()}
    in_order = [published[row["id"]] for row in record["ranking"]]
    assert in_order == sorted(in_order, reverse=True)
    assert [row["rank"] for row in record["ranking"]] == list(range(1, 192))


def test_what_lies_beyond_a_goalpost_is_capped(record: dict[str, Any]) -> None:
    nodes = {row["id"]: row["nodes"] for row in record["ranking"]}
    assert nodes["hkg"]["health"] == {"score": 1, "rank": 1}  # 85.5 years
    assert nodes["nor"]["expected_years_schooling"]["score"] == 1  # 18.2 years
    for row in record["ranking"]:
        assert all(0 <= node["score"] <= 1 for node in row["nodes"].values())


def test_the_dimensions_are_those_of_the_technical_note(record: dict[str, Any]) -> None:
    assert record["weights"] == {
        "health": pytest.approx(1 / 3), "education": pytest.approx(1 / 3),
        "income": pytest.approx(1 / 3), "life_expectancy": 1, "expected_years_schooling": 0.5,
        "mean_years_schooling": 0.5, "gni_pc_ppp2017": 1,
    }  # fmt: skip
    for row in record["ranking"]:
        score = {name: node["score"] for name, node in row["nodes"].items()}
        education = (score["expected_years_schooling"] + score["mean_years_schooling"]) / 2
        assert score["education"] == pytest.approx(education, abs=1e-15)
        product = score["health"] * score["education"] * score["income"]
        assert row["score"] == pytest.approx(product ** (1 / 3), rel=1e-14)
