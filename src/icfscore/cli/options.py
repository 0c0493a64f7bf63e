"""Options that commands share, and what they amount to."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from icfscore.cli.language import language_option, tell
from icfscore.cli.year_option import Years
from icfscore.errors import Problem
from icfscore.sentences import say

if TYPE_CHECKING:
    from icfscore.files.project_folder import Folder
    from icfscore.pipeline.score import Scoring
    from icfscore.recipe import Settings

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class RunOptions:
    """The common options as given."""

    project: Path | None
    scenario: str | None
    weights: tuple[str, ...]
    settings: tuple[str, ...]
    year: int | None
    focus: str | None
    language: str
    seed: int | None
    draws: int | None
    jobs: int | None
    quiet: bool
    years: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """A project that was read, with the settings of this run."""

    folder: Folder
    settings: Settings
    options: RunOptions

    def score(self) -> Scoring:
        """Score and rank the communities, and tell the warnings on stderr."""
        from icfscore.pipeline.score import score

        scoring = score(self.folder.project, self.settings)
        for warning in scoring.warnings:
            self.tell(say("warning: {warning}", warning=warning))
        return scoring

    def with_only_community(self) -> Run:
        """Take the only community of a project for its focus, where none is named."""
        known = self.folder.project.communities
        if self.settings.focus is not None or len(known) != 1:
            return self
        return replace(self, settings=replace(self.settings, focus=known[0].id))

    @property
    def shows_progress(self) -> bool:
        """Whether someone is there to watch a progress bar."""
        return not self.options.quiet and sys.stderr.isatty()

    def tell(self, message: str) -> None:
        """Say something that is not data, unless asked to be quiet."""
        if not self.options.quiet:
            tell(message)


def own_project(given: Path | None) -> Path:
    """Find a project that may be changed: any but the built-in one."""
    from icfscore.files.project_folder import find_project

    path, builtin = find_project(given, Path.cwd())
    if builtin:
        raise click.UsageError("name your project: -C DIR ('icfscore init DIR' writes one)")
    return path


def project_option(command: F) -> F:
    """Add ``-C/--project``."""
    return click.option(
        "-C",
        "--project",
        type=click.Path(path_type=Path),
        metavar="DIR",
        help="The project's folder. Default: the nearest one upwards that holds icfscore.yaml,"
        " else the built-in Smart21 of 2019.",
    )(command)


def run_options(command: F) -> F:
    """Add the options of every command that scores."""
    options = [
        project_option,
        click.option("--scenario", metavar="NAME", help="A scenario of icfscore.yaml."),
        click.option(
            "--weight",
            "weights",
            multiple=True,
            metavar="NODE=W",
            help="Weight of a criterion or indicator among its siblings; repeatable.",
        ),
        click.option(
            "--set",
            "assignments",
            multiple=True,
            metavar="KEY=VALUE",
            help="A setting by its path, e.g. recipe.aggregation.kind=geometric; repeatable.",
        ),
        click.option(
            "--year",
            type=Years(),
            metavar="YEAR",
            help="The reference year; of 'rank' also a range, 2016..2022.",
        ),
        click.option("--focus", metavar="ID", help="The community to look at."),
        language_option,
        click.option("--seed", type=click.IntRange(0), metavar="N", help="Seed of the draws."),
        click.option(
            "--draws", type=click.IntRange(0), metavar="N", help="Number of draws; 0: none."
        ),
        click.option("--jobs", type=click.IntRange(1), metavar="N", help="Processor cores to use."),
        click.option("-q", "--quiet", is_flag=True, help="No messages, only data."),
    ]
    for option in reversed(options):
        command = option(command)
    return command


def output_options(*formats: str) -> Callable[[F], F]:
    """Add ``--format`` and ``-o/--output``, the first format being the default."""

    def add(command: F) -> F:
        command = click.option(
            "-o",
            "--output",
            type=click.Path(path_type=Path),
            metavar="FILE",
            help="Write to a file, not to the terminal.",
        )(command)
        return click.option(
            "--format",
            "layout",
            type=click.Choice(formats),
            default=formats[0],
            show_default=True,
            help="Form of the output.",
        )(command)

    return add


def options_of(given: dict[str, Any]) -> RunOptions:
    """Take the common options out of a command's arguments."""
    for name, form in (("weights", "NODE=W"), ("assignments", "KEY=VALUE")):
        for value in given[name]:
            key, sign, rest = value.partition("=")
            if not (key.strip() and sign and rest.strip()):
                raise click.UsageError(f"'{value}' is not of the form {form}")
    year = given.pop("year")
    years = year if isinstance(year, tuple) else None
    return RunOptions(
        project=given.pop("project"),
        scenario=given.pop("scenario"),
        weights=given.pop("weights"),
        settings=given.pop("assignments"),
        year=years[-1] if years else year,
        years=years,
        focus=given.pop("focus"),
        language=given.pop("lang"),
        seed=given.pop("seed"),
        draws=given.pop("draws"),
        jobs=given.pop("jobs"),
        quiet=given.pop("quiet"),
    )


