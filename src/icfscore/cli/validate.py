"""`icfscore validate`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from icfscore.cli.options import deliver, output_options, project_option
from icfscore.sentences import say


@click.command()
@project_option
@click.option("-q", "--quiet", is_flag=True, help="No messages, only problems.")
@output_options("table", "json")
def command(project: Path | None, quiet: bool, layout: str, output: Path | None) -> None:
    """Check all files and say what they hold.

    Every problem of every file is printed as 'file:line:column: what; hint'.
    """
    from icfscore.files.project_folder import find_project, inspect_project
    from icfscore.report.records import json_text

    path, builtin = find_project(project, Path.cwd())
    found = inspect_project(path, builtin=builtin)
    if layout == "json":
        record: dict[str, Any] = {
            "schema": "icfscore.validation/1",
            "valid": not found.problems,
            "files": found.n_files,
            "observations": found.n_observations,
            "communities": len(found.folder.project.communities) if found.folder else None,
            "problems": [
                {"file": p.file, "line": p.line, "column": p.column, "what": p.what, "hint": p.hint}
                for p in found.problems
            ],
            "warnings": list(found.warnings),
        }
        deliver(json_text(record), output)
    else:
        for problem in found.problems:
            click.echo(str(problem), err=True)
        for warning in () if quiet else found.warnings:
            click.echo(f"warning: {warning}", err=True)
        if not quiet:
            deliver(_summary(found, path, builtin=builtin), output)
    if found.problems:
        raise SystemExit(1)


def _summary(found: Any, path: Path, *, builtin: bool) -> str:
    where = "the built-in project" if builtin else str(path)
    read = f"{where}: read {_count(found.n_files, 'file')}, "
    read += _count(found.n_observations, "observation")
    if found.problems:
        return say("{read}; {count}", read=read, count=_count(len(found.problems), "problem"))
    project = found.folder.project
    if not project.communities:
        return say("{read}; no problems; no communities yet", read=read)
    parts = [
        _count(len(project.tree.nodes) - 1, "node"),
        _count(len(project.tree.indicators), "indicator"),
        _count(len(project.communities), "community", "communities"),
        _count(len(project.areas), "area"),
        _count(len(project.sources), "source"),
    ]
    return say("{read}, {listed}; no problems", read=read, listed=", ".join(parts))


def _count(number: int, one: str, many: str = "") -> str:
    return say("{number} {part}", number=number, part=one if number == 1 else many or one + "s")
