"""`icfscore init`."""

from __future__ import annotations

import shlex
from pathlib import Path

import click

from icfscore.cli.language import in_language_of, language_option
from icfscore.sentences import ENGLISH, say


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--empty", is_flag=True, help="A commented skeleton, not the built-in project.")
@click.option(
    "--framework",
    metavar="NAME",
    help="A framework without communities: icf-self-assessment, for 'icfscore assess'.",
)
@language_option
@click.option("-q", "--quiet", is_flag=True, help="No messages.")
def command(folder: Path, empty: bool, framework: str | None, lang: str, quiet: bool) -> None:
    """Write a project folder to start from.

    Without --empty it is a copy of the built-in project, ready for your own weights and data; with
    --framework a framework that waits for its communities.
    """
    from icfscore.files.start import start_project

    if empty and framework is not None:
        raise click.UsageError("--empty and --framework exclude each other")
    written = start_project(folder, empty=empty, framework=framework)
    if quiet:
        return
    path, said = shlex.quote(str(folder)), "" if lang == ENGLISH else f" --lang {lang}"
    first = f"{'validate' if empty else 'rank'} -C {path}{said}"
    if framework is not None:
        first = f"assess {path} --name '…'{said}"
    for message in (
        say("wrote {n} files to {folder}", n=len(written), folder=folder),
        say("next: {command}", command=f"icfscore {first}"),
    ):
        click.echo(in_language_of(click.get_current_context(), message), err=True)
