"""Adding communities, indicators and sources: what is written is right, and nothing is lost."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from tests.conftest import MakeProject

from icfscore.cli.main import cli
from icfscore.files.project_folder import inspect_project, read_project


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(cli, [str(a) for a in arguments], catch_exceptions=False)


def add(folder: Path, *arguments: str) -> Result:
    return run("add", *arguments, "-C", folder)


def test_a_community_lists_every_indicator_to_fill_in(make_project: MakeProject) -> None:
    folder = make_project()
    result = add(folder, "community", "delta", "--name", "Delta # 1", "--name", "vi=Đen Ta",
                 "--parent", "AAA", "--group", "size=small", "--source", "census", "--year", "2018")  # fmt: skip
    assert result.exit_code == 0, result.stderr
    text = (folder / "communities/delta.yaml").read_text(encoding="utf-8")
    assert text.endswith(
        "observations:\n"
        "  # Air\n"
        "  dust: null  # Fine dust, ug/m^3, lower is better, at least 0\n"
        "  trees: null  # Trees, institution, higher is better\n"
        "  # Work\n"
        "  jobs: null  # Jobs, percent, higher is better, at least 0, at most 100\n"
        "  income: null  # Income, USD, higher is better\n"
        "  poverty: null  # Poverty, percent, lower is better\n"
        "  # to divide others by\n"
        "  population: null  # Population, person, at least 1\n"
    )
    assert inspect_project(folder).problems == ()
    delta = read_project(folder).project.community_by_id["delta"]
    assert (delta.name, delta.parent, delta.groups) == (
        {"en": "Delta # 1", "vi": "Đen Ta"}, "AAA", {"size": "small"},
    )  # fmt: skip
    table = folder / "t.csv"
    table.write_text("id,jobs\ndelta,70\n")
    assert (
        run(
            "import", table, "-C", folder, "--source", "census", "--year", "2018", "--write"
        ).exit_code
        == 0
    )
    filled = text.replace("jobs: null  #", "jobs: 70    #")
    assert (folder / "communities/delta.yaml").read_text(encoding="utf-8").split() == filled.split()


def test_an_indicator_goes_to_the_end_of_its_criterion(make_project: MakeProject) -> None:
    folder = make_project({"criteria/work.yaml": """\
        # What people do.
        id: work
        name: Work
        indicators:
          - id: jobs          # in work
            name: Jobs
            unit: percent
            direction: higher
            kind: share
          # the last one
          - {id: income, name: Income, unit: USD, direction: higher, kind: ratio}
          - {id: poverty, name: Poverty, unit: percent, direction: lower, kind: share, bounds: [0, null]}
        """})  # fmt: skip
    before = (folder / "criteria/work.yaml").read_text()
    result = add(folder, "indicator", "schools", "--criterion", "Work", "--name", "Schools", "--unit", "institution",
                 "--direction", "higher", "--kind", "count", "--per", "population", "--per-scale", "1000",
                 "--bounds", "0", "null", "--goalposts", "0", "2.5", "--weight", "2")  # fmt: skip
    assert result.exit_code == 0, result.stderr
    after = (folder / "criteria/work.yaml").read_text()
    assert after.startswith(before)
    indicator = read_project(folder).project.tree.indicators[-1]
    assert (indicator.id, indicator.per, indicator.per_scale, indicator.weight) == (
        "schools",
        "population",
        1000,
        2,
    )
    assert (indicator.bounds, indicator.goalposts) == ((0, None), (0, 2.5))
    assert "direction: higher          # higher | lower: which is better" in after


REFUSED = {
    "a community that is there": (["community", "alpha"], 1, "community 'alpha' is there already"),
    "an id that is none": (["community", "Hoi An"], 1, "id: must be lower-case letters"),
    "an unknown parent": (["community", "delta", "--parent", "AAB"], 1, "parent: unknown area 'AAB'"),
    "an unknown source": (["community", "delta", "--source", "consus"], 1, "unknown source 'consus'"),
    "an unknown criterion": (["indicator", "q", "--criterion", "wrk", "--unit", "m", "--direction", "lower", "--kind", "ratio"], 1, "no criterion 'wrk'; did you mean 'work'?"),
    "a node of criteria": (["indicator", "q", "--criterion", "index", "--unit", "m", "--direction", "lower", "--kind", "ratio"], 1, "index holds criteria, not indicators; those that hold indicators: air, work"),
    "an id that is taken": (["indicator", "dust", "--criterion", "air", "--unit", "m", "--direction", "lower", "--kind", "ratio"], 1, "'dust' is already the name of 'dust'"),
    "bounds the wrong way": (["indicator", "q", "--criterion", "air", "--unit", "m", "--direction", "lower", "--kind", "ratio", "--bounds", "5", "1"], 1, "the lower bound 5 must be below the upper 1"),
    "a source that is there": (["source", "census", "--title", "T"], 1, "source 'census' is there already"),
    "a group without a value": (["community", "delta", "--group", "size"], 2, "'size' is not of the form NAME=VALUE"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_added_changes_nothing(name: str, make_project: MakeProject) -> None:
    arguments, status, expected = REFUSED[name]
    folder = make_project()
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    result = add(folder, *arguments)
    assert (result.exit_code, expected in result.stderr) == (status, True), result.stderr
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


def test_an_indicator_can_take_a_panels_scores(make_project: MakeProject) -> None:
    folder = make_project(
        {
            "panels/judges.yaml": """\
            id: judges
            name: Judges
            source: census
            rubric: [0, 10]
            raters: {an: An, bo: Bo}
            scores: {alpha: {work: {an: 6, bo: 8}}, beta: {work: {an: 5, bo: 7}}}
            """,
            "ballots/jury.yaml": "{id: jury, name: Jury, ballots: [{ranking: [alpha, beta]}]}",
            "icfscore.yaml": "stages: [{id: one, inputs: {panel.judges: 1, ballots.jury: 1},"
            " passes: 1}]",
        }
    )
    result = add(folder, "indicator", "work_by_judges", "--criterion", "work", "--unit", "point",
                 "--direction", "higher", "--kind", "index", "--bounds", "0", "10",
                 "--panel", "judges")  # fmt: skip
    assert result.exit_code == 0, result.stderr
    (seen,) = read_project(folder).project.community_by_id["alpha"].observations["work_by_judges"]
    assert seen.value == 7


def test_a_flow_style_list_stays_one(make_project: MakeProject) -> None:
    folder = make_project({"criteria/air.yaml": """\
        id: air
        name: Air
        indicators: [{id: dust, name: Dust, unit: ug/m^3, direction: lower, kind: ratio}]
        """})  # fmt: skip
    for name in ("alpha", "beta", "gamma"):
        path = folder / f"communities/{name}.yaml"
        path.write_text(
            "\n".join(
                line
                for line in path.read_text().splitlines()
                if "trees: " not in line or "{" in line
            )
            .replace(", trees: 20", "")
            .replace(", trees: 90", "")
        )
    result = add(
        folder,
        "indicator",
        "noise",
        "--criterion",
        "air",
        "--unit",
        "dB",
        "--direction",
        "lower",
        "--kind",
        "index",
    )
    assert result.exit_code == 0, result.stderr
    assert "noise" in read_project(folder).project.tree.quantity_by_id
