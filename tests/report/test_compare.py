"""`icfscore compare`: JSON by the contract, tables, text, and what cannot be compared."""

from __future__ import annotations

import json
import re

import pytest
from click.testing import CliRunner, Result
from tests.conftest import MakeProject
from tests.report.projects import DEEP, FLAT, score_folder

from icfscore.cli.main import cli
from icfscore.pipeline.uncertainty import draw_ranks
from icfscore.report.comparison_table import comparison_table
from icfscore.report.content_comparison import compare


def _run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["compare", *arguments])


def _json(*arguments: str) -> dict:
    result = _run(*arguments, "--format", "json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_the_record_of_two(make_project: MakeProject) -> None:
    folder = make_project()
    record = _json("alpha", "beta", "-C", str(folder), "--draws", "400", "-q")
    assert record["schema"] == "icfscore.comparison/1"
    assert record["ids"] == ["alpha", "beta"]
    assert record["difference"] == 25
    expected = {"index": 25, "air": 25, "work": 0}
    # dust 100 - 50, trees 50 - 0, jobs 100 - 50, income 0 - 50, a quarter each
    expected |= {"dust": 12.5, "trees": 12.5, "jobs": 12.5, "income": -12.5}
    assert record["contributions"] == pytest.approx(expected)
    draws = draw_ranks(score_folder(folder, draws=400))
    rows = [draws.communities.index(name) for name in ("alpha", "beta")]
    assert draws.pairwise is not None
    assert record["probability_ahead"] == draws.pairwise[rows[0], rows[1]]
    alpha, beta = record["communities"]
    assert (alpha["rank"], beta["rank"]) == (1, 3)
    assert alpha["values"]["income"]["level"] == "national"
    (pair,) = record["comparisons"]
    assert pair["reversal"]["state"] == "dominated"


def test_the_record_of_more_is_a_list_for_each_of_the_others(make_project: MakeProject) -> None:
    record = _json("beta", "alpha", "gamma", "-C", str(make_project()), "--draws", "0", "-q")
    assert record["ids"] == ["beta", "alpha", "gamma"]
    assert record["difference"] == [-25, -12.5]
    assert record["probability_ahead"] == [None, None]
    assert [parts["index"] for parts in record["contributions"]] == [-25, -12.5]


def test_the_documented_keys_are_there(make_project: MakeProject) -> None:
    from icfscore.report import comparison_record

    record = _json("alpha", "beta", "-C", str(make_project()), "--draws", "0", "-q")
    told = comparison_record.__doc__ or ""
    keys = [*record["communities"][0], *record["comparisons"][0]]
    keys += record["comparisons"][0]["reversal"]
    for key in keys:
        assert f"``{key}``" in told, key


@pytest.mark.parametrize("files", [{}, FLAT])
@pytest.mark.parametrize("width", [80, 120])
def test_tables_fit_the_terminal(make_project: MakeProject, files: dict, width: int) -> None:
    scoring = score_folder(make_project(files), draws=100)
    draws = draw_ranks(scoring, confidence=False)
    for others in (["beta"], ["beta", "gamma"]):
        found = [compare(scoring, "alpha", other, 7, draws) for other in others]
        text = comparison_table(scoring, found, draws=draws, piped=False, width=width)
        plain = re.sub(r"\x1b\[[0-9;]*m", "", text)
        assert max(map(len, plain.splitlines())) <= width
        assert "None" not in plain


def test_the_key_names_the_column_as_the_table_does(make_project: MakeProject) -> None:
    text = _run("alpha", "beta", "-C", str(make_project()), "--draws", "0", "-q").stdout
    head = next(line for line in text.splitlines() if line.startswith("Criterion"))
    assert head.split()[-1] == "Part"
    assert "\nPart: what it adds to the overall difference" in text


def test_a_deep_framework_sums_at_every_level(make_project: MakeProject) -> None:
    record = _json("alpha", "beta", "-C", str(make_project(DEEP)), "--draws", "0", "-q")
    parts = record["contributions"]
    assert parts["life"] == parts["index"] == -50
    assert parts["home"] + parts["health"] == parts["life"]
    assert (parts["rent"], parts["years"]) == (parts["home"], parts["health"])
    assert "rain" not in parts


def test_markdown_of_two_and_of_three(make_project: MakeProject) -> None:
    folder = str(make_project())
    two = _run("gamma", "beta", "-C", folder, "--draws", "0", "--format", "markdown").stdout
    assert two.startswith("# Gamma and Beta\n")
    assert "No weights of the criteria would reverse their order" in two
    three = _run("gamma", "alpha", "beta", "-C", folder, "--draws", "0", "--format", "markdown")
    assert three.stdout.startswith("# Gamma and Alpha and Beta\n")
    assert "## Gamma and Alpha\n" in three.stdout
    assert "| **Overall** | 50.0 (2nd) | 62.5 (1st) | 37.5 (3rd) | −12.5 | +12.5 |" in three.stdout


def test_the_weights_that_reverse_an_order_are_told(make_project: MakeProject) -> None:
    # work by jobs alone: alpha 100, beta 50, gamma 0; air: 75, 25, 50. Beta leads gamma by
    # (-25 + 50) / 2; a sixth of the weight has to move from work to air: 1/6 · 75 = 12.5.
    work = """\
        id: work
        name: Work
        indicators:
          - {id: jobs, name: Jobs, unit: percent, direction: higher, kind: share, bounds: [0, 100]}
        """
    files = {
        "criteria/work.yaml": work,
        "communities/areas/AAA.yaml": "id: AAA\nname: Land\nsource: census\nobservations: {jobs: 50}\n",
    }
    for name in ("alpha", "beta", "gamma"):
        from tests.conftest import FILES

        text = FILES[f"communities/{name}.yaml"]
        for extra in (", income: 4000", ", income: 16000, poverty: 5"):
            text = text.replace(extra, "")
        files[f"communities/{name}.yaml"] = text
    folder = make_project(files)
    (pair,) = _json("beta", "gamma", "-C", str(folder), "--draws", "0", "-q")["comparisons"]
    assert pair["reversal"]["leader"] == "beta"
    assert pair["reversal"]["moved"] == pytest.approx(1 / 6)
    assert pair["reversal"]["weights"] == pytest.approx({"air": 2 / 3, "work": 1 / 3})
    text = _run("beta", "gamma", "-C", str(folder), "--draws", "0", "--format", "markdown").stdout
    assert "moves 16.7 % of all weight: Air from 50.0 % to 66.7 % and Work from" in text


@pytest.mark.parametrize(
    ("ids", "status", "told"),
    [
        ("alpha", 2, "give at least two IDs"),
        ("alpha alpha", 2, "alpha is given more than once"),
        ("alpha betta", 1, "no community 'betta'; did you mean 'beta'?"),
        ("alpha zzzz qqqq", 1, "no community 'qqqq'"),
    ],
)
def test_what_cannot_be_compared_is_told(
    make_project: MakeProject, ids: str, status: int, told: str
) -> None:
    result = _run(*ids.split(), "-C", str(make_project()))
    assert (result.exit_code, result.stdout) == (status, "")
    assert told in result.stderr


def test_other_aggregations_say_that_parts_are_shapley_values(make_project: MakeProject) -> None:
    folder = str(make_project())
    result = _run(
        "alpha", "beta", "-C", folder, "--draws", "0", "--set", "recipe.aggregation.kind=topsis"
    )
    assert result.exit_code == 0
    said = " ".join(result.stdout.split())
    assert "by Shapley values" in said
    assert "is not told: the criteria are not aggregated by a mean" in said
