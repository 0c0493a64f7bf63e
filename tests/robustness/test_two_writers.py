"""Processes that write one project at once follow each other, and none undoes another's work."""

from __future__ import annotations

import os
import threading
import time
from functools import partial
from pathlib import Path

import pytest
from tests.conftest import MakeProject
from tests.robustness.forked import command, fork, wait

from icfscore.domain.questions import Answer
from icfscore.errors import InputError
from icfscore.files import commit as commit_module
from icfscore.files.assessment import Assessment
from icfscore.files.commit import changing, commit, stage
from icfscore.files.project_folder import read_project

fcntl = pytest.importorskip("fcntl")


def test_what_several_add_at_once_is_all_there(make_project: MakeProject, tmp_path: Path) -> None:
    folder = make_project()
    table = tmp_path / "data.csv"
    table.write_text("id,name,dust,source,jobs\nalpha,Alpha,11,census,62\nzeta,Zeta,3,census,4\n")
    commands = [
        *(command("add", "source", f"s{n}", "--title", "T", "-C", folder) for n in range(4)),
        command("add", "community", "eta", "--source", "census", "-C", folder),
        command("add", "indicator", "parks", "--criterion", "air", "--unit", "m^2", "--direction",
                "higher", "--kind", "ratio", "-C", folder),
        command("import", table, "--write", "--replace", "-C", folder),
        command("import", table, "--write", "--replace", "--source-title", "New", "--source", "new",
                "-C", folder),
    ]  # fmt: skip
    said = [tmp_path / f"said-{n}" for n in range(len(commands))]
    children = [fork(run, path) for run, path in zip(commands, said, strict=True)]
    outcomes = [wait(child, path) for child, path in zip(children, said, strict=True)]
    assert [each.status for each in outcomes] == [0] * len(commands), outcomes
    project = read_project(folder).project
    assert {"census", "s0", "s1", "s2", "s3"} <= project.sources.keys()
    assert {"alpha", "eta", "zeta"} <= project.community_by_id.keys()
    assert "parks" in project.tree.quantity_by_id
    assert project.community_by_id["alpha"].observations["dust"][0].given_value == 11


def test_answers_and_sources_given_at_once_are_all_kept(
    make_project: MakeProject, tmp_path: Path
) -> None:
    levels = "criteria/work.yaml"
    folder = make_project()
    text = (folder / levels).read_text()
    (folder / levels).write_text(
        text + "  - {id: plan, name: Plan, unit: level, direction: higher, kind: ordinal,"
        " levels: {none: 0, done: 1}}\n"
    )
    read_project(folder)

    def answer(name: str) -> None:
        assessment = Assessment(folder, name)
        time.sleep(0.2)  # both have read before either writes
        question = assessment.questions[0]
        assessment.save(
            question, Answer("done", 1.0, "done", "done"), f"https://example.org/{name}"
        )

    runs = [partial(answer, "alpha"), partial(answer, "beta"),
            command("add", "source", "more", "--title", "T", "-C", folder)]  # fmt: skip
    said = [tmp_path / f"said-{n}" for n in range(len(runs))]
    children = [fork(run, path) for run, path in zip(runs, said, strict=True)]
    outcomes = [wait(child, path) for child, path in zip(children, said, strict=True)]
    assert [each.status for each in outcomes] == [0, 0, 0], outcomes
    project = read_project(folder).project
    assert {"census", "more", "alpha_plan", "beta_plan"} <= project.sources.keys()
    for name in ("alpha", "beta"):
        assert project.community_by_id[name].observations["plan"][0].source == f"{name}_plan"


def test_a_file_that_an_editor_changed_meanwhile_is_left_alone(make_project: MakeProject) -> None:
    folder = make_project()
    path = folder / "communities/alpha.yaml"
    other = folder / "communities/beta.yaml"
    texts = {"communities/alpha.yaml": path.read_text() + "# ours\n",
             "communities/beta.yaml": other.read_text() + "# ours\n"}  # fmt: skip
    told = r"beta\.yaml: was changed by something else meanwhile"
    with changing(folder) as seen:
        stage(folder, texts)
        other.write_text(other.read_text() + "# theirs\n")
        with pytest.raises(InputError, match=told):
            commit(folder, texts, seen)
    assert "# ours" not in path.read_text() + other.read_text()
    assert other.read_text().endswith("# theirs\n")
    assert not list(folder.rglob(".icfscore-*"))


def test_a_file_that_appeared_meanwhile_is_left_alone(make_project: MakeProject) -> None:
    folder = make_project()
    with changing(folder) as seen:
        (folder / "communities/zeta.yaml").write_text("theirs")
        with pytest.raises(InputError, match="meanwhile"):
            commit(folder, {"communities/zeta.yaml": "ours"}, seen)
    assert (folder / "communities/zeta.yaml").read_text() == "theirs"


def test_who_waits_too_long_is_told(
    make_project: MakeProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commit_module, "_LONGEST_WAIT", 0.1)
    folder = make_project()
    with (
        changing(folder),
        pytest.raises(InputError, match="another process is changing this project; run again"),
        changing(folder),
    ):
        pass


def test_the_lock_ends_with_its_holder(make_project: MakeProject, tmp_path: Path) -> None:
    folder = make_project()
    held = threading.Event()

    def hold() -> None:
        with changing(folder):
            os.write(signalled, b".")
            time.sleep(60)

    ready, signalled = os.pipe()
    child = fork(hold, tmp_path / "said")
    os.read(ready, 1)
    os.kill(child, 9)
    wait(child, tmp_path / "said")
    with changing(folder):
        held.set()
    assert held.is_set()
    os.close(ready)
    os.close(signalled)


def test_two_that_begin_one_project_leave_one_whole(tmp_path: Path) -> None:
    folder = tmp_path / "new"
    runs = [command("init", folder), command("init", folder, "--empty")]
    said = [tmp_path / "a", tmp_path / "b"]
    children = [fork(run, path) for run, path in zip(runs, said, strict=True)]
    outcomes = [wait(child, path) for child, path in zip(children, said, strict=True)]
    assert sorted(each.status for each in outcomes) == [0, 1], outcomes
    assert not list(tmp_path.glob(".icfscore-*"))
