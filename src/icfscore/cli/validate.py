"""`icfscore validate`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from icfscore.cli.language import in_language_of, language_option
from icfscore.cli.options import deliver, output_options, project_option
from icfscore.sentences import joined, say, say_many


@click.command()
@project_option
@language_option
@click.option("-q", "--quiet", is_flag=True, help="No messages, only problems.")
@output_options("table", "json")
def command(project: Path | None, lang: str, quiet: bool, layout: str, output: Path | None) -> None:
    """Check all files and say what they hold.

    Every problem of every file is printed as 'file:line:column: what; hint'.
    """
    from icfscore.files.project_folder import find_project, inspect_project
    from icfscore.report.records import json_text

    del lang  # the context keeps it
    ctx = click.get_current_context()
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
            click.echo(in_language_of(ctx, problem), err=True)
        for warning in () if quiet else found.warnings:
            said = say("warning: {warning}", warning=warning)
            click.echo(in_language_of(ctx, said), err=True)
        if not quiet:
            deliver(in_language_of(ctx, _summary(found, path, builtin=builtin)), output)
    if found.problems:
        raise SystemExit(1)


def _summary(found: Any, path: Path, *, builtin: bool) -> str:
    where = say("the built-in project") if builtin else str(path)
    counts = [
        say_many("{n} file", "{n} files", found.n_files),
        say_many("{n} observation", "{n} observations", found.n_observations),
    ]
    read = say("{where}: read {listed}", where=where, listed=joined(", ", counts))
    if found.problems:
        problems = say_many("{n} problem", "{n} problems", len(found.problems))
        return say("{read}; {count}", read=read, count=problems)
    project = found.folder.project
    if not project.communities:
        return say("{read}; no problems; no communities yet", read=read)
    parts = [
        say_many("{n} node", "{n} nodes", len(project.tree.nodes) - 1),
        say_many("{n} indicator", "{n} indicators", len(project.tree.indicators)),
        say_many("{n} community", "{n} communities", len(project.communities)),
        say_many("{n} area", "{n} areas", len(project.areas)),
        say_many("{n} source", "{n} sources", len(project.sources)),
    ]
    return say("{read}, {listed}; no problems", read=read, listed=joined(", ", parts))