def open_run(options: RunOptions, *, over_years: bool = False) -> Run:
    """Read the project and settle the settings: file, then scenario, then options.

    Parameters
    ----------
    over_years
        Whether the command can make something of a range of years; its last one is then the
        reference year.

    Raises
    ------
    InputError
        With all problems of the files, or of the options.
    """
    if options.years and not over_years:
        raise click.UsageError("--year: a range of years is for 'icfscore rank' only")
    from icfscore.files.project_folder import find_project, read_project

    path, builtin = find_project(options.project, Path.cwd())
    folder = read_project(path, builtin=builtin)
    # What was read lasts as long as the process: looking through it for garbage would take a
    # second with ten thousand communities.
    gc.freeze()
    settings = settle_run(folder, options, options.scenario)
    run = Run(folder, settings, options)
    for warning in folder.warnings:
        run.tell(say("warning: {warning}", warning=warning))
    return run


def settle_run(folder: Folder, options: RunOptions, scenario: str | None) -> Settings:
    """Settle a run's settings under a scenario: file, then scenario, then options.

    Raises
    ------
    InputError
        With all problems of the options.
    """
    from icfscore.files.overrides import settle

    return settle(
        folder,
        scenario=scenario,
        assignments=dict(_split(option) for option in options.settings),
        weights=dict(_split(option) for option in options.weights),
        year=options.year,
        focus=options.focus,
        seed=options.seed,
        draws=options.draws,
    )


def require_ranked(scoring: Scoring, community: str) -> None:
    """Check that a community of the project has a place.

    Raises
    ------
    InputError
        Where it was left out, or has no score, with the reason.
    """
    from icfscore.errors import InputError
    from icfscore.sentences import say

    reason = scoring.screened.excluded.get(community)
    if reason is not None:
        raise InputError.of(
            say(
                "{community} takes no part: {reason}, left out by screening",
                community=community,
                reason=reason,
            ),
            say("add values, or lower recipe.screening.min_community_coverage"),
        )
    if scoring.ranking.rank_of(community) is None:
        raise InputError.of(
            say(
                "{community} has no score: too few of its values are known for the recipe",
                community=community,
            ),
            say("add values, or choose an imputation"),
        )


def require_known(folder: Folder, communities: Iterable[str]) -> None:
    """Check that ids are those of communities.

    Raises
    ------
    InputError
        Naming every unknown one, with the nearest name.
    """
    from icfscore.errors import InputError, name_hint

    known = folder.project.community_by_id
    problems = [
        Problem(
            "",
            0,
            0,
            say("no community '{name}'", name=name),
            name_hint(name, known, what=say("the communities")),
        )
        for name in dict.fromkeys(communities)
        if name not in known
    ]
    if problems:
        raise InputError(problems)


def _split(option: str) -> tuple[str, str]:
    key, _, value = option.partition("=")
    return key.strip(), value.strip()


def deliver(text: str, output: Path | None) -> None:
    """Write data to a file, or to stdout, which ``-`` stands for too."""
    if output is None or str(output) == "-":
        click.echo(text, nl=not text.endswith("\n"))
        return
    from icfscore.files.write import write_file

    write_file(output, text if text.endswith("\n") else f"{text}\n")
