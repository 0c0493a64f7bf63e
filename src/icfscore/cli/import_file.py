"""`icfscore import`."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from icfscore.cli.language import language_option, tell
from icfscore.cli.options import deliver, output_options, own_project, project_option
from icfscore.sentences import say

if TYPE_CHECKING:
    from icfscore.files.import_plan import Choice, Plan
    from icfscore.files.mapping_file import MappingFile


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@project_option
@click.option("--write", is_flag=True, help="Do it. Without this it only shows what would change.")
@click.option("--replace", is_flag=True, help="Where a value disagrees, take the table's.")
@click.option("--keep", is_flag=True, help="Where a value disagrees, keep the project's.")
@click.option("--source", metavar="KEY", help="The source of values that name none.")
@click.option(
    "--source-title", metavar="TITLE", help="Its title, which makes it a new source of the project."
)
@click.option(
    "--new-sources", is_flag=True, help="Make a source of every unknown text in a source column."
)
@click.option("--year", type=int, metavar="YEAR", help="The year of values that name none.")
@click.option(
    "--level",
    type=click.Choice(["community", "region", "national"]),
    help="Whose values they are, where nothing else says it.",
)
@click.option("--decimal", type=click.Choice([",", "."]), help="Decimal sign of numbers in text.")
@click.option("--sheet", "sheets", multiple=True, metavar="NAME", help="A sheet; repeatable.")
@click.option("--header", type=click.IntRange(1), metavar="ROW", help="Row of the columns' names.")
@click.option(
    "--column",
    "columns",
    multiple=True,
    metavar="WHAT=NAME",
    help="A column that is called otherwise, e.g. id='City code' or dust='PM2.5'; repeatable.",
)
@click.option(
    "--mapping", type=click.Path(path_type=Path), metavar="FILE", help="A YAML file of all this."
)
@click.option(
    "--meta", type=click.Path(path_type=Path), metavar="FILE", help="COINr's iMeta, for its iData."
)
@language_option
@click.option("-q", "--quiet", is_flag=True, help="No messages, only data.")
@output_options("table", "json")
def command(
    file: Path,
    project: Path | None,
    write: bool,
    replace: bool,
    keep: bool,
    quiet: bool,
    lang: str,
    layout: str,
    output: Path | None,
    **given: Any,
) -> None:
    """Bring values from a table into the project; show them first.

    FILE is .xlsx or .csv (or .parquet): a row a community, or a row a value. Columns are found by
    the ids, names or aliases of indicators. COINr's iData with iMeta and COIN Tool workbooks become
    a whole project, and so does the workbook of 'icfscore export --for filling'.

    \b
    Examples:
      icfscore import data.xlsx --source census --year 2021
      icfscore import data.csv --column id=Code --decimal , --source census --write
      icfscore import iData.csv --meta iMeta.csv -C new-project --source asem --write
    """
    if replace and keep:
        raise click.UsageError("--replace and --keep exclude each other")
    choice: Choice = "replace" if replace else "keep" if keep else "ask"
    folder = own_project(project)
    from icfscore.files.commit import changing, commit, stage

    with changing(folder) if write else nullcontext() as seen:
        plan = _plan(file, folder, choice, given)
        conflicts = plan.count("conflicting")
        if plan.files and not conflicts:
            stage(folder, plan.files)
            if write:
                commit(folder, plan.files, seen)
    _tell(plan, layout, output, lang, written=write and not conflicts)
    if not quiet:
        _say(plan, folder, conflicts, write=write)
    if write and conflicts:
        raise SystemExit(1)


def _plan(file: Path, folder: Path, choice: Choice, given: dict[str, Any]) -> Plan:
    from icfscore.files.import_project import Request, plan_file

    title, source = given["source_title"], given["source"]
    if title and not source:
        raise click.UsageError("--source-title needs the key of the source: --source KEY")
    request = Request(
        mapping=_mapping(given),
        choice=choice,
        sheets=given["sheets"],
        meta=given["meta"],
        new_sources={source: {"title": title}} if title else {},
        adopt_sources=given["new_sources"],
    )
    return plan_file(file, folder, request)


def _mapping(given: dict[str, Any]) -> MappingFile:
    """Put the options on the mapping's file."""
    from icfscore.files.mapping_file import MappingFile, read_mapping

    mapping = MappingFile() if given["mapping"] is None else read_mapping(given["mapping"])
    columns = dict(mapping.columns)
    for option in given["columns"]:
        what, sign, name = option.partition("=")
        if not (what.strip() and sign and name.strip()):
            raise click.UsageError(f"'{option}' is not of the form WHAT=NAME")
        columns[what.strip()] = name.strip()
    told = {key: given[key] for key in ("source", "year", "level", "decimal", "header")}
    changes = {key: value for key, value in told.items() if value is not None}
    return mapping.model_copy(update={**changes, "columns": columns})


def _tell(plan: Plan, layout: str, output: Path | None, lang: str, *, written: bool) -> None:
    from icfscore.report.import_table import import_record, import_table

    if layout == "json":
        from icfscore.report.records import json_text

        record = import_record(plan.changes, sorted(plan.files), plan.ignored, written=written)
        deliver(json_text(record), output)
    else:
        deliver(import_table(plan.changes, lang, piped=True if output else None), output)


def _say(plan: Plan, folder: Path, conflicts: int, *, write: bool) -> None:
    for table, names in plan.ignored.items():
        tell(say("{table}: columns not read: {names}", table=table, names=", ".join(names)))
    for note in plan.notes:
        tell(note)
    if conflicts:
        hint = say("--replace takes the table's, --keep the project's")
        tell(
            say(
                "nothing written: values that disagree with the project: {n}; {hint}",
                n=conflicts,
                hint=hint,
            )
        )
    elif not plan.files:
        tell(say("nothing to write: the project says all this already"))
    elif write:
        tell(say("wrote files to {folder}: {n}", n=len(plan.files), folder=folder))
    else:
        tell(say("--write would change files in {folder}: {n}", n=len(plan.files), folder=folder))
