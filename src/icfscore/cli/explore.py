"""`icfscore explore`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from icfscore.cli.options import Run, open_run, options_of, run_options
from icfscore.sentences import say

if TYPE_CHECKING:
    from icfscore.errors import InputError
    from icfscore.files.project_folder import Folder
    from icfscore.recipe import Settings

FILE = "explore.html"


@click.command()
@run_options
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    default=Path(FILE),
    show_default=True,
    metavar="FILE",
    help="The page to write; '-' is stdout.",
)
def command(output: Path, **given: Any) -> None:
    """Write a page on which the weights can be moved and the ranking moves with them.

    One file that needs no network: sliders for every criterion and indicator, the choice of
    aggregation and normalisation, the project's scenarios. It carries 500 draws of the data, or
    as many as --draws asks for, so that the rank intervals move too.

    \b
    Examples:
      icfscore explore
      icfscore explore -o page.html --draws 1000
      icfscore explore -C my-project --focus my_town --lang vi
    """
    from icfscore.cli.options import deliver
    from icfscore.pipeline.explorable_draws import DRAWS, draw_data
    from icfscore.pipeline.make_explorable import make_explorable
    from icfscore.report.explore.packed import MOST_VALUES
    from icfscore.report.explore.page import explore_page
    from icfscore.report.language import find_language

    run = open_run(options_of(given))
    scoring = run.score()
    explorable = make_explorable(scoring, _scenarios(run))
    n_draws = DRAWS if run.options.draws is None else run.options.draws
    draws = draw_data(explorable, n_draws, MOST_VALUES) if n_draws else "asked"
    text = explore_page(
        explorable,
        draws,
        find_language(run.options.language),
        {name: scenario.name for name, scenario in run.folder.scenarios.items()},
        _scenarios_as_written(run.folder),
    )
    deliver(text, output)
    if str(output) != "-":
        run.tell(say("wrote {path}", path=output))


def _scenarios(run: Run) -> dict[str, Settings | InputError]:
    """Settle each scenario's settings with the run's other options, or say what is wrong."""
    from icfscore.cli.options import settle_run
    from icfscore.errors import InputError

    settled: dict[str, Settings | InputError] = {}
    for name in run.folder.scenarios:
        try:
            settled[name] = settle_run(run.folder, run.options, name)
        except InputError as error:
            settled[name] = error
    return settled


def _scenarios_as_written(folder: Folder) -> Any:
    from icfscore.files.folder_reader import SETTINGS_FILE
    from icfscore.files.located_yaml import read_document

    path = folder.path / SETTINGS_FILE
    data = read_document(path, SETTINGS_FILE).data if path.exists() else None
    return data.get("scenarios") if isinstance(data, dict) else None
