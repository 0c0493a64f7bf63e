"""Run many generated inputs through the commands: `python -m tests.fuzz --inputs 100000`."""

from __future__ import annotations

import importlib
import json
import multiprocessing
import os
import pkgutil
import shlex
import tempfile
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import click

import icfscore
from icfscore.cli.main import COMMANDS
from tests.fuzz import corpus
from tests.fuzz.inputs import Input, make
from tests.fuzz.pool import outcomes
from tests.fuzz.running import Outcome, run

SHARED = Path("/dev/shm")  # noqa: S108 - a folder in memory, where there is one
_KEPT = 3  # files of at most so many inputs with the same fault


@dataclass(slots=True)
class Tally:
    """What all outcomes amount to."""

    statuses: Counter[int] = field(default_factory=Counter)
    forms: Counter[tuple[str, str]] = field(default_factory=Counter)
    commands: Counter[tuple[str, int]] = field(default_factory=Counter)
    faults: dict[str, list[int]] = field(default_factory=dict)
    warned: dict[str, list[int]] = field(default_factory=dict)
    slowest: Outcome | None = None
    largest: Outcome | None = None

    def add(self, outcome: Outcome) -> None:
        """Count one."""
        self.statuses[outcome.status] += 1
        self.forms[outcome.kind, outcome.form] += 1
        command = outcome.command if outcome.command in COMMANDS else "(none)"
        self.commands[command, outcome.status] += 1
        for warning in outcome.warned:
            self.warned.setdefault(warning, []).append(outcome.number)
        if outcome.fault:
            self.faults.setdefault(outcome.fault, []).append(outcome.number)
        if self.slowest is None or outcome.seconds > self.slowest.seconds:
            self.slowest = outcome
        if self.largest is None or outcome.peak > self.largest.peak:
            self.largest = outcome

    def lines(self) -> Iterable[str]:
        """Tell it as Markdown."""
        total = self.statuses.total()
        yield f"{total} inputs; exit statuses " + ", ".join(
            f"{status}: {count}" for status, count in sorted(self.statuses.items())
        )
        if self.slowest and self.largest:
            yield f"slowest: {self.slowest.seconds:.2f} s ({self.slowest.command}, input {self.slowest.number})"
            yield f"largest: {self.largest.peak / 1e6:.0f} MB ({self.largest.command}, input {self.largest.number})"
        yield "\n| Kind | Format | Inputs |\n| --- | --- | ---: |"
        for (kind, form), count in sorted(self.forms.items()):
            yield f"| {kind} | {form} | {count} |"
        yield "\n| Command | 0 | 1 | 2 | other |\n| --- | ---: | ---: | ---: | ---: |"
        for command in sorted({name for name, _ in self.commands}):
            row = [self.commands[command, status] for status in (0, 1, 2)]
            every = sum(n for (name, _), n in self.commands.items() if name == command)
            yield f"| {command} | {' | '.join(map(str, row))} | {every - sum(row)} |"
        yield f"\nfaults: {sum(map(len, self.faults.values()))} inputs, {len(self.faults)} kinds"
        for fault, numbers in sorted(self.faults.items()):
            yield f"- {fault}: {len(numbers)}, e.g. {numbers[:4]}"
        yield f"\nwarnings of Python: {len(self.warned)} kinds"
        for warning, numbers in sorted(self.warned.items()):
            yield f"- {warning}: {len(numbers)}, e.g. {numbers[:3]}"


def _keep(folder: Path, given: Input, outcome: Outcome) -> None:
    """Write an input with a fault: its files, its command line, and what happened."""
    place = folder / f"{given.number}"
    corpus.write(place, given.files)
    (place / "fault.txt").write_text(f"{outcome.fault}\n\n{outcome.details}", "utf-8", "replace")
    (place / "typed.txt").write_text(given.typed, "utf-8", "replace")
    line = f"icfscore {shlex.join(given.words)} <typed.txt\n"
    (place / "command.sh").write_text(line, "utf-8", "replace")


def _load_all() -> None:
    """Import once what every worker would otherwise import for itself."""
    for module in pkgutil.walk_packages(icfscore.__path__, "icfscore."):
        if module.name != "icfscore.__main__":
            importlib.import_module(module.name)
    for name in (
        "openpyxl",
        "pint",
        "pyarrow.parquet",
        "scipy.optimize",
        "scipy.stats",
        "rich.table",
    ):
        importlib.import_module(name)


@click.command()
@click.option("--inputs", default=100_000, show_default=True, help="How many.")
@click.option("--jobs", default=2, show_default=True, help="Processes at a time.")
@click.option("--seed", default=1, show_default=True)
@click.option("--start", default=0, help="Number of the first input.")
@click.option("--only", type=int, help="Run one input by its number, keep its files, and show it.")
@click.option("--failures", type=Path, default=Path("fuzz-failures"), show_default=True)
@click.option("--record", type=Path, help="Write every outcome to this file, a JSON object a line.")
def main(
    inputs: int,
    jobs: int,
    seed: int,
    start: int,
    only: int | None,
    failures: Path,
    record: Path | None,
) -> None:
    """Run generated inputs; the exit status is 1 where any of them has a fault."""
    os.environ["COLUMNS"] = "100"
    scratch = SHARED if SHARED.is_dir() else None
    failures = failures.resolve()
    with tempfile.TemporaryDirectory(prefix="fuzz-seeds-", dir=scratch) as folder:
        # In a process of its own, so that workers start from a clean copy of this one.
        builder = multiprocessing.Process(target=corpus.build, args=(Path(folder),))
        builder.start()
        builder.join()
        seeds = corpus.load(Path(folder))
    if only is not None:
        given = make(seed, only, seeds)
        with tempfile.TemporaryDirectory(dir=scratch) as folder:
            outcome = run(given, Path(folder))
        _keep(failures, given, outcome)
        click.echo(
            f"{shlex.join(given.words)}\n{outcome}\n{outcome.details}\nfiles: {failures / str(only)}"
        )
        return
    _load_all()
    tally, began = Tally(), time.monotonic()
    stream = record.open("a") if record else None
    for outcome in outcomes(seed, range(start, start + inputs), seeds, jobs, scratch):
        tally.add(outcome)
        if outcome.fault and len(tally.faults[outcome.fault]) <= _KEPT:
            _keep(failures, make(seed, outcome.number, seeds), outcome)
            click.echo(f"input {outcome.number}: {outcome.fault}", err=True)
        if stream:
            stream.write(json.dumps(outcome.as_dict()) + "\n")
        if tally.statuses.total() % 5000 == 0:
            rate = tally.statuses.total() / (time.monotonic() - began)
            click.echo(f"{tally.statuses.total()} inputs, {rate:.0f} a second", err=True)
    click.echo(f"seed {seed}, {time.monotonic() - began:.0f} s\n" + "\n".join(tally.lines()))
    raise SystemExit(1 if tally.faults else 0)


if __name__ == "__main__":
    main()
