"""`icfscore init`."""

from __future__ import annotations

from pathlib import Path

import click


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--empty", is_flag=True, help="A commented skeleton, not the built-in project.")
@click.option("-q", "--quiet", is_flag=True, help="No messages.")
def command(folder: Path, empty: bool, quiet: bool) -> None:
    """Write a project folder to start from.

    Without --empty it is a copy of the built-in project, ready for your own weights and data.
    """
    from icfscore.files.start import start_project

    written = start_project(folder, empty=empty)
    if quiet:
        return
    click.echo(f"wrote {len(written)} files to {folder}", err=True)
    first = "rank" if not empty else "validate"
    click.echo(f"next: icfscore {first} -C {folder}", err=True)
