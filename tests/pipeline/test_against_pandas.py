"""The built-in ranking, computed a second time with pandas from the YAML alone.

Nothing of the package takes part in the second computation, so the two share no mistake.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import yaml
from click.testing import CliRunner

from icfscore.cli.main import cli

ROOT = Path(__file__).parents[2]
CRITERIA = ("connect", "work", "innovate", "include", "engage", "sustain")


def _load(path: Path) -> Any:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return yaml.load(path.read_text(encoding="utf-8"), Loader=loader)  # noqa: S506


def _value(entity: dict[str, Any], indicator: dict[str, Any]) -> float | None:
    observation = entity["observations"].get(indicator["id"])
    if observation is None or abs(observation["year"] - 2018) > 10:
        return None
    value = float(observation["value"])
    if "per" in indicator:
        denominator = entity["observations"].get(indicator["per"])
        if denominator is None or abs(denominator["year"] - 2018) > 10:
            return None
        value = value / denominator["value"] * indicator["per_scale"]
    return value


def _observed() -> tuple[pd.DataFrame, dict[str, list[dict[str, Any]]]]:
    indicators = {name: _load(ROOT / f"criteria/{name}.yaml")["indicators"] for name in CRITERIA}
    areas = {path.stem: _load(path) for path in (ROOT / "communities/areas").glob("*.yaml")}
    rows = {}
    for path in (ROOT / "communities").glob("*.yaml"):
        if path.stem == "sources":
            continue
        community = _load(path)
        row = {}
        for criterion in CRITERIA:
            for indicator in indicators[criterion]:
                own = _value(community, indicator)
                inherited = _value(areas[community["parent"]], indicator)
                row[indicator["id"]] = inherited if own is None else own
        rows[community["id"]] = row
    return pd.DataFrame.from_dict(rows, orient="index").astype(float), indicators


def _expected() -> pd.DataFrame:
    observed, indicators = _observed()
    scores = pd.DataFrame(index=observed.index)
    for criterion in CRITERIA:
        columns = {}
        for indicator in indicators[criterion]:
            x = observed[indicator["id"]]
            if indicator.get("weight", 1) == 0 or x.notna().mean() < 0.5:
                continue
            x = np.log(x) if indicator.get("transform") == "log" else x
            x = -x if indicator["direction"] == "lower" else x
            columns[indicator["id"]] = 100 * (x - x.min()) / (x.max() - x.min())
        scores[criterion] = pd.DataFrame(columns).mean(axis=1)
    scores["index"] = scores[list(CRITERIA)].mean(axis=1)
    return scores


@pytest.fixture(scope="module")
def ranking() -> dict[str, Any]:
    arguments = ["rank", "-C", str(ROOT), "--draws", "0", "--format", "json", "--quiet"]
    result = CliRunner().invoke(cli, arguments)
    assert result.exit_code == 0, result.output
    record: dict[str, Any] = json.loads(result.stdout)
    return record


def test_scores_are_those_of_pandas(ranking: dict[str, Any]) -> None:
    expected = _expected()
    assert len(ranking["ranking"]) == len(expected) == 21
    for row in ranking["ranking"]:
        for node in ("index", *CRITERIA):
            assert row["nodes"][node]["score"] == pytest.approx(
                expected.loc[row["id"], node], rel=0, abs=1e-9
            )


def test_ranks_are_those_of_pandas(ranking: dict[str, Any]) -> None:
    ranks = _expected()["index"].rank(ascending=False, method="min")
    assert {row["id"]: row["rank"] for row in ranking["ranking"]} == ranks.astype(int).to_dict()


def test_indicators_known_for_too_few_are_left_out(ranking: dict[str, Any]) -> None:
    observed, _ = _observed()
    coverage = observed.notna().mean()
    assert set(coverage[coverage < 0.5].index) == {"knowledge_jobs_pct", "open_data_datasets"}
    assert ranking["weights"]["knowledge_jobs_pct"] == 0
    assert ranking["weights"]["open_data_datasets"] == 0
    assert ranking["ranking"][0]["nodes"]["open_data_datasets"] == {"score": None, "rank": None}
