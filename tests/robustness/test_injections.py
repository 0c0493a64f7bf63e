"""No text of a file becomes a formula, a link, an element or a command of an output."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.conftest import MakeProject
from tests.robustness.hostile_texts import free_texts, planted, write_project
from tests.robustness.injections import harms, outputs
from tests.robustness.outputs import harm_in

from icfscore.cli.main import cli
from icfscore.files.project_folder import read_project
from icfscore.report.records import csv_text

# The slow commands are looked at on demand, and pages in a browser by tests/report.
LINES = """\
rank --draws 0 > rank.txt
rank --draws 0 --format csv > rank.csv
profile --draws 0 --format markdown > profile.md
compare alpha beta --draws 0 --format markdown > compare.md
panel analysts --format markdown > panel.md
export stages.xlsx
export long.csv --layout long"""


def test_every_free_text_is_planted() -> None:
    places = planted()
    missing = {
        f"{kind}: {path}"
        for kind, paths in free_texts().items()
        for path in paths
        if not any(place.fullmatch(path) for place in places.get(kind, ()))
    }
    assert missing == set()
    assert sum(map(len, free_texts().values())) > 50


@pytest.mark.parametrize("turn", [0, 9])
def test_no_payload_comes_through(turn: int, tmp_path: Path) -> None:
    assert list(harms(tmp_path / "hostile", turn, LINES, {})) == []


def test_payloads_do_arrive(tmp_path: Path) -> None:
    write_project(tmp_path / "hostile", 0)
    held = b"".join(raw for _, _, raw in outputs(tmp_path / "hostile", LINES.splitlines()[-1]))
    for payload in (
        "<script>hostile()</script>",
        "cmd|' /C calc'",
        "{{1234*5678}}",
        "../../../etc",
    ):
        assert payload.encode() in held


HARMFUL = {
    "a.csv": "id,name\na,=1+1\n",
    "b.csv": "id,name\na\n",
    "a.md": "<script>hostile()</script>\n",
    "b.md": "[x](javascript:hostile())\n",
    "c.md": "![p](x.png)\n",
    "d.md": "total 7006652\n",
    "a.html": "<p onclick='hostile()'>x</p>",
    "b.html": "<a href='javascript:hostile()'>x</a>",
    "c.html": "<marquee>x</marquee>",
    "a.txt": "\x1b[31mred",
    "b.txt": "\u202etxt",
}


@pytest.mark.parametrize("name", HARMFUL)
def test_harm_is_seen(name: str) -> None:
    assert list(harm_in(Path(name), HARMFUL[name].encode(), {"a", "a href", "p", "p onclick"}))


STARTS = ("=1+1", "+1", "-1", "@x", "\tx", "'=1", "'", "''x", "=", "\rx")


def test_what_csv_keeps_from_being_a_formula_comes_back_as_it_was(
    make_project: MakeProject, tmp_path: Path
) -> None:
    """Through the file of a table, an apostrophe goes on and comes off again."""
    notes = {f"c{n}": start for n, start in enumerate(STARTS)}
    folder = make_project(
        {f"communities/{name}.yaml": f"id: {name}\nname: {name}\nsource: census\nobservations:\n"
         f"  dust: {{value: 1, note: {json.dumps(text)}}}\n" for name, text in notes.items()}
    )  # fmt: skip
    target = tmp_path / "long.csv"
    assert (
        CliRunner()
        .invoke(cli, ["export", str(target), "--layout", "long", "-C", str(folder)])
        .exit_code
        == 0
    )
    other = make_project({f"communities/{name}.yaml": None for name in notes})
    for name in notes:
        (other / f"communities/{name}.yaml").unlink()
    result = CliRunner().invoke(
        cli, ["import", str(target), "-C", str(other), "--write", "--replace"]
    )
    assert result.exit_code == 0, result.output
    read = read_project(other).project.community_by_id
    found = {name: read[name].observations["dust"][0].note for name in notes}
    assert found == {name: text.strip() for name, text in notes.items()}


NAMES = ("../../outside", "/outside", "..", "a/b", "a\\b", ".hidden", "CON", "x\n", "%2e%2e%2f")


@pytest.mark.parametrize("name", NAMES)
def test_no_id_leads_out_of_the_folder(
    make_project: MakeProject, tmp_path: Path, name: str
) -> None:
    folder = make_project()
    before = set(tmp_path.rglob("*"))
    run = CliRunner().invoke
    for arguments in (["add", "community", name], ["assess", "--name", "X", "--community", name]):
        result = run(cli, [*arguments, "-C", str(folder)])
        assert result.exit_code in (1, 2), result.output
        assert result.exception is None or isinstance(result.exception, SystemExit)
    table = tmp_path / "t.csv"
    table.write_text(f'id,name,dust,source\n"{name}","{name}",3,census\n')
    run(cli, ["import", str(table), "-C", str(folder), "--write"])
    more = set(tmp_path.rglob("*")) - before - {table}
    assert all(
        path.parent == folder / "communities" and path.stem.isidentifier() for path in more
    ), more


def test_a_carriage_return_stays_in_its_cell() -> None:
    rows = [["id", "name"], ["alpha", "a\r=1+1"], ["beta", "b"]]
    text = csv_text(rows[0], rows[1:])
    assert list(csv.reader(io.StringIO(text, newline=""))) == rows
