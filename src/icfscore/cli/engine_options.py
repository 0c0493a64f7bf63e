"""Where draws are made, and where they are kept: options of commands that may run for hours."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from icfscore.cli.options import Run
from icfscore.errors import InputError, Problem
from icfscore.sentences import say

if TYPE_CHECKING:
    from icfscore.files.checkpoint_file import CheckpointFile
    from icfscore.pipeline.engine import Engine

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class EngineOptions:
    """The options as given."""

    dask: bool
    scheduler: str | None
    checkpoint: Path | None


@dataclass(frozen=True, slots=True)
class Workplace:
    """Where a run draws.

    Attributes
    ----------
    engine
        None: this machine.
    keeper
        None: nothing is kept.
    """

    engine: Engine | None
    keeper: CheckpointFile | None


HERE = Workplace(None, None)


def engine_options(command: F) -> F:
    """Add ``--engine``, ``--scheduler`` and ``--checkpoint``."""
    options = [
        click.option(
            "--engine",
            type=click.Choice(["local", "dask"]),
            help="Who draws: this process and its copies, or a Dask cluster. The result is the"
            " same. Default: local; dask where --scheduler is given.",
        ),
        click.option(
            "--scheduler",
            metavar="ADDRESS",
            help="Address of a Dask scheduler, e.g. tcp://10.0.0.5:8786. Without it"
            " '--engine dask' starts --jobs workers here.",
        ),
        click.option(
            "--checkpoint",
            type=click.Path(path_type=Path),
            metavar="FILE",
            help="Keep what is drawn in FILE now and then; the same command goes on from there.",
        ),
    ]
    for option in reversed(options):
        command = option(command)
    return command


def engine_of(given: dict[str, Any]) -> EngineOptions:
    """Take the options out of a command's arguments."""
    engine, scheduler = given.pop("engine"), given.pop("scheduler")
    if engine == "local" and scheduler is not None:
        raise click.UsageError("--scheduler is for '--engine dask'")
    dask = engine == "dask" or scheduler is not None
    return EngineOptions(dask, scheduler, given.pop("checkpoint"))


@contextmanager
def open_workplace(run: Run, options: EngineOptions) -> Iterator[Workplace]:
    """Open the checkpoint, connect to workers, and say how to go on where that fails.

    Raises
    ------
    InputError
        Where Dask is not installed, or there is no scheduler, or it is lost.
    """
    from icfscore.pipeline.engine import WorkersLostError

    keeper = None
    if options.checkpoint is not None:
        from icfscore.files.checkpoint_file import CheckpointFile

        keeper = CheckpointFile(options.checkpoint, _telling_once(run))
    try:
        if not options.dask:
            yield Workplace(None, keeper)
            return
        from icfscore.pipeline.dask_cluster import open_dask

        with open_dask(options.scheduler, run.options.jobs, run.tell) as engine:
            yield Workplace(engine, keeper)
    except WorkersLostError as error:
        raise _with_way_on(error, keeper) from None


def tell_stopped(run: Run, n_draws: int, keeper: CheckpointFile | None) -> None:
    """Say what a run that was stopped amounts to, and how to go on."""
    run.tell(say("stopped: the result rests on {n_draws} draws", n_draws=n_draws))
    if keeper is not None:
        run.tell(say("the same command goes on from {file}", file=keeper.path))


def _telling_once(run: Run) -> Callable[[InputError], None]:
    told: list[InputError] = []

    def tell(error: InputError) -> None:
        if not told:
            run.tell(say("warning: {warning}", warning=error))
        told.append(error)

    return tell


def _with_way_on(error: InputError, keeper: CheckpointFile | None) -> InputError:
    """Say what is left of a run whose workers are lost."""
    if keeper is not None and keeper.kept:
        kept = say("{n_draws} draws are kept", n_draws=keeper.kept)
        way = Problem(str(keeper.path), 0, 0, kept, say("the same command goes on from there"))
    elif keeper is None:
        way = Problem("", 0, 0, say("nothing is kept"), say("--checkpoint FILE keeps the draws"))
    else:
        return error
    return InputError([*error.problems, way])
