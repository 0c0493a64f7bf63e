"""The record of every stage, on a project small enough to compute by hand."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import MakeProject

from icfscore.files.overrides import settle
from icfscore.files.project_folder import find_project, read_project
from icfscore.pipeline.score import Scoring, score
from icfscore.report.records import ranking_record
from icfscore.report.stages import units_at, weight_rows
from icfscore.report.stages_record import stages_json, stages_record

STAGES = ["observed", "imputed", "treated", "normalised", "scores"]


def score_folder(folder: Path, **assignments: str) -> Scoring:
    read = read_project(folder)
    chosen = {key.replace("__", "."): value for key, value in assignments.items()}
    return score(read.project, settle(read, assignments=chosen))


def score_builtin() -> Scoring:
    path, _ = find_project(None, Path("/"))
    return score_folder(path)


def test_the_record_has_the_keys_of_the_interface(make_project: MakeProject) -> None:
    record = stages_record(score_folder(make_project()))
    assert record["schema"] == "icfscore.stages/1"
    assert record["framework"] == {"id": "small", "version": "1"}
    assert record["digest"].startswith("sha256:")
    assert record["recipe"]["aggregation"] == {"kind": "arithmetic"}
    assert list(record["stages"]) == STAGES
    for stage in STAGES[:4]:
        assert list(record["stages"][stage]) == ["alpha", "beta", "gamma"]
        for row in record["stages"][stage].values():
            assert list(row) == ["dust", "trees", "jobs", "income", "poverty"]
    assert list(record["stages"]["scores"]["alpha"]) == ["index", "air", "work"]
    assert record["left_out"] == []
    assert record["excluded"] == []
    assert record["warnings"] == []


def test_each_stage_holds_what_its_name_says(make_project: MakeProject) -> None:
    stages = stages_record(score_folder(make_project()))["stages"]
    assert stages["observed"]["alpha"] == {
        "dust": 10.0, "trees": 20.0, "jobs": 60.0, "income": 1000.0, "poverty": 10.0,
    }  # fmt: skip
    assert stages["imputed"] == stages["observed"]
    assert stages["treated"]["gamma"] == {
        "dust": 30.0, "trees": 30.0, "jobs": 40.0, "income": math.log(16000), "poverty": 5.0,
    }  # fmt: skip
    assert stages["normalised"]["alpha"] == {
        "dust": 100.0, "trees": 50.0, "jobs": 100.0, "income": 0.0, "poverty": 0.0,
    }  # fmt: skip
    assert stages["scores"]["alpha"] == {"index": 62.5, "air": 75.0, "work": 50.0}


def test_scores_and_ranks_are_those_of_the_ranking() -> None:
    scoring = score_builtin()
    record, ranking = stages_record(scoring), ranking_record(scoring)
    assert record["weights"] == ranking["weights"]
    assert record["digest"] == ranking["digest"]
    for row in ranking["ranking"]:
        mine = record["stages"]["scores"][row["id"]] | record["stages"]["normalised"][row["id"]]
        assert mine == {name: standing["score"] for name, standing in row["nodes"].items()}
        for node, rank in record["ranks"][row["id"]].items():
            assert rank == row["nodes"][node]["rank"]
            assert isinstance(rank, int)


def test_an_indicator_left_out_is_missing_in_every_stage(make_project: MakeProject) -> None:
    scoring = score_folder(make_project(), recipe__screening__min_indicator_coverage="1")
    assert stages_record(scoring)["left_out"] == []
    folder = make_project({"communities/beta.yaml": "id: beta\nname: Beta\nsource: census\n"
                                                    "observations: {dust: 20, jobs: 9, income: 4}\n"})  # fmt: skip
    scoring = score_folder(folder, recipe__screening__min_indicator_coverage="0.9")
    record = stages_record(scoring)
    assert record["left_out"] == [{"id": "trees", "coverage": pytest.approx(2 / 3)}]
    assert {
        record["stages"][stage][c]["trees"] for stage in STAGES[:4] for c in record["ranks"]
    } == {None}
    assert record["weights"]["trees"] == 0.0
    assert record["evidence"]["alpha"]["trees"] == {
        "level": None, "holder": None, "year": None, "source": None, "status": None,
        "comparability": None, "imputed": False, "treated": False,
    }  # fmt: skip


def test_an_excluded_community_stands_in_no_stage(make_project: MakeProject) -> None:
    folder = make_project(
        {
            "communities/delta.yaml": "id: delta\nname: Delta\nsource: census\nobservations: {dust: 1}\n"
        }
    )
    record = stages_record(score_folder(folder))
    assert [entry["id"] for entry in record["excluded"]] == ["delta"]
    assert "1 of 4 scored indicators" in record["excluded"][0]["reason"]
    tables = [*record["stages"].values(), record["ranks"], record["evidence"]]
    assert all(list(table) == ["alpha", "beta", "gamma"] for table in tables)


def test_evidence_says_what_each_value_rests_on(make_project: MakeProject) -> None:
    gamma = """\
        id: gamma
        name: Gamma
        observations:
          dust: {value: 30, year: 2016, source: census, status: derived, comparability: low}
          jobs: {value: 40, source: census, level: region}
        """
    folder = make_project({"communities/gamma.yaml": gamma})
    record = stages_record(score_folder(folder, recipe__imputation__kind="mean"))
    evidence, stages = record["evidence"], record["stages"]
    assert evidence["gamma"]["dust"] == {
        "level": "community", "holder": "gamma", "year": 2016, "source": "census", "status": "derived",
        "comparability": "low", "imputed": False, "treated": False,
    }  # fmt: skip
    assert evidence["gamma"]["jobs"]["level"] == "region"
    assert evidence["gamma"]["jobs"]["year"] is None
    assert evidence["alpha"]["income"]["level"] == "national"
    assert evidence["alpha"]["income"]["holder"] == "AAA"
    assert evidence["gamma"]["income"]["imputed"] is True
    assert evidence["gamma"]["income"]["source"] is None
    assert stages["observed"]["gamma"]["income"] is None
    assert stages["imputed"]["gamma"]["income"] == 2500.0
    assert stages["treated"]["gamma"]["income"] == math.log(2500)


def test_a_treated_value_is_told_from_an_untreated_one(make_project: MakeProject) -> None:
    scoring = score_folder(make_project(many_values()), recipe__outliers__kind="winsorise")
    record = stages_record(scoring)
    assert record["stages"]["imputed"]["c9"]["dust"] == 1e6
    assert record["stages"]["treated"]["c9"]["dust"] == 18.0
    treated = {name for name, row in record["evidence"].items() if row["dust"]["treated"]}
    assert treated == {"c9"}
    assert units_at(scoring, "treated")["dust"] == "ug/m^3"


def many_values() -> dict[str, str | bytes | None]:
    """Ten communities, one of which is far from the others."""
    files: dict[str, str | bytes | None] = {
        f"communities/{name}.yaml": None for name in ("alpha", "beta", "gamma")
    }
    for number in range(10):
        dust = 1e6 if number == 9 else 10 + number
        files[f"communities/c{number}.yaml"] = (
            f"id: c{number}\nname: C{number}\nsource: census\nobservations:"
            f" {{dust: {dust}, trees: {number}, population: 10, jobs: {number}, income: {number + 1}}}\n"
        )
    files["icfscore.yaml"] = "focus: c3\n"
    return files


def test_units_follow_denominator_logarithm_and_fallback(make_project: MakeProject) -> None:
    scoring = score_folder(make_project())
    assert units_at(scoring, "observed")["trees"] == "institution per 1000 person"
    assert units_at(scoring, "imputed")["income"] == "USD"
    assert units_at(scoring, "treated")["income"] == "ln(USD)"
    assert set(units_at(scoring, "normalised").values()) == {"score"}
    transformed = score_folder(
        make_project(many_values()),
        recipe__outliers="{kind: skew_kurtosis, max_points: 0}",
    )
    assert units_at(transformed, "treated")["dust"] == "log_ct(ug/m^3)"
    assert units_at(transformed, "treated")["jobs"] == "percent"


def test_the_share_of_the_index_is_the_product_along_the_path(make_project: MakeProject) -> None:
    scoring = score_folder(make_project(), weights__air="3", weights__dust="4")
    rows = {row.id: row for row in weight_rows(scoring)}
    assert list(rows) == ["index", "air", "dust", "trees", "work", "jobs", "income", "poverty"]
    assert rows["dust"].given == 4
    assert rows["dust"].share == pytest.approx(0.8)
    assert rows["dust"].effective == pytest.approx(0.75 * 0.8)
    assert rows["poverty"].effective == 0
    leaves = [row.effective for row in rows.values() if row.depth == 2]
    assert sum(leaves) == pytest.approx(1)


@pytest.mark.parametrize("recipe", ["none", "mean"])
def test_json_reads_back_as_the_record_with_every_digit(recipe: str) -> None:
    path, _ = find_project(None, Path("/"))
    scoring = score_folder(path, recipe__imputation__kind=recipe)
    text = stages_json(scoring)
    assert json.loads(text) == stages_record(scoring)
    assert "NaN" not in text
    assert text == stages_json(score_folder(path, recipe__imputation__kind=recipe))


def test_json_has_a_community_a_line(make_project: MakeProject) -> None:
    lines = stages_json(score_folder(make_project())).splitlines()
    starts = [line.strip() for line in lines]
    assert sum(line.startswith('"alpha": {"dust": ') for line in starts) == 4
    assert sum(line.startswith('"dust": {"level": "community"') for line in starts) == 3


def test_numbers_at_the_ends_of_floating_point_are_kept(make_project: MakeProject) -> None:
    def community(name: str, dust: str) -> str:
        values = f"{{dust: {dust}, trees: 1, population: 3, jobs: 5, income: 7}}"
        return f"id: {name}\nname: {name}\nsource: census\nobservations: {values}\n"

    values = {"alpha": "1.0e+300", "beta": "1.0e-300", "gamma": "0.30000000000000004"}
    folder = make_project({f"communities/{n}.yaml": community(n, v) for n, v in values.items()})
    record: dict[str, Any] = json.loads(stages_json(score_folder(folder)))
    observed = record["stages"]["observed"]
    assert [observed[name]["dust"] for name in values] == [1e300, 1e-300, 0.30000000000000004]
    assert observed["alpha"]["trees"] == 1 / 3 * 1000
