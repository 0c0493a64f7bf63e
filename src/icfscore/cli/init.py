"""`icfscore init`."""

from __future__ import annotations

from pathlib import Path

import click

from icfscore.cli.language import in_language_of, language_option
from icfscore.sentences import say


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--empty", is_flag=True, help="A commented skeleton, not the built-in project.")
@language_option
@click.option("-q", "--quiet", is_flag=True, help="No messages.")
def command(folder: Path, empty: bool, lang: str, quiet: bool) -> None:
    """Write a project folder to start from.

    Without --empty it is a copy of the built-in project, ready for your own weights and data.
    """
    from icfscore.files.start import start_project

    del lang  # the context keeps it
    written = start_project(folder, empty=empty)
    if quiet:
        return
    first = "rank" if not empty else "validate"
    for message in (
        say("wrote {n} files to {folder}", n=len(written), folder=folder),
        say("next: {command}", command=f"icfscore {first} -C {folder}"),
    ):
        click.echo(in_language_of(click.get_current_context(), message), err=True)
