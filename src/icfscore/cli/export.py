"""`icfscore export`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from icfscore.cli.language import tell
from icfscore.cli.options import Run, deliver, open_run, options_of, run_options
from icfscore.sentences import say

if TYPE_CHECKING:
    from icfscore.pipeline.score import Scoring


def _json(scoring: Scoring, language: str) -> str:
    from icfscore.report.stages_record import stages_json

    return stages_json(scoring)


def _xlsx(scoring: Scoring, language: str) -> bytes:
    from icfscore.report.workbook import stages_workbook

    return stages_workbook(scoring, language)


# By a file's extension; those that give bytes are not for a terminal.
FORMS: Mapping[str, Callable[[Scoring, str], str | bytes]] = {"json": _json, "xlsx": _xlsx}
_TEXT = ("json", "csv")
_TABLE_FORMS = ("csv", "json", "xlsx", "parquet")
_LAYOUTS = ("stages", "wide", "long", "coinr")


@click.command()
@click.argument("file", required=False, metavar="[FILE]", type=click.Path(path_type=Path))
@run_options
@click.option(
    "--layout",
    type=click.Choice(_LAYOUTS),
    default=_LAYOUTS[0],
    show_default=True,
    help="Every stage of the scores; or the values: a row a community, a row a value, as COINr.",
)
@click.option(
    "--for",
    "purpose",
    type=click.Choice(["filling"]),
    help="A workbook to fill in, which 'icfscore import' reads back.",
)
@click.option(
    "--only", multiple=True, metavar="ID", help="With --for filling: this community; repeatable."
)
@click.option(
    "--schemas",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Write the JSON Schemas of all YAML files, for editors.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(_TABLE_FORMS),
    help="Form of the output. Default: what FILE's extension says; json for '-'.",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The same as the argument FILE.",
)
def command(
    file: Path | None,
    layout: str,
    purpose: str | None,
    only: tuple[str, ...],
    schemas: Path | None,
    form: str | None,
    output: Path | None,
    **given: Any,
) -> None:
    """Write every stage, or the values as a table, or a workbook to fill in.

    FILE.json gets the record icfscore.stages/1, FILE.xlsx a workbook with a sheet for each stage.
    '-', or --format json without FILE, prints the JSON. With --layout the values themselves are
    written as .csv, .xlsx, .json or .parquet; coinr as .csv makes two files, iData and iMeta.

    \b
    Examples:
      icfscore export stages.xlsx
      icfscore export stages.json --scenario balanced
      icfscore export - | jq .stages.scores.binh_duong
      icfscore export values.csv --layout wide
      icfscore export to-fill.xlsx --for filling --only binh_duong --lang vi
    """
    if schemas is not None:
        _write_schemas(schemas)
        return
    forms = ("xlsx",) if purpose else tuple(FORMS) if layout == "stages" else _TABLE_FORMS
    target, chosen = _settle(file, output, form, forms)
    run = open_run(options_of(given))
    if purpose:
        contents: dict[str, str | bytes] = {"": _filling(run, only)}
    elif layout == "stages":
        contents = {"": FORMS[chosen](run.score(), run.options.language)}
    else:
        contents = _tables(run, layout, chosen)
    if target is None:
        if len(contents) > 1:
            raise click.UsageError("these are two tables: name a FILE.csv")
        deliver(str(contents[""]), None)
        return
    from icfscore.files.write import replace_files

    files = {target.with_name(_named(target, part)): text for part, text in contents.items()}
    replace_files(files, make_folders=False)
    for path in files:
        run.tell(say("wrote {target}", target=path))


def _write_schemas(folder: Path) -> None:
    from icfscore.files.schemas import make_schemas, schema_text
    from icfscore.files.write import write_files

    made = make_schemas()
    texts = {f"{kind}.schema.json": schema_text(schema) for kind, schema in made.items()}
    write_files(folder, texts)
    tell(say("wrote {n} schemas to {folder}", n=len(texts), folder=folder))


def _named(target: Path, part: str) -> str:
    """Name a file of several: iData.csv goes with iMeta.csv, x.csv with x-iMeta.csv."""
    if not part:
        return target.name
    if "iData" in target.stem:
        return target.name.replace("iData", part)
    return f"{target.stem}-{part}{target.suffix}"


def _tables(run: Run, layout: str, form: str) -> dict[str, str | bytes]:
    from icfscore.report.layout_files import TABLE_FORMS
    from icfscore.report.layouts import coinr_tables, long_table, wide_table

    project, write = run.folder.project, TABLE_FORMS[form]
    if layout != "coinr":
        table = wide_table(project) if layout == "wide" else long_table(project)
        return {"": write([table])}
    data, meta = coinr_tables(run.score())
    if form in ("csv", "parquet"):
        return {"": write([data]), "iMeta": write([meta])}
    return {"": write([data, meta])}


def _filling(run: Run, only: tuple[str, ...]) -> bytes:
    from icfscore.errors import InputError, name_hint
    from icfscore.files.filling_book import project_texts
    from icfscore.pipeline.gaps import MAX_GAPS, find_gaps
    from icfscore.report.filling import filling_workbook

    known = run.folder.project.community_by_id
    for name in only:
        if name not in known:
            hint = name_hint(name, known, what=say("the communities"))
            raise InputError.of(say("--only: no community '{name}'", name=name), hint)
    communities = set(only or known)
    try:
        gaps = find_gaps(run.score(), communities)
    except InputError as error:  # what is still empty cannot be ranked, but filled in
        run.tell(say("no gaps are listed, since nothing can be ranked yet: {error}", error=error))
        gaps = ()
    if len(gaps) > MAX_GAPS:
        run.tell(
            say("{gaps} gaps are too many to weigh: name communities with --only", gaps=len(gaps))
        )
    texts = project_texts(run.folder.path)
    return filling_workbook(run.folder.project, communities, gaps, texts, run.options.language)


def _settle(
    file: Path | None, output: Path | None, form: str | None, forms: Sequence[str]
) -> tuple[Path | None, str]:
    """Settle where to write, None being stdout, and in which form."""
    if file is not None and output is not None:
        raise click.UsageError(f"two files to write: {file} and {output}")
    if form is not None and form not in forms:
        raise click.UsageError(f"this can be written as {_extensions(forms)} only, not as {form}")
    target = file if output is None else output
    if target is None and form is None:
        raise click.UsageError(f"name a file to write: {_extensions(forms)}, or '-' to print JSON")
    if target is None or str(target) == "-":
        chosen = form or ("json" if "json" in forms else forms[0])
        if chosen not in _TEXT or chosen not in forms:
            raise click.UsageError(f"a workbook cannot be printed: name a FILE.{chosen}")
        return None, chosen
    extension = target.suffix.lower().removeprefix(".")
    if form is None and extension not in forms:
        raise click.UsageError(f"'{target}': the extension must be one of {_extensions(forms)}")
    if form is not None and extension in forms and extension != form:
        raise click.UsageError(f"'{target}' is no name for --format {form}")
    return target, form or extension


def _extensions(forms: Sequence[str]) -> str:
    return ", ".join(f".{name}" for name in forms)
