"""`icfscore export`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from icfscore.cli.options import deliver, open_run, options_of, run_options
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
_TEXT = ("json",)


@click.command()
@click.argument("file", required=False, metavar="[FILE]", type=click.Path(path_type=Path))
@run_options
@click.option(
    "--format",
    "form",
    type=click.Choice(list(FORMS)),
    help="Form of the output. Default: what FILE's extension says; json for '-'.",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The same as the argument FILE.",
)
def command(file: Path | None, form: str | None, output: Path | None, **given: Any) -> None:
    """Write every stage: values, scores, ranks, weights, evidence.

    FILE.json gets the record icfscore.stages/1, FILE.xlsx a workbook with a sheet for each stage.
    '-', or --format json without FILE, prints the JSON.

    \b
    Examples:
      icfscore export stages.xlsx
      icfscore export stages.json --scenario balanced
      icfscore export - | jq .stages.scores.binh_duong
    """
    target, chosen = _settle(file, output, form)
    run = open_run(options_of(given))
    content = FORMS[chosen](run.score(), run.options.language)
    if target is None:
        deliver(str(content), None)
        return
    from icfscore.files.write import write_file

    write_file(target, content)
    run.tell(say("wrote {target}", target=target))


def _settle(file: Path | None, output: Path | None, form: str | None) -> tuple[Path | None, str]:
    """Settle where to write, None being stdout, and in which form."""
    if file is not None and output is not None:
        raise click.UsageError(f"two files to write: {file} and {output}")
    target = file if output is None else output
    if target is None and form is None:
        raise click.UsageError(f"name a file to write: {_extensions()}, or '-' to print JSON")
    if target is None or str(target) == "-":
        chosen = form or _TEXT[0]
        if chosen not in _TEXT:
            raise click.UsageError(f"a workbook cannot be printed: name a FILE.{chosen}")
        return None, chosen
    extension = target.suffix.lower().removeprefix(".")
    if form is None and extension not in FORMS:
        raise click.UsageError(f"'{target}': the extension must be one of {_extensions()}")
    if form is not None and extension in FORMS and extension != form:
        raise click.UsageError(f"'{target}' is no name for --format {form}")
    return target, form or extension


def _extensions() -> str:
    return ", ".join(f".{name}" for name in FORMS)
